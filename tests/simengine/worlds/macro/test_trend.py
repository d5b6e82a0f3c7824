"""A month of the macro world's trend: what grows, what is indexed to what, what inflation is expected."""

import numpy as np
import pytest

from agents.macro import firm
from simengine.worlds.macro import steps
from simengine.worlds.macro.disturbances import DISTURBANCES, disturb
from simengine.worlds.macro.state import Firms, Levers
from tests.agents.macro.states import (
    RULES,
    assert_a_replica_alone_has_the_same_bits,
    drawn,
    drawn_economy,
    economy,
    population,
)

TARGET = 0.03


def rested(**values):
    """What one replica shares after months of prices at 10,000 cents."""
    return economy(**{"price_history": 10_000.0, **values})


def advanced(f, shared, luck=0.0, rho=0.5, growth=0.0, **rules):
    """Advance one replica by a month; return its economy."""
    firms = f.price.shape[1]
    steps.advance_trend(
        shared, f, np.full((1, 2 * firms), luck), np.full(2, rho),
        growth, TARGET, RULES.expectations._replace(**rules),
    )  # fmt: skip
    return shared


def sellers(**values):
    """Two firms, the second of which sells three times as much as the first with twice the staff."""
    f = population(Firms, 2, **{"price": 10_000, "wage": 4000.0, **values})
    f.sales[0], f.labour[0] = (10, 30), (1, 2)
    return f


@pytest.mark.parametrize(
    ("indexation", "price"), [(0.0, 10_025), (0.5, 10_050), (1.0, 10_075)]
)  # of a year's 3 and 9 percent, a twelfth
def test_between_reviews_prices_follow_the_target_expectations_or_both(indexation, price):
    f = sellers()
    e = advanced(f, rested(expected_inflation=0.09), growth=0.01, indexation=indexation)
    assert f.price[0].tolist() == [price, price]
    assert e.price_level[0] == price
    np.testing.assert_allclose(f.wage[0], 4000 * (price / 10_000) * 1.01)
    assert e.wage_level[0] == pytest.approx(4000 * (price / 10_000) * 1.01)
    assert e.trend[0] == pytest.approx(1.01)


def test_levels_weigh_prices_by_sales_and_wages_by_staff():
    f = sellers()
    f.price[0], f.wage[0] = (10_000, 20_000), (3000, 6000)
    e = advanced(f, rested(expected_inflation=TARGET), indexation=1.0)
    assert e.price_level[0] == pytest.approx(1.0025 * (10_000 + 3 * 20_000) / 4)
    assert e.wage_level[0] == pytest.approx(1.0025 * (3000 + 2 * 6000) / 3)


def test_expectations_are_the_target_and_what_was_learned_by_their_weights():
    # Prices rose by .25 % this month, 3 % a year; learned inflation moves a tenth of the way from 7 to 3.
    f, e = sellers(), rested(inflation_learned=0.07, expected_inflation=0.03)
    e.target_drift[0] = 0.01
    advanced(f, e, learning_monthly=0.1, anchoring=0.75)
    assert e.inflation_learned[0] == pytest.approx(0.07 - 0.1 * 0.04)
    assert e.expected_inflation[0] == pytest.approx(0.75 * (TARGET + 0.01) + 0.25 * 0.066)
    assert e.price_history[0].tolist() == [10_000] * 12 + [10_025]


def test_processes_persist_and_are_moved_by_shocks_and_levers():
    e, levers = rested(process=0.04), Levers(1)
    for k, lever in enumerate(("productivity", "confidence", "cost", "government")):
        levers.columns()[lever][:] = 1.0 + k
    disturb(e, levers, np.full((1, 8), 0.01), np.full(8, 0.5))
    np.testing.assert_allclose(e.process[0], 0.5 * 0.04 + 0.01)
    pulled = {"productivity": 1.0, "confidence": 2.0, "cost": 3.0, "spending": 4.0}
    moved = {each.column: getattr(e, each.column)[0] for each in DISTURBANCES}
    assert moved == pytest.approx({name: 0.03 + pulled.get(name, 0.0) for name in moved})


def test_firms_productivity_and_appeal_wander():
    f = sellers(productivity=0.2, appeal=-0.2)
    advanced(f, rested(), luck=0.01)
    np.testing.assert_allclose(f.productivity[0], 0.11)
    np.testing.assert_allclose(f.appeal[0], -0.09)


def test_a_replica_alone_has_the_same_trend():
    luck = np.random.default_rng(5)
    shocks, chance = (luck.normal(0, 0.01, shape) for shape in ((3, 8), (3, 14)))

    def rule(f, e, shocks, chance):
        disturb(e, Levers(len(shocks)), shocks, np.full(8, 0.9))
        steps.advance_trend(e, f, chance, np.full(2, 0.9), 0.002, 0.03, RULES.expectations)

    f, e = drawn(Firms, 7, 3, firm.HEADS, seed=1), drawn_economy(3, seed=2)
    e.price_history[...] = luck.uniform(80.0, 120.0, e.price_history.shape)
    assert_a_replica_alone_has_the_same_bits(rule, f, e, shocks, chance)
