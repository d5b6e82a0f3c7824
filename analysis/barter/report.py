"""The report of a barter society: headline numbers, its questions, figures, data sheet, how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import networkx as nx

from analysis.about import histories, lead
from analysis.barter.figures import animate, draw
from analysis.barter.headlines import headlines
from analysis.barter.history import measured
from analysis.barter.questions import QUESTIONS
from analysis.barter.questions import rows as rows_of
from analysis.barter.recorded import Recorded
from analysis.barter.recording import recorded_family, recorded_history
from analysis.figures.style import Unavailable
from analysis.inference import LEAST
from analysis.lengths import length
from analysis.pages import data_sheet, image, repeat, report_page, tiles
from analysis.response import response
from analysis.run import NotRecorded, Run
from analysis.wording import bounds, number

Rows = Sequence[Mapping[str, Any]]

CAPTIONS = {
    "animation": "Trade and roles, tick by tick: what agents bring and get, jobs and prices.",
    "resources": "What is made, eaten and held of each good; the waves are seasons.",
    "jobs": "Who does what, through the run and through the last two years, and how hard.",
    "rewards": "Utility of a tick: its mean, its spread among agents, and both ends of the run compared.",
    "ages": "How old agents are, how many are born in a year, and of what they die.",
    "trade": "Before and after trade, early and late: each agent, and of two goods the Edgeworth box.",
    "market": "Prices, goods that change hands, and how much of the possible gains trade brings.",
    "inequality": "How unequal goods and meals, at market prices, and rewards are; 0 is equality.",
    "messages": "What agents say, in a plane: where dots of one colour lie together, messages tell it.",
    "dimension": "How many dimensions messages use; the dashed line is what unrelated numbers would.",
    "attention": "Who listens to whom: columns that stand out are heard by many, blocks are groups.",
    "favourites": "Who hears whom most: hubs are opinion leaders, pairs hear each other.",
    "lineages": "Whose genes live on: founders' parts, lines of mothers that are left, and generations.",
    "learning": "Whether all five networks of the agents receive gradients, and how large they are.",
}

WHO = (
    "A forager has five small networks of its own: what to say, whom to listen to, which job to do and how "
    "hard, what to declare to the market, how much to eat. They learn while it lives, and are inherited."
)
TREE = (
    "The family tree, with slots and ticks of birth and death, lies beside this report: "
    "<code>networkx.read_graphml('genealogy.graphml', node_type=int)</code>."
)


def write_report(run: Run) -> list[str]:
    """Draw the figures of a run, measure it, write report and family tree and return the names of the files.

    NotRecorded when nothing can be drawn.
    """
    society = Recorded(run)
    figures, shocked = response(run)
    drawn, notes = draw(society)
    figures |= drawn
    try:
        figures["animation"] = animate(society, run.path / "figures" / "animation.gif")
    except Unavailable as note:
        notes["animation"] = str(note)
    if not figures:
        raise NotRecorded(f"{run.path}: nothing to draw: {next(iter(notes.values()))}")
    try:
        nx.write_graphml(recorded_family(society), tree := run.path / "genealogy.graphml")
        figures["genealogy"] = tree
    except Unavailable as note:
        notes["genealogy"] = str(note)
    (run.path / "report.html").write_text(page(society, figures, notes, shocked), encoding="utf-8")
    return [str(file.relative_to(run.path)) for file in figures.values()] + ["report.html"]


def page(
    society: Recorded, figures: Mapping[str, Path], notes: Mapping[str, str], shocked: str = ""
) -> str:
    """The whole report as HTML: `figures` and family tree by name, `notes` for those without data.

    `shocked` is the section of a run of two arms.
    """
    run = society.run
    sections = [
        ("response", "What the shock did", shocked),
        ("figures", "Figures", _figures(figures, notes)),
        ("questions", "Research questions", answered(society)),
        ("sheet", "Data sheet", data_sheet(run.manifest.get("data_sheet"))),
        ("repeat", "Repeat this run", repeat(run.manifest)),
    ]
    long = length(int(run.manifest.get("until", 0)), run.manifest.get("calendar", {"year": society.year}))
    title = f"{run.manifest.get('world', 'society')}: {histories(len(run.numbers))} of {long}"
    top = lead(run, (WHO,)) + tiles(headlines(society))
    return report_page(f"{title}, {society.agents} foragers", run.manifest, top, sections)


COLUMNS = ("measure", "value", "null", "95 % interval", "n", "verdict")


def answered(society: Recorded) -> str:
    """The research questions with what the recorded histories answer, and what is left to a study."""
    world = escape(str(society.run.manifest.get("world", "barter")))
    arms = f"what needs control arms is measured by <code>python -m simengine attribute {world}</code>"
    try:
        history = recorded_history(society)
    except NotRecorded as note:
        return f"<p class='soft'>not measured: {escape(str(note))}; {arms}</p>{questions(())}"
    replicas, ticks = history.job.shape[:2]
    if replicas < LEAST:
        how = f"<code>--replicas {LEAST} --record all</code>"
        few = f"one history or few tell nothing: verdicts come from {LEAST} on ({how})"
        return f"<p class='soft'>{few}; {arms}</p>" + questions(())
    numbers = society.run.manifest.get("numbers", ())
    apart = ", of arms on equal noise the first" if len(set(numbers)) < len(numbers) else ""
    size = f"histories measured: {replicas}{apart}, over their last {ticks} ticks; {arms}"
    return f"<p class='soft'>{size}</p>" + questions(rows_of(measured(history, len(society.jobs))))


def questions(answers: Rows) -> str:
    """Each research question with a table of `answers`; those without any as a list."""
    parts, open_ones = [], []
    for question in QUESTIONS:
        mine = [row for row in answers if row["question"] == question.name]
        if mine:
            parts.append(f"<h3>{escape(question.title)}</h3>\n{_table(mine)}")
        else:
            open_ones.append(f"<li>{escape(question.title)}</li>")
    listed = f"<p>Not measured in this report:</p><ul>{''.join(open_ones)}</ul>" if open_ones else ""
    return "\n".join([*parts, listed])


def _table(rows: Rows) -> str:
    head = "".join(f"<th class='{'n' if 0 < k < 5 else ''}'>{name}</th>" for k, name in enumerate(COLUMNS))
    return f"<div class='wide'><table><tr>{head}</tr>{''.join(_row(row) for row in rows)}</table></div>"


def _row(row: Mapping[str, Any]) -> str:
    value, null, low, high = (
        float("nan") if row[name] is None else float(row[name]) for name in ("value", "null", "low", "high")
    )
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    numbers = (number(value, 3) + unit, number(null, 3), bounds(low, high, 3), str(row["n"]))
    cells = "".join(f"<td class='n'>{escape(text)}</td>" for text in numbers)
    return f"<tr><td>{escape(str(row['measure']))}</td>{cells}<td>{escape(str(row['verdict']))}</td></tr>"


def _figures(figures: Mapping[str, Path], notes: Mapping[str, str]) -> str:
    images = [image(figures[name], caption) for name, caption in CAPTIONS.items() if name in figures]
    images += [f"<p>{TREE}</p>"] if "genealogy" in figures else []
    missing = [f"<p class='soft'>{escape(name)}: {escape(note)}</p>" for name, note in notes.items()]
    return "\n".join(images + missing)
