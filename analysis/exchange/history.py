"""Histories of a market as arrays: days of prices and volume, and what is known of books and orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.exchange.measures.impact import Parents
from analysis.exchange.measures.tails import log_returns

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Histories:
    """R histories of T days: what is None or empty is not known, and no gate asks for it.

    `closes`, `volume`, `spread` and `range` (the day's log of highest over lowest price) are (R, T);
    `sign_products` and `sign_pairs` (R, lag) are sums over all days at `sign_lags`; `profile` (R, distance)
    is the mean book by price steps from the best price; `parents` are the large orders of each history.
    """

    closes: Floats
    volume: Floats | None = None
    spread: Floats | None = None
    range: Floats | None = None
    sign_lags: Floats | None = None
    sign_products: Floats | None = None
    sign_pairs: Floats | None = None
    profile: Floats | None = None
    parents: Sequence[Parents] = field(default=())

    @property
    def days(self) -> int:
        """How many days there are, T."""
        return self.closes.shape[-1]

    @property
    def periods(self) -> int:
        """The same, as panels call it."""
        return self.days

    def has(self, name: str) -> bool:
        """Whether a column is known."""
        column = getattr(self, name)
        return column is not None and len(column) == self.count

    @property
    def count(self) -> int:
        """How many histories there are, R."""
        return len(self.closes)

    @cached_property
    def returns(self) -> Floats:
        """Daily log returns, (R, T − 1)."""
        return log_returns(self.closes)

    @cached_property
    def sizes(self) -> Floats:
        """Their absolute values, (R, T − 1)."""
        return np.abs(self.returns)
