"""Units of time are a world's own: written, read and refused in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.kernel import Calendar

MONTHS = Calendar.of_year(48)
SECONDS = Calendar({"second": 60, "minute": 3600, "hour": 216_000, "day": 5_184_000, "month": 155_520_000})


@pytest.mark.parametrize(
    ("calendar", "span", "ticks"),
    [
        (MONTHS, 48, 48),
        (MONTHS, "48", 48),
        (MONTHS, "48 ticks", 48),
        (MONTHS, "5y", 240),
        (MONTHS, "3mo", 12),
        (MONTHS, "1.5 years", 72),
        (MONTHS, "2w", 2),
        (MONTHS, "1 quarter", 12),
        (MONTHS, "-8y", -384),
        (MONTHS, "1y 6m", 72),
        (SECONDS, "90s", 5400),
        (SECONDS, "2h", 432_000),
        (SECONDS, "10d", 51_840_000),
        (SECONDS, "1 min 30 s", 5400),
        (SECONDS, "12t", 12),
        (Calendar({}), "7", 7),
    ],
)
def test_a_span_is_a_number_of_ticks(calendar, span, ticks):
    assert calendar.ticks(span) == ticks


@pytest.mark.parametrize(
    ("calendar", "span", "said"),
    [
        (MONTHS, "2 days", "unknown unit 'days': valid are ticks, weeks, months, quarters or years"),
        (MONTHS, "soon", "valid is a tick, or a number of ticks, weeks, months, quarters or years"),
        (MONTHS, True, "valid is a tick"),
        (MONTHS, "0.3 weeks", "no whole number of ticks below 1e9 (a year has 48, a quarter has 12,"),
        (MONTHS, "99999999 years", "no whole number of ticks below 1e9"),
        (Calendar.of_year(12), "1 week", "unknown unit 'week': valid are ticks, months, quarters or years"),
        (
            SECONDS,
            "3m",
            "unknown unit 'm' (month or minute?): valid are ticks, seconds, minutes, hours, days",
        ),
        (Calendar({}), "1y", "unknown unit 'y': valid are ticks"),
    ],
)
def test_what_is_no_span_is_refused_with_the_units_of_this_world(calendar, span, said):
    with pytest.raises(ValueError) as refused:
        calendar.ticks(span)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("calendar", "ticks", "text"),
    [
        (MONTHS, 245, "5y 1m 1w"),
        (MONTHS, -384, "-8y"),
        (MONTHS, 0, "0"),
        (SECONDS, 5_184_000 + 5401, "1d 1mi 30s 1t"),
        (Calendar({}), 7, "7t"),
    ],
)
def test_a_number_of_ticks_is_read_in_the_largest_units(calendar, ticks, text):
    assert calendar.text(ticks) == text


@given(st.sampled_from([MONTHS, SECONDS, Calendar({}), Calendar.of_year(7)]), st.integers(-(10**9), 10**9))
def test_what_is_written_is_read_again(calendar, ticks):
    assert calendar.ticks(calendar.text(ticks)) == ticks


@pytest.mark.parametrize(("name", "size"), [("Day", 1), ("", 1), ("day", 0), ("day", 1.5), ("two days", 2)])
def test_a_unit_has_a_name_and_whole_ticks(name, size):
    with pytest.raises(ValueError, match="valid is a lower-case word with 1 or more ticks"):
        Calendar({name: size})
