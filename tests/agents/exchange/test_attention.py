"""How busy traders are: by what they have seen, and by the hour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.exchange.attention import attention, rhythm

SOME = st.floats(1e-8, 1e-2)


def test_usual_volatility_makes_usually_busy():
    assert attention(1e-4, 1e-4, 0.0, 0.85, 1.75, 0.2) == 1.0
    assert attention(4e-4, 1e-4, 0.0, 0.5, 1.75, 0.2) == 1.5
    assert attention(1e-4, 1e-4, 1.0, 0.5, 1.75, 0.2) == 1.2


@given(seen=SOME, usual=SOME, fell=st.floats(0, 10), gain=st.floats(0, 3), cap=st.floats(1, 5))
def test_attention_stays_within_a_quarter_and_its_cap_and_rises_with_what_is_seen(
    seen, usual, fell, gain, cap
):
    found = attention(seen, usual, fell, gain, cap, 0.2)
    assert 0.25 <= found <= cap
    assert attention(2 * seen, usual, fell, gain, cap, 0.2) >= found
    assert attention(seen, usual, 2 * fell, gain, cap, 0.2) >= found


@given(depth=st.floats(0.01, 1))
def test_the_rhythm_of_a_day_is_a_u_with_mean_one(depth):
    parts = (np.arange(3600) + 0.5) / 3600
    found = np.array([rhythm(part, depth) for part in parts])
    assert found.mean() == pytest.approx(1.0, abs=1e-6)
    assert found.argmin() in (1799, 1800)
    assert found[0] == pytest.approx(found[-1])
    assert found.min() >= 0
