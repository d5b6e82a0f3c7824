"""The audit as small tables: written by the study, committed, read by the report, printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.audit.criterion import LABELS, Audit, Label
from analysis.audit.matrix import RATE, Matrix, Removal
from analysis.audit.variance import Share
from analysis.facts import Facts
from analysis.inference import Interval
from analysis.tables import read_table, write_table

FILES = ("audit.csv", "audit_facts.csv", "audit_variance.csv")
COLUMNS = (
    "fact", "removed", "sort", "base", "off", "difference", "low", "high", "p",
    "pass_change", "significant", "carries",
)  # fmt: skip
SCORE = "score"
"""The name under which the table of facts holds the score, in percent."""


class Kept(NamedTuple):
    """What the three tables hold, and the command that made them."""

    audit: Audit
    shares: tuple[Share, ...]
    command: str


def save(kept: Kept, folder: Path) -> tuple[Path, ...]:
    """Write the three `FILES` into a folder and return their paths."""
    audit = kept.audit
    labels = [
        (one.fact, one.label, one.why, _digits(one.base_pass), _digits(one.firm)) for one in audit.labels
    ]
    parts = [
        (share.process, share.measure, *map(_digits, (*share.removed, *share.alone))) for share in kept.shares
    ]
    bounds = ("", "_low", "_high")
    found: tuple[tuple[Sequence[str], Iterable[Sequence[object]]], ...] = (
        (COLUMNS, _changes(audit)),
        (("fact", "label", "why", "base_pass", "firm"), labels),
        (("process", "measure", *(name + end for name in ("removed", "alone") for end in bounds)), parts),
    )
    paths = tuple(folder / name for name in FILES)
    for path, (head, rows) in zip(paths, found, strict=True):
        write_table([dict(zip(head, row, strict=True)) for row in rows], path, kept.command, head)
    return paths


def committed(facts: Facts) -> Kept | None:
    """The audit kept for the default economy of a world, None when there is none."""
    paths = tuple(facts.audit / name for name in FILES) if facts.audit else ()
    return load(paths, facts) if paths and all(path.is_file() for path in paths) else None


def load(paths: Sequence[Path], facts: Facts) -> Kept:
    """Read the tables that `save` wrote; the three paths stand in the order of `FILES`."""
    command, changes = read_table(paths[0])
    labels = tuple(
        Label(row["fact"], row["label"], row["why"], _number(row["base_pass"]), _number(row["firm"]))
        for row in read_table(paths[1])[1]
    )
    shares = tuple(_share(row) for row in read_table(paths[2])[1])
    scores = [row for row in changes if row["fact"] == SCORE]
    removals = tuple(Removal(row["removed"], row["sort"]) for row in scores if row["off"])
    broken = tuple(Removal(row["removed"], row["sort"]) for row in scores if not row["off"])
    mean, low, high, p = (
        np.array([_number(row[name]) for row in scores if row["off"]])
        for name in ("difference", "low", "high", "p")
    )
    score = Interval(mean, low, high, p, np.full(len(mean), -1))
    matrix = _matrix(changes, labels, removals, facts)
    return Kept(Audit(matrix, labels, _number(scores[0]["base"]), score, broken), shares, command)


def chance(matrix: Matrix) -> str:
    """How many changes would differ from 0 by chance, how many do, and how many are findings."""
    return (
        f"{matrix.tested:,} changes tested: {RATE * matrix.tested:.0f} would exclude 0 by chance, "
        f"{matrix.excluding} do, and {int(matrix.findings.sum())} are findings at a false-discovery rate of "
        f"{100 * RATE:.0f} % (Benjamini and Hochberg)"
    )


def ordered(audit: Audit) -> list[Label]:
    """The labels, misses first, and within a label as the facts stand."""
    return sorted(audit.labels, key=lambda one: LABELS.index(one.label))


def text(audit: Audit) -> str:
    """The labels, misses first, then what each removal does to the score, as plain tables."""
    lines = [f"{'label':<11}{'fact':<19}{'pass %':>7}{'firm %':>7}  why"]
    for one in ordered(audit):
        firm = "–" if np.isnan(one.firm) else f"{100 * one.firm:.0f}"
        lines.append(f"{one.label:<11}{one.fact:<19}{100 * one.base_pass:>7.0f}{firm:>7}  {one.why}")
    lines += ["", f"{'without':<28}{'sort':<11}{'score':>7}{'change':>8}{'95 %':>16}{'carries':>9}"]
    for i in np.argsort(audit.score.mean, kind="stable"):
        removal, change = audit.matrix.removals[i], audit.score.mean[i]
        interval = f"{audit.score.low[i]:+.1f} to {audit.score.high[i]:+.1f}"
        breaks = "  breaks the economy: counts for no label" if audit.matrix.breaks[i] else ""
        score = f"{audit.base_score + change:>7.1f}{change:>+8.1f}{interval:>16}"
        carried = int(audit.matrix.carries[i].sum())
        lines.append(f"{removal.name:<28}{removal.sort:<11}{score}{carried:>9}{breaks}")
    lines += [f"{one.name:<28}{one.sort:<11}  the economy breaks down without it" for one in audit.broken]
    counted = ", ".join(f"{count} {name}" for name, count in audit.counts().items())
    return "\n".join([*lines, "", f"{len(audit.labels)} facts: {counted}", chance(audit.matrix)])


def _changes(audit: Audit) -> Iterable[Sequence[object]]:
    """The rows of audit.csv: a row per removal for the score, then one for each fact."""
    m, score = audit.matrix, audit.score
    for i, removal in enumerate(m.removals):
        off = audit.base_score + score.mean[i]
        numbers = (audit.base_score, off, score.mean[i], score.low[i], score.high[i], score.p[i])
        yield (SCORE, removal.name, removal.sort, *map(_digits, numbers), "", "", "")
    for removal in audit.broken:
        yield (SCORE, removal.name, removal.sort, _digits(audit.base_score), *[""] * 8)
    for f, fact in enumerate(m.facts):
        for i, removal in enumerate(m.removals):
            numbers = (m.base[f], m.off[i, f], m.difference[i, f], m.low[i, f], m.high[i, f], m.p[i, f])
            change = 100.0 * (m.off_pass[i, f] - m.base_pass[f])
            flags = int(m.findings[i, f]), int(m.carries[i, f])
            yield (fact, removal.name, removal.sort, *map(_digits, (*numbers, change)), *flags)


def _matrix(
    changes: list[dict[str, str]], labels: Sequence[Label], removals: tuple[Removal, ...], against: Facts
) -> Matrix:
    facts = tuple(one.fact for one in labels)
    base_pass = np.array([one.base_pass for one in labels])
    cells = [row for row in changes if row["fact"] != SCORE]

    def column(name: str) -> np.ndarray:
        return np.array([_number(row[name]) for row in cells]).reshape(len(facts), len(removals)).T

    return Matrix(
        against,
        facts,
        removals,
        column("base")[0] if removals else np.full(len(facts), np.nan),
        base_pass,
        column("off"),
        base_pass + column("pass_change") / 100.0,
        column("difference"),
        column("low"),
        column("high"),
        column("p"),
    )


def _share(row: dict[str, str]) -> Share:
    removed, alone = (
        (_number(row[name]), _number(row[f"{name}_low"]), _number(row[f"{name}_high"]))
        for name in ("removed", "alone")
    )
    return Share(row["process"], row["measure"], removed, alone)


def _digits(value: float) -> str:
    """Four digits, nothing where it is not defined."""
    return f"{value:.4g}" if np.isfinite(value) else ""


def _number(text: str) -> float:
    return float(text) if text else float("nan")
