"""The audit as a section of a report: the heatmap, labels with their reasons, shares of variance."""

from __future__ import annotations

from html import escape

import numpy as np

from analysis.audit.criterion import LABELS
from analysis.audit.tables import Kept, chance, ordered
from analysis.audit.variance import FLOOR, TITLES, Estimate, Share, verdict
from analysis.facts import Facts
from analysis.pages import pointed

MEANINGS = {
    "unmet": "most histories miss it",
    "undecided": "some parts may carry it, too few histories to tell",
    "mechanical": "one part alone carries it",
    "driven": "shocks are among several parts that carry it, or halving them all does",
    "assumed": "its value is typed in and it obeys",
    "robust": "no single part carries it",
    "emergent": "two mechanisms or more carry it and no shock does",
}


def section(kept: Kept, facts: Facts, image: str) -> str:
    """The audit as HTML; `image` is the HTML of its heatmap."""
    audit = kept.audit
    counts = audit.counts()
    meanings = " · ".join(
        f"<b>{counts[name]} {name}</b>: {MEANINGS[name]}" for name in LABELS if counts[name]
    )
    return "\n".join(
        [
            "<p>The default economy was run again without each of its mechanisms and shocks, on the same "
            "noise. A part carries a fact when the change without it is a finding and the fact's share of "
            "histories inside its band falls by 20 points, or falls and its mean leaves the band.</p>",
            f"<p>{meanings}.</p>",
            image,
            f"<p class='soft'>{escape(chance(audit.matrix))}.</p>",
            "<h3>Each fact, misses first</h3>",
            _labels(kept, facts),
            *([_variance(kept.shares, facts.varying.title)] if kept.shares else []),
            f"<pre>{escape(kept.command)}</pre>",
        ]
    )


def _labels(kept: Kept, facts: Facts) -> str:
    rows = []
    for one in ordered(kept.audit):
        kind = "bad" if one.label == "unmet" else "good" if one.label == "emergent" else ""
        firm = "–" if np.isnan(one.firm) else f"{100 * one.firm:.0f} %"
        rows.append(
            f"<tr><td class='{kind}'>{one.label}</td><td>{pointed(facts.targets[one.fact])}</td>"
            f"<td class='n'>{100 * one.base_pass:.0f} %</td><td class='n'>{firm}</td>"
            f"<td>{escape(one.why)}</td></tr>"
        )
    head = "<th>label</th><th>fact</th><th class='n'>met</th><th class='n'>firm</th><th>why</th>"
    return _table(head, rows)


def _variance(shares: tuple[Share, ...], title: str) -> str:
    """A row per process, the largest share first: what goes without it and what it makes alone."""
    by_process: dict[str, dict[str, Share]] = {}
    for share in shares:
        by_process.setdefault(share.process, {})[share.measure] = share
    order = sorted(by_process, key=lambda name: -max(one.largest for one in by_process[name].values()))
    rows = []
    for name in order:
        cells = "".join(
            f"<td class='n'>{_estimate(value)}</td>"
            for measure in TITLES
            for value in (by_process[name][measure].removed, by_process[name][measure].alone)
        )
        said = "none of them: luck of matching" if name == FLOOR else name.replace("_", " ")
        rows.append(f"<tr><td>{escape(said)}</td>{cells}</tr>")
    head = "<th>process</th>" + "".join(
        f"<th class='n'>{measure}: goes without it, %</th><th class='n'>made by it alone, %</th>"
        for measure in TITLES.values()
    )
    said = escape(verdict(shares, title))
    return f"<h3>Which shock makes the variance of {escape(title)}</h3><p>{said}.</p>{_table(head, rows)}"


def _estimate(estimate: Estimate) -> str:
    value, low, high = (f"{100 * x:.0f}".replace("-", "−") for x in estimate)
    if value == "nan":
        return "–"
    return value if low == "nan" else f"{value} <span class='soft'>({low} to {high})</span>"


def _table(head: str, rows: list[str]) -> str:
    return f"<div class='wide'><table><tr>{head}</tr>{''.join(rows)}</table></div>"
