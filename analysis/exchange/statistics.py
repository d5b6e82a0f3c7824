"""The statistics that gates are made of: of each history a number, and of what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.exchange.history import Histories
from analysis.exchange.measures.depth import hump
from analysis.exchange.measures.impact import BURN_IN, impact_at_duration, impact_exponent, scaled
from analysis.exchange.measures.memory import autocorrelations, leverage, pearson
from analysis.exchange.measures.signs import sign_exponent
from analysis.exchange.measures.tails import aggregated, excess_kurtosis, hill
from analysis.wording import counted

Floats = NDArray[np.float64]


COLUMNS = {
    "volume": "volume",
    "spread": "spreads",
    "range": "day ranges",
    "profile": "depth of the book",
    "sign_products": "trade signs",
    "parents": "large orders",
}
"""What a reader calls the columns that statistics need."""


@dataclass(frozen=True)
class Statistic:
    """One number of each history, (R,): what it says, what it needs and of how many days at least."""

    says: str
    of: Callable[[Histories], Floats]
    needs: tuple[str, ...] = ()
    least: int = 100
    gate: bool = True
    """Whether a gate asks for it."""

    def lacks(self, histories: Histories) -> str:
        """Why it cannot be had of these histories; empty when it can."""
        missing = [name for name in self.needs if not histories.has(name)]
        if missing:
            return f"no {', '.join(COLUMNS[name] for name in missing)}"
        if histories.days < self.least:
            return f"{counted(histories.days, 'day')}, at least {self.least} are needed"
        return ""


def _sizes_again(lag: int) -> Callable[[Histories], Floats]:
    return lambda h: autocorrelations(h.sizes, (lag,))[..., 0]


def _impact(h: Histories) -> Floats:
    volume = _known(h.volume)
    found = (scaled(each, h.returns[r], volume[r]) for r, each in enumerate(h.parents))
    return np.array([impact_exponent(size, moved) for size, moved, _ in found])


def _impact_at_duration(h: Histories) -> Floats:
    volume = _known(h.volume)
    return np.array(
        [impact_at_duration(*scaled(each, h.returns[r], volume[r])) for r, each in enumerate(h.parents)]
    )


def _signs(h: Histories) -> Floats:
    lags = _known(h.sign_lags)
    return np.array(
        [sign_exponent(lags, *each) for each in zip(_known(h.sign_products), _known(h.sign_pairs))]
    )


def _known(column: Floats | None) -> Floats:
    assert column is not None  # `lacks` has said so
    return column


DAILY = {
    "hill": Statistic("tail index of |r| (Hill, 5 %)", lambda h: hill(h.returns), least=200),
    "kurtosis": Statistic("excess kurtosis of r", lambda h: excess_kurtosis(h.returns)),
    "kurtosis_20": Statistic(
        "excess kurtosis of r over 20 days", lambda h: excess_kurtosis(aggregated(h.returns, 20)), least=400
    ),
    "ac1": Statistic("autocorrelation of r", lambda h: autocorrelations(h.returns, (1,))[..., 0]),
    "size_1": Statistic("autocorrelation of |r|, 1 day", _sizes_again(1)),
    "size_100": Statistic("autocorrelation of |r|, 100 days", _sizes_again(100), least=300),
    "leverage": Statistic("later r² after falls, 1–10 days", lambda h: leverage(h.returns)),
    "volume": Statistic(
        "|r| with volume", lambda h: pearson(h.sizes, _known(h.volume)[:, 1:]), needs=("volume",)
    ),
}
"""What bars of a day can answer."""

INSIDE = {
    "impact": Statistic(
        "impact exponent of large orders", _impact, needs=("parents", "volume"), least=BURN_IN + 60
    ),
    "signs": Statistic(
        "decay of trade-sign memory, exponent", _signs, needs=("sign_products",), least=1
    ),
    "hump": Statistic(
        "deepest level of the book, price steps from the best",
        lambda h: np.array([hump(each) for each in _known(h.profile)]),
        needs=("profile",),
        least=1,
    ),
    "spread": Statistic(
        "spread with the day's price range",
        lambda h: pearson(_known(h.spread) / h.closes, _known(h.range)),
        needs=("spread", "range"),
    ),
    "impact_fixed": Statistic(
        "impact exponent at fixed duration", _impact_at_duration, needs=("parents", "volume"),
        least=BURN_IN + 60, gate=False,
    ),
}  # fmt: skip
"""What only an exchange knows."""

STATISTICS = DAILY | INSIDE
