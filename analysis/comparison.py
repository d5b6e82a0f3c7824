"""Impulse responses: paired differences of histories that share their noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.about import strikes
from analysis.run import Run

Floats = NDArray[np.float64]

HORIZONS = (0, 2, 4, 8, 12, 20)  # periods after the first difference that tables show
FEW = 20  # pairs, of which no 2.5th percentile can be told
OWN_UNIT = ("", "share", "ratio")  # what has no unit, or is a share of 1
POINTS, PERCENT = "pp", "%"


class Derived(NamedTuple):
    """A series computed from another, its `source`: (R, Q) from (R, Q), each value from what came before."""

    unit: str
    source: str
    values: Callable[[Floats], Floats]


class Declared(NamedTuple):
    """What is known of histories: units of their series, what else is derived, and their period.

    `own` are units of what is compared by plain differences.
    """

    units: Mapping[str, str]
    derived: Mapping[str, Derived]
    period: str
    own: Mapping[str, str] = {}


NOTHING: Mapping[str, Derived] = MappingProxyType({})


def unit_of_change(unit: str) -> str:
    """What a change of a column is measured in, which says how two values are compared.

    What is in percent or in points changes in percentage points, what has no unit or is a share of 1 by its
    difference, and anything else in percent of its level.
    """
    if unit == POINTS or unit.startswith("%"):
        return POINTS
    return unit if unit in OWN_UNIT else PERCENT


class ComparisonError(ValueError):
    """Two arms that cannot be paired: one line, saying why."""


@dataclass(frozen=True)
class Effect:
    """The effect on one series in P pairs of histories: `paths` (P, Q), in the `unit` of its changes.

    `own` is the unit of what is measured, where its changes are plain differences.
    """

    name: str
    unit: str
    paths: Floats
    own: str = ""

    @cached_property
    def mean(self) -> Floats:
        """The mean effect, (Q,)."""
        return self.paths.mean(axis=0)

    @cached_property
    def interval(self) -> tuple[Floats, Floats]:
        """The 95 % confidence interval of the mean over pairs (Student's t), (Q,) each; NaN with one pair."""
        pairs = len(self.paths)
        if pairs < 2:
            nothing = np.full(self.paths.shape[1], np.nan)
            return nothing, nothing
        from scipy.special import stdtrit

        half = stdtrit(pairs - 1, 0.975) * self.paths.std(axis=0, ddof=1) / np.sqrt(pairs)
        return self.mean - half, self.mean + half

    @cached_property
    def spread(self) -> tuple[Floats, Floats] | None:
        """The band that holds 95 % of the pairs, (Q,) each; None where they are too few to tell."""
        if len(self.paths) < FEW:
            return None
        low, high = np.percentile(self.paths, [2.5, 97.5], axis=0)
        return low, high


@dataclass(frozen=True)
class Comparison:
    """What changed: effects by series, `period` after period, from `control` to `treated`."""

    control: str
    treated: str
    numbers: tuple[int, ...]
    effects: dict[str, Effect]
    period: str = "quarter"
    cause: str = ""
    mixture: bool = False

    @property
    def title(self) -> str:
        """What the difference is: the effect of its cause, where it has one."""
        if not self.cause:
            return f"{self.treated} minus {self.control}"
        return f"Mixture of {self.cause}" if self.mixture else f"Effect of {self.cause}"

    def caused_by(self, cause: str, mixture: bool = False) -> Comparison:
        """The same comparison with the name of what its arms differ in, of several things a mixture."""
        return replace(self, cause=cause, mixture=mixture)

    @cached_property
    def start(self) -> int | None:
        """The first period in which any pair differs in any series; None when none ever does."""
        differs = np.any([(effect.paths != 0).any(axis=0) for effect in self.effects.values()], axis=0)
        return int(differs.argmax()) if differs.any() else None

    def rows(self, horizons: Sequence[int] = HORIZONS) -> list[dict[str, object]]:
        """A row per series and horizon (periods after `start`): name, unit, horizon, mean, low, high.

        Numbers that are not defined are None: the interval of a single pair, a percentage of 0.
        """
        start = self.start or 0
        rows: list[dict[str, object]] = []
        for effect in self.effects.values():
            for horizon in horizons:
                if start + horizon < len(effect.mean):
                    values = (effect.mean, *effect.interval)
                    numbers = [float(x[start + horizon]) for x in values]
                    mean, low, high = (x if np.isfinite(x) else None for x in numbers)
                    rows.append(
                        {
                            "name": effect.name,
                            "unit": effect.unit,
                            "horizon": horizon,
                            "mean": mean,
                            "low": low,
                            "high": high,
                        }
                    )
        return rows

    def payload(self) -> dict[str, object]:
        """What `compare --json` prints."""
        return {
            "cause": self.cause,
            "mixture": self.mixture,
            "control": self.control,
            "treated": self.treated,
            "pairs": len(self.numbers),
            "period": self.period,
            "start": self.start,
            "effects": self.rows(),
        }

    def text(self) -> str:
        """The effects as a plain table: mean ± 95 % interval, a star where it excludes 0."""
        if self.start is None:
            return f"{self.treated} equals {self.control} bit for bit in {len(self.numbers)} pairs"
        rows = self.rows()
        horizons = sorted({int(str(row["horizon"])) for row in rows})
        cells = {name: [_cell(row) for row in rows if row["name"] == name] for name in self.effects}
        width = max(18, *(2 + len(cell) for row in cells.values() for cell in row))
        lines = [
            f"{self.title}: {_pairs(len(self.numbers))}, apart from {self.period} {self.start}",
            f"{self.period + 's later':<24}{'':<5}" + "".join(f"{horizon:>{width}}" for horizon in horizons),
        ]
        for name, effect in self.effects.items():
            lines.append(f"{name:<24}{effect.unit:<5}" + "".join(f"{cell:>{width}}" for cell in cells[name]))
        if len(self.numbers) > 1:
            lines.append("mean ± half of its 95 % confidence interval over pairs, * where that excludes 0")
        return "\n".join(lines)


def _pairs(count: int) -> str:
    return "one pair, so no interval" if count == 1 else f"{count} pairs"


def _cell(row: dict[str, object]) -> str:
    mean, low, high = row["mean"], row["low"], row["high"]
    digits = 2 if row["unit"] in (POINTS, PERCENT) else 4
    if not isinstance(mean, float):
        return "not defined"
    if not isinstance(low, float) or not isinstance(high, float):
        return f"{mean:+.{digits}f} "
    if low == high == 0:
        return "0 "
    return f"{mean:+.{digits}f} ± {high - mean:.{digits}f}" + ("*" if low > 0 or high < 0 else " ")


def compare(a: Run, b: Run, derived: Mapping[str, Derived] = NOTHING) -> Comparison:
    """B minus A over the replica numbers they share: A is the control, B is what was changed.

    `derived` are further series to compare, those of the world's `Facts`.

    ComparisonError when the seeds differ, when no number is in both or when one repeats (an arm: see
    `compare_arms`).
    """
    seeds = a.manifest.get("seed"), b.manifest.get("seed")
    if seeds[0] != seeds[1]:
        raise ComparisonError(f"compare: seeds {seeds[0]} and {seeds[1]} differ, so the runs share no noise")
    for run in (a, b):
        if len(set(run.numbers)) < len(run.numbers):
            raise ComparisonError(
                f"compare: {run.path} repeats replica numbers; compare its own arms instead"
            )
    numbers = [number for number in a.numbers if number in set(b.numbers)]
    if not numbers:
        raise ComparisonError(f"compare: no replica number is in both {a.path} and {b.path}")
    before, after = (_rows(run, [run.numbers.index(n) for n in numbers]) for run in (a, b))
    return _paired(before, after, (a.path.name, b.path.name), numbers, _declared(a, derived))


def compare_arms(
    run: Run, treated: Sequence[int] | None = None, derived: Mapping[str, Derived] = NOTHING
) -> Comparison:
    """Treatment minus control within one run whose replica numbers come in pairs.

    `treated` holds the replica indices of the treatment arm; by default the later one of each pair of
    equal numbers, as when a shock hits half of the replicas. ComparisonError when numbers do not pair.
    """
    numbers = run.numbers
    arms = arms_of(numbers, treated)
    if arms is None:
        raise ComparisonError(
            f"compare: {run.path} has replica numbers {numbers}, valid is each number once in either arm, "
            "such as --replicas 0-7,0-7"
        )
    labels, paired = ("control arm", "treatment arm"), [numbers[index] for index in arms[0]]
    control, treatment = (_rows(run, arm) for arm in arms)
    found = _paired(control, treatment, labels, paired, _declared(run, derived))
    return found.caused_by(cause_of(run, arms))


def arms_of(
    numbers: Sequence[int], treated: Sequence[int] | None = None
) -> tuple[list[int], list[int]] | None:
    """Replica indices of two arms whose replica numbers pair, control first; None where they do not.

    The treated arm is `treated`, by default the later one of each pair of equal numbers.
    """
    if treated is None:
        treated = [index for index, number in enumerate(numbers) if number in numbers[:index]]
    both = [index for index in range(len(numbers)) if index not in treated], treated
    control, treatment = (sorted(arm, key=lambda index: numbers[index]) for arm in both)
    paired = [numbers[index] for index in control]
    alike = paired == [numbers[index] for index in treatment] and len(set(paired)) == len(paired)
    return (control, treatment) if paired and alike else None


def cause_of(run: Run, arms: tuple[Sequence[int], Sequence[int]]) -> str:
    """The shocks that strike one of two arms and not the other, in words."""
    apart = [
        struck.says
        for struck in strikes(run)
        if {k for k, at in enumerate(arms[0]) if at in struck.hit}
        != {k for k, at in enumerate(arms[1]) if at in struck.hit}
    ]
    return " and ".join(apart)


def compare_series(
    control: Mapping[str, Floats],
    treated: Mapping[str, Floats],
    labels: tuple[str, str],
    units: Mapping[str, str],
    derived: Mapping[str, Derived] = NOTHING,
    period: str = "quarter",
) -> Comparison:
    """Treated minus control of two sets of series (R, Q) whose replicas share their noise row by row.

    `units` are those of the series to compare. ComparisonError when there are not as many replicas each.
    """
    declared = Declared(units, derived, period)
    sizes = [len(next(iter(series.values()))) for series in (control, treated)]
    if sizes[0] != sizes[1]:
        raise ComparisonError(
            f"compare: {labels[0]} has {sizes[0]} replicas, {labels[1]} {sizes[1]}: they do not pair"
        )
    return _paired(control, treated, labels, list(range(sizes[0])), declared)


def _rows(run: Run, indices: list[int]) -> dict[str, Floats]:
    return {name: values[indices] for name, values in run.histories.items()}


def _declared(run: Run, derived: Mapping[str, Derived]) -> Declared:
    """What a run says of its histories; metrics are compared by plain differences."""
    if run.has_series:
        return Declared(run.units, derived, run.period)
    return Declared(dict.fromkeys(run.histories, ""), derived, run.period, run.metric_units)


def _with_derived(series: Mapping[str, Floats], derived: Mapping[str, Derived]) -> Mapping[str, Floats]:
    more = {name: d.values(series[d.source]) for name, d in derived.items() if d.source in series}
    return {**series, **more}


def _paired(
    a: Mapping[str, Floats],
    b: Mapping[str, Floats],
    labels: tuple[str, str],
    numbers: list[int],
    declared: Declared,
) -> Comparison:
    units = {**declared.units, **{name: more.unit for name, more in declared.derived.items()}}
    a, b = (_with_derived(series, declared.derived) for series in (a, b))
    names = [name for name in units if name in a and name in b]
    if not names:
        raise ComparisonError(f"compare: nothing is measured in both {labels[0]} and {labels[1]}")
    periods = min(series[name].shape[1] for series in (a, b) for name in names)
    effects = {}
    for name in names:
        x, y, unit = a[name][:, :periods], b[name][:, :periods], unit_of_change(units[name])
        scale = np.abs(np.where(x == 0, np.nan, x)) / 100.0 if unit == PERCENT else 1.0
        same = (x == y) | (np.isnan(x) & np.isnan(y))
        paths = np.where(same, 0.0, (y - x) / scale)
        effects[name] = Effect(name, unit, paths, declared.own.get(name, ""))
    return Comparison(labels[0], labels[1], tuple(numbers), effects, declared.period)
