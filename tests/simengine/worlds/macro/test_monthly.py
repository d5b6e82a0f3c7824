"""The monthly series of the macro world agree with its quarterly accounts and its other streams."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.errors import UserError
from simengine.worlds.macro.monthly import MonthlyHistory
from streams.macro.events import RateDecision, Trade, Wealth
from streams.macro.series import QuarterToDate
from tests.simengine.worlds.macro.history import simulate

YEARS, REPLICAS = 2, 3


@pytest.fixture(scope="module")
def both():
    """One run as monthly arrays and as quarterly series, with the trades and rates of its months."""
    seen = {"trades": np.zeros((REPLICAS, 12 * YEARS, 3)), "rate": {}}

    def listen(sim):
        seen["monthly"] = MonthlyHistory(sim)
        sim.events(Trade).subscribe(lambda batch: batch.tick >= 0 and traded(seen["trades"], batch))
        sim.events(RateDecision).subscribe(
            lambda batch: seen["rate"].update({batch.tick: np.array(batch.rate_annual)})
        )
        sim.events(Wealth).subscribe(lambda batch: seen.update(wealth=np.array(batch.grid("amount"))))

    _, quarterly = simulate(
        {"warmup_years": 1},
        years=YEARS,
        prepare=listen,
        seed=5,
        replicas=REPLICAS,
        policies={"all": "random"},
    )
    return seen["monthly"].arrays(), quarterly, seen


def traded(sums, batch):
    place = (batch.replica, batch.tick // 4, batch.market)
    np.add.at(sums, place, batch.quantity * 100.0)  # opening dollars


def by_quarter(monthly):
    return monthly.reshape(REPLICAS, 4 * YEARS, 3)


def test_three_months_of_gdp_consumption_and_investment_are_the_quarters(both):
    monthly, quarterly, _ = both
    for month, quarter in (
        ("gdp", "gdp"),
        ("consumption", "consumption"),
        ("investment", "fixed_investment"),
    ):
        assert monthly[month].shape == (REPLICAS, 12 * YEARS)
        assert (monthly[month] > 0).all()
        np.testing.assert_allclose(by_quarter(monthly[month]).sum(axis=2), quarterly[quarter], rtol=1e-9)


def test_unemployment_and_the_policy_rate_have_the_quarters_means(both):
    monthly, quarterly, _ = both
    for month, quarter in (("unemployment", "unemployment_rate"), ("policy_rate", "policy_rate")):
        np.testing.assert_allclose(by_quarter(monthly[month]).mean(axis=2), quarterly[quarter], rtol=1e-9)


def test_the_price_level_weighted_with_sales_is_the_quarters_deflator(both):
    monthly, quarterly, seen = both
    sales = by_quarter(seen["trades"].sum(axis=2))
    deflator = (by_quarter(monthly["price_level"]) * sales).sum(axis=2) / sales.sum(axis=2)
    np.testing.assert_allclose(deflator, quarterly["price_level"], rtol=1e-9)


def test_loans_at_a_quarters_end_are_the_quarters_at_that_months_prices(both):
    monthly, quarterly, _ = both
    nominal = (monthly["bank_loans"] * monthly["price_level"])[:, 2::3]
    np.testing.assert_allclose(nominal, quarterly["bank_loans"] * quarterly["price_level"], rtol=1e-9)


def test_a_months_purchases_are_its_trades_and_its_rate_the_last_decision(both):
    monthly, _, seen = both
    np.testing.assert_allclose(monthly["consumption"], seen["trades"][:, :, 0], rtol=1e-9)
    np.testing.assert_allclose(monthly["investment"], seen["trades"][:, :, 1], rtol=1e-9)
    for month in (0, 5, 23):
        last = max(tick for tick in seen["rate"] if tick < 4 * (month + 1))
        np.testing.assert_allclose(monthly["policy_rate"][:, month], 100.0 * seen["rate"][last])


def test_wealth_is_that_of_the_last_quarters_end_in_dollars(both):
    monthly, _, seen = both
    np.testing.assert_array_equal(monthly["wealth"], seen["wealth"] / 100.0)
    assert monthly["wealth"].shape == (REPLICAS, 100)


def test_a_history_that_begins_inside_a_quarter_waits_for_the_next():
    sim = Simulation("macro", policies="rule", seed=5, config={"warmup_years": 0})
    sim.run(ticks=5)
    history = MonthlyHistory(sim)
    sim.run(until=12)
    with pytest.raises(UserError, match="no quarter is over yet"):
        history.arrays()
    sim.run(until=24)
    assert history.arrays()["gdp"].shape == (1, 3)


def test_nothing_is_built_for_months_that_nobody_watches_and_watching_changes_no_digest():
    alone, watched = (
        Simulation("macro", policies="rule", seed=5, replicas=2, config={"warmup_years": 0}) for _ in range(2)
    )
    history = MonthlyHistory(watched)
    assert not alone.wants(QuarterToDate)
    for sim in (alone, watched):
        sim.run(years=1)
    assert alone.counts.batches == 0
    assert watched.counts.batches == 12 + 4
    assert alone.digest == watched.digest
    assert history.arrays()["gdp"].shape == (2, 12)
