"""Monthly series of R histories, with the transformations that the legacy checks are made of.

What the scorers' list leaves open is settled here. Where the source program is explicit it is followed: a
growth rate is the monthly log difference times 1200, inflation the month's change of prices compounded over a
year, every month of growth below -1 % a year is a recession. Its output gap is not: it was computed from
unemployment by Okun's law; here it is real GDP over the history's own log-linear trend. Loans, consumption
and investment are deflated, there they were nominal.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SERIES = ("gdp", "price_level", "unemployment", "policy_rate", "bank_loans", "consumption", "investment")
SHORTEST = 48  # months; the longest lag is 24
RECESSION = -1.0  # % a year: months that grow less
ANNUAL = 1200.0


class Months:
    """Series by name, (R, M), and the wealth (R, N) at the end; derived series begin in the second month."""

    def __init__(self, monthly: Mapping[str, ArrayLike]) -> None:
        missing = [name for name in (*SERIES, "wealth") if name not in monthly]
        if missing:
            raise ValueError(
                f"legacy score: {', '.join(missing)} missing, needed are {', '.join(SERIES)}, wealth"
            )
        self._levels = {name: np.atleast_2d(np.asarray(monthly[name], np.float64)) for name in SERIES}
        self.wealth: Floats = np.atleast_2d(np.asarray(monthly["wealth"], np.float64))
        shape = self._levels["gdp"].shape
        wrong = [f"{name} {x.shape}" for name, x in self._levels.items() if x.shape != shape]
        if wrong or len(self.wealth) != shape[0]:
            differs = wrong[0] if wrong else f"wealth {self.wealth.shape}"
            raise ValueError(f"legacy score: {differs} differs from gdp {shape}: all have one row a history")
        if shape[1] < SHORTEST:
            raise ValueError(f"legacy score: {shape[1]} months, at least {SHORTEST} are needed")

    def growth_of(self, name: str) -> Floats:
        """The monthly log difference in % a year, (R, M - 1)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return ANNUAL * np.diff(np.log(self._levels[name]), axis=1)

    @cached_property
    def gdp(self) -> Floats:
        """Real GDP as given, (R, M)."""
        return self._levels["gdp"]

    @cached_property
    def growth(self) -> Floats:
        """Growth of real GDP, % a year."""
        return self.growth_of("gdp")

    @cached_property
    def inflation(self) -> Floats:
        """The month's change of the price level, compounded, % a year."""
        price = self._levels["price_level"]
        return 100.0 * ((price[:, 1:] / price[:, :-1]) ** 12 - 1.0)

    @cached_property
    def inflation_change(self) -> Floats:
        """Change of inflation, points, (R, M - 2): it begins in month 3."""
        return np.diff(self.inflation, axis=1)

    @cached_property
    def unemployment(self) -> Floats:
        """Unemployment rate, %."""
        return self._levels["unemployment"][:, 1:]

    @cached_property
    def unemployment_change(self) -> Floats:
        """Change of the unemployment rate, points."""
        return np.diff(self._levels["unemployment"], axis=1)

    @cached_property
    def rate(self) -> Floats:
        """Policy rate, % a year."""
        return self._levels["policy_rate"][:, 1:]

    @cached_property
    def rate_change(self) -> Floats:
        """Change of the policy rate, points."""
        return np.diff(self._levels["policy_rate"], axis=1)

    @cached_property
    def gap(self) -> Floats:
        """Real GDP over its log-linear trend, %."""
        y = 100.0 * np.log(self.gdp)
        time = np.arange(y.shape[1]) - (y.shape[1] - 1) / 2.0
        y = y - y.mean(axis=1, keepdims=True)
        slope = (y @ time) / (time @ time)
        return (y - slope[:, None] * time)[:, 1:]

    @cached_property
    def recession(self) -> NDArray[np.bool_]:
        """The months that count as recession."""
        return self.growth < RECESSION
