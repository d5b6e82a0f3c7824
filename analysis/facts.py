"""Stylised facts: statistics of simulated histories, held against what a real reference shows.

A world that has such facts declares them as one `Facts`; scorecard, calibration, audit and figures take it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.comparison import Derived
from analysis.filters import hp_cycle
from analysis.run import NoReport, Run

Floats = NDArray[np.float64]

SHORTEST = 12  # periods of a history that has facts


class TooShort(NoReport):
    """Histories of fewer than `SHORTEST` periods: no facts can be computed from them."""


class Panel:
    """Series of R histories: name -> (R, Q), with the transformations that facts are made of.

    ValueError when one of the series `needed` is missing or has another shape; TooShort below `SHORTEST`.
    """

    def __init__(self, series: Mapping[str, ArrayLike], needed: Sequence[str]) -> None:
        missing = [name for name in needed if name not in series]
        if missing:
            raise ValueError(f"facts: series {', '.join(missing)} missing, needed are {', '.join(needed)}")
        self.levels = {name: np.atleast_2d(np.asarray(series[name], dtype=np.float64)) for name in needed}
        first, *others = self.levels
        self.replicas, self.periods = shape = self.levels[first].shape
        for name in others:
            if (own := self.levels[name].shape) != shape:
                raise ValueError(f"facts: {name} {own} differs from {first} {shape}, all must be (R, Q)")
        if self.periods < SHORTEST:
            raise TooShort(f"facts: {self.periods} periods, at least {SHORTEST} are needed")
        self._cycles: dict[str, Floats] = {}

    def rate(self, name: str) -> Floats:
        """The series as it is: (R, Q)."""
        return self.levels[name]

    def log(self, name: str) -> Floats:
        """100·log of the series, NaN where it is not positive: (R, Q)."""
        level = self.levels[name]
        return 100.0 * np.log(np.where(level > 0, level, np.nan))

    def growth(self, name: str, lag: int = 1) -> Floats:
        """The change of 100·log over some periods, not annualised: (R, Q − lag)."""
        y = self.log(name)
        return y[:, lag:] - y[:, :-lag]

    def change(self, name: str, lag: int) -> Floats:
        """The change of a rate over some periods, pp: (R, Q − lag)."""
        x = self.levels[name]
        return x[:, lag:] - x[:, :-lag]

    def cycle(self, name: str) -> Floats:
        """The HP cycle of 100·log of the series, % of trend: (R, Q)."""
        if name not in self._cycles:
            self._cycles[name] = hp_cycle(self.log(name))
        return self._cycles[name]

    def rate_cycle(self, name: str) -> Floats:
        """The HP cycle of a rate, pp: (R, Q)."""
        return hp_cycle(self.levels[name])


@dataclass(frozen=True)
class Fact:
    """One statistic of a history: its unit, the series it is about and how a panel gives it, (R,)."""

    unit: str
    series: str
    statistic: Callable[[Any], Floats]


@dataclass(frozen=True)
class Target:
    """What the reference shows of one fact: its value, the sampling error of a history, and real windows.

    `words` say to a reader what the `definition` says exactly. A history meets it between `low` and `high`:
    within 1.96 sampling errors of the real value, or in the range `within`, where that is said. `inner` is a
    sharper range, `origin` says where ranges come from.
    """

    name: str
    definition: str
    real: float
    sd: float
    p5: float
    p95: float
    windows: Mapping[str, float] = field(default_factory=dict)
    words: str = ""
    within: tuple[float, float] | None = None
    inner: tuple[float, float] | None = None
    origin: str = ""

    @property
    def says(self) -> str:
        """The fact in words, or its definition where it has none."""
        return self.words or self.definition

    @property
    def halfwidth(self) -> float:
        """Half the width of the band that a history must fall in: 1.96 sampling standard deviations."""
        return 1.96 * self.sd

    @property
    def low(self) -> float:
        """Where the band begins."""
        return self.within[0] if self.within else self.real - self.halfwidth

    @property
    def high(self) -> float:
        """Where it ends."""
        return self.within[1] if self.within else self.real + self.halfwidth

    def meets(self, values: Floats, sharply: bool = False) -> NDArray[np.bool_]:
        """Which values lie inside the band, or inside the inner one; an undefined value is a miss."""
        if sharply and self.inner:
            return (values > self.inner[0]) & (values < self.inner[1])
        return (values > self.low) & (values < self.high)


class Typed(NamedTuple):
    """How a fact's value is typed in: by a `parameter` (`scale`: fact units per unit) or as a shock's own."""

    parameter: str
    scale: float = 0.0
    shock: str = ""


class Drawn(NamedTuple):
    """What facts are computed from, as `Facts.panel` takes it, and the replica index of each history."""

    series: Any
    of: Sequence[int]


def arrays_of(run: Run, at: Sequence[int]) -> Drawn:
    """The series of some replicas of a run."""
    return Drawn({name: values[list(at)] for name, values in run.arrays.items()}, at)


class Varying(NamedTuple):
    """The series whose variance an audit divides among shocks, and what it is called in a sentence."""

    series: str
    title: str


@dataclass(frozen=True)
class Facts:
    """What the histories of a world are held against, and how that is spoken of.

    `targets` are of the `reference`, in the order tables have, each with a fact; `sources` maps the series
    that facts need to who measures them there. `windows` are real windows judged like a history, by label;
    `length` is the number of periods for which sampling errors are made. `families` maps the first fact of
    each family to a heading, `assumed` facts to how their values are typed in. `derived` are series computed
    from others when runs are compared, `responses` the titles of those that a figure of responses shows.
    `control` is the file of what random policies score, `audit` a folder of the default economy's audit.

    `draw` takes from a run what `panel` makes histories of, and `fit` gives the facts that these histories
    can be held against, where that depends on them. `gates` are groups of facts, each passed when all its
    facts are met; without any, each fact is a gate. `noise` is how often noise alone passes each of them,
    `beside` what else is scored, %, by label, and `unjudged` why a gate is not among them. `read` makes a
    panel of a file of a user's own, and `against` the facts that such a file shows.
    """

    reference: str
    facts: Mapping[str, Fact]
    targets: Mapping[str, Target]
    sources: Mapping[str, str]
    varying: Varying
    panel: Callable[[Any, Sequence[str]], Any] = Panel
    windows: Mapping[str, str] = field(default_factory=dict)
    length: int = 100
    period: str = "quarter"
    families: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, Typed] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    responses: Mapping[str, str] = field(default_factory=dict)
    control: Path | None = None
    audit: Path | None = None
    draw: Callable[[Run, Sequence[int]], Drawn] = arrays_of
    fit: Callable[[Facts, Any], Facts] = lambda facts, panel: facts
    gates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    noise: Mapping[str, float] = field(default_factory=dict)
    beside: Mapping[str, float] = field(default_factory=dict)
    unjudged: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[Path], Any] | None = None
    against: Callable[[Path], Facts] | None = None

    def source(self, fact: str) -> str:
        """Who measures the series that a fact is about."""
        return self.sources[self.facts[fact].series]

    def sd(self, names: Sequence[str]) -> Floats:
        """The sampling standard deviations of facts, (fact,)."""
        return np.array([self.targets[name].sd for name in names])

    def bands(self, names: Sequence[str]) -> tuple[Floats, Floats]:
        """The real values of facts and half the widths of their bands, (fact,) each."""
        chosen = [self.targets[name] for name in names]
        return np.array([t.real for t in chosen]), np.array([t.halfwidth for t in chosen])


def measure(series: Mapping[str, ArrayLike], facts: Facts) -> dict[str, Floats]:
    """Every fact of every history: name -> (R,), NaN where it is not defined.

    `series` maps the columns of `series.parquet` to arrays (R, Q), or (Q,) for one history.
    """
    return measured(facts.panel(series, tuple(facts.sources)), facts)


def measured(panel: Any, facts: Facts) -> dict[str, Floats]:
    """Every fact of every history of a panel: name -> (R,), NaN where it is not defined."""
    return {name: facts.facts[name].statistic(panel) for name in facts.targets}
