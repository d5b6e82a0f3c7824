"""The inventory world keeps the kernel's contract, its goods and its promise: rewards as computed."""

import numpy as np
import pytest

from agents.policy import FixedPolicy, RandomPolicy
from simengine import Simulation
from simengine.config import ConfigError, validated
from simengine.kernel.conformance import check
from simengine.worlds.inventory.optimum import EMPTY, optimum
from simengine.worlds.inventory.world import (
    FEATURES,
    SEMI_MARKOV,
    Inventory,
    InventoryConfig,
    features,
    neutral_order,
)
from streams.events import Reward


class OrderByStock:
    """Orders by what a shop sees: `order` (stock,) at each stock."""

    needs_observation = True

    def __init__(self, config, order):
        self.seen, self.order = features(config, np.arange(config.capacity + 1))[:, 0], order

    def act(self, ask):
        stock = np.searchsorted(self.seen, ask.observation[:, 0])
        return self.order[stock][:, None]


def ran(config, policy, ticks, replicas=1, seed=5):
    """A run and its rewards (tick, replica, shop)."""
    sim = Simulation(Inventory(config), seed=seed, replicas=replicas, policies={"shops": policy})
    rewards = []
    sim.events(Reward).subscribe(lambda batch: rewards.append(batch.grid("amount").copy()))
    sim.run(ticks=ticks)
    return sim, np.array(rewards)


@pytest.mark.parametrize("days", [1, 3])
def test_the_world_conforms_to_the_kernels_contract(days):
    config = InventoryConfig(shops=5, review_days=days)
    findings = check(lambda: Inventory(config), policies=lambda: {"shops": RandomPolicy()}, ticks=56)
    assert [str(finding) for finding in findings if finding.problem] == []


@pytest.mark.parametrize(
    "config",
    [InventoryConfig(), InventoryConfig(review_days=3), SEMI_MARKOV],
    ids=["every day", "every third day", "semi-Markov"],
)
@pytest.mark.parametrize("kind", ["best", "random", "neutral"])
def test_discounted_rewards_of_a_run_agree_with_the_computed_value(config, kind):
    config = config.model_copy(update={"shops": 8000})
    best, orders = optimum(config), config.order_most + 1
    neutral = neutral_order(config)
    policy, matrix = {
        "best": (OrderByStock(config, best.order), np.eye(orders)[best.order]),
        "random": (RandomPolicy(), np.full((config.capacity + 1, orders), 1.0 / orders)),
        "neutral": (FixedPolicy(neutral), np.eye(orders)[np.full(config.capacity + 1, neutral)]),
    }[kind]
    _, rewards = ran(config, policy, ticks=200, replicas=4)
    waited = np.arange(200)[:, None] - np.arange(8000) % config.review_days
    weights = np.where(waited >= 0, config.discount_daily ** np.maximum(waited, 0), 0.0)
    returns = np.einsum("ts,trs->rs", weights, rewards)
    se = returns.std() / returns.size**0.5
    assert se < 0.005 * best.value[EMPTY]
    assert returns.mean() == pytest.approx(best.process.value(matrix)[EMPTY], abs=3 * se)


def test_goods_delivered_are_sold_or_on_hand_and_never_exceed_the_room():
    sim, _ = ran(InventoryConfig(capacity=12), FixedPolicy(10), ticks=70, replicas=3)
    shops = sim.world.shops
    np.testing.assert_array_equal(shops.delivered, shops.sold + shops.stock)
    assert shops.stock.max() <= 12
    assert shops.sold.min() > 0
    assert list(sim.world.invariants(sim)) == []
    shops.stock[1, 4] += 1
    assert list(sim.world.invariants(sim)) == ["goods of shop 4, replica 1: -1 are missing (must be 0)"]
    shops.stock[1, 4] = 13
    assert next(iter(sim.world.invariants(sim))) == "stock of shop 4, replica 1 is 13 (must be 0 to 12)"


def test_without_other_costs_rewards_are_sales_less_purchases():
    plain = {"order_cost": 0.0, "holding_cost_daily": 0.0, "lost_sale_penalty": 0.0}
    sim, rewards = ran(InventoryConfig(**plain), RandomPolicy(), ticks=50, replicas=2)
    shops = sim.world.shops
    np.testing.assert_allclose(rewards.sum(axis=0), 8.0 * shops.sold - 2.0 * shops.delivered)


def test_a_shop_that_never_orders_pays_the_penalty_of_the_mean_demand():
    config = InventoryConfig(shops=5000)
    sim, rewards = ran(config, FixedPolicy(0), ticks=20)
    assert sim.world.shops.delivered.sum() == 0
    chances = np.array([2.5**n / np.prod(np.arange(1.0, n + 1)) for n in range(9)])
    mean = chances @ np.arange(9) / chances.sum()
    assert -rewards.mean() == pytest.approx(2.0 * mean, rel=0.01)


def test_rewards_are_a_dense_stream_of_every_day_and_shop():
    sim, batches = Simulation("inventory", replicas=2, config={"shops": 3}), []
    sim.events(Reward).subscribe(batches.append)
    sim.run(ticks=10)
    assert [batch.tick for batch in batches] == list(range(10))
    assert batches[0].shape == (2, 3)
    assert not batches[0].grid("ended").any()
    assert set(batches[0].frame()["population"]) == {"shops"}


def test_between_reviews_nothing_is_delivered():
    sim = Simulation("inventory", config={"shops": 5, "review_days": 3}, policies={"shops": "fixed:4"})
    delivered = []
    for _ in range(6):
        before = sim.world.shops.delivered.copy()
        sim.run(ticks=1)
        delivered.append((sim.world.shops.delivered - before)[0] > 0)
    expected = [[(tick - shop) % 3 == 0 for shop in range(5)] for tick in range(6)]
    assert np.array(delivered).tolist() == expected


def test_a_shop_lives_the_same_life_however_many_others_there_are():
    few, rewards = ran(InventoryConfig(shops=3, review_days=2), RandomPolicy(), ticks=40, replicas=2)
    many, others = ran(InventoryConfig(shops=9, review_days=2), RandomPolicy(), ticks=40, replicas=2)
    np.testing.assert_array_equal(few.world.shops.sold, many.world.shops.sold[:, :3])
    np.testing.assert_array_equal(rewards, others[:, :, :3])
    assert len(np.unique(many.world.shops.sold)) > 3


def test_what_a_shop_sees_is_named_and_tells_every_stock_apart():
    seen = features(InventoryConfig(), np.arange(21))
    assert seen.dtype == np.float32
    assert seen.shape == (21, len(FEATURES["shops"]))
    assert np.abs(seen).max() <= 1.0
    assert np.all(np.diff(seen[:, 0]) > 0)
    assert np.all(np.diff(seen[:, 1]) < 0)


def test_orders_larger_than_the_shop_are_refused_in_one_line():
    said = r"order_most is 10 \(at most capacity, which is 6\)"
    with pytest.raises(ConfigError, match=said) as refused:
        validated(InventoryConfig, {"capacity": 6})
    assert "\n" not in str(refused.value)
