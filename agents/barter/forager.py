"""Foragers: what they sense, and the five networks by which each speaks, listens, works, trades and eats.

Arrays are flat over replicas and agents, (agents, …), where an agent needs nothing of the others; attention
takes (replica, agent, …). All networks start near a sane rule: attention is even, jobs are even, declared
preferences are the true tastes, most of what one holds is eaten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from agents.stacked import Layout, Nets, Tape, kept, linear, perceptron

NETWORKS = ("broadcast", "social_filter", "production", "trading", "consumption")
LEAST_WANTED = 1e-6
"""The least share of a good in declared preferences: a market cannot join goods that nobody wants."""

EFFORT_AT_REST, SHARE_EATEN_AT_REST = 1.0, 2.0  # logits of untrained agents: .73 and .88


class Senses(NamedTuple):
    """What a forager knows of itself and the world, (agents, ·) float32; `goods` may carry a gradient."""

    goods: Tensor  # (agents, goods)
    price: Tensor  # (agents, goods), sums to 1
    taste: Tensor  # (agents, goods), sums to 1
    practice: Tensor  # (agents, jobs)
    rest: Tensor  # (agents, 3): share of life lived, cosine and sine of the season

    def tensor(self) -> Tensor:
        """All in one (agents, 3 goods + jobs + 3); goods as log(1 + x), shares around their mean."""
        even = 1.0 / self.taste.shape[-1]
        return torch.cat(
            [torch.log1p(self.goods), self.price - even, self.taste - even, self.practice, self.rest], dim=-1
        )


@dataclass(frozen=True)
class Brain:
    """Sizes and layers of the five networks: `message` numbers are said, `hidden` units think."""

    goods: int
    jobs: int
    message: int
    hidden: int

    @property
    def senses(self) -> int:
        """How many numbers are sensed."""
        return 3 * self.goods + self.jobs + 3

    @property
    def layout(self) -> Layout:
        """Where each layer lies in a genome; the filter's are its query, its key and its score."""
        sensed, heard, h = self.senses, self.senses + self.message, self.hidden
        return Layout.of({
            "broadcast": ((sensed, h), (h, self.message)),
            "social_filter": ((sensed + self.message, h), (self.message, h), (h, 1)),
            "production": ((heard, h), (h, self.jobs + 1)),
            "trading": ((heard, h), (h, self.goods)),
            "consumption": ((heard, h), (h, self.goods)),
        })  # fmt: skip


class Networks:
    """The five networks of all agents; every method is a function of their nets and of inputs.

    On a `tape`, where there is one, it leaves what the pass back of its name in `agents.barter.backward`
    needs.
    """

    def __init__(self, brain: Brain) -> None:
        self.brain, self.layout = brain, brain.layout

    def speak(self, nets: Nets, senses: Tensor, tape: Tape | None = None) -> Tensor:
        """Messages (agents, message), each number from −1 to 1."""
        return kept(torch.tanh(perceptron(nets["broadcast"], senses, tape)), tape)

    def attend(
        self, nets: Nets, senses: Tensor, message: Tensor, heard: Tensor, tape: Tape | None = None
    ) -> Tensor:
        """Shares of attention (agents, speakers) that each gives to those it hears.

        `message` (agents, message) is one's own, `heard` (agents, speakers, message) are the others'.
        """
        query, key, score = nets["social_filter"]
        mine = linear(query, kept(torch.cat([senses, message], dim=-1).unsqueeze(1), tape))
        thought = kept(torch.tanh(mine + linear(key, kept(heard, tape))), tape)
        return kept(torch.softmax(linear(score, thought).squeeze(-1), dim=-1), tape)

    def work(
        self, nets: Nets, senses: Tensor, signal: Tensor, tape: Tape | None = None
    ) -> tuple[Tensor, Tensor]:
        """Logits of the jobs (agents, jobs) and effort (agents,) from 0 to 1."""
        out = perceptron(nets["production"], torch.cat([senses, signal], dim=-1), tape)
        return out[:, :-1], logistic(EFFORT_AT_REST + out[:, -1], tape)

    def declare(
        self, nets: Nets, senses: Tensor, signal: Tensor, taste: Tensor, tape: Tape | None = None
    ) -> Tensor:
        """Declared preferences (agents, goods), which sum to 1; an untrained agent is sincere."""
        out = perceptron(nets["trading"], torch.cat([senses, signal], dim=-1), tape)
        wanted = kept(torch.softmax(torch.log(taste) + out, dim=-1), tape)
        return LEAST_WANTED + (1.0 - wanted.shape[-1] * LEAST_WANTED) * wanted

    def eat(self, nets: Nets, senses: Tensor, signal: Tensor, tape: Tape | None = None) -> Tensor:
        """Shares of each good held that are eaten (agents, goods)."""
        out = perceptron(nets["consumption"], torch.cat([senses, signal], dim=-1), tape)
        return logistic(SHARE_EATEN_AT_REST + out, tape)


def logistic(x: Tensor, tape: Tape | None = None) -> Tensor:
    """The logistic function by tanh: the last bits of torch.sigmoid depend on a number's place."""
    return 0.5 + 0.5 * kept(torch.tanh(0.5 * x), tape)


def reward(consumed: Any, taste: Any, effort: Any, leisure: float) -> Any:
    """Utility of a tick, Π (1 + c)^w + leisure·(1 − effort) − 1 (the source's), of arrays or tensors."""
    lib = torch if isinstance(consumed, Tensor) else np
    return lib.exp((taste * lib.log1p(consumed)).sum(-1)) - 1.0 + leisure * (1.0 - effort)
