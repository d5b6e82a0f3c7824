"""Shops that order goods for uncertain demand: a small world whose best policy is known.

POPULATIONS  shops (32), independent of each other.
MARKETS      none: customers come, buy what is there and are lost when nothing is; suppliers deliver at once.
TIMETABLE    a tick is a day: orders and deliveries at each shop's own review dates (every `review_days`,
             staggered), then trade. Seven days are a week, 28 a month, 336 a year.
CONSERVED    goods: what was delivered since the opening is sold or on hand, to the unit.
LEARNED      nothing: a shop orders the mean demand until its next review unless given another policy.
ASSUMED      demand, costs and prices, the same for all shops at all times; demand is Poisson, cut off at
             `demand_most`; what does not fit into the shop is not delivered and not paid.
REWARD       a day's profit in dollars, after the day's decision: sales less the delivery, goods kept
             overnight and the penalty of lost sales; discounted by `discount_daily` a day, for ever.
             `optimum.py` computes the best policy and what another one loses.
SOURCE       Scarf (1960); Puterman (1994), section 3.2, with a penalty on lost sales. The numbers are ours:
             the best policy orders up to 10 below a stock of 3, constant or random orders lose all it earns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.stats import poisson

from agents.action import Action
from agents.observation import Feature
from agents.policy import RulePolicy
from simengine.config import Config, setting
from simengine.kernel import Calendar, Columns, ask, b1, column, decide, due, every, f8, i8
from simengine.worlds.contract import World
from simengine.worlds.inventory.views import VIEWS
from streams.events import Reward
from streams.inventory.events import Sales
from streams.inventory.metrics import METRICS

if TYPE_CHECKING:
    from simengine.kernel import Ask, Rows, Simulation

DAY, WEEK, YEAR = 1, 7, 336
FEATURES = {
    "shops": (Feature("stock over capacity", "from -1 to 1"), Feature("nearness to empty", "from -1 to 1"))
}

NonNegative = Annotated[float, Field(ge=0.0)]


class InventoryConfig(Config):
    """Sizes in goods, money in dollars, time in days."""

    shops: Annotated[int, Field(ge=1, le=1_000_000)] = setting(32, "agents")
    capacity: Annotated[int, Field(ge=1, le=200)] = setting(20, "goods")
    order_most: Annotated[int, Field(ge=1, le=200)] = setting(10, "goods")
    review_days: Annotated[int, Field(ge=1, le=28)] = setting(
        1, "days", says="between two decisions of a shop"
    )
    demand_daily: Annotated[float, Field(gt=0.0, le=500.0)] = setting(
        2.5, "goods a day", says="mean before it is cut off"
    )
    demand_most: Annotated[int, Field(ge=1, le=200)] = setting(8, "goods a day")
    price: NonNegative = setting(8.0, "dollar a good")
    unit_cost: NonNegative = setting(2.0, "dollar a good")
    order_cost: NonNegative = setting(10.0, "dollar", says="of a delivery, whatever its size")
    holding_cost_daily: NonNegative = setting(0.5, "dollar a day", says="of a good kept overnight")
    lost_sale_penalty: NonNegative = setting(2.0, "dollar", says="of a good asked for in vain")
    discount_daily: Annotated[float, Field(ge=0.0, lt=1.0)] = setting(0.95, "per day")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.order_most > self.capacity:
            raise ValueError(f"order_most is {self.order_most} (at most capacity, which is {self.capacity})")
        return self


SEMI_MARKOV = InventoryConfig(
    order_most=20,
    review_days=5,
    demand_most=6,
    unit_cost=4.0,
    order_cost=20.0,
    holding_cost_daily=0.0,
    lost_sale_penalty=0.0,
    discount_daily=0.9,
)
"""Shops in which discounting by the decision instead of the day costs a fifth of the best value."""


class Shops(Columns):
    """The shops' columns."""

    alive: b1
    stock: i8 = column("good", "on hand")
    review: i8 = column("tick", "when it may order next")
    delivered: i8 = column("good", "since the opening")
    sold: i8 = column("good", "since the opening")
    spent: f8 = column("dollar", "on today's delivery")
    action: i8 = column("1", "goods ordered at the last review", width=1)


class Inventory(World):
    """Shops that order goods for uncertain demand; the best policy is known.

    The data sheet is its module's docstring.
    """

    name = "inventory"
    ticks_per_year = YEAR
    calendar = Calendar({"day": DAY, "week": WEEK, "month": YEAR // 12, "quarter": YEAR // 4, "year": YEAR})
    features = FEATURES
    metrics = METRICS
    views = VIEWS

    def __init__(self, config: InventoryConfig | None = None) -> None:
        self.config = config or InventoryConfig()
        self.actions = {"shops": {"order": Action(np.arange(self.config.order_most + 1.0), "goods ordered")}}
        self.demand_cdf = demand_distribution(self.config).cumsum()[:-1]

    def timetable(self) -> tuple[Any, ...]:
        """A day: shops under review order and are supplied, customers come, once a week the books close."""
        review = self.shops.review
        return (
            decide(ask(due(review), "shops", head="order")),
            due(review, self.deliver),
            every(DAY, self.trade),
            every(WEEK, self.close, on=-1, closes=True),
        )

    def populate(self, sim: Simulation) -> None:
        """Open with empty shops that are reviewed one after the other."""
        c = self.config
        self.shops = sim.state.add("shops", Shops(sim.R, c.shops, live=c.shops, key="shops"))
        self.shops.review[:] = np.arange(c.shops) % c.review_days
        heads, neutral = {"order": c.order_most + 1}, (neutral_order(c),)
        sim.seat("shops", self.shops, heads, self.observe, RulePolicy(), neutral)

    def observe(self, ask: Ask) -> NDArray[np.float32]:
        """What the shops asked see: `(rows, features)`, named by `FEATURES`."""
        return features(self.config, self.shops.stock[ask.replica, ask.agent])

    def deliver(self, sim: Simulation, rows: Rows) -> None:
        """Orders of the shops under review arrive as far as there is room, and are paid."""
        s, at = self.shops, (rows.replica, rows.agent)
        delivered = np.minimum(sim.seats["shops"].chosen("order")[at], self.config.capacity - s.stock[at])
        s.stock[at] += delivered
        s.delivered[at] += delivered
        s.spent[at] = delivery_cost(self.config, delivered)
        s.review[at] = sim.tick + self.config.review_days

    def trade(self, sim: Simulation) -> None:
        """A day's customers are served; its profit is the reward."""
        s = self.shops
        luck = sim.noise.uniform("demand", self.config.shops)
        demand = np.searchsorted(self.demand_cdf, luck, side="right")
        sold = np.minimum(s.stock, demand)
        if sim.wants(Reward):
            profit = margin(self.config, s.stock, demand) - s.spent
            sim.publish(Reward, dense=profit.shape, population="shops", amount=profit, ended=False)
        s.stock -= sold
        s.sold += sold
        if sim.wants(Sales):
            day = {"demand": demand, "sold": sold, "kept": s.stock}
            counts = {name: goods.astype(np.int32) for name, goods in day.items()}
            sim.publish(Sales, dense=sold.shape, **counts)
        s.spent[:] = 0.0

    def close(self, sim: Simulation) -> None:
        """Week's end: the kernel checks the invariants and extends the digests."""

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Yield what is wrong with the goods; nothing when all is well."""
        s, most = self.shops, self.config.capacity
        for replica, shop in np.argwhere((s.stock < 0) | (s.stock > most))[:1]:
            found = f"stock of shop {shop}, replica {replica} is {s.stock[replica, shop]}"
            yield f"{found} (must be 0 to {most})"
        for replica, shop in np.argwhere(s.delivered != s.sold + s.stock)[:1]:
            missing = s.delivered[replica, shop] - s.sold[replica, shop] - s.stock[replica, shop]
            yield f"goods of shop {shop}, replica {replica}: {missing} are missing (must be 0)"


def demand_distribution(config: InventoryConfig) -> NDArray[np.float64]:
    """Probabilities `(demand_most + 1,)` of a day's demand 0, 1, …: Poisson given that it is no more."""
    weights = poisson.pmf(np.arange(config.demand_most + 1), config.demand_daily)
    return np.asarray(weights / weights.sum())


def neutral_order(config: InventoryConfig) -> int:
    """The mean demand until the next review, in whole goods, as far as one may order."""
    return min(round(config.demand_daily * config.review_days), config.order_most)


def features(config: InventoryConfig, stock: NDArray[np.int64]) -> NDArray[np.float32]:
    """What a shop with a stock `(rows,)` sees, `(rows, features)`."""
    filled = 2.0 * stock / config.capacity - 1.0
    near_empty = 2.0 * np.exp(-stock / (config.demand_daily * config.review_days)) - 1.0
    return np.stack([filled, near_empty], axis=1).astype(np.float32)


def delivery_cost(config: InventoryConfig, delivered: NDArray[np.int64]) -> NDArray[np.float64]:
    """What a delivery of so many goods costs, dollars."""
    return config.order_cost * (delivered > 0) + config.unit_cost * delivered


def margin(
    config: InventoryConfig, stock: NDArray[np.int64], demand: NDArray[np.int64]
) -> NDArray[np.float64]:
    """A day's sales less holding costs and penalties, dollars, from a stock after delivery and a demand."""
    sold = np.minimum(stock, demand)
    kept, lost = stock - sold, demand - sold
    return config.price * sold - config.holding_cost_daily * kept - config.lost_sale_penalty * lost
