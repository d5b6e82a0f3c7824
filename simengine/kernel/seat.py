"""A seat: a population with heads and a policy, how it observes, and where its answers are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.answers import Answers
from simengine.kernel.asks import Ask, Who, frozen
from simengine.kernel.decisions import Numbers, Told, tell_decisions
from simengine.kernel.declaration import policy_declared
from simengine.kernel.errors import KernelError, choose, whole
from simengine.kernel.heads import Head, heads_of
from simengine.kernel.memory import HiddenState, memory_of
from simengine.kernel.noise import Noise
from simengine.kernel.observations import checked
from simengine.kernel.selection import WORD, collect, mark_cohort, unchanged
from simengine.kernel.state import Columns

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation
    from simengine.kernel.turn import Turn


class Seat:
    """A population at its barriers: heads, neutral answer, how it observes, and the policy that answers.

    While a seat is `outside`, whoever advances the simulation answers in place of its policy. It has a `Turn`
    at each barrier that asks it, in the order of the timetable.
    """

    def __init__(
        self,
        name: str,
        columns: Columns,
        heads: dict[str, Head],
        observe: Callable[[Ask], Any] | None,
        policy: Any,
        memory: HiddenState | None = None,
    ) -> None:
        self.name, self.heads, self.observe, self.policy = name, heads, observe, policy
        self.columns, self.memory = columns, memory
        self.opening = policy_declared(policy)
        """What the policy that sat here first says of itself; later ones are declared as shocks are."""
        if policy.needs_observation and observe is None:
            raise KernelError(f"seat {name!r}: {type(policy).__name__} needs observations: give observe=")
        self.answers = Answers(name, heads, columns)
        self.indices, self.reals = (Numbers.of(self.answers, kind) for kind in "if")
        self.neutral: Any = {head: spec.rest for head, spec in heads.items()}
        if self.answers.indices:
            self.neutral = np.concatenate([*self.neutral.values()])
            self.neutral.flags.writeable = False
        self.told: dict[type, Told] = {}
        self.tell: Callable[[Ask], None] = lambda ask: None
        self.alive = columns.alive.reshape(columns.replicas, -1)
        self.living, self.offered = frozen(self.alive), MappingProxyType(heads)
        self.owned = np.zeros_like(self.alive)
        self.outside = False
        self.turns: list[Turn] = []
        self.first: dict[str, int] = {}
        """For each head, the ordinal of the first barrier that asks for it: whence its noise counts."""
        self.marks = np.zeros((*self.alive.shape, -(-len(heads) // WORD)), np.uint64)
        self.words = cache(self._words)
        self.streams = cache(self._streams)
        self._seen = self.alive.copy()
        self._cohorts: dict[int, Who] = {}

    def own(self, slot: int) -> None:
        """Give a slot a calendar of its own: cohorts and due columns no longer ask it."""
        slot = whole(slot, f"slot of {self.name}", 0)
        if slot >= self.columns.capacity or self.owned[:, slot].any():
            raise KernelError(
                f"slot {slot} of {self.name}: valid is a slot below {self.columns.capacity} "
                "without a process of its own"
            )
        self.owned[:, slot] = True
        self._cohorts.clear()

    def bits(self, heads: tuple[str, ...] | None) -> int:
        """Heads as a bit mask; None means all."""
        if heads is None:
            return (1 << len(self.heads)) - 1
        names = list(self.heads)
        for head in heads:
            if head not in names:
                raise KernelError(f"seat {self.name!r}: {choose('head', head, names)}")
        return sum(1 << names.index(head) for head in set(heads))

    def named(self, bits: int) -> tuple[str, ...]:
        """The heads of a bit mask."""
        return tuple(head for h, head in enumerate(self.heads) if bits >> h & 1)

    def _words(self, bits: int) -> NDArray[np.uint64]:
        return np.array([bits >> WORD * w & (1 << WORD) - 1 for w in range(self.marks.shape[2])], np.uint64)

    def span(self, head: str) -> slice:
        """Where a head's uniforms stand among those of all heads."""
        start = 0
        for name, spec in self.heads.items():
            if name == head:
                break
            start += spec.uniforms
        return slice(start, start + self.heads[head].uniforms)

    def _streams(self, heads: tuple[str, ...], ordinal: int) -> tuple[str, ...]:
        """The names of the noise of some heads at the population's barrier `ordinal` of an instant."""
        found: list[str] = []
        for head in heads:
            later = ordinal - self.first.get(head, 0)
            stream = f"decide/{self.name}{f'@{later}' if later else ''}/{head}"
            found += [f"{stream}/{i}" if i else stream for i in range(self.heads[head].uniforms)]
        return tuple(found)

    def chosen(self, head: str) -> NDArray[Any]:
        """What stands for a head in the columns, (R, N), or (R, N, width) of more than one number; a view."""
        return self.answers.chosen(head)

    def turn(self, bits: int) -> Turn:
        """Where whoever asks for some heads now is answered: the next barrier that asks for one of them.

        Where none of those to come does, the next one.
        """
        ahead = [turn for turn in self.turns if not turn.passed]
        return next((turn for turn in ahead if turn.heads & bits), ahead[0] if ahead else self._last())

    def _last(self) -> Turn:
        if not self.turns:
            raise KernelError(
                f"{self.name} asks but sits at no barrier: "
                f"add decide(ask(..., {self.name!r})) to the timetable"
            )
        return self.turns[-1]

    def cohort(self, bits: int) -> Who:
        """Everyone alive without a calendar of their own, asked for the same heads."""
        if not unchanged(self.alive, self._seen):
            self._seen[...] = self.alive
            self._cohorts.clear()
        who = self._cohorts.get(bits)
        if who is None:
            mark_cohort(self.marks, self.alive, self.owned, self.words(bits))
            who = self._cohorts[bits] = Who(*collect(self.marks, len(self.heads))).kept()
        return who

    def look(self, noise: Noise) -> Ask:
        """What everyone alive sees now, as an ask for no head."""
        replica, agent = (index.astype(np.int32) for index in np.nonzero(self.alive))
        nothing = np.zeros((replica.size, len(self.heads)), np.bool_)
        return self.observed(Ask(self, Who(replica, agent, nothing).kept(), noise))

    def observed(self, ask: Ask) -> Ask:
        """An ask with what its agents see."""
        if self.observe is not None:
            ask.observation = checked(self.observe(ask), ask)
        return ask

    def write(self, ask: Ask, answer: Any) -> None:
        """Write an answer into the heads asked, and wake the processes that wait for it."""
        who = "the outside" if self.outside else type(self.policy).__name__
        self.answers.write(ask, answer, self.neutral, who)
        self.tell(ask)
        for answered in ask._waiting:
            answered()

    def forget(self, who: NDArray[np.bool_]) -> None:
        """Clear what the policy remembers of some slots (R, N)."""
        if self.memory is not None:
            self.memory.hidden[who] = 0.0

    def remember(self, ask: Ask, memory: NDArray[np.float32]) -> None:
        """Keep what the policy remembers of the agents of an ask (rows, memory width)."""
        who = f"{type(self.policy).__name__} of {self.name}"
        if self.memory is None:
            raise KernelError(f"{who}: remember(): valid is a policy with memory_width")
        self.memory.keep(who, ask, memory)


def sit(
    sim: Simulation,
    population: str,
    columns: Columns,
    heads: Mapping[str, int | Head],
    observe: Callable[[Ask], Any] | None,
    policy: Any,
    neutral: tuple[int, ...] | None,
) -> Seat:
    """The seat of a population; KernelError where it has one already, or the policy cannot sit there."""
    if population in sim.seats or policy is None:
        raise KernelError(f"seat {population!r}: valid is one seat per population, with a policy")
    _check(sim, population, policy)
    specs = heads_of(population, heads, neutral)
    memory = memory_of(policy, population, columns, sim.state)
    seat = Seat(population, columns, specs, observe, policy, memory)
    seat.tell = lambda ask: tell_decisions(sim, seat, ask)
    return seat


def reseat(sim: Simulation, population: str, policy: Any) -> None:
    """Let another policy decide from now on; it remembers nothing yet.

    KernelError where it cannot sit there, or remembers more or less than the one before.
    """
    if population not in sim.seats:
        raise KernelError(choose("seat", population, sim.seats))
    seat = sim.seats[population]
    if policy is not seat.policy:
        _check(sim, population, policy)
    if policy.needs_observation and seat.observe is None:
        raise KernelError(f"seat {population!r}: {type(policy).__name__} needs observations: there are none")
    width = getattr(policy, "memory_width", 0)
    if width and seat.memory is None:
        seat.memory = memory_of(policy, population, seat.columns, sim.state)
    elif width and seat.memory is not None:
        if seat.memory.hidden.shape[2] != width:
            raise KernelError(
                f"seat {population!r}: {type(policy).__name__} remembers {width} numbers of an agent: "
                f"valid is {seat.memory.hidden.shape[2]}, as of the policy before it"
            )
        seat.memory.hidden[...] = 0.0
    seat.policy = policy


def _check(sim: Simulation, population: str, policy: Any) -> None:
    for promised in ("needs_observation", "act"):
        if not hasattr(policy, promised):
            raise KernelError(
                f"seat {population!r}: {type(policy).__name__} has no {promised}: "
                "valid is a policy with needs_observation and act(ask)"
            )
    for other in sim.seats.values():
        if other.policy is policy and policy.needs_observation:
            raise KernelError(
                f"seat {population!r}: this policy already sits at {other.name!r}: give each seat its own"
            )
