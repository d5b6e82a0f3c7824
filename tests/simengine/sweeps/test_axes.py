"""How settings are varied: what may be written, which values follow, what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.errors import UserError
from simengine.sweeps.axes import Listed, Range, axis, varied

LOW = st.floats(-1e6, 1e6, allow_subnormal=False)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (".5:.9:5", [0.5, 0.6, 0.7, 0.8, 0.9]),
        ("1:100:3:log", [1.0, 10.0, 100.0]),
        ("2,4,8", [2, 4, 8]),
        (".5,1e-1", [0.5, 0.1]),
        ("true,false", [True, False]),
        ("silent, free", ["silent", "free"]),
        ("[1, 2]", [1, 2]),
        ([0.5, "a"], [0.5, "a"]),
    ],
)
def test_what_is_written_is_what_is_run(text, values):
    found = axis("key", text)
    assert found.grid(whole=False) == values
    assert found.size == len(values)
    assert isinstance(text, list) or varied(text)


@pytest.mark.parametrize("text", ["3", "-.5", "true", "a", '"a,b"', "tests.module:Class", "{a = 1, b = 2}"])
def test_one_value_varies_nothing(text):
    assert not varied(text)


@pytest.mark.parametrize("text", ["1:2:x", "1:2:3:lag", "1:nan:3", "1:inf", "1:1e999", "1::3", "1:2:3:log:1"])
def test_a_range_that_cannot_be_read_is_told_how_to_write_one(text):
    with pytest.raises(UserError, match=r"^key = '.*': valid is lo:hi:n, lo:hi:n:log, lo:hi or"):
        axis("key", text)


@pytest.mark.parametrize("text", ["2:1:3", "1:1:3", "1:2:0", "1:2:1", "0:2:3:log", "[]"])
def test_a_range_with_nothing_in_it_is_refused(text):
    with pytest.raises(UserError, match=r"^key.*: (an empty|one step|valid for log)"):
        axis("key", text)


@given(LOW, st.floats(1e-3, 1e6), st.integers(2, 40), st.booleans())
def test_the_steps_of_a_range_rise_from_its_low_end_to_its_high_end(low, width, steps, log):
    low = abs(low) + 1e-3 if log else low
    values = Range("key", low, low + width, steps, log).grid(whole=False)
    assert (values[0], values[-1], len(values)) == (low, low + width, steps)
    assert values == sorted(values)


@given(st.integers(-50, 50), st.integers(1, 50), st.lists(st.floats(0, 1, exclude_max=True)), st.booleans())
def test_what_is_drawn_lies_in_the_range_and_is_whole_where_it_must_be(low, width, shares, log):
    low = abs(low) + 1 if log else low
    for whole in (False, True):
        drawn = Range("key", low - 0.25, low + width + 0.25, log=log).drawn(shares, whole)
        assert all(low - 0.25 <= value <= low + width + 0.25 for value in drawn)
        assert not whole or all(type(value) is int for value in drawn)


def test_whole_numbers_are_drawn_evenly_and_lists_as_well():
    shares = [(n + 0.5) / 300 for n in range(300)]
    drawn = Range("key", 1, 3).drawn(shares, whole=True)
    assert [drawn.count(n) for n in (1, 2, 3)] == [100, 100, 100]
    assert Listed("key", ("a", "b")).drawn([0.0, 0.49, 0.5, 0.999], whole=False) == ["a", "a", "b", "b"]


def test_a_setting_of_whole_numbers_takes_whole_steps_alone():
    assert Range("key", 2, 8, 4).grid(whole=True) == [2, 4, 6, 8]
    with pytest.raises(UserError, match=r"key = 2:8:5.*: 3\.5"):
        Range("key", 2, 8, 5).grid(whole=True)
    with pytest.raises(UserError, match="no whole number"):
        Range("key", 2.2, 2.8).drawn([0.5], whole=True)
    assert math.isclose(Range("key", 1, 100, log=True).drawn([0.5], whole=False)[0], 10)


def test_a_grid_needs_steps_and_a_draw_has_none():
    with pytest.raises(UserError, match="a grid needs a number of steps"):
        Range("key", 1, 2).grid(whole=False)
    with pytest.raises(UserError, match="has no steps"):
        Range("key", 1, 2, 3).drawn([0.5], whole=False)
