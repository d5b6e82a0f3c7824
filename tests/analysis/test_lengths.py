"""The length of a run in words: in years where it has one, else in what it is a whole number of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lengths import length

WEEKS = {"year": 48, "quarter": 12, "month": 4, "week": 1, "tick": 1}
FORTIES = {"year": 40, "quarter": 10, "tick": 1}


@pytest.mark.parametrize(
    ("ticks", "units", "words"),
    [
        (8, WEEKS, "2 months"), (4, WEEKS, "1 month"), (24, WEEKS, "2 quarters"), (7, WEEKS, "7 weeks"),
        (48, WEEKS, "1 year"), (1200, WEEKS, "25 years"), (72, WEEKS, "1.5 years"), (0, WEEKS, "0 ticks"),
        (7, FORTIES, "7 ticks"), (30, FORTIES, "3 quarters"), (48 * 123456, WEEKS, "123456 years"),
        (3, {"tick": 1}, "3 ticks"), (3, {"day": 1}, "3 days"), (7, {"day": 7, "hour": 1}, "1 day"),
    ],
)  # fmt: skip
def test_a_length_is_said_in_the_words_of_its_calendar(ticks, units, words):
    assert length(ticks, units) == words


@given(st.integers(1, 10**9), st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(1, 10**6)))
def test_only_of_the_largest_unit_is_there_a_part(ticks, units):
    sizes = {"tick": 1, **units}
    count, name = re.fullmatch(r"([\d.]+) (tick|[abc])s?", length(ticks, units)).groups()
    if sizes[name] == max(sizes.values()):
        assert float(count) * sizes[name] == pytest.approx(ticks, abs=0.006 * sizes[name])
    else:
        assert int(count) * sizes[name] == ticks < max(sizes.values())
