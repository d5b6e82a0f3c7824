"""What became of barter societies over their last ticks, collected while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.barter.history import pictured
from streams.barter.events import (
    Attention,
    Birth,
    Broadcast,
    Clearing,
    Consumption,
    Death,
    Forager,
    Holding,
    Production,
    Taste,
)

if TYPE_CHECKING:
    from simengine.simulation import Simulation


class SocietyHistory:
    """Watches a simulation of the barter society over ticks `start` to `stop`, made before it runs.

    Pictures are of what each agent decided last: the early one is taken as soon as all have decided.
    """

    def __init__(self, sim: Simulation, start: int, stop: int) -> None:
        self.start, self.world, self.R = start, sim.world, sim.R
        c = sim.world.config
        self.N, self.ticks = c.agents, stop - start
        self.moments = pictured(self.ticks)
        self._pictured = {c.interval_most - 1, *(start + self.moments).tolist()}
        goods = (len(c.goods),)
        self._found: dict[str, NDArray[Any]] = {
            name: np.zeros((sim.R, self.ticks, *shape), kind)
            for name, shape, kind in (
                ("job", (self.N,), np.int16), ("effort", (), np.float64), ("output", (), np.float64),
                ("captured", (), np.float64), ("distance", (), np.float64), ("losers", (), np.int32),
                ("eaten", (self.N, *goods), np.float32), ("before", (self.N, *goods), np.float32),
                ("after", (self.N, *goods), np.float32), ("taste", (self.N, *goods), np.float32),
                ("identity", (self.N,), np.int32), ("welfare", (), np.float64),
                ("hunger_deaths", (), np.float64), ("born", (self.N,), np.bool_),
                ("decided", (self.N,), np.bool_),
            )
        }  # fmt: skip
        own = np.broadcast_to(np.arange(self.N, dtype=np.int16), (sim.R, self.ticks, self.N))
        self._found |= {"mother": own.copy(), "father": own.copy()}
        shapes = {"attention": (sim.R, self.N, self.N), "messages": (sim.R, self.N, c.nets.message)}
        self._last = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
        self._pictures: dict[str, list[NDArray[Any]]] = {name: [] for name in shapes}
        for event, see in (
            (Attention, self._attended), (Broadcast, self._said), (Production, self._produced),
            (Clearing, self._cleared), (Holding, self._held), (Consumption, self._ate),
            (Forager, self._lived), (Taste, self._liked), (Death, self._died), (Birth, self._bred),
        ):  # fmt: skip
            sim.bus.listen(event, see)

    def _at(self, batch: Any) -> int | None:
        """Which of the ticks followed a batch is of, None before them."""
        return batch.tick - self.start if batch.tick >= self.start else None

    def _attended(self, batch: Any) -> None:
        self._decided("attention", batch.replica, batch.listener, batch.speaker, batch.share)

    def _said(self, batch: Any) -> None:
        """Those who speak are those who choose a job next."""
        if (t := self._at(batch)) is not None:
            self._found["decided"][batch.replica, t, batch.agent] = True
        self._decided("messages", batch.replica, batch.agent, batch.topic, batch.value)

    def _decided(self, name: str, replica: Any, agent: Any, column: Any, value: Any) -> None:
        self._last[name][replica, agent] = 0.0
        self._last[name][replica, agent, column] = value

    def _produced(self, batch: Any) -> None:
        if (t := self._at(batch)) is not None:
            self._found["job"][:, t] = batch.grid("job")
            self._found["effort"][:, t] = batch.grid("effort").mean(axis=1)
            self._found["output"][:, t] = batch.grid("amount").mean(axis=1)

    def _cleared(self, batch: Any) -> None:
        if (t := self._at(batch)) is not None:
            for name in ("captured", "distance", "losers"):
                self._found[name][:, t] = getattr(batch, name)

    def _held(self, batch: Any) -> None:
        self._goods(batch, before="before", after="after")

    def _ate(self, batch: Any) -> None:
        self._goods(batch, eaten="amount")

    def _liked(self, batch: Any) -> None:
        self._goods(batch, taste="share")

    def _goods(self, batch: Any, **columns: str) -> None:
        if (t := self._at(batch)) is not None:
            for name, column in columns.items():
                self._found[name][:, t] = getattr(batch, column).reshape(self.R, self.N, -1)

    def _lived(self, batch: Any) -> None:
        if batch.tick in self._pictured:
            for name, rows in self._pictures.items():
                rows.append(self._last[name].copy())
        if (t := self._at(batch)) is not None:
            self._found["identity"][:, t] = batch.grid("identity")
            self._found["welfare"][:, t] = batch.grid("reward").mean(axis=1)

    def _died(self, batch: Any) -> None:
        if (t := self._at(batch)) is not None:
            hungry = batch.replica[batch.cause == 1]
            self._found["hunger_deaths"][:, t] = np.bincount(hungry, minlength=self.R)

    def _bred(self, batch: Any) -> None:
        if (t := self._at(batch)) is None:
            return
        identity = self._found["identity"][:, t]
        self._found["born"][batch.replica, t, batch.agent] = True
        for role in ("mother", "father"):
            stands = identity[batch.replica] == getattr(batch, role)[:, None]
            self._found[role][batch.replica, t, batch.agent] = stands.argmax(axis=1)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Ticks followed, (R, T) or (R, T, N, …), and pictures (R, S, N, …), by name."""
        pictures = {name: np.stack(rows, axis=1) for name, rows in self._pictures.items()}
        return {**self._found, **pictures, "moments": self.moments}
