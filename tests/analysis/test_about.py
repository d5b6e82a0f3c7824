"""The first lines of a report: whose fork, who decided, what struck, what the run was told."""

from html import unescape
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from analysis.about import FEW, Struck, few, lead
from analysis.figures.marks import Marks


def run(strikes=(), **manifest):
    defaults = {"shock": "rate +1", "tick": 48, "until": None, "hit": [0, 1]}
    made = {"strikes": [defaults | each for each in strikes], **manifest}
    return SimpleNamespace(manifest=made, ticks_per_year=48, numbers=[0, 1])


def lines(run):
    return unescape(lead(run)).removeprefix("<p class='lead'>").removesuffix("</p>").split("<br>")


def test_what_was_planned_is_a_shock_and_what_was_told_a_command():
    planned, told = (
        {"hit": [1], "planned": True},
        {"shock": "seat firms=random", "until": 96, "planned": False},
    )
    assert lines(run([planned, told], commands=1, who_decides="rule")) == [
        "Who decided at the start: rule.",
        "Shock: rate +1 from year 1, on 1 of 2 histories.",
        "Told 1 command: seat firms=random from year 1 to 2, on every history.",
    ]


def test_a_run_that_was_told_nothing_says_so_by_silence():
    assert lines(run(who_decides="rule", commands=0)) == ["Who decided: rule."]
    assert lead(run()) == ""


def test_answers_and_paces_are_counted():
    assert lines(run([{"planned": False}], commands=1201))[-1].endswith("; and 1,200 more in commands.jsonl.")


def test_a_fork_names_its_parent_and_when_it_left_it():
    found = lines(run(parent={"folder": "/runs/calm", "digest": "f00", "tick": 72}))
    assert found == ["Fork of the run calm, equal to it until year 1.5."]


@given(st.integers(0, 30), st.integers(0, 40))
def test_a_few_are_said_and_none_is_forgotten(count, total):
    found = few([str(number) for number in range(count)], "things", total)
    left = max(count, total) - min(count, FEW)
    assert found == [str(number) for number in range(min(count, FEW))] + [f"and {left} more things"] * (
        left > 0
    )


def test_many_shocks_leave_room_for_the_figure():
    says = Marks(strikes=[Struck("rate +1", float(year), None, (0,)) for year in range(40)]).says
    assert says.count("dotted") == FEW
    assert says.endswith("and 35 more shocks")
