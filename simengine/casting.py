"""Casting: who decides for a population while a run goes on, a policy by name or someone outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.directed import Directed
from simengine.errors import UserError, unknown
from simengine.kernel.seat import reseat
from simengine.policies import Seated, checked, digest_of, fits, seated

if TYPE_CHECKING:
    from simengine.simulation import Simulation


def policy_for(sim: Simulation, place: str, spec: str, weights: str = "") -> Any:
    """The policy that `spec` names for a population or one head of it, beside what decides the others.

    UserError where it cannot sit there, or is a network of another digest than `weights`.
    """
    population, _, head = place.partition(".")
    if population not in sim.seats:
        raise UserError(f"policy {place}={spec!r}: {unknown('population', population, sim.seats)}")
    seat = sim.seats[population]
    checked(spec, place, sim.world)
    where = Seated(sim.world, population, seat.heads, sim.device, seat.alive.shape, seed=sim.seed)
    present = seat.policy.rest if isinstance(seat.policy, Directed) else seat.policy
    parts = getattr(present, "parts", {}) if head else {}
    chosen = sim.named(spec, population)
    rest = getattr(present, "rest", present) if head else chosen
    made = seated(where, rest, {**parts, **({head: chosen} if head else {})})
    fits(sim.world, population, seat.heads, made)
    found = digest_of(made, head)
    if weights and found != weights:
        there = f"weights {found}" if found else "no network"
        raise UserError(f"policy {place}={spec!r}: {there}: valid are weights {weights}")
    return made


def recast(sim: Simulation, place: str, spec: str, weights: str = "") -> None:
    """Let another policy decide for a population, or for one head of it, from now on."""
    made, seat = policy_for(sim, place, spec, weights), sim.seats[place.partition(".")[0]]
    if isinstance(seat.policy, Directed):
        before, seat.policy = seat.policy, seat.policy.rest
        reseat(sim, seat.name, made)
        before.rest, seat.policy = made, before
    else:
        reseat(sim, seat.name, made)


def directed(sim: Simulation, population: str) -> Directed:
    """The policy of a population, some of whose agents follow the rule or are played from outside."""
    seat = sim.seats[population]
    if not isinstance(seat.policy, Directed):
        seat.policy = Directed(seat.policy, lambda questions: sim.desk(questions))
    return seat.policy
