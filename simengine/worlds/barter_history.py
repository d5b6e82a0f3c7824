"""What became of a barter society, tick by tick and over a window at the end, collected while it runs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.worlds.barter_events import Clearing, Consumption, Death, Forager, Holding, Production
from streams.measures import gini

Floats = NDArray[np.float64]
TICKS = ("welfare", "output", "effort", "hunger_deaths", "captured", "mrs_dispersion")
WINDOW = ("specialisation", "division_of_labour", "gini_consumption", "gini_holdings")


class SocietyHistory:
    """Watches a simulation of the barter society from tick `start` on: `history = SocietyHistory(sim, 500)`."""

    def __init__(self, sim: Any, start: int = 0) -> None:
        c = sim.world.config
        self.start, self.R, self.agents, self.jobs = start, sim.R, c.agents, len(c.jobs)
        self._ticks: dict[str, list[Floats]] = {name: [] for name in TICKS}
        self._hunger = np.zeros(sim.R)
        self._eaten = np.zeros((sim.R, c.agents))
        self._held = np.zeros((sim.R, c.agents))
        self._worked = np.zeros((sim.R, c.agents, self.jobs))
        self._identity = np.full((sim.R, c.agents), -1)
        self._lives: list[list[NDArray[Any]]] = [[] for _ in range(sim.R)]
        for event, see in (
            (Production, self._produced), (Clearing, self._cleared), (Consumption, self._ate),
            (Holding, self._kept), (Forager, self._lived), (Death, self._died),
        ):  # fmt: skip
            sim.events(event).subscribe(self._from_start(see), name="society history")

    def _from_start(self, see: Any) -> Any:
        return lambda batch: see(batch) if batch.tick >= self.start else None

    def _produced(self, batch: Any) -> None:
        self._job = batch.grid("job").astype(np.int64)
        self._ticks["output"].append(batch.grid("amount").mean(axis=1))
        self._ticks["effort"].append(batch.grid("effort").mean(axis=1))

    def _cleared(self, batch: Any) -> None:
        for name in ("captured", "mrs_dispersion"):
            self._ticks[name].append(np.array(getattr(batch, name)))

    def _ate(self, batch: Any) -> None:
        self._eaten += batch.amount.reshape(self.R, self.agents, -1).sum(axis=2)

    def _kept(self, batch: Any) -> None:
        self._held += batch.after.reshape(self.R, self.agents, -1).sum(axis=2)

    def _died(self, batch: Any) -> None:
        self._hunger = np.bincount(batch.replica[batch.cause == 1], minlength=self.R).astype(np.float64)

    def _lived(self, batch: Any) -> None:
        """Count work by life, so that no life's work is mixed with that of who took its place."""
        self._ticks["welfare"].append(batch.grid("reward").mean(axis=1))
        self._ticks["hunger_deaths"].append(self._hunger)
        self._hunger = np.zeros(self.R)
        identity = batch.grid("identity")
        self._close((identity != self._identity) & (self._identity >= 0))
        self._identity = np.array(identity)
        np.put_along_axis(
            self._worked, self._job[..., None],
            np.take_along_axis(self._worked, self._job[..., None], axis=2) + 1.0, axis=2,
        )  # fmt: skip

    def _close(self, over: NDArray[np.bool_]) -> None:
        for r, i in np.argwhere(over):
            self._lives[r].append(self._worked[r, i].copy())
        self._worked[over] = 0.0

    def arrays(self) -> dict[str, Floats]:
        """Ticks from `start` on, each (R, T), and what describes all of them, each (R, 1)."""
        found = {name: np.stack(rows, axis=1) for name, rows in self._ticks.items()}
        for name, values in zip(WINDOW, self._window(), strict=True):
            found[name] = np.asarray(values, np.float64)[:, None]
        return found

    def _window(self) -> tuple[Any, ...]:
        lives = [[*closed, *self._worked[r]] for r, closed in enumerate(self._lives)]
        concentration, division = zip(*(work_of(np.array(rows)) for rows in lives), strict=True)
        return concentration, division, gini(self._eaten), gini(self._held)


def work_of(worked: Floats) -> tuple[float, float]:
    """Specialisation of lives and division of labour among them, from ticks (lives, jobs) spent in jobs.

    Specialisation is the mean over lives of Σ share², less what even chances would give (1/J + (1 − 1/J)/T),
    over what is left to 1; division is the information that who works gives on the job, I(life; job)/H(job).
    """
    worked = worked[worked.sum(axis=1) > 0]
    ticks, jobs = worked.sum(axis=1), worked.shape[1]
    shares = worked / ticks[:, None]
    chance = 1.0 / jobs + (1.0 - 1.0 / jobs) / ticks
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where(chance < 1.0, ((shares**2).sum(axis=1) - chance) / (1.0 - chance), np.nan)
        joint = worked / worked.sum()
        whole = joint.sum(axis=0)
        apart = np.where(joint > 0, joint * np.log(joint / joint.sum(axis=1, keepdims=True) / whole), 0.0)
        entropy = -np.where(whole > 0, whole * np.log(whole), 0.0).sum()
    return float(np.nanmean(above)), float(apart.sum() / entropy) if entropy > 0 else 0.0
