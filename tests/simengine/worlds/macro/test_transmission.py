"""Shocks to the macro world move it the right way, against arms on the same noise."""

import numpy as np
import pytest

from simengine import Strike
from simengine.worlds.macro import shocks
from tests.simengine.worlds.macro.history import simulate

SHOCKS = {kind.name: kind for kind in shocks.SHOCKS}

ARMS = 24
STRIKE = 48


def response(shock, size, until=None):
    """The paired differences (arm, quarter) of shocked and unshocked histories, from the strike on."""
    numbers = [*range(ARMS), *range(ARMS)]
    hit = tuple(range(ARMS, 2 * ARMS))

    def prepare(sim):
        sim.strike(Strike(STRIKE, SHOCKS[shock](size), until=until, replicas=hit))

    _, series = simulate({"warmup_years": 2}, years=5, replicas=numbers, seed=8, prepare=prepare)
    return {name: (values[ARMS:] - values[:ARMS])[:, STRIKE // 12 :] for name, values in series.items()}


def above_zero(differences):
    """Whether the mean of paired differences is positive with 95 % confidence."""
    mean, error = differences.mean(), differences.std(ddof=1) / np.sqrt(len(differences))
    return mean - 1.96 * error > 0.0


@pytest.fixture(scope="module")
def tightening():
    return response("rate", 0.01, until=STRIKE + 48)


def test_before_the_strike_treated_and_control_arms_are_equal():
    numbers, hit = [0, 1, 0, 1], (2, 3)

    def prepare(sim):
        sim.strike(Strike(24, SHOCKS["cost"](0.02), replicas=hit))

    _, series = simulate({"warmup_years": 0}, years=1, replicas=numbers, prepare=prepare)
    for values in series.values():
        assert (values[:2, :2] == values[2:, :2]).all()
    assert (series["price_level"][:2, 3] != series["price_level"][2:, 3]).all()


@pytest.mark.parametrize("name", ["gdp", "fixed_investment", "price_level", "bank_loans"])
def test_a_year_of_tighter_money_lowers(tightening, name):
    assert above_zero(-tightening[name][:, 3:8].mean(axis=1))


def test_tighter_money_raises_unemployment(tightening):
    assert above_zero(tightening["unemployment_rate"][:, 3:8].mean(axis=1))


def test_public_spending_raises_gdp():
    effect = response("government_spending", 0.1, until=STRIKE + 48)
    assert above_zero(effect["gdp"][:, :4].mean(axis=1))


def test_lower_productivity_lowers_gdp_and_raises_prices():
    effect = response("productivity", -0.03)
    assert above_zero(-effect["gdp"][:, 2:].mean(axis=1))
    assert above_zero(effect["price_level"][:, 2:].mean(axis=1))


def test_dearer_inputs_raise_prices():
    assert above_zero(response("cost", 0.03)["price_level"][:, 2:].mean(axis=1))


def test_lost_confidence_lowers_consumption_and_gdp():
    effect = response("confidence", -0.05)
    assert above_zero(-effect["consumption"][:, :6].mean(axis=1))
    assert above_zero(-effect["gdp"][:, :6].mean(axis=1))


def test_a_wave_of_defaults_hurts_lending_and_investment():
    effect = response("default_wave", 0.5)
    assert above_zero(effect["default_rate"][:, 0])
    assert above_zero(-effect["bank_loans"][:, 1:6].mean(axis=1))
