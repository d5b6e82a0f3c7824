"""The best a shop of the inventory world can do, computed: the known answer that a learner is judged by.

A shop under review is a Markov decision process over its stock. Between reviews nothing is decided: with
`review_days` = k the process is semi-Markov, which is a Markov one with the discounted margin of k days as
its reward and the k-th power of the daily discount. Policy iteration: Howard (1960); Puterman (1994), 6.4.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.errors import UserError
from simengine.worlds.inventory.world import InventoryConfig, delivery_cost, demand_distribution, margin

EMPTY = 0
TIE = 1e-9
"""Two actions whose values differ by less, relative to the largest value, are equally good."""


class DecisionProcess(NamedTuple):
    """Transition `(action, state, next)`, mean reward `(state, action)`, discount of the next state."""

    transition: NDArray[np.float64]
    reward: NDArray[np.float64]
    discount: float

    def value(self, policy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Discounted value `(state,)` of action probabilities `(state, action)`, for ever."""
        transition = np.einsum("sa,asn->sn", policy, self.transition)
        reward = np.einsum("sa,sa->s", policy, self.reward)
        return np.linalg.solve(np.eye(reward.size) - self.discount * transition, reward)

    def action_value(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value `(state, action)` of an action now when the states that follow are worth `value`."""
        return self.reward + self.discount * (self.transition @ value).T


@dataclass(frozen=True)
class Optimum:
    """The best order at each stock, the smallest of equals, and its value in dollars, both `(stock,)`."""

    process: DecisionProcess
    order: NDArray[np.int64]
    value: NDArray[np.float64]

    def regret(self, policy: NDArray[np.float64]) -> float:
        """The share of the best value that is lost by a shop that opens empty, at its first review.

        `policy` holds the probabilities `(stock, order)` of a stationary policy. `UserError` if it does
        not, or if the best value is not positive, so that there is nothing to have a share of.
        """
        policy, shape = np.asarray(policy, np.float64), self.process.reward.shape
        if policy.shape != shape or not np.allclose(policy.sum(axis=1), 1.0) or (policy < 0.0).any():
            raise UserError(
                f"regret: policy {policy.shape} with row sums {policy.sum(axis=-1).min():.6g} to "
                f"{policy.sum(axis=-1).max():.6g}: valid are probabilities {shape}, (stock, order)"
            )
        best = float(self.value[EMPTY])
        if best <= 0.0:
            raise UserError(f"regret: the best value of an empty shop is {best:.6g}: valid is a positive one")
        return 1.0 - float(self.process.value(policy)[EMPTY]) / best


def optimum(config: InventoryConfig) -> Optimum:
    """Solve a configuration of the inventory world."""
    process = decision_process(config)
    return Optimum(process, *policy_iteration(process))


def decision_process(config: InventoryConfig) -> DecisionProcess:
    """A shop from review to review; the state is its stock before it orders, the action its order."""
    stock = np.arange(config.capacity + 1)
    day, days = _day(config), config.review_days
    discounted = [config.discount_daily**d * np.linalg.matrix_power(day, d) for d in range(days)]
    until_review = sum(discounted) @ _expected_margin(config)
    supplied = np.minimum(stock[:, None] + np.arange(config.order_most + 1), config.capacity)
    reward = until_review[supplied] - delivery_cost(config, supplied - stock[:, None])
    transition = np.linalg.matrix_power(day, days)[supplied].swapaxes(0, 1)
    return DecisionProcess(transition, reward, config.discount_daily**days)


def policy_iteration(process: DecisionProcess) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """A best action, the smallest of equals, and the value of each state."""
    states, actions = process.reward.shape
    action = np.zeros(states, np.int64)
    while True:
        value = process.value(np.eye(actions)[action])
        action_value = process.action_value(value)
        best = action_value.max(axis=1)
        tie = TIE * max(1.0, float(np.abs(best).max()))
        better = best > action_value[np.arange(states), action] + tie
        if not better.any():
            return (action_value >= best[:, None] - tie).argmax(axis=1), value
        action = np.where(better, action_value.argmax(axis=1), action)


def _day(config: InventoryConfig) -> NDArray[np.float64]:
    """Probabilities of the stock at a day's end `(stock, next)` given the stock after delivery."""
    day = np.zeros((config.capacity + 1, config.capacity + 1))
    for stock, left in enumerate(day):
        for demand, probability in enumerate(demand_distribution(config)):
            left[max(stock - demand, 0)] += probability
    return day


def _expected_margin(config: InventoryConfig) -> NDArray[np.float64]:
    """A day's expected margin `(stock,)`, dollars, given the stock after delivery."""
    stock, demand = np.arange(config.capacity + 1)[:, None], np.arange(config.demand_most + 1)
    return margin(config, stock, demand) @ demand_distribution(config)
