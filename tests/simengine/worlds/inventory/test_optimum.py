"""The best policy of the inventory world: by hand, by value iteration, and of the shape Scarf proved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.errors import UserError
from simengine.worlds.inventory.optimum import (
    EMPTY,
    DecisionProcess,
    decision_process,
    optimum,
    policy_iteration,
)
from simengine.worlds.inventory.world import SEMI_MARKOV, InventoryConfig, neutral_order

ONE_GOOD = InventoryConfig(
    capacity=1,
    order_most=1,
    demand_daily=1.0,
    demand_most=1,  # demand is 0 or 1 with equal chance
    price=8.0,
    unit_cost=2.0,
    order_cost=1.0,
    holding_cost_daily=0.5,
    lost_sale_penalty=2.0,
    discount_daily=0.5,
)

configs = st.builds(
    lambda capacity, markup, unit_cost, **rest: InventoryConfig(
        capacity=capacity, order_most=capacity, price=unit_cost + markup, unit_cost=unit_cost, **rest
    ),
    capacity=st.integers(1, 15),
    markup=st.integers(0, 8).map(float),
    unit_cost=st.integers(0, 5).map(float),
    review_days=st.integers(1, 4),
    demand_daily=st.floats(0.2, 6.0),
    demand_most=st.integers(1, 9),
    order_cost=st.integers(0, 30).map(float),
    holding_cost_daily=st.floats(0.0, 1.0),
    lost_sale_penalty=st.integers(0, 5).map(float),
    discount_daily=st.floats(0.0, 0.97),
)


def always(order, config):
    """The policy that orders `order`, one number or one for each stock, with certainty."""
    return np.eye(config.order_most + 1)[np.broadcast_to(order, config.capacity + 1)]


def evenly(config):
    """The policy that orders anything with equal chance."""
    return np.full((config.capacity + 1, config.order_most + 1), 1.0 / (config.order_most + 1))


def test_a_shop_for_one_good_is_solved_by_hand():
    # v0 = -3 + 3.75 + .5 (v0 + v1) / 2 and v1 = 3.75 + .5 (v0 + v1) / 2
    found = optimum(ONE_GOOD)
    assert found.order.tolist() == [1, 0]
    np.testing.assert_allclose(found.value, [3.0, 6.0], rtol=1e-12)


def test_never_ordering_and_tossing_a_coin_are_valued_by_hand():
    found = optimum(ONE_GOOD)
    np.testing.assert_allclose(found.process.value(always(0, ONE_GOOD)), [-2.0, 13 / 3], rtol=1e-12)
    np.testing.assert_allclose(found.process.value(evenly(ONE_GOOD)), [6 / 7, 37 / 7], rtol=1e-12)
    assert found.regret(always(0, ONE_GOOD)) == pytest.approx(5 / 3)
    assert found.regret(evenly(ONE_GOOD)) == pytest.approx(5 / 7)
    assert found.regret(always([1, 0], ONE_GOOD)) == pytest.approx(0.0, abs=1e-12)


def test_a_review_every_second_day_is_solved_by_hand():
    # A good is left after two days with chance 1/4; the second day earns 3.75 or -1 and counts half.
    found = optimum(ONE_GOOD.model_copy(update={"review_days": 2}))
    assert found.process.discount == 0.25
    np.testing.assert_allclose(found.process.reward, [[-1.5, 1.4375], [4.4375, 4.4375]], rtol=1e-12)
    np.testing.assert_allclose(found.value, [13 / 6, 31 / 6], rtol=1e-12)


@settings(max_examples=50)
@given(configs)
def test_transitions_are_probabilities_and_value_iteration_equals_policy_iteration(config):
    process = decision_process(config)
    np.testing.assert_allclose(process.transition.sum(axis=2), 1.0, rtol=1e-12)
    value = np.zeros(config.capacity + 1)
    for _ in range(1200):
        value = process.action_value(value).max(axis=1)
    order, found = policy_iteration(process)
    np.testing.assert_allclose(found, value, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(process.value(always(order, config)), value, rtol=1e-6, atol=1e-6)


@settings(max_examples=100)
@given(configs)
def test_the_best_policy_orders_up_to_one_level_below_one_stock(config):
    order = optimum(config).order
    stock = np.arange(order.size)
    ordering = order > 0
    assert np.all(ordering[:-1] >= ordering[1:])
    assert np.unique((stock + order)[ordering]).size <= 1


def test_free_deliveries_are_ordered_to_one_level_at_every_stock():
    order = optimum(InventoryConfig(order_most=20, order_cost=0.0)).order
    level = order[0]
    assert 0 < level < 20
    np.testing.assert_array_equal(order, np.maximum(level - np.arange(21), 0))


@settings(max_examples=50)
@given(configs, st.integers(0, 2**32 - 1))
def test_no_policy_is_worth_more_than_the_best(config, seed):
    best = optimum(config)
    policy = np.random.default_rng(seed).dirichlet(np.full(config.order_most + 1, 0.1), config.capacity + 1)
    assert np.all(best.process.value(policy) <= best.value + 1e-6)


@pytest.mark.parametrize("days", [1, 2, 3])
def test_random_and_constant_orders_lose_a_tenth_of_the_best_value_or_more(days):
    config = InventoryConfig(review_days=days)
    best = optimum(config)
    assert best.regret(evenly(config)) > 0.5
    assert best.regret(always(neutral_order(config), config)) > 0.2
    assert min(best.regret(always(order, config)) for order in range(config.order_most + 1)) > 0.1


def test_the_default_shop_orders_up_to_ten_when_two_or_fewer_are_left():
    best = optimum(InventoryConfig())
    assert best.order.tolist() == [10, 9, 8] + 18 * [0]
    assert best.value[EMPTY] == pytest.approx(173.57, abs=0.01)


def test_discounting_by_the_decision_or_not_between_decisions_is_costly_in_the_semi_markov_shop():
    best, by_day = optimum(SEMI_MARKOV), SEMI_MARKOV.discount_daily
    transition, reward, discount = best.process
    undiscounted = decision_process(SEMI_MARKOV.model_copy(update={"discount_daily": 1.0 - 1e-12})).reward

    def loss(*process):
        return best.regret(always(policy_iteration(DecisionProcess(*process))[0], SEMI_MARKOV))

    assert loss(transition, reward, discount) == pytest.approx(0.0, abs=1e-12)
    assert loss(transition, reward, by_day) > 0.15
    assert loss(transition, undiscounted, by_day) > 0.3
    assert loss(transition, undiscounted, discount) > 0.1
    assert best.regret(evenly(SEMI_MARKOV)) > 0.5
    assert best.regret(always(neutral_order(SEMI_MARKOV), SEMI_MARKOV)) > 0.2
    assert min(best.regret(always(order, SEMI_MARKOV)) for order in range(21)) > 0.2


def test_what_is_no_policy_is_refused_in_one_line():
    best = optimum(ONE_GOOD)
    for policy in (np.ones((2, 2)), np.full((3, 2), 0.5), np.array([[2.0, -1.0], [0.5, 0.5]])):
        with pytest.raises(UserError, match=r"valid are probabilities \(2, 2\)") as refused:
            best.regret(policy)
        assert "\n" not in str(refused.value)


def test_a_share_of_nothing_is_refused():
    config = ONE_GOOD.model_copy(update={"unit_cost": 10.0})
    with pytest.raises(UserError, match="best value of an empty shop is -2"):
        optimum(config).regret(always(0, config))
