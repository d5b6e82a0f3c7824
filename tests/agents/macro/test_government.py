"""The government: tax rule, purchases in weekly orders, benefit tiers."""

import numpy as np
import pytest

from agents.macro import government
from markets.goods import blank_orders
from simengine.worlds.macro.state import Households
from tests.agents.macro.states import (
    assert_a_replica_alone_has_the_same_bits,
    assert_heads_match_tables,
    assert_shuffling_agents_shuffles_results,
    drawn,
    drawn_economy,
    population,
)


def test_action_tables_are_symmetric_about_the_rule():
    assert government.PURCHASES.tolist() == [0.9, 1.0, 1.1]
    assert government.BENEFITS.tolist() == [0.8, 1.0, 1.2]
    assert government.TAXES.tolist() == [0.95, 1.0, 1.05]
    tables = {"purchases": (government.PURCHASES, 1), "benefits": (government.BENEFITS, 1)}
    assert_heads_match_tables(government, 27, **tables, taxes=(government.TAXES, 1))


def test_taxes_rise_with_debt_above_its_target():
    # Six months of GDP above a target of 60, at .02 a year: .02 / 12 * 6 = one point.
    rate = government.tax_rate(np.array([0.2, 0.2, 0.2]), np.array([60.0, 66.0, 54.0]), 60.0, 0.02)
    np.testing.assert_allclose(rate, [0.2, 0.21, 0.19])


def orders(size, budget, left, first=0):
    """One replica's seller, fallback and spend."""
    size = np.array([size])
    columns = blank_orders(1, 5)
    government.order_publicly(size, np.array([budget]), np.array([left]), first, *columns)
    return [column[0].tolist() for column in columns]


def test_a_quarter_of_the_months_purse_is_spent_each_week_at_every_firm_by_its_size():
    seller, fallback, spend = orders([0.5, 0.3, 0.2], 4000, 4000, first=2)
    assert seller == [0, 0, 0, 1, 2]
    assert fallback == [-1] * 5
    assert spend == [0, 0, 500, 300, 200]


def test_the_state_orders_for_no_more_than_is_left():
    assert orders([0.5, 0.3, 0.2], 4000, 600)[2] == [500, 100, 0, 0, 0]
    assert orders([0.5, 0.3, 0.2], 4000, 0)[2] == [0] * 5
    assert orders([0.5, 0.3, 0.2], 0, 0)[2] == [0] * 5


def test_orders_of_a_replica_alone_are_those_in_company():
    luck = np.random.default_rng(2)
    size, budget = luck.dirichlet(np.ones(4), 3), luck.integers(0, 10_000, 3)

    def spend(only):
        seller, fallback, cents = blank_orders(len(size[only]), 4)
        government.order_publicly(size[only], budget[only], budget[only] // 5, 0, seller, fallback, cents)
        return cents

    for r in range(3):
        np.testing.assert_array_equal(spend(slice(r, r + 1))[0], spend(slice(3))[r])


def paid(employer, spell, skill=1.0, replacement=0.45, clock=1):
    """Benefits of one household at a wage level of 1,000 cents, and its spell after them."""
    h = population(Households, 1, employer=employer, spell=spell, skill=skill)
    cents = government.benefits(h, np.array([1000.0]), np.array([replacement]), 0.2, 6, clock)
    return cents[0, 0], h.spell[0, 0]


def test_benefits_fall_to_the_floor_after_the_insured_months():
    assert paid(-1, 0) == (450, 1)
    assert paid(-1, 5) == (450, 6)
    assert paid(-1, 6) == (200, 7)


def test_benefits_follow_skill_and_the_floor_never_exceeds_the_insurance():
    assert paid(-1, 0, skill=1.5)[0] == 675
    assert paid(-1, 9, replacement=0.1)[0] == 100
    assert paid(-1, 0, replacement=0.0)[0] == 0


def test_who_works_for_a_firm_or_the_state_gets_none_and_its_spell_stands_still():
    assert paid(0, 3) == (0, 3)
    assert paid(20, 3) == (0, 3)


def test_spells_do_not_age_when_the_clock_stands():
    assert paid(-1, 5, clock=0) == (450, 5)


def benefits(h, e, employer):
    h.employer[...] = employer
    return government.benefits(h, e.wage_level, np.full(len(e.trend), 0.4), 0.2, 6, 1)


@pytest.fixture
def sheet():
    employer = np.random.default_rng(3).integers(-1, 2, (3, 7)).astype(np.int32)
    return drawn(Households, 7, 3, {"x": 4, "y": 2, "z": 3}, seed=1), drawn_economy(3, seed=2), employer


def test_shuffling_the_unemployed_shuffles_their_benefits(sheet):
    assert_shuffling_agents_shuffles_results(benefits, *sheet)


def test_benefits_of_a_replica_alone_are_those_in_company(sheet):
    assert_a_replica_alone_has_the_same_bits(benefits, *sheet)
