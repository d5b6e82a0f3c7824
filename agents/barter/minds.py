"""The minds of a society of foragers: the policy by which their own networks decide, and how those learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.barter.forager import NETWORKS, Brain, Networks, Senses
from agents.barter.hearing import Hearing
from agents.barter.learning import Lesson, Life, MarketGradient, learn
from agents.exact import exact
from agents.joint import Joint
from agents.policy import asked
from agents.stacked import Nets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Answer = dict[str, NDArray[Any]]

NETWORK_OF = {
    "message": "broadcast",
    "attention": "social_filter",
    "job": "production",
    "effort": "production",
    "declared": "trading",
    "eaten": "consumption",
}
"""Which of its networks decides each head of a forager."""


class Seen(NamedTuple):
    """What the foragers asked observe, (rows, ·) float32."""

    senses: Tensor  # now, or when it last spoke: see `simengine.worlds.barter.world.Barter.observe`
    taste: Tensor  # true shares of the goods
    message: Tensor  # last said
    signal: Tensor  # last heard, weighted by attention
    heard: Tensor  # of each speaker attended (rows, speakers, message)


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
    given: Mapping[str, NDArray[Any]]


class Minds:
    """The five networks of every forager, as the policy of all its heads.

    Weights stay where they are, in `genome` (R, N, genes).
    """

    needs_observation = True
    title = "minds"

    @exact()
    def __init__(self, brain: Brain, genome: NDArray[np.float32]) -> None:
        self.foragers = Networks(brain)
        self.shape = genome.shape[:2]
        self.genome = genome.reshape(-1, genome.shape[2])
        layout = self.foragers.layout
        self._genes = layout.cut(self.genome)
        self._gradient = layout.cut(np.zeros_like(self.genome))
        self._alone = {network: (layout.span(network), layout.alone(network)) for network in NETWORKS}
        self._jobs = Joint({"job": brain.jobs})
        self._liked, self._tastes = np.empty(0), torch.empty(0)
        self._deciding = {
            "broadcast": self._speak,
            "social_filter": self._attend,
            "production": self._work,
            "trading": self._declare,
            "consumption": self._eat,
        }

    @exact()
    def act(self, ask: Any) -> Answer:
        """By name what the networks of the rows' own agents decide; ValueError where one is not finite."""
        seen = Seen(*(torch.from_numpy(ask.observation[name]) for name in Seen._fields))
        found: Answer = {}
        with torch.no_grad():
            for network in dict.fromkeys(NETWORK_OF[head] for head in asked(ask)):
                found |= self._deciding[network](self._own(network, ask), seen, ask)
        return found

    def _own(self, network: str, ask: Any) -> Nets:
        """The networks of the agents asked: where everyone is, in place."""
        if len(ask) == len(self.genome):
            return self._genes.nets
        span, layout = self._alone[network]
        return layout.nets(torch.from_numpy(self.genome[ask.replica * self.shape[1] + ask.agent, span]))

    def _speak(self, nets: Nets, seen: Seen, ask: Any) -> Answer:
        return {"message": self.foragers.speak(nets, seen.senses).numpy()}

    def _attend(self, nets: Nets, seen: Seen, ask: Any) -> Answer:
        return {"attention": self.foragers.attend(nets, seen.senses, seen.message, seen.heard).numpy()}

    def _work(self, nets: Nets, seen: Seen, ask: Any) -> Answer:
        logits, effort = self.foragers.work(nets, seen.senses, seen.signal)
        jobs, _, row = self._jobs.draw(logits.numpy(), ask.uniforms("job"), ask.asked["job"][:, None])
        if row >= 0:
            raise ValueError(
                f"production network of agent {ask.agent[row]} in replica {ask.replica[row]} gives "
                f"{logits[row].tolist()}: valid are finite logits"
            )
        return {"job": jobs, "effort": effort.numpy()}

    def _declare(self, nets: Nets, seen: Seen, ask: Any) -> Answer:
        said = self.foragers.declare(nets, seen.senses, seen.signal, seen.taste)
        exact = said.numpy().astype(np.float64)
        return {"declared": exact / exact.sum(axis=-1, keepdims=True)}

    def _eat(self, nets: Nets, seen: Seen, ask: Any) -> Answer:
        return {"eaten": self.foragers.eat(nets, seen.senses, seen.signal).numpy()}

    def senses(self, goods: Floats, price: Floats, taste: Floats, practice: Any, rest: Any) -> Senses:
        """What all sense, of goods, prices, logits of tastes (R, N, goods), practice, `Senses.rest`."""
        return Senses(flat(goods), flat(price), self.tastes(taste), flat(practice), flat(rest))

    def tastes(self, logits: Floats) -> Tensor:
        """True shares of the goods (R·N, goods), of logits of tastes (R, N, goods); to be read only.

        They are asked for a dozen times a tick and change where somebody is born.
        """
        if not np.array_equal(logits, self._liked):
            self._liked, self._tastes = logits.copy(), torch.softmax(flat(logits), dim=-1)
        return self._tastes

    @exact()
    def signal(self, message: Any, attention: Any, hearing: Hearing) -> NDArray[np.float32]:
        """The messages heard (R, N, message), weighted by shares of attention."""
        return self.grid(hearing.signal(flat(attention), hearing.heard(flat(message))))

    @exact()
    def learn(
        self, tick: Tick, hearing: Hearing, kept: float, leisure: float, entropy: float,
        market: MarketGradient,
    ) -> Lesson:  # fmt: skip
        """The lesson of a tick, which stands until the next.

        `kept` is the discounted share of what is kept that is left a tick later.
        """
        arrays = {name: flat(x) for name, x in tick._asdict().items() if isinstance(x, np.ndarray)}
        arrays["job"] = torch.from_numpy(tick.job.reshape(-1))
        life = Life(
            **arrays, traded_with=tick.traded_with, ate_with=tick.ate_with, hearing=hearing, kept=kept,
            given={head: flat(array) for head, array in tick.given.items()},
        )  # fmt: skip
        lesson = learn(self.foragers, self._genes, self._gradient, life, leisure, entropy, market)
        wrong = np.argwhere(~np.isfinite(lesson.norms))
        if wrong.size:
            network, row = (int(i) for i in wrong[0])
            replica, agent = divmod(row, self.shape[1])
            raise ValueError(
                f"gradient of {NETWORKS[network]} of forager {agent} in replica {replica} is "
                f"{lesson.norms[network, row]}: valid is a finite number"
            )
        return lesson

    def grid(self, rows: Tensor) -> NDArray[np.float32]:
        """A tensor (R·N, …) as an array (R, N, …)."""
        found: NDArray[np.float32] = rows.numpy().reshape(*self.shape, *rows.shape[1:])
        return found


def flat(array: NDArray[Any]) -> Tensor:
    """An array (R, N, …) as a tensor (R·N, …); numbers as float32, flags as they are."""
    rows = np.ascontiguousarray(array).reshape(array.shape[0] * array.shape[1], *array.shape[2:])
    return torch.from_numpy(rows if rows.dtype == np.bool_ else rows.astype(np.float32, copy=False))
