"""Shares of variance on sums of independent processes, where they are known."""

import numpy as np
import pytest

from analysis.audit.variance import FLOOR, Share, shares, spoken, variances, verdict
from tests.analysis.macro.synthetic import ar1

REPLICAS, QUARTERS = 12, 400
SIZES = {"wage_shock": 0.02, "credit_shock": 0.01}


@pytest.fixture(scope="module")
def found():
    """log GDP = trend + the sum of independent cycles of known size + a floor of sd .01."""
    rng = np.random.default_rng(4)
    parts = {name: size * ar1(rng, REPLICAS, QUARTERS, 0.8) for name, size in SIZES.items()}
    floor = 0.007 * np.arange(QUARTERS) + 0.01 * ar1(rng, REPLICAS, QUARTERS, 0.8)
    whole = floor + sum(parts.values())
    without = {name: np.exp(whole - part) for name, part in parts.items()}
    alone = {name: np.exp(floor + part) for name, part in parts.items()}
    return shares(np.exp(whole), without, alone, np.exp(floor))


def test_variances_are_those_of_the_cycle_and_of_growth_over_four_quarters():
    y = np.array([0.0, 0.0, 0.0, 0.0, 0.04, 0.0, 0.02, 0.0])
    assert variances(np.exp(y)[None])["growth"] == pytest.approx(np.var([4, 0, 2, 0], ddof=1))
    assert variances(np.exp(0.01 * np.arange(40))[None])["cycle"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("measure", ["cycle", "growth"])
def test_independent_processes_carry_their_share_both_ways(found, measure):
    total = 0.02**2 + 0.01**2 + 0.01**2
    for name, size in SIZES.items():
        (share,) = [one for one in found if (one.process, one.measure) == (name, measure)]
        for value, low, high in (share.removed, share.alone):
            assert low - 0.02 < size**2 / total < high + 0.02
            assert value == pytest.approx(size**2 / total, abs=0.05)
    (floor,) = [one for one in found if (one.process, one.measure) == (FLOOR, measure)]
    assert floor.alone[0] == pytest.approx(0.01**2 / total, abs=0.03)
    assert np.isnan(floor.removed[0])


def test_a_process_with_more_than_half_is_a_miss_and_said_first_in_its_table(found):
    said = spoken(found, "GDP")
    assert said[-1].startswith(
        "MISS: a single shock carries more than half of the variance of GDP: wage shock"
    )
    assert said[1].split()[0] == "wage_shock"
    assert "credit_shock" not in said[-1]


def test_processes_below_half_pass_and_the_floor_is_no_shock():
    nan = (np.nan,) * 3
    small = [Share("a", "cycle", (0.3, 0.2, 0.4), nan), Share(FLOOR, "cycle", nan, (0.7, 0.6, 0.8))]
    assert verdict(small, "GDP").endswith("the largest share is 30 % of the HP cycle, a")
    assert verdict([*small, Share("b", "growth", nan, (0.55, 0.4, 0.7))], "GDP").startswith("MISS")
