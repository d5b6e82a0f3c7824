"""The macro world at rest: the opening is a steady state that stays one, and luck alone barely moves it."""

import numpy as np
import pytest

from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.opening import solve
from simengine.worlds.macro.scale import monthly_drift, monthly_growth
from tests.simengine.worlds.macro.history import LUCK_OF_MATCHING, REST, simulate

REAL = (
    "gdp", "consumption", "fixed_investment", "government", "bank_loans", "household_debt",
    "household_net_worth", "tax_receipts", "disposable_income",
)  # fmt: skip
PEOPLE = ("hours", "employment", "vacancies")
RATES = ("unemployment_rate", "policy_rate", "lending_spread", "inventory_change_share", "default_rate")


def trends(config):
    """The quarterly growth factor that every level has at rest."""
    grown = (1.0 + monthly_growth(config)) ** 3
    people = (1.0 + config.trend.labour_force_growth_annual / 12.0) ** 3
    prices = (monthly_drift(config) / (1.0 + monthly_growth(config))) ** 3
    named = dict.fromkeys(REAL, grown) | dict.fromkeys(PEOPLE, people)
    per_head = grown / people
    return named | {
        "productivity": per_head,
        "real_wage": per_head,
        "nominal_wage": per_head * prices,
        "price_level": prices,
        "nominal_gdp": grown * prices,
    }


@pytest.fixture(scope="module")
def rest():
    return simulate(REST, replicas=2, years=25)


def test_with_all_luck_off_every_level_stays_within_half_a_percent_of_its_trend_for_25_years(rest):
    _, series = rest
    quarters = np.arange(100)
    worst = {}
    for name, factor in trends(MacroConfig()).items():
        path = series[name] / series[name][:, :1] / factor**quarters
        worst[name] = 100.0 * np.abs(path - 1.0).max()
    assert max(worst.values()) < 0.5, worst


def test_with_all_luck_off_every_rate_stays_where_it_opened(rest):
    _, series = rest
    for name in RATES:
        assert np.abs(series[name] - series[name][:, :1]).max() < 0.1, name
    for name in ("gini_wealth", "gini_income"):
        assert np.abs(series[name] - series[name][:, :1]).max() < 0.005, name


def test_at_rest_output_is_what_the_opening_says(rest):
    sim, series = rest
    months = (1.0 + monthly_growth(MacroConfig())) ** np.arange(3)
    expected = sim.world.economy.output_rest * 100.0 * months.sum()
    np.testing.assert_allclose(series["gdp"][:, 0], expected, rtol=1e-3)


def test_nothing_fails_at_rest(rest):
    _, series = rest
    assert not series["default_rate"].any()


class Lots:
    """Uniform and normal lots for the opening."""

    def __init__(self, replicas, seed):
        self.replicas, self.random = replicas, np.random.default_rng(seed)

    def uniform(self, stream, n):
        return self.random.random((self.replicas, n))

    def normal(self, stream, n):
        return self.random.standard_normal((self.replicas, n))


@pytest.mark.parametrize(
    "config",
    [
        MacroConfig(),
        MacroConfig(households=500, firms=100, banks=3),
        MacroConfig.model_validate({"household": {"hand_to_mouth_share": 0.0}, "firm": {"suppliers": 3}}),
        MacroConfig.model_validate(
            {"government": {"debt_months": 9.0}, "trend": {"inflation_target_annual": 0.0}}
        ),
    ],
)
def test_by_walras_law_households_buy_exactly_what_firms_want_to_sell(config):
    assert np.abs(solve(config, Lots(4, 1)).walras_gap).max() < 1e-9


def test_the_luck_of_matching_alone_leaves_the_mean_path_and_most_quarters_within_2_percent():
    _, series = simulate(LUCK_OF_MATCHING, replicas=16, years=25, seed=5)
    relative = series["gdp"] / series["gdp"][:, :1] / trends(MacroConfig())["gdp"] ** np.arange(100)
    gap = 100.0 * np.abs(relative - 1.0)
    assert 100.0 * np.abs(relative.mean(axis=0) - 1.0).max() < 2.0
    assert (gap < 2.0).mean() > 0.8
    assert gap.max() < 6.0
