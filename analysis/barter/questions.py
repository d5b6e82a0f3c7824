"""The questions that the society was built to ask, and what was measured to answer each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.barter.measure import Measure
from analysis.wording import bounds, number

FIELDS = ("question", "measure", "value", "null", "low", "high", "n", "unit", "verdict")


@dataclass(frozen=True)
class Question:
    """A question as it was asked, and the topics of measures that bear on it."""

    name: str
    title: str
    topics: tuple[str, ...]


QUESTIONS = (
    Question(
        "attention",
        "How do agents allocate social attention over time?",
        (
            "focus of attention",
            "change of focus",
            "persistence of attention",
            "assortative attention",
            "hubs",
            "favourites",
        ),
    ),
    Question(
        "meaning",
        "Do communication vectors converge to low-dimensional semantic structures?",
        (
            "dimension of messages",
            "first component of messages",
            "narrowing of messages",
            "meaning of messages",
            "worth of messages",
        ),
    ),
    Question(
        "inequality",
        "What mechanisms drive emergent inequality and specialization?",
        (
            "specialisation",
            "division of labour",
            "inequality",
            "lasting inequality",
            "heredity",
            "selection",
            "transmission",
            "lineage entropy",
            "common ancestor",
            "effect on inequality",
            "effect on specialisation",
        ),
    ),
    Question(
        "filtering",
        "Does social filtering improve reward outcomes relative to uniform interactions?",
        ("worth of social filtering",),
    ),
    Question(
        "heterogeneity",
        "How does agent heterogeneity affect economic dynamics?",
        (
            "dispersion of substitution",
            "distance of prices",
            "convergence of prices",
            "surplus captured",
            "distance from Walras",
            "worth of heterogeneity",
            "effect on trade",
            "effect on one-sidedness",
        ),
    ),
)


def answers(question: Question, measures: Iterable[Measure]) -> list[Measure]:
    """The measures that bear on a question, in the order of its topics."""
    found = [measure for measure in measures if measure.topic in question.topics]
    return sorted(found, key=lambda measure: question.topics.index(measure.topic))


def rows(measures: Iterable[Measure]) -> list[dict[str, object]]:
    """A tidy table, its keys `FIELDS`; numbers that are not defined are None.

    ValueError for a measure whose topic belongs to no question.
    """
    measures = _known(measures)
    return [_row(question, measure) for question in QUESTIONS for measure in answers(question, measures)]


def text(measures: Iterable[Measure]) -> str:
    """Each question with its measures, what may be said of each, and how much chance would find.

    ValueError as in `rows`.
    """
    measures = _known(measures)
    lines: list[str] = []
    for question in QUESTIONS:
        found = answers(question, measures)
        lines += [question.title, *(f"  {said(measure)}" for measure in found)]
        lines += [] if found else ["  not measured"]
    tested = sum(m.tested for m in measures)
    apart = sum(m.sign != 0 for m in measures)
    chance = number(0.05 * tested, 1)
    lines.append(f"{apart} of {tested} differ from their null; {chance} would if all were chance alone.")
    return "\n".join(lines)


def said(measure: Measure) -> str:
    """A measure in a line: `hubs: 0.41 Gini [0.38, 0.44], null 0.22, n 64: above chance`."""
    unit = "" if measure.unit == "1" else f" {measure.unit}"
    null = "no null" if np.isnan(measure.null) else f"null {number(measure.null, 3)}"
    value = f"{number(measure.value, 3)}{unit} {bounds(measure.low, measure.high, 3)}"
    return f"{measure.name}: {value}, {null}, n {measure.n}: {measure.verdict}"


def _known(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    measures = tuple(measures)
    topics = {topic for question in QUESTIONS for topic in question.topics}
    for measure in measures:
        if measure.topic not in topics:
            valid = ", ".join(sorted(topics))
            raise ValueError(f"{measure.name!r} answers no question: valid topics are {valid}")
    return measures


def _row(question: Question, measure: Measure) -> dict[str, object]:
    numbers = (measure.value, measure.null, measure.low, measure.high)
    defined = (None if np.isnan(x) else x for x in numbers)
    return dict(
        zip(FIELDS, (question.name, measure.name, *defined, measure.n, measure.unit, measure.verdict))
    )
