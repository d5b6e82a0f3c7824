"""A running exchange as histories of days, kept in memory: what the gates judge."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.exchange.history import Histories
from analysis.exchange.measures.impact import Parents
from simengine.kernel import Simulation
from simengine.worlds.exchange.state import SIGN_LAGS
from simengine.worlds.exchange.units import DAY
from streams.batch import Batch
from streams.exchange.events import Bar, Parent, Profile, Signs

Rows = list[tuple[np.ndarray, ...]]


class DayHistory:
    """Follows the first instrument of every replica of a simulation that has not run."""

    def __init__(self, sim: Simulation) -> None:
        self.replicas = sim.R
        self._bars: Rows = []
        self._orders: Rows = []
        self._products = np.zeros((sim.R, 2, len(SIGN_LAGS)))
        self._profile: Any = 0.0
        sim.bus.listen(Bar, self._bar)
        sim.bus.listen(Parent, self._parent)
        sim.bus.listen(Signs, self._signs)
        sim.bus.listen(Profile, self._shown)

    def _bar(self, b: Batch) -> None:
        mine = np.asarray(b.instrument) == 0
        columns = (b.closing, b.volume, b.spread, b.high, b.low)
        self._bars.append(tuple(np.asarray(column)[mine].astype(float) for column in columns))

    def _parent(self, b: Batch) -> None:
        mine = (np.asarray(b.instrument) == 0) & (np.asarray(b.first) > 0) & (np.asarray(b.last) > 0)
        sign = np.where(np.asarray(b.side) == 0, 1.0, -1.0)
        change = np.log(np.asarray(b.last) / np.asarray(b.first))
        columns = (b.replica, b.begun, sign, b.quantity, change, b.tick + 1 - np.asarray(b.begun))
        self._orders.append(tuple(np.asarray(column)[mine] for column in columns))

    def _signs(self, b: Batch) -> None:
        mine = np.asarray(b.instrument) == 0
        for k, column in enumerate((b.product, b.pairs)):
            self._products[:, k] += np.asarray(column)[mine].reshape(self.replicas, -1)

    def _shown(self, b: Batch) -> None:
        mine = np.asarray(b.instrument) == 0
        self._profile = self._profile + np.asarray(b.quantity)[mine].reshape(self.replicas, -1)

    def histories(self) -> Histories:
        """What has been seen so far."""
        closes, volume, spread, high, low = (np.array(column).T for column in zip(*self._bars))
        columns = [np.concatenate(column) for column in zip(*self._orders)] or [np.empty(0)] * 6
        whose, begun, *rest = columns
        parents = tuple(
            Parents(begun[at].astype(np.int64) // DAY, *(each[at].astype(float) for each in rest))
            for at in (whose == r for r in range(self.replicas))
        )
        return Histories(
            closes, volume=volume, spread=spread, range=np.log(high / low), profile=self._profile,
            sign_lags=np.array(SIGN_LAGS, float), sign_products=self._products[:, 0],
            sign_pairs=self._products[:, 1], parents=parents,
        )  # fmt: skip
