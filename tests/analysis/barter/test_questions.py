"""Questions, their answers, and words that do not promise more than was measured."""

import numpy as np
import pytest

from analysis.barter.attention import hubs, refocused
from analysis.barter.measure import Measure
from analysis.barter.messages import narrowing
from analysis.barter.questions import FIELDS, QUESTIONS, answers, rows, said, text
from analysis.barter.welfare import effect, worth

HUBS = Measure("hubs", 0.41, 0.22, 0.38, 0.44, 64, "Gini")
KIN = Measure("assortative attention, kin", 0.1, 0.11, 0.08, 0.13, 64, "likeness")
GINI = Measure("inequality, holdings", 0.3, np.nan, 0.2, 0.4, 64, "Gini")


def test_the_five_questions_are_asked_in_their_own_words():
    assert [question.title for question in QUESTIONS] == [
        "How do agents allocate social attention over time?",
        "Do communication vectors converge to low-dimensional semantic structures?",
        "What mechanisms drive emergent inequality and specialization?",
        "Does social filtering improve reward outcomes relative to uniform interactions?",
        "How does agent heterogeneity affect economic dynamics?",
    ]
    topics = [topic for question in QUESTIONS for topic in question.topics]
    assert len(topics) == len(set(topics))


def test_every_question_has_its_measures_in_order():
    assert answers(QUESTIONS[0], [HUBS, GINI, KIN]) == [KIN, HUBS]
    assert answers(QUESTIONS[2], [HUBS, GINI, KIN]) == [GINI]


def test_a_line_gives_value_interval_null_number_and_verdict():
    assert said(HUBS) == "hubs: 0.410 Gini [0.380, 0.440], null 0.220, n 64: above chance"
    assert said(KIN).endswith("null 0.110, n 64: not distinguishable from chance")
    assert said(GINI).endswith("no null, n 64: nothing to hold it against")


def test_the_text_says_what_was_not_measured_and_what_chance_would_find():
    lines = text([HUBS, KIN, GINI]).splitlines()
    assert lines[0] == QUESTIONS[0].title
    assert lines[lines.index(QUESTIONS[3].title) + 1] == "  not measured"
    assert lines[-1] == "1 of 2 differ from their null; 0.1 would if all were chance alone."


def test_rows_are_tidy_and_undefined_numbers_are_none():
    found = rows([GINI, HUBS])
    assert [tuple(row) for row in found] == [FIELDS] * 2
    assert [row["question"] for row in found] == ["attention", "inequality"]
    assert found[1]["null"] is None
    assert found[0]["verdict"] == "above chance"


def test_a_measure_that_answers_nothing_is_refused():
    stray = Measure("weather", 0.0, 0.0, 0.0, 0.0, 1, "1")
    for render in (rows, text):
        with pytest.raises(ValueError, match="'weather' answers no question: valid topics are assort"):
            render([HUBS, stray])


def test_what_a_part_is_worth_is_paired_by_history():
    luck = np.random.default_rng(0).normal(0.0, 5.0, (6, 30))
    silent, permuted = worth("messages", {"silent": luck, "permuted": luck + 0.5}, luck + 0.5)
    assert (silent.name, silent.sign) == ("worth of messages, against silent", 1)
    assert silent.value == pytest.approx(0.5)
    assert permuted.verdict == "not distinguishable from chance"
    more = effect("inequality", "trade", luck, luck - 1.0, "Gini")
    assert (more.name, more.sign) == ("effect on inequality, trade", -1)


def test_every_measure_of_the_package_answers_a_question():
    rng = np.random.default_rng(1)
    attention = np.where(np.eye(5, dtype=bool), 0.0, rng.random((4, 5, 5)))
    attention /= attention.sum(axis=-1, keepdims=True)
    said_early, said_late = rng.normal(size=(2, 4, 20, 3))
    welfare = rng.normal(size=4)
    found = [
        hubs(attention),
        refocused(attention, attention),
        narrowing(said_early, said_late),
        *worth("social filtering", {"uniform": welfare}, welfare),
        *worth("messages", {"silent": welfare}, welfare),
        *worth("heterogeneity", {"same tastes": welfare}, welfare),
        effect("inequality", "trade", welfare, welfare),
        effect("specialisation", "learning", welfare, welfare),
        effect("trade", "same tastes", welfare, welfare),
    ]
    assert len(rows(found)) == len(found)
