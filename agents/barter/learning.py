"""How foragers learn: one gradient for all five networks of every agent, from one tick of life.

An agent's objective is its own reward, plus the discounted worth of what it keeps, plus the score function
of its job times the advantage of its last decision (Williams 1992). Gradients go through meals, through the
market (to declared preferences and to effort), through attention, and through what was heard into the
networks of those who said it: a speaker is taught by the rewards of its listeners. What somebody else
decided in a forager's place is a fact to its networks, and teaches none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.barter.backward import Pass, log_softmax_back
from agents.barter.forager import NETWORKS, Networks, Senses
from agents.barter.hearing import Hearing
from agents.stacked import Genes, Nets, Tape, lengths

MarketGradient = Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Of d(objective)/d(own allocation) (agents, goods): that by own declared preferences and own endowment."""


class Life(NamedTuple):
    """What a tick of life was, all agents flat: tensors (agents, ·), float32 where nothing else is said."""

    spoken_from: Tensor  # senses when it last spoke, (agents, senses)
    hearing: Hearing  # whose words each heard
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


def learn(
    foragers: Networks, genome: Genes, gradient: Genes, life: Life, leisure: float, entropy: float,
    market: MarketGradient,
) -> Lesson:  # fmt: skip
    """The lesson of a tick for genomes, in the room of `gradient`."""
    found, spans = gradient.array, [foragers.layout.span(network) for network in NETWORKS]
    found[:] = 0.0
    with torch.no_grad():
        lived = _live(foragers, genome.nets, life)
        back = Pass(genome.nets, gradient.nets, lived.tape)
        worth = _taught(back, life, lived, leisure, entropy, market)
    norms = np.stack([lengths(found, span.start, span.stop) for span in spans])
    return Lesson(found, np.maximum(-worth.numpy().astype(np.float64), 0.0), norms)


class _Lived(NamedTuple):
    """A tick of life gone through again, with what the way back needs."""

    heard: Tensor
    shares: Tensor
    chances: Tensor  # logarithms of those of the jobs
    eats: Tensor  # share of each good
    tape: Tape


def _live(foragers: Networks, nets: Nets, life: Life) -> _Lived:
    """Through the networks from what was said to what was eaten, but for what somebody else decided."""
    tape: Tape = []
    given, told = dict(life.given), life.spoken_from
    message = given["message"] if "message" in given else foragers.speak(nets, told, tape)
    heard = life.hearing.heard(message)
    shares = given["attention"] if "attention" in given else foragers.attend(nets, told, message, heard, tape)
    signal = life.hearing.signal(shares, heard)
    logits, _ = foragers.work(nets, told, signal, tape)
    if "declared" not in given:
        foragers.declare(nets, life.traded_with.tensor(), signal, life.traded_with.taste, tape)
    eats = given["eaten"] if "eaten" in given else foragers.eat(nets, life.ate_with.tensor(), signal, tape)
    return _Lived(heard, shares, torch.log_softmax(logits, dim=-1), eats, tape)


def _taught(
    back: Pass, life: Life, lived: _Lived, leisure: float, entropy: float, market: MarketGradient
) -> Tensor:
    """The way back, of minus the objective, through what was not given; that of goods before trade."""
    given, goods, senses = life.given, life.slope.shape[1], life.spoken_from.shape[1]
    held, taste, eats = life.ate_with.goods, life.traded_with.taste, lived.eats
    eaten = eats * held
    utility = torch.exp((taste * torch.log1p(eaten)).sum(dim=-1))
    kept = -(life.survives * life.kept).unsqueeze(-1) * life.worth
    by_eaten = -utility.unsqueeze(-1) * taste / (eaten + 1.0) - kept
    by_held = kept + by_eaten * eats
    by_signal = torch.zeros(())
    if "eaten" not in given:
        sensed = back.eat(by_eaten * held)
        by_held, by_signal = by_held + sensed[:, :goods] / (held + 1.0), by_signal + sensed[:, senses:]
    by_declared, by_made = (torch.from_numpy(d).float() for d in market(by_held.double().numpy()))
    if "declared" not in given:
        sensed, stock = back.declare(by_declared), life.traded_with.goods
        by_made, by_signal = by_made + sensed[:, :goods] / (stock + 1.0), by_signal + sensed[:, senses:]
    by_effort = leisure + (by_made * life.slope).sum(dim=-1) * life.vigour
    by_logits = log_softmax_back(_by_chances(life, lived.chances, entropy), lived.chances)
    by_signal = by_signal + back.work(by_logits, None if "effort" in given else by_effort)[:, senses:]
    by_heard = lived.shares.unsqueeze(2) * by_signal.unsqueeze(1)
    by_message = torch.zeros(())
    if "attention" not in given:
        own, heard = back.attend(torch.bmm(by_signal.unsqueeze(1), lived.heard.transpose(1, 2)).squeeze(1))
        by_heard, by_message = by_heard + heard, own[:, senses:]
    if "message" not in given:
        back.speak(by_message + life.hearing.heard_back(by_heard))
    return by_made


def _by_chances(life: Life, chances: Tensor, entropy: float) -> Tensor:
    """Of minus what a decision is praised for: its advantage, and that it left much open."""
    share, weight = chances.exp(), (entropy * life.decided).unsqueeze(-1)
    open_to = weight * share + weight * chances * share
    return open_to.scatter_add(1, life.job.unsqueeze(1), -life.advantage.unsqueeze(1))
