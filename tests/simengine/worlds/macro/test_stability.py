"""Twenty-five years of the macro world under rules, and under policies that are none: sane."""

import numpy as np
import pytest

from tests.simengine.worlds.macro.history import growth, simulate


@pytest.fixture(scope="module")
def histories():
    return simulate(replicas=64, years=25, seed=11)[1]


def test_unemployment_stays_between_1_and_20_percent(histories):
    rate = histories["unemployment_rate"]
    assert rate.min() >= 1.0
    assert rate.max() <= 20.0


def test_inflation_stays_between_minus_5_and_15_percent(histories):
    level = np.log(histories["price_level"])
    inflation = 100.0 * (level[:, 4:] - level[:, :-4])
    assert inflation.min() > -5.0
    assert inflation.max() < 15.0


def test_every_history_grows_and_fluctuates(histories):
    rates = growth(histories["gdp"])
    assert rates.mean(axis=1).min() > 0.0
    assert rates.std(axis=1).min() > 0.5
    assert histories["policy_rate"].std(axis=1).min() > 0.1
    assert histories["unemployment_rate"].std(axis=1).min() > 0.2


@pytest.mark.parametrize("name", ["gdp", "price_level", "consumption"])
def test_growth_in_the_first_two_years_is_like_growth_in_the_rest(histories, name):
    rates = growth(histories[name])
    alike(rates[:, :7], rates[:, 7:])


@pytest.mark.parametrize(
    "name", ["unemployment_rate", "policy_rate", "lending_spread", "capacity_utilisation"]
)
def test_rates_in_the_first_two_years_are_like_rates_in_the_rest(histories, name):
    alike(histories[name][:, :8], histories[name][:, 8:])


def alike(early, late):
    """Means of early and late years within four standard errors over histories, spreads within a third."""
    gap = early.mean(axis=1) - late.mean(axis=1)
    assert abs(gap.mean()) < 4.0 * gap.std(ddof=1) / np.sqrt(len(gap)), (early.mean(), late.mean())
    assert 2 / 3 < early.std() / late.std() < 3 / 2, (early.std(), late.std())


@pytest.mark.parametrize("policy", ["random", "fixed:0"])
def test_no_policy_blows_the_economy_up(policy):
    everyone = dict.fromkeys(("central_bank", "government", "banks", "households", "firms"), policy)
    _, series = simulate({"warmup_years": 0}, replicas=8, years=10, policies=everyone)
    for name, values in series.items():
        assert np.isfinite(values).all(), name
    assert (series["gdp"] > 0.0).all()


@pytest.mark.parametrize(
    "switch",
    [
        {"household": {"hand_to_mouth_share": 0.0}},
        {"household": {"habit_monthly": 0.0}},
        {"firm": {"effort_share": 0.0, "hours_share": 0.0}},
        {"firm": {"investment_utilisation_slope": 0.0}},
        {"firm": {"order_probability_monthly": 1.0}},
        {"firm": {"wage_unemployment_slope": 0.0}},
        {"firm": {"utilisation_price_slope": 0.0, "real_rigidity": 0.0}},
        {"bank": {"capital_slope": 0.0, "default_slope": 0.0}},
        {"government": {"tax_progressivity": 0.0, "debt_rule": 0.0}},
        {"government": {"benefit_replacement": 0.0}},
        {"central_bank": {"inflation_response": 1.5, "output_response": 0.0}},
        {"expectations": {"anchoring": 1.0}},
        {"firm": {"suppliers": 3}},
        {"firm": {"suppliers": 5}},
    ],
)
def test_every_mechanism_can_be_switched_off(switch):
    _, series = simulate({"warmup_years": 0} | switch, replicas=2, years=6)
    assert series["unemployment_rate"].max() < 30.0
    assert all(np.isfinite(values).all() for values in series.values())
