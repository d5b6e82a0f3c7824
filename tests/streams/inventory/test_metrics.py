"""What is measured of shops, on days whose answer is known."""

import pytest

from streams.bus import Bus
from streams.events import Metric, Reward
from streams.inventory.events import Sales
from streams.inventory.metrics import fill_rate, profit, stock


def measured(metric, days):
    """The metrics of two replicas with two shops each, a month of two days; `days` publish."""
    bus, seen = Bus(2), {}
    metric(bus, 2, 6)
    bus.listen(Metric, lambda batch: seen.setdefault(batch.label("name"), []).append(
        (batch.tick, batch.value.tolist())))  # fmt: skip
    for tick, publish in enumerate(days):
        bus.advance(tick)
        publish(bus, tick)
    bus.advance(len(days))
    return seen


def test_profit_is_the_mean_over_shops_and_days_of_the_month():
    def earn(*amounts):
        return lambda bus, tick: bus.publish(
            Reward, tick=tick, dense=(2, 2), population="shops", amount=amounts, ended=False
        )

    days = [earn([1.0, 3.0], [0.0, 0.0]), earn([5.0, 7.0], [2.0, 2.0]), earn([8.0, 8.0], [4.0, 4.0])]
    assert measured(profit, days)["profit"] == [(1, [4.0, 1.0])]


def test_the_fill_rate_counts_goods_and_not_days_and_stock_is_a_mean():
    def sell(demand, sold, kept):
        columns = {"demand": demand, "sold": sold, "kept": kept}
        return lambda bus, tick: bus.publish(Sales, tick=tick, dense=(2, 2), **columns)

    days = [
        sell([[9, 1], [2, 0]], [[3, 1], [2, 0]], [[0, 4], [6, 6]]),
        sell([[0, 0], [2, 4]], [[0, 0], [0, 4]], [[0, 4], [0, 0]]),
    ]
    assert measured(fill_rate, days)["fill_rate"] == [(1, [pytest.approx(40.0), pytest.approx(75.0)])]
    assert measured(stock, days)["stock"] == [(1, [2.0, 3.0])]
