"""What is measured of an exchange, on days whose answer is known."""

import numpy as np
import pytest

from streams.bus import Bus
from streams.events import Metric
from streams.exchange.events import Bar, Halt, Wealth
from streams.exchange.metrics import (
    YEAR,
    crashes,
    gini_wealth,
    halts,
    liquidity,
    mispricing,
    price,
    spread,
    variance_ratio,
    volatility,
)

FIRST = np.zeros(1, np.int32)


def bar(closing, **other):
    """A day of one instrument in one replica."""
    day = {
        "opening": closing, "high": closing, "low": closing, "closing": closing, "volume": 0, "trades": 0,
        "value": float(closing), "spread": 0.0, "depth": 0.0,
    }  # fmt: skip
    return {name: np.array([value]) for name, value in {**day, **other}.items()}


def measured(metric, days):
    """What a metric tells of days, in order."""
    bus, told = Bus(), []
    metric(bus, 1, 1)
    bus.listen(Metric, lambda batch: told.append(batch.value.item()))
    for tick, columns in enumerate(days):
        bus.advance(tick)
        bus.publish(Bar, tick=tick, replica=FIRST, instrument=FIRST, **columns)
    bus.advance(len(days))
    return told


def test_prices_are_in_currency_and_spreads_in_basis_points_of_them():
    assert measured(price, [bar(1_000_000)]) == [100.0]
    assert measured(spread, [bar(1_000_000, spread=200.0)]) == [2.0]


def test_volatility_by_the_range_is_parkinsons():
    day = bar(1_000_000, high=1_010_000)
    daily = np.log(1.01) / np.sqrt(4 * np.log(2))
    assert measured(volatility, [day]) == [pytest.approx(100 * daily * np.sqrt(YEAR))]


def test_liquidity_is_lots_for_each_basis_point_and_a_day_without_a_range_counts_as_one():
    ten = bar(1_000_000, high=round(1_000_000 * np.exp(0.001)), volume=500)
    assert measured(liquidity, [ten, bar(1_000_000, volume=7)]) == [pytest.approx(50.0, rel=1e-3), 7.0]


def test_mispricing_has_no_sign():
    over, under = (bar(1_000_000, value=1_000_000 * np.exp(gap)) for gap in (-0.02, 0.02))
    assert measured(mispricing, [over, under]) == [pytest.approx(2.0), pytest.approx(2.0)]


def test_a_crash_is_counted_once_while_it_lasts():
    closes = [100, 100, 89, 88, 100, 100, 85]
    assert measured(crashes, [bar(close * 10_000) for close in closes]) == [0, 0, 1, 1, 1, 1, 2]


def test_returns_that_alternate_have_a_variance_ratio_near_zero_and_a_trend_one_of_five():
    alternating = [bar(1_000_000 + 10_000 * (day % 2)) for day in range(61)]
    assert measured(variance_ratio, alternating)[-1] == pytest.approx(0.2)
    growing = [bar(round(1_000_000 * 1.01**day)) for day in range(61)]
    assert measured(variance_ratio, growing)[-1] == pytest.approx(5.0, rel=1e-3)
    assert np.isnan(measured(variance_ratio, growing[:60])[-1])


def test_halts_are_counted_by_day_and_their_ends_are_not():
    bus, told = Bus(2), []
    halts(bus, 10, 10)
    bus.listen(Metric, lambda batch: told.append(batch.value.tolist()))
    bus.publish(
        Halt, tick=0, replica=np.array([0, 0, 1], np.int32), instrument=np.zeros(3, np.int32),
        phase=np.array([1, 0, 1], np.int8), price=np.full(3, 5),
    )  # fmt: skip
    for tick in range(21):
        bus.advance(tick)
    assert told == [[1.0, 1.0], [0.0, 0.0]]


def test_equal_traders_have_a_gini_of_zero():
    bus, told = Bus(2), []
    gini_wealth(bus, 1, 1)
    bus.listen(Metric, lambda batch: told.append(batch.value.tolist()))
    amount = np.array([[3.0, 3.0], [0.0, 4.0]])
    kind, units = np.zeros((2, 2), np.int8), np.zeros((2, 2), np.int64)
    bus.publish(Wealth, tick=0, dense=(2, 2), kind=kind, amount=amount, units=units)
    assert told == [[0.0, 0.5]]
