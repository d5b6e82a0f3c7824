"""The report of a run: one HTML file with everything in it, readable without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from analysis.audit import Kept, committed
from analysis.audit.page import section
from analysis.figures import save
from analysis.figures.audit import audit_figure
from analysis.macro.facts import FACTS
from analysis.macro.figures import draw
from analysis.macro.wealth import wealth_gini_target
from analysis.pages import data_sheet, image, repeat, report_page, tiles
from analysis.run import Run
from analysis.scorecard import Row, Scorecard, control, score
from analysis.wording import number

CAPTIONS = {
    "scorecard": "Every fact in sampling standard deviations from the US value.",
    "macro_variables": "The economy quarter by quarter.",
    "policy_transmission": "Correlations of the policy rate with the economy: they show timing, not cause.",
    "balance_sheets": "What sectors own (above 0) and owe (below 0).",
    "distributions": "Who has how much at the end of the run.",
    "audit": "What each part of the economy does to each fact, on common noise.",
}

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
    when it is not given.
    """
    chance = control(run.manifest, FACTS) if random_policy is None else random_policy
    card = score(run, FACTS, chance)
    (run.path / "scorecard.json").write_text(json.dumps(card.payload(), indent=1) + "\n", encoding="utf-8")
    figures, notes = draw(run, card)
    audit = default_audit(run)
    if audit is not None:
        figures["audit"] = save(audit_figure(audit.audit, FACTS), run.path / "figures" / "audit.png")
    (run.path / "report.html").write_text(page(run, card, figures, notes, audit), encoding="utf-8")
    return [str(file.relative_to(run.path)) for file in figures.values()] + ["scorecard.json", "report.html"]


def default_audit(run: Run) -> Kept | None:
    """The audit that is kept, None unless a run is of the default economy."""
    scenario = run.manifest.get("scenario")
    if not scenario or scenario.get("config") or scenario.get("policies"):
        return None
    return committed(FACTS)


def page(
    run: Run, card: Scorecard, figures: dict[str, Path], notes: dict[str, str], audit: Kept | None = None
) -> str:
    """The whole report as HTML, with a section on what produces the facts when it has an `audit`."""
    sections = [
        ("score", "Scorecard", _scorecard(card, figures)),
        ("audit", "What produces which fact", _audit(audit, figures)),
        ("figures", "Figures", _figures(figures, notes)),
        ("accounts", "Accounts", _accounts(run)),
        ("sheet", "Data sheet", data_sheet(run.manifest.get("data_sheet"))),
        ("repeat", "Repeat this run", repeat(run.manifest)),
    ]
    return report_page(_title(run, card), run.manifest, _tiles(run, card), sections)


def _title(run: Run, card: Scorecard) -> str:
    replicas = len(card.scores)
    histories = "one history" if replicas == 1 else f"{replicas} histories"
    return f"{run.manifest.get('world', 'run')}: {histories} of {card.periods / 4:g} years"


def _tiles(run: Run, card: Scorecard) -> str:
    """The headline numbers, each with the US value under it."""
    facts = {row.name: row for row in card.rows}
    error = "" if card.se is None else f" ± {card.se:.1f}"
    rows = [("US facts met, %", f"{card.score:.1f}{error}", " · ".join(_control_texts(card)))]
    for name, label in TILES.items():
        rows.append((label, number(facts[name].value, 1), f"US {number(facts[name].target.real, 1)}"))
    gini = float(run.arrays["gini_wealth"][:, -1].mean())
    mean, sd = wealth_gini_target(run.manifest.get("config", {}).get("households"))
    us = f"US {mean:.2f}" if sd == 0 else f"US {mean:.2f} ± {sd:.2f} at this size"
    rows.append(("wealth Gini at the end", number(gini, 2), us))
    return tiles(rows)


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
    ("definition · unit · US series", ""),
)


def _fact_row(row: Row) -> str:
    target, fact, percent = row.target, FACTS.facts[row.name], 100 * row.pass_share
    kind = "good" if percent >= 50 else "bad"
    return (
        f"<tr><td class='inside {kind}'><span class='share'><i style='width:{percent:.0f}%'></i></span>"
        f"{percent:.0f} %</td><td><code>{row.name}</code></td><td class='n'>{number(row.value, 2)}</td>"
        f"<td class='n'>{number(target.real, 2)}</td><td class='n'>{target.halfwidth:.2f}</td>"
        f"<td class='n'>{number(row.z, 1)}</td>"
        f"<td>{escape(target.definition)} "
        f"<span class='soft'>· {escape(fact.unit)} · {escape(FACTS.source(row.name))}</span></td></tr>"
    )


def _audit(audit: Kept | None, figures: dict[str, Path]) -> str:
    return section(audit, FACTS, image(figures["audit"], CAPTIONS["audit"])) if audit else ""


def _figures(figures: dict[str, Path], notes: dict[str, str]) -> str:
    images = [
        image(file, CAPTIONS[name]) for name, file in figures.items() if name not in ("scorecard", "audit")
    ]
    missing = [f"<p class='soft'>{escape(name)}: {escape(note)}</p>" for name, note in notes.items()]
    return "\n".join(images + missing)


def _accounts(run: Run) -> str:
    """The balance-sheet and transaction-flow matrices of the manifest."""
    titles = {
        "balance_sheet": "Balance sheet at the end of history 0, thousand dollars: assets +, debts −",
        "flows": "Flows of history 0 in its last quarter, thousand dollars: receipts +, payments −",
    }
    return "\n".join(
        f"<h3>{title}</h3>{_matrix(run.manifest[key])}"
        for key, title in titles.items()
        if run.manifest.get(key)
    )


def _matrix(matrix: dict[str, Any]) -> str:
    """A ledger matrix as a table: labels, values in cents, sums last; rows of zeros are left out."""
    head = "<th></th>" + "".join(f"<th class='n'>{escape(_words(name))}</th>" for name in matrix["columns"])
    last = len(matrix["rows"]) - 1
    body = ""
    for i, (name, cents) in enumerate(zip(matrix["rows"], matrix["values"], strict=True)):
        if i == last or any(cents):
            kind = "sum" if i == last else ""
            body += f"<tr class='{kind}'><td>{escape(_words(name))}</td>{''.join(_cells(cents))}</tr>"
    return f"<div class='wide'><table><tr>{head}</tr>{body}</table></div>"


def _cells(cents: Iterable[int]) -> Iterable[str]:
    for value in cents:
        text = "0" if value == 0 else f"{value / 1e5:+,.1f}".replace("-", "−")
        yield f"<td class='n'>{text}</td>"


def _words(name: str) -> str:
    return str(name).lower().replace("_", " ")
