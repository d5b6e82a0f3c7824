"""Commands to a run: each a strict record, which a journal holds, and a strike, which the kernel takes.

Written in one line they read `KIND WHAT[@when[..until]][#replicas]`, as shocks do:

    shock rate:+0.01@now..+1y#half      set rate=0.02          seat central_bank=taylor1993@10y
    play central_bank/0@now..+2y        drop firms/3@5y..6y    answer central_bank/0 rate=3
    pause    go    step 4    speed 10    stop

`play` lets someone outside answer for an agent, `drop` has it follow the rule, for one tick where no end is
given. Times are as in a scenario; `now` is the tick at which a run takes the command, `+1y` counts from
there, or behind `..` from the start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from simengine.casting import policy_for
from simengine.config import Config, validated
from simengine.errors import UserError, one_line, unknown
from simengine.kernel import Strike
from simengine.live.acts import Direction, LeverSet, Recast
from simengine.policies import SUFFIX
from simengine.shocks import ShockBlock
from simengine.simulation import Simulation

Natural = Annotated[int, Field(ge=0)]
Replicas = str | list[Natural]


class Shocking(Config):
    """A shock, as a [[shock]] block of a scenario."""

    kind: Literal["shock"] = "shock"
    shock: dict[str, Any]

    def strike(self, sim: Simulation, folder: Path = Path()) -> Strike:
        """The same strike that a scenario's block is."""
        return validated(ShockBlock, self.shock, "shock").strike(sim.world)


class Timed(Config):
    """What holds from tick `at` until before `until`, in some replicas."""

    at: int
    until: int | None = None
    replicas: Replicas = "all"

    def placed(self, act: Any) -> Strike:
        """An act as a strike at that time."""
        whom = self.replicas if isinstance(self.replicas, str) else tuple(self.replicas)
        return Strike(self.at, act, self.until, whom)


class Setting(Timed):
    """A lever put at a value."""

    kind: Literal["set"] = "set"
    lever: str
    value: float
    place: Natural | None = None

    def strike(self, sim: Simulation, folder: Path = Path()) -> Strike:
        """At its tick; UserError for a lever that the world lacks, or may not stand there."""
        act = LeverSet(self.lever, self.value, self.place)
        act.fits(sim.world)
        return self.placed(act)


class Seating(Timed):
    """A policy for a population, or for one head of it; `weights` is the digest of the network, if it is one.

    `policy` may be a weights file in the run's folder, as a journal keeps it.
    """

    kind: Literal["seat"] = "seat"
    place: str
    policy: str
    weights: str = ""

    def strike(self, sim: Simulation, folder: Path = Path()) -> Strike:
        """At its tick; UserError for a policy that cannot sit there, or whose weights are others."""
        source = str(folder / self.policy) if self.policy.endswith(SUFFIX) else self.policy
        policy_for(sim, self.place, source, self.weights)
        return self.placed(Recast(self.place, self.policy, self.weights, source))


class Directing(Timed):
    """An agent whom someone outside plays, or who follows the rule."""

    kind: Literal["play", "drop"]
    population: str
    agent: Natural

    def strike(self, sim: Simulation, folder: Path = Path()) -> Strike:
        """From its tick on; UserError for an agent there is not."""
        agent_of(sim, self.population, self.agent)
        return self.placed(Direction(self.population, self.agent, self.kind == "play"))


class Answer(Config):
    """What someone outside decided for an agent at a barrier; `action` None: too late, the rule decides."""

    kind: Literal["answer"] = "answer"
    population: str
    agent: Natural
    replica: Natural = 0
    tick: int | None = None
    ordinal: Natural = 0
    action: dict[str, int | float | list[int] | list[float]] | None = None

    def checked(self, sim: Simulation) -> Answer:
        """Itself, once agent, heads and numbers have been found valid."""
        seat = agent_of(sim, self.population, self.agent)
        if self.replica >= sim.R:
            raise UserError(f"answer: replica {self.replica}: valid are 0 to {sim.R - 1}")
        for name, given in (self.action or {}).items():
            if name not in seat.heads:
                raise UserError(f"answer of {self.population}: {unknown('head', name, seat.heads)}")
            head, numbers = seat.heads[name], np.atleast_1d(np.asarray(given))
            whole = np.can_cast(numbers.dtype, head.dtype, "safe") and numbers.shape == (head.width,)
            if not whole or head.wrong(numbers[None].astype(head.dtype))[0]:
                raise UserError(f"answer of {self.population}: {name} = {given}: valid is {head.valid}")
        return self


class Pacing(Config):
    """How fast the run goes from now on: `number` is of ticks for step, a factor for speed (0: no limit)."""

    kind: Literal["pause", "go", "step", "speed", "stop"]
    number: Annotated[float, Field(ge=0)] = 1.0


Command = Annotated[Shocking | Setting | Seating | Directing | Answer | Pacing, Field(discriminator="kind")]
Placed = Shocking | Setting | Seating | Directing
"""Commands that strike at a tick."""

COMMANDS: TypeAdapter[Any] = TypeAdapter(Command)
PACES = ("pause", "go", "step", "speed", "stop")
KINDS = ("shock", "set", "seat", "play", "drop", "answer", *PACES)


def command_of(record: Any) -> Any:
    """A command from the record that a journal or an inbox holds; UserError for anything else."""
    try:
        return COMMANDS.validate_python(record)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(["command", *(str(step) for step in first["loc"])])
        said = one_line(first["msg"]).removeprefix("Value error, ")
        raise UserError(f"{place}: {said[:1].lower()}{said[1:]}") from None


def agent_of(sim: Simulation, population: str, agent: int) -> Any:
    """The seat of a population that has such an agent; UserError where it has none."""
    if population not in sim.seats:
        raise UserError(unknown("population", population, sim.seats))
    seat = sim.seats[population]
    if agent >= seat.columns.capacity:
        raise UserError(f"{population}/{agent}: valid are agents 0 to {seat.columns.capacity - 1}")
    return seat
