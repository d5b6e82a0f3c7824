"""What must hold of transmission: it holds where it was built in and fails where it was not."""

import numpy as np
import pytest

from analysis.macro.figures.transmission import transmission as figure
from analysis.macro.responses import multipliers, responses
from analysis.macro.transmission import crunch, falls, stimulus, tightening
from simengine.studies.macro.comparing import compared
from tests.analysis.macro.synthetic import economy
from tests.analysis.macro.test_responses import START, changed, impulse

R, Q = 8, 60


def luck(seed, size=0.002):
    return np.exp(np.random.default_rng(seed).normal(0, size, (R, Q)))


def hit(**factors):
    base = economy(R, Q)
    return compared(base, changed(base, **factors), ("base", "hit"))


def test_a_tightening_that_lowers_all_three_holds():
    prices = np.exp(-0.002 * np.maximum(np.arange(Q) - START, 0))
    struck = hit(
        gdp=(1 + impulse(-0.01, 0.9)) * luck(0),
        bank_loans=(1 + impulse(-0.02, 0.9)) * luck(1),
        price_level=prices * luck(2, 0.0003),
    )
    statement = tightening(struck, START)
    assert statement.holds
    # GDP: 100 · .01 · (1 − .9^8) / .1 / 8 = −.71 on average.
    assert "GDP −0.7" in statement.measured
    assert str(statement).startswith("holds: +1 pp")


@pytest.mark.parametrize("without", ["gdp", "bank_loans", "price_level"])
def test_a_tightening_fails_when_one_of_the_three_does_not_fall(without):
    prices = np.exp(-0.002 * np.maximum(np.arange(Q) - START, 0))
    moves = {"gdp": 1 + impulse(-0.01, 0.9), "bank_loans": 1 + impulse(-0.02, 0.9), "price_level": prices}
    moves = {name: path * luck(3, 0.0003) for name, path in moves.items() if name != without}
    assert not tightening(hit(**moves, **{without: luck(4)}), START).holds


def test_a_fall_that_turns_into_a_rise_within_the_window_is_no_fall():
    path = impulse(-0.01, 1.0)
    path[START + 5 :] = 0.01
    assert not falls(hit(gdp=(1 + path) * luck(5)).effects["gdp"], START)
    assert falls(hit(gdp=(1 + path) * luck(5)).effects["gdp"], START, quarters=4)


def test_chance_is_called_a_fall_about_as_rarely_as_the_band_says():
    called = [falls(hit(gdp=luck(seed)).effects["gdp"], START) for seed in range(300)]
    assert np.mean(called) < 0.05


def test_a_crunch_holds_when_investment_falls_more_and_only_then():
    deep, shallow = 1 + impulse(-0.04, 0.9), 1 + impulse(-0.01, 0.9)
    holds = crunch(hit(fixed_investment=deep * luck(0), consumption=shallow * luck(1)), START)
    assert holds.holds
    assert not crunch(hit(fixed_investment=shallow * luck(0), consumption=deep * luck(1)), START).holds
    # Consumption that rises does not make investment fall.
    assert not crunch(hit(fixed_investment=luck(0, 1e-4), consumption=2 - shallow), START).holds


def stimulated(factor):
    base = economy(R, Q)
    more = base["government"] * impulse(0.05, 1.0) * luck(0, 0.1)
    treated = base | {"government": base["government"] + more, "gdp": base["gdp"] + factor * more}
    return base, treated


def test_spending_holds_with_a_positive_multiplier_only():
    name = "government_spending"
    assert stimulus(multipliers(name, *stimulated(1.1), START)).holds
    assert not stimulus(multipliers(name, *stimulated(-0.2), START)).holds


def test_the_figure_has_a_panel_for_each_shock_and_series_and_shows_the_multiplier():
    base, treated = stimulated(1.1)
    comparisons = {
        "government_spending": compared(base, treated, ("a", "b")),
        "policy_rate": hit(gdp=1 + impulse(-0.01, 0.9)),
    }
    found = [r for name, one in comparisons.items() for r in responses(name, one, START)]
    found += multipliers("government_spending", base, treated, START)
    drawn = figure(comparisons, found, START, {name: name for name in comparisons})
    assert len(drawn.axes) == 14
    words = " ".join(text.get_text() for text in drawn.axes[0].texts)
    assert "multiplier 4 q:\n1.10 [1.10, 1.10]" in words
