"""A small world for the kernel's tests: firms reprice at intervals of their own, hire monthly, pay a bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simengine.kernel import NEVER, Columns, Rows, Simulation, ask, b1, column, decide, due, every, f8, i8
from streams import col, event
from streams import i4 as e4
from streams import i8 as e8

HEADS = {"price": 5, "hire": 3}
NEUTRAL = (2, 1)


@event
class Repricing:
    """A firm looked at its price."""

    firm: e4 = col("slot", "who")
    price: e8 = col("cent", "new price")


class Firms(Columns):
    alive: b1
    price: i8 = column("cent", "posted price", default=100)
    review: i8 = column("tick", "when the price is looked at next", default=NEVER)
    staff: i8 = column("person", default=10)
    luck: f8 = column("1", width=2)
    action: i8 = column("1", width=2)


class Bank(Columns):
    rate: f8 = column("share per year", default=0.02)
    meeting: i8 = column("tick", default=0)
    paid: i8 = column("cent")


class SeededPolicy:
    """A stand-in for a network: looks at what it is shown and draws a little."""

    needs_observation = True

    def __init__(self) -> None:
        self.rows: list[int] = []

    def act(self, ask: Any) -> Any:
        self.rows.append(len(ask))
        assert ask.observation.shape == (len(ask), 2)
        sizes = np.array([head.size for head in ask.heads.values()])
        shift = (ask.observation[:, 0] > 100)[:, None]
        return np.minimum((ask.uniform * sizes).astype(np.int64) + shift, sizes - 1)


class Config:
    """Stands for a pydantic model: how the toy's price reviews are scheduled is not part of the world."""

    def __repr__(self) -> str:
        return "toy"


class Toy:
    """`firms` firms; `asks` is how price reviews ask the policy: due, cohort, or none (processes do)."""

    name = "toy"
    ticks_per_year = 48

    def __init__(self, firms: int = 7, start: int = -4, asks: str = "due", period: int | None = None) -> None:
        self.count, self.start, self.asks, self.period = firms, start, asks, period
        self.config = Config()
        self.policy = SeededPolicy()
        self.log: list[Any] = []
        self.sabotage: Callable[[Simulation], None] | None = None

    def populate(self, sim: Simulation) -> None:
        self.firms = sim.state.add(
            "firms", Firms(sim.R, self.count + 3, live=self.count, key="firms.capacity")
        )
        self.bank = sim.state.add("bank", Bank(sim.R))
        self.bank.meeting[:] = self.start + 1
        f = self.firms
        f.luck[...] = sim.noise.normal("luck", 2 * f.capacity).reshape(f.luck.shape)
        f.review[:, : self.count] = self.start + sim.R * 0 + np.arange(self.count) % (self.period or 5)
        if self.period:
            f.review[:, : self.count] = self.start + (-self.start) % self.period
        sim.seat("firms", f, HEADS, observe=self.see, policy=self.policy, neutral=NEUTRAL)

    def timetable(self) -> Any:
        f = self.firms
        asks = [ask(every(4), "firms", head="hire")]
        if self.asks == "due":
            asks.append(ask(due(f.review), "firms", head="price"))
        elif self.asks == "cohort":
            asks.append(ask(every(self.period or 1), "firms", head="price"))
        return (
            due(self.bank.meeting, self.meet),
            decide(*asks),
            due(f.review, self.reprice),
            every(4, self.staff),
            every(1, self.trade),
            every(4, self.settle, on=-1, closes=True),
        )

    def see(self, ask: Any) -> Any:
        f = self.firms
        return np.stack([f.price[ask.replica, ask.agent], f.staff[ask.replica, ask.agent]], axis=1).astype(
            np.float32
        )

    def meet(self, sim: Simulation, rows: Rows) -> None:
        self.bank.rate[rows.replica] += 0.001 * (sim.noise.uniform("rate", 1)[rows.replica, 0] - 0.5)
        self.bank.meeting[rows.replica] += 6

    def reprice(self, sim: Simulation, rows: Rows) -> None:
        f, at = self.firms, (rows.replica, rows.agent)
        f.price[at] += f.action[(*at, 0)] - 2
        draw = sim.noise.uniform("interval", f.capacity)[at]
        f.review[at] += (3 + 6 * draw).astype(np.int64) if self.period is None else self.period
        if sim.wants(Repricing):
            sim.publish(Repricing, replica=rows.replica, firm=rows.agent, price=f.price[at])

    def staff(self, sim: Simulation) -> None:
        self.firms.staff += self.firms.action[:, :, 1] - 1

    def trade(self, sim: Simulation) -> None:
        self.log.append(sim.tick)
        if self.sabotage:
            self.sabotage(sim)
        f = self.firms
        f.luck[:, :, 0] += sim.noise.normal("trade", f.capacity)
        self.bank.paid += (f.price * f.alive).sum(axis=1)

    def settle(self, sim: Simulation) -> None:
        f, r = self.firms, int(sim.tick) // 4 % self.count
        if r == 2 and sim.tick > 20:
            f.alive[:, r] = False
            f.review[:, r] = NEVER

    def invariants(self, sim: Simulation) -> list[str]:
        return ["a price is negative"] if (self.firms.price < 0).any() else []
