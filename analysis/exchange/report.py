"""The report of an exchange: what happened, the gates it passes, figures, data sheet, how to repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

import numpy as np

from analysis.about import histories, lead
from analysis.exchange.figures import draw
from analysis.exchange.figures.gates import gates
from analysis.exchange.gates import FACTS
from analysis.exchange.market import YEAR, Market
from analysis.figures import save
from analysis.lengths import length
from analysis.pages import data_sheet, image, repeat, report_page
from analysis.response import response
from analysis.run import NoReport, Run
from analysis.scorecard import Gate, Scorecard, score, share
from analysis.wording import counted, number

CAPTIONS = {
    "price": "The price beside what it is worth to those who know, lots traded, and halts.",
    "liquidity": "What it costs to trade at once: the spread and the depth at the best prices.",
    "returns": "How often returns are so large; the grey line is the normal distribution.",
    "memory": "Returns hardly remember, their size does: autocorrelations by lag, and those of real series.",
    "impact": "How far the price moves while a large order is worked, by its size.",
    "depth": "How many lots wait at each distance from the best price.",
    "intraday": "How much is traded and how far prices move through the day.",
}


GATES_CAPTION = "Where the run lies in the range of each gate, all ranges drawn equally wide."


def write_report(run: Run) -> list[str]:
    """Draw the figures of a run, judge it, write report and scorecard and return the names of the files."""
    market = Market(run)
    top = happened(market)
    figures, shocked = response(run)
    drawn, notes = draw(market)
    figures |= drawn
    made = [str(file.relative_to(run.path)) for file in figures.values()]
    card, why = judged(run)
    if card is not None:
        figures["gates"] = save(gates(card), run.path / "figures" / "gates.png")
        made.append("figures/gates.png")
        (run.path / "scorecard.json").write_text(json.dumps(card.payload()) + "\n", encoding="utf-8")
        made.append("scorecard.json")
    html = page(market, card, why, figures, notes, (f"{top}; {passed(card)}.", shocked))
    (run.path / "report.html").write_text(html, encoding="utf-8")
    return [*made, "report.html"]


def judged(run: Run) -> tuple[Scorecard | None, str]:
    """The scorecard of a run, or why there is none."""
    try:
        return score(run, FACTS), ""
    except NoReport as note:
        return None, str(note)


def happened(market: Market) -> str:
    """What happened in one line: days, return, volatility, halts."""
    h = market.histories
    change = 100 * (h.closes[:, -1] / h.closes[:, 0] - 1)
    calm = h.days < 3
    volatility = "–" if calm else number(100 * np.median(h.returns.std(axis=1)) * YEAR**0.5, 0)
    halts = int(market.halts().sum())
    whose = "" if h.count == 1 else f" (median of {h.count} markets; halts of the first)"
    return (
        f"{counted(h.days, 'day')}: the price moved by {number(np.median(change), 0)} %, "
        f"volatility {volatility} % a year, {counted(halts, 'halt')}{whose}"
    )


def passed(card: Scorecard | None) -> str:
    """How many gates were passed."""
    if card is None:
        return "no gate could be judged"
    counts = np.sum([gate.passes for gate in card.gates], axis=0)
    left = f", {len(card.facts.unjudged)} not judged" if card.facts.unjudged else ""
    return f"{np.median(counts):g} of {len(card.gates)} gates passed{left}"


def page(
    market: Market,
    card: Scorecard | None,
    why: str,
    figures: Mapping[str, Path],
    notes: Mapping[str, str],
    told: tuple[str, str],
) -> str:
    """The whole report as HTML; `told` are what happened and the section of a run of two arms."""
    run = market.run
    seen = "" if card is None else image(figures["gates"], GATES_CAPTION) + table(card)
    images = [image(figures[name], caption) for name, caption in CAPTIONS.items() if name in figures]
    images += [f"<p class='soft'>{escape(name)}: {escape(note)}</p>" for name, note in notes.items()]
    sections = [
        ("response", "What the shock did", told[1]),
        ("gates", "Gates of realism", f"<p class='note'>{escape(why)}</p>" if card is None else seen),
        ("figures", "Figures", "\n".join(images)),
        ("sheet", "Data sheet", data_sheet(run.manifest.get("data_sheet"))),
        ("repeat", "Repeat this run", repeat(run.manifest)),
    ]
    long = length(int(run.manifest.get("until", 0)), run.calendar)
    title = f"{run.manifest.get('world', 'exchange')}: {histories(len(run.numbers))} of {long}"
    return report_page(title, run.manifest, f"<p>{escape(told[0])}</p>{lead(run)}", sections)


HEADS = ("gate", "what it asks", "run", "range", "passed", "sharply", "noise passes", "source")


def table(card: Scorecard) -> str:
    """The gates with ranges, sources and what noise alone does, and what else was scored."""
    head = "".join(f"<th>{name}</th>" for name in HEADS)
    rows = "".join(_rows(gate) for gate in card.gates)
    beside = "; ".join(f"{label}: {number(value, 0)} %" for label, value in card.controls_by_label().items())
    said = f"<p>{number(card.score, 0)} % of the gates{f'; {escape(beside)}' if beside else ''}.</p>"
    note = f"<p class='soft'>{escape(card.note)}</p>" if card.note else ""
    return f"{said}<div class='wide'><table><tr>{head}</tr>{rows}</table></div>{note}"


def _rows(gate: Gate) -> str:
    noise = "–" if gate.noise is None else f"{100 * gate.noise:.0f} %"
    marks = (share(gate.passes), share(gate.sharply), noise)
    rows, name = "", gate.name
    for row in gate.rows:
        ends = (number(end) if np.isfinite(end) else "" for end in (row.target.low, row.target.high))
        texts = (name, row.target.says, number(row.value), " … ".join(ends), *marks, row.target.origin)
        rows += "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr>"
        name, marks = "", ("", "", "")
    return rows
