"""A small world for heads of all kinds: cooks decide what to cook and how, and twice what to charge."""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.policy import RandomPolicy
from simengine.config import Config
from simengine.kernel import (
    NEVER,
    Categorical,
    Columns,
    Real,
    Simplex,
    Simulation,
    Tokens,
    ask,
    b1,
    column,
    decide,
    due,
    every,
    f4,
    f8,
    i8,
)
from simengine.worlds.contract import World

HEADS = {
    "dish": Categorical(4, neutral=1),
    "heat": Real(0.0, 2.0),
    "mix": Simplex(3),
    "order": Tokens(5, width=2),
    "table": 3,
    "price": Real(-1.0, 1.0, width=2),
}


class Cooks(Columns):
    alive: b1
    action: i8 = column("1", width=2)
    heat: f8 = column("share")
    mix: f8 = column("share", width=3)
    order: i8 = column("symbol", width=2)
    price: f4 = column("coins", width=2)
    asked: f8 = column("coins", "at the first barrier")
    rest: i8 = column("tick", default=NEVER)
    heard: f4 = column("number", width=4)


class Kitchen(World):
    """Cooks decide on dish, heat, mix and order each tick at the first barrier, on the price at both."""

    name = "kitchen"
    ticks_per_year = 12

    class Config(Config):
        cooks: int = 5

    def __init__(self, config: Any = None) -> None:
        super().__init__(config)
        self.count = self.config.cooks
        self.policy: Any = RandomPolicy()
        self.heads: dict[str, Any] = HEADS
        self.neutral: Any = (2,)

    def populate(self, sim: Simulation) -> None:
        self.cooks = sim.state.add("cooks", Cooks(sim.R, self.count + 2, live=self.count))
        self.cooks.rest[:, : self.count] = np.arange(self.count) % 3
        sim.seat("cooks", self.cooks, self.heads, self.see, self.policy, self.neutral)

    def timetable(self) -> Any:
        now = every(1)
        return (
            decide(ask(now, "cooks", ("dish", "heat", "mix", "order")), ask(now, "cooks", "price")),
            every(1, self.note),
            decide(ask(now, "cooks", "price"), ask(due(self.cooks.rest), "cooks", "table")),
            due(self.cooks.rest, self.sit),
            every(4, self.close, on=-1, closes=True),
        )

    def see(self, ask: Any) -> Any:
        at = ask.replica, ask.agent
        there = np.arange(4) < 1 + (ask.agent[:, None] + ask.tick) % 4
        return {
            "own": self.cooks.mix[at].astype(np.float32),
            "heard": np.where(there, self.cooks.heard[at], np.float32(0.0)),
            "heard_mask": there,
        }

    def note(self, sim: Simulation) -> None:
        self.cooks.asked[...] = sim.seats["cooks"].chosen("price")[..., 0]
        heard = sim.noise.normal("heard", 4 * self.cooks.capacity)
        self.cooks.heard[...] = heard.reshape(self.cooks.heard.shape)

    def sit(self, sim: Simulation, rows: Any) -> None:
        self.cooks.rest[rows.replica, rows.agent] += 3

    def close(self, sim: Simulation) -> None:
        pass

    def invariants(self, sim: Simulation) -> list[str]:
        c = self.cooks
        mixed = np.abs(c.mix.sum(axis=2) - 1.0) < 1e-6
        return [] if (mixed | ~c.alive | (sim.tick < 0)).all() else ["a mix does not sum to 1"]
