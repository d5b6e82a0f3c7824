"""Sentences follow the numbers, whichever way they went."""

import numpy as np
import pytest

from analysis.inference import Interval
from analysis.wording import estimate, moved, number, sign


def interval(low, high):
    return Interval(*(np.array(x) for x in ((low + high) / 2, low, high, 0.01, 8)))


def test_numbers_have_a_true_minus_and_no_negative_zero():
    assert [number(-1.234), number(-0.001), number(np.nan), number(2.0, 0)] == ["−1.23", "0.00", "–", "2"]


def test_an_estimate_shows_its_interval_and_unit():
    assert estimate(interval(-1.4, -1.0), "%", 1) == "−1.2 % [−1.4, −1.0]"


@pytest.mark.parametrize(
    ("low", "high", "direction", "words"),
    [
        (-1.4, -1.0, -1, "falls by 1.2 % [1.0, 1.4]"),
        (1.0, 1.4, 1, "rises by 1.2 % [1.0, 1.4]"),
        (-0.2, 0.4, 0, "does not move measurably (0.1 % [−0.2, 0.4])"),
        (np.nan, np.nan, 0, "does not move measurably (– % [–, –])"),
    ],
)
def test_the_verb_follows_the_interval(low, high, direction, words):
    assert sign(interval(low, high)) == direction
    assert moved(interval(low, high), "%", 1) == words
