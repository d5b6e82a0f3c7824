"""Responses and multipliers of synthetic economies whose answers are known."""

import numpy as np
import pytest

from analysis.macro.responses import (
    HORIZONS,
    INSIDE,
    MULTIPLIER,
    RESPONSES,
    SIGN_RIGHT,
    UNSURE,
    WRONG,
    Range,
    multiplier,
    multipliers,
    ranges,
    responses,
    table,
)
from simengine.studies.macro.comparing import compared
from tests.analysis.macro.synthetic import economy

START = 20


def changed(series, **factors):
    """The series with columns multiplied by factors (Q,) or (R, Q)."""
    return {name: values * factors.get(name, 1.0) for name, values in series.items()}


def impulse(size, rho, quarters=60):
    """A known impulse: `size` in quarter `START`, decaying by `rho` a quarter."""
    path = np.zeros(quarters)
    path[START:] = size * rho ** np.arange(quarters - START)
    return path


def test_a_known_impulse_comes_back_at_every_horizon():
    base = economy(5, 60)
    hit = changed(base, gdp=1 + impulse(-0.01, 0.9))
    found = responses("policy_rate", compared(base, hit, ("a", "b")), START)
    gdp = {r.quarter: r for r in found if r.response == "gdp"}
    assert sorted(gdp) == sorted(HORIZONS)
    for quarter, response in gdp.items():
        assert response.mean == pytest.approx(-(0.9**quarter))
        assert (response.low, response.high) == (pytest.approx(response.mean), pytest.approx(response.mean))
    assert all(r.mean == 0.0 for r in found if r.response == "consumption")


def test_horizons_beyond_the_run_are_left_out():
    base = economy(3, 30)
    found = responses("cost", compared(base, changed(base, gdp=1.01), ("a", "b")), START)
    assert max(r.quarter for r in found) == 8


def test_a_known_multiplier_comes_back_exactly():
    base = economy(6, 60)
    more = base["government"] * impulse(0.05, 1.0)
    treated = base | {"government": base["government"] + more, "gdp": base["gdp"] + 0.8 * more}
    assert multiplier(base, treated, START, 4) == pytest.approx((0.8, 0.8, 0.8))
    assert multiplier(base, treated, START, 8) == pytest.approx((0.8, 0.8, 0.8))


def test_the_multiplier_cumulates_instead_of_taking_a_peak():
    base = {"gdp": np.full((2, 30), 100.0), "government": np.full((2, 30), 20.0)}
    treated = {name: values.copy() for name, values in base.items()}
    treated["government"][:, START : START + 2] += 1.0
    treated["gdp"][:, START : START + 4] += np.array([2.0, 1.0, 0.0, -1.0])
    assert multiplier(base, treated, START, 2)[0] == pytest.approx(1.5)
    assert multiplier(base, treated, START, 4)[0] == pytest.approx(1.0)


def test_the_interval_of_a_noisy_multiplier_covers_the_truth_as_often_as_it_says():
    rng, covered = np.random.default_rng(1), 0
    for _ in range(400):
        spent = rng.normal(1.0, 0.2, (24, 8))
        base = {"gdp": np.full((24, 8), 100.0), "government": np.full((24, 8), 20.0)}
        gdp = base["gdp"] + 0.9 * spent + rng.normal(0, 1.0, (24, 8))
        _, low, high = multiplier(base, {"gdp": gdp, "government": base["government"] + spent}, 0, 8)
        covered += low <= 0.9 <= high
    assert 0.915 <= covered / 400 <= 0.98


@pytest.mark.parametrize(
    ("estimate", "verdict"),
    [
        ((-0.7, -0.9, -0.5), INSIDE),
        ((-2.0, -2.5, -1.5), SIGN_RIGHT),
        ((-0.1, -0.15, -0.05), SIGN_RIGHT),
        ((0.4, 0.2, 0.6), WRONG),
        ((-0.7, -1.5, 0.1), UNSURE),
        ((0.0, 0.0, 0.0), UNSURE),
        ((np.nan, np.nan, np.nan), UNSURE),
    ],
)
def test_an_estimate_is_judged_by_range_sign_and_interval(estimate, verdict):
    assert Range("s", "gdp", 4, -1.2, -0.3, "").verdict(*estimate) == verdict


def test_a_range_that_states_a_sign_asks_for_no_size():
    fall = Range("s", "gdp", 4, -np.inf, 0.0, "")
    assert (fall.sized, fall.sign, str(fall)) == (False, -1, "< 0")
    assert fall.verdict(-9.0, -9.5, -8.5) == SIGN_RIGHT
    rise = Range("s", "gdp", 4, 0.0, np.inf, "")
    assert (rise.sign, str(rise), rise.verdict(-1.0, -1.5, -0.5)) == (1, "> 0", WRONG)


def test_the_committed_ranges_name_series_we_have_and_papers():
    assert len(ranges()) == len({(r.shock, r.response, r.quarter) for r in ranges()})
    for one in ranges():
        assert one.response in (*RESPONSES, MULTIPLIER)
        assert one.low < one.high
        assert "(" in one.source


def test_the_table_shows_misses_first_and_counts_what_was_kept():
    base = economy(6, 60)
    more = base["government"] * impulse(0.05, 1.0)
    treated = base | {"government": base["government"] + more, "gdp": base["gdp"] + 3.0 * more}
    shock = "government_spending"
    found = responses(shock, compared(base, treated, ("a", "b")), START)
    found += multipliers(shock, base, treated, START)
    lines = table(found).splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["miss", "miss", "ok"]
    assert lines[-1] == "1 of 3 responses as in the literature"
    rows = [r.row() for r in found if r.response == MULTIPLIER]
    assert [(row["literature"], row["verdict"]) for row in rows] == [("0.6 to 1.2", SIGN_RIGHT)] * 2
