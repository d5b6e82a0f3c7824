"""The box: scales, ranges, where the search begins, and what is refused."""

import tomllib

import numpy as np
import pytest

from analysis.calibration import CalibrationError, Free, Space, nested, space_of

SPACE = """
[plausible]
unemployment_rate = [4.7, 7.2]

[config]
households = 40
[config.firm]
suppliers = 3

[free]
"firm.markup" = { low = 1.2, high = 1.6, literature = 1.45, source = "someone (2000)" }
"luck.sd" = { low = 0.001, high = 0.1, scale = "log", source = "no direct evidence", start = 0.01 }
"""


@pytest.fixture
def space():
    return space_of(tomllib.loads(SPACE), "space.toml")


def test_a_file_gives_rows_ranges_and_fixed_settings(space):
    assert space.names == ("firm.markup", "luck.sd")
    assert space.free[0] == Free("firm.markup", 1.2, 1.6, "someone (2000)", 1.45)
    assert space.plausible == {"unemployment_rate": (4.7, 7.2)}


def test_shares_of_a_range_are_values_linear_or_log(space):
    assert space.values(np.array([0.25, 0.5])) == {"firm.markup": 1.3, "luck.sd": 0.01}
    for free in space.free:
        assert [free.share(free.value(share)) for share in (0.0, 0.3, 1.0)] == pytest.approx([0.0, 0.3, 1.0])


def test_values_have_four_digits_so_that_the_file_says_what_was_judged(space):
    assert space.values(np.array([1 / 3, 1 / 3])) == {"firm.markup": 1.333, "luck.sd": 0.004642}


def test_settings_go_on_top_of_the_fixed_ones_and_leave_them_as_they_are(space):
    settings = space.settings(np.array([0.25, 0.5]))
    assert settings == {"households": 40, "firm": {"suppliers": 3, "markup": 1.3}, "luck": {"sd": 0.01}}
    assert space.config == {"households": 40, "firm": {"suppliers": 3}}


def test_the_search_begins_at_start_else_at_the_worlds_value_inside_the_range(space):
    assert space.start({"firm.markup": 1.3, "luck.sd": 0.09}) == pytest.approx([0.25, 0.5])
    assert space.start({"firm.markup": 1.7, "luck.sd": 0.09}) == pytest.approx([1.0, 0.5])


def test_names_become_a_tree():
    assert nested({"a": 1.0, "b.c": 2.0, "b.d": 3.0}) == {"a": 1.0, "b": {"c": 2.0, "d": 3.0}}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("low = 1.2", "low = 1.7", "low = 1.7, high = 1.6: valid is low < high"),
        ("low = 0.001", "low = 0.0", "a log scale needs low > 0"),
        ('"log"', '"cubic"', "scale = 'cubic': valid is linear or log"),
        ("literature = 1.45", "literature = 2.0", "literature = 2.0: outside 1.2 to 1.6"),
        ("start = 0.01", "start = 1.0", "start = 1.0: outside"),
        ("start = 0.01", "begin = 0.01", "unknown key 'begin'"),
        ("high = 1.6", 'high = "much"', "high = 'much': valid is a float"),
        ("low = 1.2, ", "", "low is missing"),
        ("[4.7, 7.2]", "[4.7]", "valid is [low, high]"),
        ("[4.7, 7.2]", "[7.2, 4.7]", "low < high"),
        ("[plausible]", "[plausibel]", "unknown table 'plausibel'"),
    ],
)
def test_mistakes_are_one_line_that_names_the_file(before, after, said):
    assert before in SPACE
    with pytest.raises(CalibrationError) as refused:
        space_of(tomllib.loads(SPACE.replace(before, after)), "space.toml")
    assert said in str(refused.value)
    assert "space.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_more_than_fifty_free_parameters_are_refused():
    with pytest.raises(CalibrationError, match="51 free parameters: valid are 1 to 50"):
        Space(tuple(Free(f"a.p{i}", 0.0, 1.0, "none") for i in range(51)))
