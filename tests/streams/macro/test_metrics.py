"""Every metric on numbers worked out by hand, and one that a user wrote."""

import numpy as np
import pytest

from streams import Bus, metrics
from streams.events import Metric
from streams.macro.events import Balance, Default, Income, LaborForce, Loan, Output, Repayment, Trade, Wealth
from streams.macro.metrics import METRICS
from streams.macro.metrics.lending import credit, default_rate
from streams.macro.metrics.money import velocity
from streams.macro.metrics.prices import inflation, price_dispersion, price_index
from streams.metrics import announce

REPLICA = np.array([0, 0, 1], np.int32)


class Watched:
    """A bus with metrics, and what they announced: {name: [(tick, values)]}."""

    def __init__(self, *names, replicas=2):
        self.bus = Bus(replicas)
        self.seen = {}
        known = {metric.name: metric for metric in METRICS}
        chosen = [known.get(name, name) for name in names] or METRICS
        metrics.install(self.bus, chosen)
        self.bus.events(Metric).subscribe(self.note)

    def note(self, batch):
        (name,) = set(batch.frame()["name"])
        self.seen.setdefault(name, []).append((batch.tick, batch.value.tolist()))

    def at(self, tick):
        self.bus.advance(tick)
        return self

    def trade(self, tick, quantity, price, market="consumption"):
        quantity, price = np.asarray(quantity, float), np.asarray(price)
        self.at(tick).bus.publish(
            Trade,
            tick=tick,
            replica=REPLICA.copy(),
            market=market,
            buyer=0,
            seller=np.arange(3, dtype=np.int32),
            quantity=quantity,
            price=price,
            amount=np.rint(quantity * price).astype(np.int64),
        )

    def balance(self, tick, sector, deposits, loans):
        self.at(tick).bus.publish(
            Balance,
            tick=tick,
            dense=(2, len(deposits[0])),
            sector=sector,
            deposits=deposits,
            loans=loans,
            bills=0,
            net_worth=0,
        )


def test_gdp_is_nominal_output_summed_over_the_quarter():
    watched = Watched("gdp")
    for tick in (3, 7, 11, 15, 19, 23):
        watched.at(tick).bus.publish(Output, tick=tick, dense=(2,), real=1.0, nominal=[tick, 10])
    watched.at(24)
    assert watched.seen == {"gdp": [(11, [21.0, 30.0]), (23, [57.0, 30.0])]}


def test_the_price_index_is_the_unit_value_with_the_first_month_as_100():
    watched = Watched("price_index")
    watched.trade(0, [1, 1, 2], [100, 300, 50])  # 400 / 2 = 200 and 100 / 2 = 50
    watched.trade(5, [1, 3, 1], [100, 300, 55])  # 1000 / 4 = 250 and 55
    watched.at(8)
    assert watched.seen["price_index"] == [(3, [100.0, 100.0]), (7, [125.0, pytest.approx(110.0)])]


def test_the_price_index_counts_consumption_only():
    watched = Watched("price_index")
    watched.trade(0, [1, 1, 1], [100, 100, 100])
    watched.trade(1, [1, 1, 1], [900, 900, 900], market="investment")
    watched.trade(4, [1, 1, 1], [100, 500, 100], market=[0, 2, 0])
    watched.at(8)
    assert watched.seen["price_index"] == [(3, [100.0, 100.0]), (7, [100.0, 100.0])]


def test_a_batch_of_several_markets_counts_like_a_batch_of_each():
    values = []
    for together in (True, False):
        watched = Watched("price_index", "inflation", "velocity", "price_dispersion")
        quantity, price, market = [3.0, 1.0, 7.0], [100, 200, 50], np.array([0, 1, 0], np.int8)
        if together:
            watched.trade(3, quantity, price, market=market)
        else:
            for code in (0, 1):
                replica, rows = REPLICA[market == code], market == code
                watched.at(3).bus.publish(
                    Trade, tick=3, replica=replica, market=code, buyer=0, seller=0,
                    quantity=np.array(quantity)[rows], price=np.array(price)[rows],
                    amount=np.array([300, 200, 350])[rows],
                )  # fmt: skip
        watched.balance(11, "households", [[300], [100]], [[0], [0]])
        watched.balance(11, "firms", [[100], [60]], [[0], [0]])
        values.append(watched.at(12).seen)
    assert values[0] == values[1]
    assert set(values[0]) == {"price_index", "velocity", "price_dispersion"}


def test_months_before_zero_are_not_the_base_of_the_index_and_not_published():
    watched = Watched("price_index")
    watched.trade(-4, [1, 1, 1], [999, 999, 999])
    watched.trade(0, [1, 1, 1], [100, 100, 100])
    watched.at(4)
    assert watched.seen["price_index"] == [(3, [100.0, 100.0])]


def test_inflation_compares_with_the_same_month_a_year_ago():
    watched = Watched("inflation")
    for month in range(14):
        watched.trade(4 * month, [1, 1, 1], [100 + month, 100 + month, 200 - 2 * month])
    watched.at(56)
    (first, values), (second, later) = watched.seen["inflation"]
    assert (first, second) == (51, 55)
    assert values == [pytest.approx(12.0), pytest.approx(-12.0)]
    assert later == [pytest.approx(100 * (113 / 101 - 1)), pytest.approx(100 * (174 / 198 - 1))]


def test_price_dispersion_is_the_weighted_coefficient_of_variation_in_the_last_tick_of_the_month():
    watched = Watched("price_dispersion")
    watched.trade(2, [1, 1, 1], [1, 999, 5])
    watched.trade(3, [3, 1, 7], [100, 200, 50])  # mean 125, variance (3·625 + 5625) / 4 = 1875
    watched.at(4)
    ((tick, (spread, none)),) = watched.seen["price_dispersion"]
    assert tick == 3
    assert spread == pytest.approx(100 * 1875**0.5 / 125)
    assert none == pytest.approx(0.0, abs=1e-5)


def test_unemployment_is_the_mean_of_the_month_in_percent():
    watched = Watched("unemployment")
    for tick, without in ((0, [4, 10]), (2, [6, 30])):
        watched.at(tick).bus.publish(
            LaborForce,
            tick=tick,
            dense=(2,),
            employed=[100 - n for n in without],
            unemployed=without,
            vacancies=0.0,
        )
    watched.at(4)
    assert watched.seen == {"unemployment": [(3, [5.0, 20.0])]}


def test_gini_of_wealth_follows_every_snapshot():
    watched = Watched("gini_wealth")
    watched.at(11).bus.publish(Wealth, tick=11, dense=(2, 4), amount=[[5, 5, 5, 5], [0, 0, 0, 8]])
    assert watched.seen == {"gini_wealth": [(11, [0.0, 0.75])]}


def test_gini_of_income_is_that_of_the_sum_over_the_quarter():
    watched = Watched("gini_income")
    for tick, amount in ((3, [[8, 0], [8, 0]]), (7, [[0, 8], [0, 0]]), (15, [[1, 3], [1, 1]])):
        watched.at(tick).bus.publish(Income, tick=tick, dense=(2, 2), amount=amount)
    watched.at(24)
    assert watched.seen == {"gini_income": [(11, [0.0, 0.5]), (23, [0.25, 0.0])]}


def flow(watched, kind, tick, column, amount, **more):
    watched.at(tick).bus.publish(
        kind, tick=tick, replica=REPLICA, borrower=0, sector="firms", bank=0, **{column: amount}, **more
    )


def test_credit_is_what_was_lent_and_neither_repaid_nor_written_off():
    watched = Watched("credit")
    flow(watched, Loan, 0, "amount", [100, 50, 10], rate_annual=0.05)
    flow(watched, Repayment, 1, "amount", [20, 0, 5])
    flow(watched, Default, 2, "loss", [0, 30, 0])
    watched.balance(5, "firms", [[1], [1]], [[-7], [-7]])
    watched.balance(5, "banks", [[0, 0], [0, 0]], [[300, 100], [60, 0]])
    flow(watched, Loan, 6, "amount", [1, 1, 1], rate_annual=0.05)
    watched.at(8)
    assert watched.seen == {"credit": [(3, [100.0, 5.0]), (7, [402.0, 61.0])]}


def test_the_default_rate_is_annual_and_relative_to_the_loans_at_the_quarters_beginning():
    watched = Watched("default_rate")
    watched.balance(11, "banks", [[0], [0]], [[1000], [500]])
    flow(watched, Default, 13, "loss", [5, 15, 0])
    watched.at(24)
    assert watched.seen == {"default_rate": [(23, [8.0, 0.0])]}  # 20 / 1000 a quarter, four times a year


def test_the_liquidity_index_is_deposits_over_quarterly_output():
    watched = Watched("liquidity_index")
    watched.at(3).bus.publish(Output, tick=3, dense=(2,), real=1.0, nominal=[100, 50])
    watched.balance(11, "households", [[200, 50], [10, 0]], [[0, 0], [0, 0]])
    watched.balance(11, "firms", [[50], [15]], [[0], [0]])
    watched.balance(11, "banks", [[-300], [-25]], [[0], [0]])
    watched.at(12)
    assert watched.seen == {"liquidity_index": [(11, [3.0, 0.5])]}


def test_velocity_is_annual_trade_over_deposits():
    watched = Watched("velocity")
    watched.trade(0, [1, 1, 1], [100, 50, 30])
    watched.trade(5, [1, 1, 1], [25, 25, 10], market="government")
    watched.balance(11, "households", [[300], [100]], [[0], [0]])
    watched.balance(11, "firms", [[100], [60]], [[0], [0]])
    watched.at(12)
    assert watched.seen == {"velocity": [(11, [2.0, 1.0])]}


def test_without_events_no_metric_is_published():
    watched = Watched()
    watched.at(0)
    watched.at(96)
    assert watched.seen == {}
    assert watched.bus.failures == []


def test_a_replica_without_consumption_has_no_price():
    watched = Watched("price_index", "inflation", "price_dispersion")
    watched.at(3).bus.publish(
        Trade, tick=3, replica=1, market=0, buyer=0, seller=0, quantity=[2.0], price=10, amount=20
    )
    watched.at(4)
    for name in ("price_index", "price_dispersion"):
        ((_, (none, some)),) = watched.seen[name]
        assert np.isnan(none)
        assert some == {"price_index": 100.0, "price_dispersion": 0.0}[name]


@metrics.metric("trades per month", "Trade events")
def purchases(bus, month, quarter):
    """Number of trades in the month."""

    def step(batch, memory):
        memory["rows"] += batch.counts

    def close(tick):
        announce(bus, "purchases", tick, memory["rows"].astype(float))
        memory["rows"][:] = 0

    memory = bus.fold(Trade, "purchases", {"rows": np.zeros(bus.replicas, np.int64)}, step)
    bus.every(month, "purchases", close)


def test_a_metric_of_ones_own_works_like_those_that_are_shipped():
    watched = Watched("gdp", purchases)
    watched.trade(0, [1, 1, 1], [1, 1, 1])
    watched.trade(1, [1, 1, 1], [1, 1, 1])
    watched.at(4)
    assert watched.seen == {"purchases": [(3, [4.0, 2.0])]}


def test_a_quarter_that_is_not_of_whole_months_is_refused():
    with pytest.raises(ValueError, match="month=5, quarter=12 given; valid: a quarter of whole months"):
        metrics.install(Bus(), METRICS, month=5, quarter=12)


def test_metrics_that_need_the_same_sums_share_one_fold():
    bus = Bus()
    calls = []
    bus.fold = lambda kind, name, *rest, fold=bus.fold: calls.append(name) or fold(kind, name, *rest)
    metrics.install(bus, [price_index, inflation, velocity, price_dispersion, credit, default_rate])
    assert calls == ["monthly_trade", "deposits", "bank_loans"]


def test_every_metric_says_its_unit_and_source():
    assert len({metric.name for metric in METRICS}) == 11
    assert all(metric.says and metric.unit and metric.source for metric in METRICS)


def test_a_metric_without_a_docstring_is_refused():
    with pytest.raises(TypeError, match="metric bare: a docstring is required"):

        @metrics.metric("share")
        def bare(bus, month, quarter):
            pass


def economy(bus, ticks):
    """Random events of three replicas; those of a replica depend on nothing but its number and the tick."""
    for tick in ticks:
        bus.advance(tick)
        noise = [np.random.default_rng([tick + 100, number]) for number in range(3)][: bus.replicas]
        counts = [int(draw.integers(20, 200)) for draw in noise]
        quantity = np.concatenate([draw.lognormal(size=n) for draw, n in zip(noise, counts)])
        price = np.concatenate([draw.integers(90, 110, n) for draw, n in zip(noise, counts)])
        replica = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        amount = np.rint(quantity * price).astype(np.int64)
        bus.publish(
            Trade,
            tick=tick,
            replica=replica,
            market=0,
            buyer=0,
            seller=0,
            quantity=quantity,
            price=price,
            amount=amount,
        )
        if tick % 4 == 3:
            income = np.array([draw.integers(0, 1000, 8) for draw in noise])
            bus.publish(Income, tick=tick, dense=income.shape, amount=income)


def announced(bus, seen):
    bus.events(Metric).subscribe(
        lambda batch: seen.append(
            (batch.tick, batch.only("name"), batch.value.tobytes(), float(batch.value[0]))
        )
    )
    return seen


def test_metrics_resume_to_the_same_bits():
    whole, resumed = Bus(3), Bus(3)
    metrics.install(whole, METRICS)
    seen = announced(whole, [])
    economy(whole, range(-6, 30))
    saved = {name: array.copy() for name, array in whole.memory().items()}
    before = len(seen)
    economy(whole, range(30, 80))

    resumed.restore(saved)
    metrics.install(resumed, METRICS)
    later = announced(resumed, [])
    economy(resumed, range(30, 80))
    assert later == seen[before:]
    assert len(later) > 20


def test_a_replicas_metrics_have_the_same_bits_alone_and_in_company():
    values = []
    for replicas in (1, 3):
        bus = Bus(replicas)
        metrics.install(bus, METRICS)
        seen = announced(bus, [])
        economy(bus, range(60))
        values.append([(tick, name, first) for tick, name, _, first in seen])
    assert values[0] == values[1]
    assert len(values[0]) > 30
