"""Identifiability: known effects, parameters that move the same facts, noise that is not mistaken."""

import numpy as np
import polars as pl
import pytest

from analysis.calibration import Identification, assembled, effect, sides
from analysis.figures.identification import identification_figure
from analysis.macro.facts import FACTS
from tests.analysis.macro.synthetic import economy

NAMES = list(FACTS.targets)
SURE = np.full(len(NAMES), 0.1)


def column(**effects):
    """A parameter's effects on some facts, measured to a tenth of a sampling sd."""
    return np.array([effects.get(name, 0.0) for name in NAMES]), SURE


def found(**columns):
    return assembled(list(columns), [1.0] * len(columns), list(columns.values()), FACTS)


def test_the_step_is_a_quarter_of_the_range_to_either_side_inside_the_box():
    low, high = sides(np.array([0.5, 0.9]), 0)
    assert (low.tolist(), high.tolist()) == ([0.25, 0.9], [0.75, 0.9])
    low, high = sides(np.array([0.5, 0.9]), 1)
    assert (low.tolist(), high.tolist()) == ([0.5, 0.65], [0.5, 1.0])


def test_an_effect_is_the_mean_difference_in_sampling_sd_per_half_range():
    low = economy(replicas=4)
    high = low | {"unemployment_rate": low["unemployment_rate"] + 0.3}
    means, errors = effect(low, high, 0.5, FACTS)
    expected = np.zeros(len(NAMES))
    expected[NAMES.index("u_mean")] = 0.3 / FACTS.targets["u_mean"].sd
    assert means == pytest.approx(expected, abs=1e-9)
    assert errors == pytest.approx(np.zeros(len(NAMES)), abs=1e-9)
    assert effect(low, high, 0.25, FACTS)[0] == pytest.approx(2 * expected, abs=1e-9)


def test_a_fact_that_hardly_any_pair_defines_has_no_effect_and_an_infinite_error():
    low = economy(replicas=3)
    vacancies = low["vacancies"].copy()
    vacancies[1:] = 0.0
    means, errors = effect(low, low | {"vacancies": vacancies}, 0.5, FACTS)
    row = NAMES.index("relsd_v")
    assert (means[row], errors[row]) == (0.0, np.inf)


def test_an_effect_within_two_standard_errors_is_not_seen():
    report = found(a=column(u_mean=0.21, u_sd=0.19))
    assert report.top(0) == [("u_mean", 0.21)]
    assert report.norms[0] == pytest.approx(0.21)


def test_what_is_left_of_one_range_has_a_closed_form():
    """A measurement of error 1 that moves by 2e over a range whose sd is 1/sqrt(12)."""
    report = found(a=column(u_mean=3.0))
    expected = 1 / np.sqrt(1 + (2 * 3.0) ** 2 / 12)
    assert report.alone[0] == pytest.approx(expected)
    assert report.together[0] == pytest.approx(expected)
    assert report.singular_values[0] == pytest.approx(6 / np.sqrt(12))
    assert report.verdict(0) == "identified"


def test_parameters_that_move_different_facts_do_not_blur_each_other():
    report = found(a=column(u_mean=3.0), b=column(infl_sd=2.0))
    assert report.together == pytest.approx(report.alone)
    assert report.partner(0)[1] == 0.0


def test_two_parameters_that_do_the_same_are_told_together_but_not_apart():
    report = found(
        a=column(u_mean=30.0, u_sd=-10.0), b=column(u_mean=-60.0, u_sd=20.0), c=column(infl_sd=5.0)
    )
    assert report.partner(0) == ("b", pytest.approx(-1.0))
    assert report.verdict(0) == "weak: opposite of b"
    assert report.verdict(2) == "identified"
    assert report.alone[0] < 0.1
    # b moves the facts twice as far: of the pair's common direction it explains four fifths.
    assert report.together[:2] == pytest.approx(np.sqrt([4 / 5, 1 / 5]), abs=1e-3)


def test_a_parameter_hidden_among_several_others_is_said_to_be_in_company():
    """What a does, b and c do together: the blind direction (2, −1, −1) leaves 4/6 of a's variance."""
    report = found(a=column(u_mean=100.0, infl_sd=100.0), b=column(u_mean=200.0), c=column(infl_sd=200.0))
    assert report.together == pytest.approx(np.sqrt([4 / 6, 1 / 6, 1 / 6]), abs=1e-3)
    assert report.verdict(1) == "identified"
    assert report.verdict(0) == "weak: several others together do the same"


def test_a_parameter_that_moves_nothing_or_broke_down_is_weak_by_name():
    report = assembled(["a", "b", "c"], [1.0] * 3, [column(), column(u_mean=0.5), None], FACTS)
    assert report.together[0] == 1.0
    assert [report.verdict(k)[:14] for k in range(3)] == [
        "weak: moves no",
        "weak: moves li",
        "not measured: ",
    ]


def test_the_tables_hold_every_parameter_and_every_cell(tmp_path):
    report = found(alpha=column(u_mean=3.0), beta=column(infl_sd=-2.0, infl_mean=0.5))
    summary, cells, text = report.write(tmp_path, "the command")
    assert [file.read_text().splitlines()[0] for file in (summary, cells)] == ["# the command"] * 2
    rows = pl.read_csv(summary, comment_prefix="#")
    assert rows["parameter"].to_list() == ["alpha", "beta"]
    assert rows["facts_moved_most"].to_list() == ["u_mean +3.00", "infl_sd -2.00 infl_mean +0.50"]
    effects = pl.read_csv(cells, comment_prefix="#").filter(
        (pl.col("fact") == "infl_sd") & (pl.col("parameter") == "beta")
    )
    assert effects.select("effect_sd", "se").row(0) == (-2.0, 0.1)
    assert "2 of 2 parameters are identified" in text.read_text()


def test_the_heatmap_names_every_fact_and_parameter_best_identified_first():
    report = found(beta=column(infl_sd=-2.0), alpha=column(u_mean=3.0))
    figure = identification_figure(report)
    heat = figure.axes[0]
    assert [label.get_text() for label in heat.get_yticklabels()] == ["alpha", "beta"]
    assert [label.get_text() for label in heat.get_xticklabels()] == NAMES
    shown = np.asarray(heat.collections[0].get_array()).reshape(2, -1)
    assert shown[0, NAMES.index("u_mean")] == 3.0
    assert isinstance(report, Identification)
