"""A world of walkers, small enough to run in milliseconds, with every lever the shocks pull."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from simengine.config import Config
from simengine.kernel.state import Columns, b1, column, f8, i8
from simengine.kernel.timetable import ask, decide, every
from simengine.worlds.barter.shocks import SHOCKS as BARTER
from simengine.worlds.contract import World
from simengine.worlds.macro.shocks import SHOCKS as MACRO
from streams.macro.events import LaborForce, Output
from streams.macro.metrics import activity

MONTH, YEAR = 4, 48


class Walk(Config):
    """How they walk."""

    drift: float = 0.01
    noise_sd: Annotated[float, Field(ge=0.0)] = 0.1


class SmallConfig(Config):
    """The small world's settings."""

    walkers: Annotated[int, Field(ge=1, le=10_000)] = 5
    fragile: bool = False
    walk: Walk = Walk()


class Walkers(Columns):
    """Walkers on a line."""

    alive: b1
    place: f8 = column("metre")
    action: i8 = column("1", width=1)


class Levers(Columns):
    """What the shocks pull."""

    rate: f8 = column("annual")
    cost: f8 = column("log")
    productivity: f8 = column("log")
    confidence: f8 = column("log")
    government: f8 = column("log")
    benefit: f8 = column("share")
    stabilisers: f8 = column("multiplier", default=1.0)
    default_wave: f8 = column("share")
    bank_capital: f8 = column("share")
    failing_bank: i8 = column("slot")
    rate_floor: f8 = column("annual")
    harvest: f8 = column("log", width="goods")
    liking: f8 = column("logit", width="goods")


class Small(World):
    """Walkers who drift, jitter and take steps they decide on."""

    name = "small"
    start = -12
    ticks_per_year = YEAR
    Config = SmallConfig
    metrics = activity.METRICS
    shocks = (*MACRO, *BARTER)

    def __init__(self, config: SmallConfig | None = None) -> None:
        self.config = config or SmallConfig()

    def populate(self, sim):
        from agents.policy import RulePolicy

        self.walkers = sim.state.add("walkers", Walkers(sim.R, self.config.walkers, live=self.config.walkers))
        self.levers = sim.state.add("levers", Levers(sim.R, goods=2))
        sim.seat("walkers", self.walkers, heads={"step": 3}, neutral=(1,), policy=RulePolicy())

    def timetable(self):
        return (
            decide(ask(every(MONTH), "walkers")),
            every(1, self.walk),
            every(MONTH, self.settle, on=-1, closes=True),
        )

    def walk(self, sim):
        walk, levers = self.config.walk, self.levers
        push = walk.drift + levers.rate + levers.cost + levers.confidence
        jitter = walk.noise_sd * sim.noise.normal("walk", self.config.walkers)
        self.walkers.place[:] += (self.walkers.action[:, :, 0] - 1) * 0.05 + push[:, None] + jitter

    def settle(self, sim):
        far = np.ascontiguousarray(100.0 + self.walkers.place.sum(axis=1))
        sim.publish(Output, dense=(sim.R,), real=far, nominal=np.round(far * 100).astype(np.int64))
        ones = np.ones(sim.R, np.int32)
        sim.publish(
            LaborForce, dense=(sim.R,), employed=ones * 19, unemployed=ones.copy(), vacancies=ones * 1.0
        )
        if self.config.fragile and sim.tick > YEAR:
            raise ArithmeticError("the ground gave way")

    def invariants(self, sim):
        if not np.isfinite(self.walkers.place).all():
            yield "a walker is nowhere"
