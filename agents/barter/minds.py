"""The minds of a society of foragers: arrays (replica, agent, …) in, arrays of what they decide out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.barter.forager import NETWORKS, Brain, Foragers, Senses
from agents.barter.learning import Lesson, Life, MarketGradient, learn

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Hearing(NamedTuple):
    """Who hears whom: `place` (R, N, speakers) of whose words reach it, flat over replicas and agents.

    In `silent` times nothing does. `given` are shares of attention (R, N, speakers) in place of learned ones.
    """

    place: Ints
    silent: bool = False
    given: NDArray[np.float32] | None = None

    def heard(self, message: Tensor) -> Tensor:
        """Messages (R·N, speakers, message) that reach each agent, of those said (R·N, message)."""
        said = message[torch.from_numpy(self.place.reshape(-1))]
        said = said.view(-1, self.place.shape[-1], message.shape[-1])
        return said * 0.0 if self.silent else said

    def signal(self, shares: Tensor, heard: Tensor) -> Tensor:
        """What is heard, weighted by attention, (R·N, message)."""
        weights = shares if self.given is None else flat(self.given)
        return torch.bmm(weights.unsqueeze(1), heard).squeeze(1)


class Tick(NamedTuple):
    """What a tick of life was, as `Life` says, in arrays (R, N, …)."""

    spoken_from: NDArray[np.float32]
    traded_with: Senses
    ate_with: Senses
    slope: Floats
    vigour: Floats
    job: Ints
    advantage: Floats
    decided: NDArray[np.bool_]
    worth: Floats
    survives: NDArray[np.bool_]


class Minds:
    """The five networks of every forager; weights stay where they are, in `genome` (R, N, genes)."""

    def __init__(self, brain: Brain, genome: NDArray[np.float32]) -> None:
        self.foragers = Foragers(brain)
        self.shape = genome.shape[:2]
        self.genome = genome.reshape(-1, genome.shape[2])
        self.nets = self.foragers.layout.nets(torch.from_numpy(self.genome))

    def senses(self, goods: Floats, price: Floats, taste: Floats, practice: Any, rest: Any) -> Senses:
        """What all sense, of goods, prices, logits of tastes (R, N, goods), practice, `Senses.rest`."""
        shares = torch.softmax(flat(taste), dim=-1)
        return Senses(flat(goods), flat(price), shares, flat(practice), flat(rest))

    def shares(self, senses: Senses) -> Floats:
        """True tastes (R, N, goods) of the senses, as shares."""
        return self._grid(senses.taste).astype(np.float64)

    @torch.no_grad()
    def speak(self, senses: Senses) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The numbers sensed (R, N, senses) and what is said of them (R, N, message)."""
        sensed = senses.tensor()
        return self._grid(sensed), self._grid(self.foragers.speak(self.nets, sensed))

    @torch.no_grad()
    def attend(self, spoken_from: Any, message: Any, hearing: Hearing) -> NDArray[np.float32]:
        """Shares of attention (R, N, speakers)."""
        said = flat(message)
        heard = hearing.heard(said)
        return self._grid(self.foragers.attend(self.nets, flat(spoken_from), said, heard))

    @torch.no_grad()
    def listen(self, message: Any, shares: Any, hearing: Hearing) -> NDArray[np.float32]:
        """The signal (R, N, message) of those heard, weighted by shares of attention."""
        return self._grid(hearing.signal(flat(shares), hearing.heard(flat(message))))

    @torch.no_grad()
    def effort(self, spoken_from: Any, signal: Any) -> NDArray[np.float32]:
        """How hard each works, (R, N), from 0 to 1."""
        return self._grid(self.foragers.work(self.nets, flat(spoken_from), flat(signal))[1])

    @torch.no_grad()
    def declare(self, senses: Senses, signal: Any) -> Floats:
        """Declared preferences (R, N, goods), which sum to 1 in float64."""
        said = self.foragers.declare(self.nets, senses.tensor(), flat(signal), senses.taste)
        exact = self._grid(said).astype(np.float64)
        return np.asarray(exact / exact.sum(axis=-1, keepdims=True))

    @torch.no_grad()
    def eat(self, senses: Senses, signal: Any) -> Floats:
        """Shares of goods held that are eaten, (R, N, goods)."""
        return self._grid(self.foragers.eat(self.nets, senses.tensor(), flat(signal))).astype(np.float64)

    def learn(
        self, tick: Tick, hearing: Hearing, kept: float, leisure: float, entropy: float,
        market: MarketGradient,
    ) -> Lesson:  # fmt: skip
        """The lesson of a tick; `kept` is the discounted share of what is kept that is left a tick later."""
        arrays = {name: flat(x) for name, x in tick._asdict().items() if isinstance(x, np.ndarray)}
        arrays["job"] = torch.from_numpy(tick.job.reshape(-1))
        life = Life(
            **arrays, traded_with=tick.traded_with, ate_with=tick.ate_with, listen=hearing.heard,
            hear=hearing.signal, kept=kept,
        )  # fmt: skip
        lesson = learn(self.foragers, self.genome, life, leisure, entropy, market)
        wrong = np.argwhere(~np.isfinite(lesson.norms))
        if wrong.size:
            network, row = (int(i) for i in wrong[0])
            replica, agent = divmod(row, self.shape[1])
            raise ValueError(
                f"gradient of {NETWORKS[network]} of forager {agent} in replica {replica} is "
                f"{lesson.norms[network, row]}: valid is a finite number"
            )
        return lesson

    def _grid(self, rows: Tensor) -> NDArray[np.float32]:
        found: NDArray[np.float32] = rows.numpy().reshape(*self.shape, *rows.shape[1:])
        return found


def flat(array: NDArray[Any]) -> Tensor:
    """An array (R, N, …) as a tensor (R·N, …); numbers as float32, flags as they are."""
    rows = np.ascontiguousarray(array).reshape(array.shape[0] * array.shape[1], *array.shape[2:])
    return torch.from_numpy(rows if rows.dtype == np.bool_ else rows.astype(np.float32, copy=False))
