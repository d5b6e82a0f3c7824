"""The scorecard: how many facts a history meets, beside what windows of the real reference score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.about import strikes
from analysis.facts import Facts, Target, measured
from analysis.run import Run

RANDOM = "random_policy"


def control(manifest: Mapping[str, Any], facts: Facts) -> float | None:
    """The committed score, %, of random policies in a run's world; None unless it has the defaults."""
    if facts.control is None or not facts.control.is_file() or manifest.get("scenario", {}).get("config"):
        return None
    return float(json.loads(facts.control.read_text(encoding="utf-8"))["score"])


@dataclass(frozen=True)
class Row:
    """One fact of a run: values (R,) of its histories against the real value and its band."""

    target: Target
    values: NDArray[np.float64]

    @property
    def name(self) -> str:
        """The fact's name."""
        return self.target.name

    @property
    def passes(self) -> NDArray[np.bool_]:
        """Which histories lie inside the band, (R,); an undefined value is a miss."""
        return self.target.meets(self.values)

    @property
    def pass_share(self) -> float:
        """The share of histories inside the band, 0–1."""
        return float(self.passes.mean())

    @property
    def value(self) -> float:
        """The mean over the histories where the fact is defined, NaN where it never is."""
        defined = self.values[np.isfinite(self.values)]
        return float(defined.mean()) if len(defined) else float("nan")

    @property
    def z(self) -> float:
        """The distance of `value` from the real value in its sampling standard deviations."""
        return (self.value - self.target.real) / self.target.sd


@dataclass(frozen=True)
class Scorecard:
    """The score of a run on the facts, its rows, and the same yardstick laid on real windows."""

    facts: Facts
    rows: tuple[Row, ...]
    periods: int
    random_policy: float | None = None
    numbers: tuple[int, ...] | None = None  # replica numbers; arms of equal number share their noise
    whose: str = ""  # which of a run's histories these are, where something struck

    @property
    def scores(self) -> NDArray[np.float64]:
        """The percentage of facts each history meets, or of gates it passes, (R,)."""
        return 100.0 * np.mean([gate.passes for gate in self.gates], axis=0)

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """The gates of the facts, each with its rows; without any, each fact is one."""
        rows = {row.name: row for row in self.rows}
        groups = self.facts.gates or {name: (name,) for name in rows}
        return tuple(
            Gate(name, tuple(rows[fact] for fact in facts), self.facts.noise.get(name))
            for name, facts in groups.items()
        )

    @property
    def score(self) -> float:
        """The mean score over histories, %."""
        return float(self.scores.mean())

    @property
    def se(self) -> float | None:
        """The standard error of `score`, percentage points; None with a single history.

        Arms of one replica number count as one draw: their noise is the same.
        """
        scores = self.scores
        if self.numbers is not None:
            numbers = np.array(self.numbers)
            scores = np.array([scores[numbers == number].mean() for number in np.unique(numbers)])
        return float(scores.std(ddof=1) / np.sqrt(len(scores))) if len(scores) > 1 else None

    @property
    def controls(self) -> dict[str, float | None]:
        """Scores to read beside this one, %: real windows and, when it was run, a random policy."""
        windows = {key: window_score(key, self.facts) for key in self.facts.windows}
        return {**windows, **self.facts.beside, RANDOM: self.random_policy}

    @property
    def misses_first(self) -> list[Row]:
        """The rows, those that the fewest histories meet first."""
        return sorted(self.rows, key=lambda row: (row.pass_share, -abs(row.z)))

    def controls_by_label(self) -> dict[str, float]:
        """The controls that were run, %, under the names a reader sees."""
        labels = {**self.facts.windows, RANDOM: "random policy"}
        known = {key: control for key, control in self.controls.items() if control is not None}
        return {labels.get(key, key): control for key, control in known.items()}

    @property
    def note(self) -> str | None:
        """Which histories are scored, what is not judged, and a warning when bands are for another length."""
        why: dict[str, list[str]] = {}
        for gate, reason in self.facts.unjudged.items():
            why.setdefault(reason, []).append(gate)
        left = [f"not judged: {', '.join(gates)} ({reason})" for reason, gates in why.items()]
        return "; ".join(said for said in (self.whose, *left, self._length()) if said) or None

    def _length(self) -> str:
        right, period = self.facts.length, self.facts.period
        if self.periods == right:
            return ""
        bias = "more, so it understates" if self.periods < right else "less, so it overstates"
        return (
            f"the bands are made for histories of {right} {period}s, these have {self.periods} "
            f"and scatter {bias} the likeness"
        )

    def beside(self, random_policy: float | None) -> Scorecard:
        """The same scorecard with the score of a random policy as its third control, %."""
        return replace(self, random_policy=random_policy)

    def payload(self) -> dict[str, object]:
        """What `validate --json` prints; numbers that are not defined are null."""
        return {
            "score": self.score,
            "se": self.se,
            "facts": [
                {
                    "name": row.name,
                    "value": row.value if np.isfinite(row.value) else None,
                    "real": row.target.real,
                    "sd": row.target.sd,
                    "z": row.z if np.isfinite(row.z) else None,
                    "pass_share": row.pass_share,
                }
                for row in self.rows
            ],
            **({"gates": [gate.payload() for gate in self.gates]} if self.facts.gates else {}),
            "controls": self.controls,
            "replicas": len(self.scores),
            "periods": self.periods,
            "note": self.note,
        }

    def text(self) -> str:
        """The scorecard as a plain table: gate by gate, or the facts missed most often first."""
        lines = [*(self._by_gate() if self.facts.gates else self._by_fact()), ""]
        lines.append(f"{self.score:6.1f} %  this run" + ("" if self.se is None else f" (± {self.se:.1f})"))
        lines += [f"{control:6.1f} %  {label}" for label, control in self.controls_by_label().items()]
        if self.note:
            lines.append(f"note: {self.note}")
        return "\n".join(lines)

    def _by_fact(self) -> list[str]:
        reference = self.facts.reference
        lines = [f"{'fact':<19}{'run':>8}{reference:>8}{'± band':>8}{'z':>7}{'inside':>8}  what it says"]
        for row in self.misses_first:
            lines.append(
                f"{row.name:<19}{row.value:>8.2f}{row.target.real:>8.2f}{row.target.halfwidth:>8.2f}"
                f"{row.z:>7.1f}{inside(row):>8}  {row.target.says}"
            )
        return lines

    def _by_gate(self) -> list[str]:
        heads = f"{'gate':<19}{'run':>8}{'from':>8}{'to':>8}{'passed':>8}{'sharply':>9}{'noise':>7}"
        lines, told = [f"{heads}  what it asks"], set[str]()
        for gate in self.gates:
            noise = "" if gate.noise is None else f"{100 * gate.noise:.0f} %"
            counts = f"{share(gate.passes):>8}{share(gate.sharply):>9}{noise:>7}"
            names, told = [gate.name, *[""] * len(gate.rows)], told | {row.name for row in gate.rows}
            lines += [_asked(*each, counts if each[0] else "") for each in zip(names, gate.rows)]
        return lines + [_asked("(no gate)", row, "") for row in self.rows if row.name not in told]


@dataclass(frozen=True)
class Gate:
    """Facts that are met together or not, by some histories, and how often noise alone meets them."""

    name: str
    rows: tuple[Row, ...]
    noise: float | None = None

    @property
    def passes(self) -> NDArray[np.bool_]:
        """Which histories meet all its facts, (R,)."""
        return np.all([row.passes for row in self.rows], axis=0)

    @property
    def sharply(self) -> NDArray[np.bool_]:
        """Which lie inside the inner range of all its facts, (R,)."""
        return np.all([row.target.meets(row.values, sharply=True) for row in self.rows], axis=0)

    def payload(self) -> dict[str, object]:
        """What `validate --json` prints."""
        return {
            "name": self.name,
            "facts": [row.name for row in self.rows],
            "ranges": [[_plain(row.target.low), _plain(row.target.high)] for row in self.rows],
            "sources": [row.target.origin for row in self.rows],
            "pass_share": float(self.passes.mean()),
            "sharp_share": float(self.sharply.mean()),
            "noise": self.noise,
        }


def _plain(number: float) -> float | None:
    return number if np.isfinite(number) else None


def _asked(gate: str, row: Row, counts: str) -> str:
    low, high = (f"{end:.2f}" if np.isfinite(end) else "" for end in (row.target.low, row.target.high))
    target = row.target
    return f"{gate:<19}{row.value:>8.2f}{low:>8}{high:>8}{counts:<24}  {target.says}: {target.origin}"


def share(passes: NDArray[np.bool_]) -> str:
    """How many histories pass; of one whether it does."""
    if len(passes) == 1:
        return "✓" if passes[0] else "✗"
    return f"{100 * passes.mean():.0f} %"


def inside(row: Row) -> str:
    """How many histories lie inside the band; of one history whether it does."""
    return share(row.passes)


def score_series(
    series: Mapping[str, ArrayLike], facts: Facts, random_policy: float | None = None
) -> Scorecard:
    """The scorecard of R histories: `series` maps columns of `series.parquet` to (R, Q)."""
    return score_panel(facts.panel(series, tuple(facts.sources)), facts, random_policy)


def score_panel(panel: Any, facts: Facts, random_policy: float | None = None) -> Scorecard:
    """The scorecard of the histories of a panel."""
    facts = facts.fit(facts, panel)
    values = measured(panel, facts)
    rows = tuple(Row(target, values[name]) for name, target in facts.targets.items())
    return Scorecard(facts, rows, panel.periods, random_policy)


def score(run: Run, facts: Facts, random_policy: float | None = None) -> Scorecard:
    """The scorecard of a recorded run, of the histories that nothing struck where there are any.

    `random_policy` is that control's score, %, if it was run.
    """
    at, whose = undisturbed(run)
    series, of = facts.draw(run, at)
    card = score_series(series, facts, random_policy)
    return replace(card, numbers=tuple(run.numbers[index] for index in of), whose=whose)


def undisturbed(run: Run) -> tuple[list[int], str]:
    """The replica indices that nothing struck, or all where there are none such; which they are, in words."""
    every, struck = list(range(len(run.numbers))), {index for each in strikes(run) for index in each.hit}
    spared = [index for index in every if index not in struck]
    if not struck:
        return every, ""
    if not spared:
        return every, "shocks or commands hit every history that is scored"
    return spared, f"scored are the {len(spared)} of {len(every)} histories that no shock or command hit"


def window_score(window: str, facts: Facts) -> float:
    """What a real window scores, %: one of `facts.windows`, judged like a history."""
    met = [bool(t.meets(np.array(t.windows[window]))) for t in facts.targets.values()]
    return 100.0 * sum(met) / len(met)
