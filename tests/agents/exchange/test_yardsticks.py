"""Known answers: quotes and prices of order flow, as theory has them and as trading on a book shows them."""

import numpy as np
import pytest

from agents.exchange.yardsticks import Quotes, avellaneda_stoikov, glosten_milgrom, kyle
from markets.order_book import OrderBooks
from markets.order_messages import BUY, CANCEL, LIMIT, MARKET, SELL, messages

ROUNDS = 40_000
LOW, HIGH, INFORMED = 900, 1100, 0.2
MAKER, TAKER = 1, 2


def profits(quotes, rng):
    """What a maker earns in each round who quotes one lot a side to traders, some of whom know the value."""
    value = np.where(rng.random(ROUNDS) < 0.5, HIGH, LOW)
    knows = rng.random(ROUNDS) < INFORMED
    side = np.where(knows, np.where(value == HIGH, BUY, SELL), rng.integers(2, size=ROUNDS))
    columns = {
        "kind": [LIMIT, LIMIT, MARKET, CANCEL, CANCEL], "side": [BUY, SELL, 0, 0, 0],
        "price": [round(quotes.bid), round(quotes.ask), 0, 0, 0], "quantity": [1, 1, 1, 0, 0],
        "number": [1, 2, 3, 1, 2], "owner": [MAKER, MAKER, TAKER, MAKER, MAKER],
    }  # fmt: skip
    rows = messages(**{name: np.tile(column, ROUNDS) for name, column in columns.items()})
    rows["side"][2::5] = side
    fills = OrderBooks().submit(rows).fills
    assert len(fills) == ROUNDS
    sign = np.where(fills["side"] == BUY, 1, -1)
    return sign * (fills["price"] - value[fills["message"] // 5])


def test_a_maker_neither_wins_nor_loses_at_the_quotes_of_glosten_and_milgrom():
    quotes = glosten_milgrom(LOW, HIGH, 0.5, INFORMED)
    assert quotes == Quotes(pytest.approx(980.0), pytest.approx(1020.0))
    for half, sign in ((20, 0), (10, -1), (30, 1)):
        earned = profits(Quotes(1000 - half, 1000 + half), np.random.default_rng(half))
        error = earned.std() / np.sqrt(ROUNDS)
        assert abs(earned.mean() - sign * 10.0) < 4 * error


def test_without_the_informed_there_is_no_spread_and_with_nobody_else_the_widest():
    assert glosten_milgrom(LOW, HIGH, 0.5, 0.0) == Quotes(1000.0, 1000.0)
    assert glosten_milgrom(LOW, HIGH, 0.3, 1.0) == Quotes(pytest.approx(LOW), pytest.approx(HIGH))


def test_the_value_regressed_on_order_flow_gives_kyles_lambda_and_the_insider_half_of_what_it_knows():
    rng, sd_value, sd_noise = np.random.default_rng(7), 3.0, 50.0
    impact, aggression = kyle(sd_value, sd_noise)
    value, noise = rng.normal(0, sd_value, 400_000), rng.normal(0, sd_noise, 400_000)
    flow = aggression * value + noise
    assert (value @ flow) / (flow @ flow) == pytest.approx(impact, rel=0.01)
    earned = (value - impact * flow) * aggression * value
    assert earned.mean() == pytest.approx(sd_value * sd_noise / 2, rel=0.02)
    left = value - impact * flow
    assert left.var() == pytest.approx(sd_value**2 / 2, rel=0.01)


def test_the_maker_of_avellaneda_and_stoikov_keeps_a_third_of_the_symmetric_ones_inventory():
    """Their table 1: γ .1, σ 2, T 1, k 1.5, A 140; sd of the final inventory 2.9 against 8.4."""
    risk, sd, decay, rate, step, count = 0.1, 2.0, 1.5, 140.0, 0.005, 2000
    spread = {}
    for skewed in (True, False):
        rng = np.random.default_rng(11)
        price, held = np.full(count, 100.0), np.zeros(count)
        for n in range(200):
            left = 1.0 - n * step
            shift, half = -risk * sd**2 * left * held, avellaneda_stoikov(0.0, 0.0, risk, sd, left, decay).ask
            for sign in (1, -1):
                away = half + sign * shift if skewed else half
                held -= sign * (rng.random(count) < rate * np.exp(-decay * away) * step)
            price += sd * np.sqrt(step) * rng.choice([-1.0, 1.0], count)
        spread[skewed] = held.std()
    assert spread[True] == pytest.approx(2.9, abs=0.3)
    assert spread[False] == pytest.approx(8.4, abs=0.6)
    mean = np.mean([2 * avellaneda_stoikov(0, 0, risk, sd, 1 - n * step, decay).ask for n in range(200)])
    assert mean == pytest.approx(1.49, abs=0.01)


def test_inventory_moves_both_quotes_away_from_more_of_it():
    flat, long = (avellaneda_stoikov(100.0, held, 0.1, 2.0, 1.0, 1.5) for held in (0, 5))
    assert long.bid < flat.bid < 100.0 < flat.ask
    assert long.ask - long.bid == pytest.approx(flat.ask - flat.bid)
