"""How foragers learn: one gradient for all five networks of every agent, from one tick of life.

An agent's objective is its own reward, plus the discounted worth of what it keeps, plus the score function
of its job times the advantage of its last decision (Williams 1992). Gradients go through meals, through the
market (to declared preferences and to effort), through attention, and through what was heard into the
networks of those who said it: a speaker is taught by the rewards of its listeners. What somebody else
decided in a forager's place is a fact to its networks, and teaches none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.barter.forager import NETWORKS, Networks, Senses, reward
from agents.stacked import lengths

MarketGradient = Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Of d(objective)/d(own allocation) (agents, goods): that by own declared preferences and own endowment."""


class Life(NamedTuple):
    """What a tick of life was, all agents flat: tensors (agents, ·), float32 where nothing else is said."""

    spoken_from: Tensor  # senses when it last spoke, (agents, senses)
    listen: Callable[[Tensor], Tensor]  # messages of all -> those that each heard (agents, speakers, message)
    hear: Callable[[Tensor, Tensor], Tensor]  # shares and messages heard -> signal (agents, message)
    traded_with: Senses  # senses before trade; goods are the endowment
    ate_with: Senses  # senses before the meal; goods are the allocation
    slope: Tensor  # goods made per unit of effort (agents, goods)
    vigour: Tensor  # share of effort that counts (agents,)
    job: Tensor  # (agents,) int64
    advantage: Tensor  # of the decision that ends now, 0 for the others (agents,)
    decided: Tensor  # whose decision ends now (agents,) bool
    worth: Tensor  # of a unit of each good to oneself, a tick later (agents, goods)
    kept: float  # share of what is kept that is left a tick later, discounted
    survives: Tensor  # not at the end of its life (agents,) bool
    given: Mapping[str, Tensor] = {}  # by head, what somebody else decided: it teaches no network


class Lesson(NamedTuple):
    """What a tick taught: gradients down which to go, (agents, genes), and what goods are worth."""

    gradient: NDArray[np.float32]
    worth: NDArray[np.float64]  # of a unit held before trade (agents, goods), in utility
    norms: NDArray[np.float64]  # (networks, agents)


class _Market(torch.autograd.Function):
    """The market as a function of own preferences and own endowment, its value known already."""

    @staticmethod
    def forward(
        ctx: Any, declared: Tensor, endowment: Tensor, allocation: Tensor, gradient: MarketGradient
    ) -> Tensor:
        """The allocation (agents, goods)."""
        ctx.gradient = gradient
        return allocation.clone()

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, Tensor, None, None]:
        """Each agent's own derivatives: what others lose or gain by it is not its concern."""
        by_declared, by_endowment = ctx.gradient(upstream[0].double().numpy())
        return torch.from_numpy(by_declared).float(), torch.from_numpy(by_endowment).float(), None, None


def learn(
    foragers: Networks, genome: NDArray[np.float32], life: Life, leisure: float, entropy: float,
    market: MarketGradient,
) -> Lesson:  # fmt: skip
    """The lesson of a tick for genomes (agents, genes)."""
    genes = torch.from_numpy(genome).detach().requires_grad_()
    nets = foragers.layout.nets(genes)
    stock = life.traded_with.goods.detach().clone().requires_grad_()
    given = life.given
    message = given["message"] if "message" in given else foragers.speak(nets, life.spoken_from)
    heard = life.listen(message)
    attends = "attention" not in given
    shares = foragers.attend(nets, life.spoken_from, message, heard) if attends else given["attention"]
    signal = life.hear(shares, heard)
    logits, effort = foragers.work(nets, life.spoken_from, signal)
    effort = given.get("effort", effort)
    made = stock + life.slope * (life.vigour * (effort - effort.detach())).unsqueeze(-1)
    taste = life.traded_with.taste
    declares, eats = "declared" not in given, "eaten" not in given
    before = life.traded_with._replace(goods=made).tensor()
    declared = foragers.declare(nets, before, signal, taste) if declares else given["declared"]
    held = _Market.apply(declared, made, life.ate_with.goods, market)
    after = life.ate_with._replace(goods=held).tensor()
    eaten = (foragers.eat(nets, after, signal) if eats else given["eaten"]) * held
    later = life.survives * life.kept * (life.worth * (held - eaten)).sum(dim=-1)
    chances = torch.log_softmax(logits, dim=-1)
    chosen = chances.gather(1, life.job.unsqueeze(1)).squeeze(1)
    spread = -(chances.exp() * chances).sum(dim=-1)
    choice = life.advantage * chosen + entropy * life.decided * spread
    lives = reward(eaten, taste, effort, leisure) + later
    objective = (lives + choice).sum()
    gradient, worth = torch.autograd.grad(-objective, (genes, stock))
    found = gradient.numpy()
    norms = np.stack([
        lengths(found, span.start, span.stop) for span in (foragers.layout.span(n) for n in NETWORKS)
    ])  # fmt: skip
    return Lesson(found, np.maximum(-worth.numpy().astype(np.float64), 0.0), norms)
