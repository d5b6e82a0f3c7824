"""The report of a run: one HTML file with everything in it, readable without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.about import histories, lead
from analysis.audit import Kept, committed
from analysis.audit.page import section
from analysis.facts import SHORTEST, TooShort
from analysis.figures import save
from analysis.figures.audit import audit_figure
from analysis.lengths import length
from analysis.macro.facts import FACTS
from analysis.macro.figures import draw
from analysis.macro.figures.macro_variables import recession_years
from analysis.macro.wealth import wealth_gini_target
from analysis.pages import data_sheet, image, pointed, repeat, report_page, tiles
from analysis.report import plain_report
from analysis.response import response
from analysis.run import Run
from analysis.scorecard import Row, Scorecard, control, inside, score
from analysis.wording import number

CAPTIONS = {
    "scorecard": "Every fact in sampling standard deviations from the US value.",
    "macro_variables": "The economy quarter by quarter.",
    "policy_transmission": "Correlations of the policy rate with the economy: they show timing, not cause.",
    "balance_sheets": "What sectors own (above 0) and owe (below 0).",
    "distributions": "Who has how much at the end of the run.",
    "audit": "What each part of the economy does to each fact, on common noise.",
}

PLACED = ("scorecard", "audit")
"""Figures that stand in sections of their own."""

# Tiles at the top: fact and what it is called.
TILES = {
    "gdp_growth_mean": "GDP growth, % a year",
    "gdp_growth_sd_yoy": "sd of 4-quarter growth, %",
    "rec_per_100q": "recessions in 25 years",
    "rec_depth": "mean recession depth, %",
    "u_mean": "unemployment, %",
    "infl_mean": "inflation, % a year",
    "ff_mean": "policy rate, % a year",
}


def write_report(run: Run, random_policy: float | None = None) -> list[str]:
    """Draw the figures of a run, write `scorecard.json` and `report.html`; return the names of the files.

    `random_policy` is the score of the random-policy control, %, shown beside the run's; the committed one
    when it is not given. A run too short for a score gets a report of what there is, and says why.
    """
    if not run.has_series:
        return plain_report(run)
    chance = control(run.manifest, FACTS) if random_policy is None else random_policy
    figures, shocked = response(run, FACTS.derived, FACTS.responses)
    try:
        card, why = score(run, FACTS, chance), ""
    except TooShort as note:
        card, why = None, str(note)
    payload = {"score": None, "note": why} if card is None else card.payload()
    (run.path / "scorecard.json").write_text(json.dumps(payload, indent=1) + "\n", encoding="utf-8")
    drawn, notes = draw(run, card)
    figures |= drawn
    audit = default_audit(run) if card is not None else None
    if audit is not None:
        figures["audit"] = save(audit_figure(audit.audit, FACTS), run.path / "figures" / "audit.png")
    text = page(run, card, figures, notes, audit, shocked, why)
    (run.path / "report.html").write_text(text, encoding="utf-8")
    return [str(file.relative_to(run.path)) for file in figures.values()] + ["scorecard.json", "report.html"]


def default_audit(run: Run) -> Kept | None:
    """The audit that is kept, None unless a run is of the default economy under its rules throughout."""
    scenario = run.manifest.get("scenario")
    if not scenario or scenario.get("config") or run.manifest.get("commands"):
        return None
    deciders = (*scenario.get("policies", {}).values(), *run.manifest.get("deciders", {}).values())
    if any(policy != "rule" for policy in deciders):
        return None
    return committed(FACTS)


def page(
    run: Run,
    card: Scorecard | None,
    figures: dict[str, Path],
    notes: dict[str, str],
    audit: Kept | None = None,
    shocked: str = "",
    why: str = "",
) -> str:
    """The whole report as HTML, with a section on what produces the facts when it has an `audit`.

    `shocked` is the section of a run of two arms; `why` says why there is no `card`.
    """
    scored = _scorecard(card, figures) if card else f"<p class='note'>no score: {escape(why)}</p>"
    sections = [
        ("response", "What the shock did", shocked),
        ("score", "Scorecard", scored),
        ("audit", "What produces which fact", _audit(audit, figures)),
        ("figures", "Figures", _figures(figures, notes)),
        ("accounts", "Accounts", _accounts(run)),
        ("sheet", "Data sheet", data_sheet(run.manifest.get("data_sheet"))),
        ("repeat", "Repeat this run", repeat(run.manifest)),
    ]
    gdp = run.arrays["gdp"]
    long = length(gdp.shape[1] * run.ticks_per_year // 4, run.calendar)
    title = f"{run.manifest.get('world', 'run')}: {histories(len(gdp))} of {long}"
    top = lead(run, _happened(gdp)) + _tiles(run, card)
    return report_page(title, run.manifest, top, sections)


def _happened(gdp: NDArray[np.float64]) -> Iterable[str]:
    """The recessions of all histories (R, Q), and when those of the first were."""
    found = [recession_years(history) for history in gdp]
    if gdp.shape[1] < SHORTEST:
        return
    years = ", ".join(f"year {peak:.4g} to {trough:.4g}" for peak, trough in found[0])
    if len(gdp) == 1:
        yield f"Recessions: {years or 'none'}."
    else:
        mean = sum(map(len, found)) / len(found)
        yield f"Recessions: {mean:.1f} in a history on average; in history 0 {years or 'none'}."


def _tiles(run: Run, card: Scorecard | None) -> str:
    """The headline numbers, each with the US value under it."""
    rows = [] if card is None else _fact_tiles(card)
    gini = float(run.arrays["gini_wealth"][:, -1].mean())
    mean, sd = wealth_gini_target(run.manifest.get("config", {}).get("households"))
    us = f"US {mean:.2f}" if sd == 0 else f"US {mean:.2f} ± {sd:.2f} at this size"
    rows.append(("wealth Gini at the end", number(gini, 2), us))
    return tiles(rows)


def _fact_tiles(card: Scorecard) -> list[tuple[str, str, str]]:
    facts = {row.name: row for row in card.rows}
    error = "" if card.se is None else f" ± {card.se:.1f}"
    rows = [("US facts met, %", f"{card.score:.1f}{error}", " · ".join(_control_texts(card)))]
    for name, label in TILES.items():
        rows.append((label, number(facts[name].value, 1), f"US {number(facts[name].target.real, 1)}"))
    return rows


def _control_texts(card: Scorecard) -> list[str]:
    return [f"{label}: {value:.0f}" for label, value in card.controls_by_label().items()]


def _scorecard(card: Scorecard, figures: dict[str, Path]) -> str:
    """The score on its scale, the figure, and the table of facts with misses first."""
    marks = [(label, value, "") for label, value in card.controls_by_label().items()]
    marks.append(("this run", card.score, "upper"))
    spans = "".join(
        f"<span class='{kind}' style='left:{value:.1f}%'>{escape(label)}: {value:.0f}</span>"
        for label, value, kind in marks
    )
    parts = [
        "<p>A history meets a fact when it lies within 1.96 sampling standard deviations of the US value "
        "(1960–2019). Two windows of real US data judged the same way stand beside the run: between them, "
        "a run is as American as America; near 100 it is over-fitted.</p>",
        f"<div class='scale'><div class='bar'><i style='width:{card.score:.1f}%'></i></div>{spans}</div>",
    ]
    if card.note:
        parts.append(f"<p class='note'>{escape(card.note)}</p>")
    if "scorecard" in figures:
        parts.append(image(figures["scorecard"], CAPTIONS["scorecard"]))
    head = "".join(f"<th class='{kind}'>{text}</th>" for text, kind in _FACT_COLUMNS)
    body = "".join(_fact_row(row) for row in card.misses_first)
    parts.append(
        f"<h3>All facts, misses first</h3><div class='wide'><table><tr>{head}</tr>{body}</table></div>"
    )
    return "\n".join(parts)


_FACT_COLUMNS = (
    ("inside", ""),
    ("fact", ""),
    ("run", "n"),
    ("US", "n"),
    ("± band", "n"),
    ("z", "n"),
    ("unit · US series", ""),
)


def _fact_row(row: Row) -> str:
    """A fact, what the run has and what the US has."""
    target, fact, percent = row.target, FACTS.facts[row.name], 100 * row.pass_share
    kind = "good" if percent >= 50 else "bad"
    share = f"<span class='share'><i style='width:{percent:.0f}%'></i></span>" if len(row.values) > 1 else ""
    return (
        f"<tr><td class='inside {kind}'>{share}{inside(row)}</td>"
        f"<td>{pointed(target)}</td>"
        f"<td class='n'>{number(row.value, 2)}</td>"
        f"<td class='n'>{number(target.real, 2)}</td><td class='n'>{target.halfwidth:.2f}</td>"
        f"<td class='n'>{number(row.z, 1)}</td>"
        f"<td>{escape(fact.unit)} <span class='soft'>· {escape(FACTS.source(row.name))}</span></td></tr>"
    )


def _audit(audit: Kept | None, figures: dict[str, Path]) -> str:
    return section(audit, FACTS, image(figures["audit"], CAPTIONS["audit"])) if audit else ""


def _figures(figures: dict[str, Path], notes: dict[str, str]) -> str:
    names = [name for name in CAPTIONS if name in figures and name not in PLACED]
    images = [image(figures[name], CAPTIONS[name]) for name in names]
    missing = [f"<p class='soft'>{escape(name)}: {escape(note)}</p>" for name, note in notes.items()]
    return "\n".join(images + missing)


def _accounts(run: Run) -> str:
    """The balance-sheet and transaction-flow matrices of the manifest."""
    titles = {
        "balance_sheet": ("Balance sheet at the end of history 0: assets +, debts −", "net worth"),
        "flows": ("Flows of history 0 in its last quarter: receipts +, payments −", "change in money"),
    }
    return "\n".join(
        f"<h3>{title}, thousand dollars</h3>{_matrix(run.manifest[key], net)}"
        for key, (title, net) in titles.items()
        if run.manifest.get(key)
    )


def _matrix(matrix: dict[str, Any], net: str) -> str:
    """A ledger matrix as a table, values in cents; rows of zeros are left out.

    Below stands what each column sums up to, `net`, and beside what each row leaves over: nothing.
    """
    columns = [*map(_words, matrix["columns"]), "residual"]
    cents = np.array(matrix["values"], np.int64).reshape(-1, len(columns) - 1)
    head = "<th></th>" + "".join(f"<th class='n'>{escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr><td>{escape(_words(name))}</td>{_cells(row)}</tr>"
        for name, row in zip(matrix["rows"], cents, strict=True)
        if row.any()
    )
    body += f"<tr class='sum'><td>{net}</td>{_cells(cents.sum(axis=0))}</tr>"
    return f"<div class='wide'><table><tr>{head}</tr>{body}</table></div>"


def _cells(cents: NDArray[np.int64]) -> str:
    """The cells of a row, and what it sums up to."""
    values = [*cents.tolist(), int(cents.sum())]
    said = ("0" if value == 0 else f"{value / 1e5:+,.1f}".replace("-", "−") for value in values)
    return "".join(f"<td class='n'>{text}</td>" for text in said)


def _words(name: str) -> str:
    return str(name).lower().replace("_", " ")
