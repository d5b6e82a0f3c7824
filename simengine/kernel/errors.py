"""What the kernel refuses, and how a run fails: one line each, with the value and what would be valid."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from streams.guard import said

if TYPE_CHECKING:
    from simengine.kernel.processes import Me
    from simengine.kernel.simulation import Simulation


class KernelError(ValueError):
    """Something the kernel refuses: what, where, which value, what would be valid.

    `replica` is the index of the guilty replica, where it is one; `tick` when it happened, where that is not
    the present instant: inside a span.
    """

    def __init__(self, message: str, replica: int | None = None, tick: int | None = None) -> None:
        super().__init__(message)
        self.replica, self.tick = replica, tick


class CheckpointError(KernelError):
    """A checkpoint that cannot be written, is not whole, or belongs to another run."""


class SimulationFailed(KernelError):
    """A run that failed for good: scenario, seed, replica number, tick, and the command that reruns it."""

    scenario: str
    seed: int
    tick: int
    number: int | None

    @classmethod
    def of(cls, sim: Simulation, cause: BaseException, where: str, replica: int | None) -> SimulationFailed:
        """What `cause` is to a simulation, raised at its present tick, by a replica if one is guilty."""
        number = None if replica is None else sim.numbers[replica]
        rerun = sim.rerun(sim.tick) if callable(sim.rerun) else sim.rerun
        failure = cls(
            f"{sim.scenario} failed at tick {sim.tick} in {where} (seed {sim.seed}, "
            f"{'all replicas' if number is None else f'replica {number}'}): "
            f"{' '.join(said(cause).split())}" + (f"; rerun: {rerun}" if rerun else "")
        )
        failure.scenario, failure.seed = sim.scenario, sim.seed
        failure.tick, failure.number = sim.tick, number
        failure.__cause__ = cause
        return failure


def verdict(sim: Simulation, cause: BaseException, me: Me | None, row: str) -> BaseException:
    """What a simulation is to raise of what was raised in a row of it, or by an agent's process.

    A failed run, whatever it was; all but the user's Ctrl-C, after which it cannot go on either.
    """
    if sim.failure is None:
        where = row if me is None else str(me)
        replica = getattr(cause, "replica", None) if me is None else me.replica
        sim.failure = SimulationFailed.of(sim, cause, where, replica)
    return cause if isinstance(cause, KeyboardInterrupt) else sim.failure


def whole(value: Any, what: str, at_least: int | None = None, below: int | None = None) -> int:
    """`value` as a Python int; fractions, booleans, nan and infinities are refused by name."""
    valid = "a whole number" if at_least is None else f"a whole number of at least {at_least}"
    valid += f" and less than {below}" if below is not None else ""
    try:
        number = value.__index__()
    except AttributeError:
        raise KernelError(f"{what} is {value!r}: valid is {valid}") from None
    too_little = at_least is not None and number < at_least
    if isinstance(value, bool) or too_little or (below is not None and number >= below):
        raise KernelError(f"{what} is {value!r}: valid is {valid}")
    return int(number)


def choose(kind: str, name: object, valid: Any) -> str:
    """`unknown head 'prize': did you mean 'price'?`, or the valid names when none is near."""
    names = [str(each) for each in valid]
    near = get_close_matches(str(name), names, n=1)
    if near:
        return f"unknown {kind} {name!r}: did you mean {near[0]!r}?"
    return f"unknown {kind} {name!r}: valid are {', '.join(names) or 'none'}"
