"""Agents with a calendar of their own: a user's SimPy generator, or a function that says when to wake next.

    def patient(me):                              sim.process(patient, "firms", 3)
        while True:
            yield me.sleep(4)
            action = yield me.decide("price")

    def patient(me, action):                      sim.agent("firms", 3, wake=patient)
        return 4

One process runs per replica. Its slot is no longer asked with its cohort. A generator cannot be saved, so a
process resumes from a checkpoint when it is a loop whose first yield is its only sleep and whose memory lives
in `me.memory`; what keeps one from it is said by `Process.obstacle`, and such a run resumes by replay.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from simengine.kernel.calendar import PROCESSES, Clock, Pulse
from simengine.kernel.errors import KernelError, whole
from simengine.kernel.seat import Seat
from simengine.kernel.state import NEVER

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation

Life = Generator[simpy.Event, Any, Any]

VALUES = (bool, int, float, complex, str, bytes, type(None), tuple, list, dict, set, np.generic)


class Me:
    """What an agent process knows: its `replica` (index), `slot`, `population`, and `memory` (JSON-able)."""

    def __init__(self, sim: Simulation, seat: Seat, replica: int, slot: int, number: int) -> None:
        self.sim, self.seat, self.population = sim, seat, seat.columns
        self.replica, self.slot = replica, slot
        self.memory: dict[str, Any] = {}
        self.due = self.following = NEVER
        self.resuming = False
        self._pulse = Pulse(sim.env, PROCESSES + number)
        self._heads: tuple[str, ...] = ()
        self._known: dict[tuple[str, ...], int] = {}

    @property
    def tick(self) -> int:
        """The present tick."""
        return int(self.sim.tick)

    @property
    def alive(self) -> bool:
        """Whether the slot is alive now."""
        return bool(self.seat.alive[self.replica, self.slot])

    def sleep(self, ticks: int) -> Pulse:
        """To be yielded: wake in `ticks` ≥ 1 ticks."""
        if type(ticks) is not int or ticks < 1:
            ticks = whole(ticks, f"sleep of {self} in ticks", 1)
        return self.until(self.tick + ticks)

    def every(self, period: int, on: int = 0) -> Pulse:
        """To be yielded: sleep until the next tick of a cohort with this calendar (at the start: now)."""
        after = self.tick + (self.due != NEVER)
        return self.until(after + (on - after) % whole(period, f"period of {self} in ticks", 1))

    def until(self, tick: int) -> Pulse:
        """To be yielded: wake at `tick`."""
        if self.resuming:
            self.resuming, tick = False, self.due
        elif type(tick) is not int or tick < self.tick:
            tick = whole(tick, f"waking tick of {self}", self.tick)
        self.due = tick
        self._arm(tick, None)
        return self._pulse.wait()

    def decide(self, *heads: str) -> Pulse:
        """To be yielded: what is chosen for one head, or for several (none named: all) a tuple of that.

        It is an index, a number, or a list of either where the head has more than one.
        """
        self._heads = heads or tuple(self.seat.heads)
        if heads not in self._known:
            self._known[heads] = self.seat.bits(self._heads)
        bits = self._known[heads]
        self.seat.turn(bits).ask_one(self.replica, self.slot, bits, self._answered)
        return self._pulse.wait()

    def _answered(self) -> None:
        answer = tuple(self.seat.chosen(head)[self.replica, self.slot].tolist() for head in self._heads)
        self._arm(self.tick, answer if len(answer) > 1 else answer[0])

    def _arm(self, tick: int, value: Any) -> None:
        if self._pulse.armed is not None and self._pulse.armed > self.tick:
            raise KernelError(f"{self} asked to sleep and did not yield it: write `yield me.sleep(...)`")
        self._pulse._value = value
        self._pulse.at(tick)

    def __str__(self) -> str:
        return f"process of {self.seat.name} {self.slot}, replica {self.replica}"


def woken(me: Me, wake: Callable[[Me, Any], int], heads: tuple[str, ...], first: int) -> Life:
    """The life of an agent that only says when it wants to be woken: a loop with one sleep, at its start."""
    me.following = first
    while True:
        yield me.until(me.following)
        if not me.alive:
            return
        action = yield me.decide(*heads)
        ticks = wake(me, action)
        if type(ticks) is not int or ticks < 1:
            ticks = whole(ticks, f"ticks to sleep of {me}", 1)
        me.following = me.tick + ticks


class Process:
    """One agent's generator on the clock, with what is needed to save it between two instants."""

    def __init__(
        self, me: Me, life: Callable[[Me], Life], failed: Callable[[BaseException, Me], None]
    ) -> None:
        self.me, self.life, self._failed = me, life, failed
        self.retired = False
        self._first: tuple[int, dict[str, Any]] | None = None
        self._generator: Any = None

    def begin(self, env: Clock) -> None:
        """Put the generator on the clock; the clock's next step runs it to its first yield."""
        if self.retired:
            return
        self._generator = self.life(self.me)
        if not hasattr(self._generator, "gi_frame"):
            raise KernelError(f"{self.me}: {self.life!r:.60} is no generator function: it yields nothing")
        process = env.process(self._generator)
        assert process.callbacks is not None
        process.callbacks.append(self._ended)

    def mark(self) -> None:
        """Remember where the first yield is and what the locals were there."""
        frame = self._generator.gi_frame
        if frame is not None and self.me.due != NEVER:
            self._first = frame.f_lasti, self._remembered(frame.f_locals)

    def obstacle(self) -> str | None:
        """What keeps this process from being resumed as it stands, or None."""
        frame = None if self.retired else self._generator.gi_frame
        if frame is None:
            return None
        if self._first is None:
            return f"{self.me}: its first yield is no sleep"
        place, opening = self._first
        if frame.f_lasti != place:
            return f"{self.me}: it waits at line {frame.f_lineno}, not at its first yield"
        now = self._remembered(frame.f_locals)
        for name, value in opening.items():
            if name not in now or not np.array_equal(now[name], value):
                return f"{self.me}: its memory {name!r} is a local variable, not in me.memory"
        return None

    def _remembered(self, local: dict[str, Any]) -> dict[str, Any]:
        """The locals that may be a memory: values are copied, objects of unknown kinds equal nothing."""
        sim = self.me.sim
        lasting = {
            id(each) for each in (self.me, sim, sim.world, sim.state, *(member for _, member in sim.state))
        }
        found: dict[str, Any] = {}
        for name, value in local.items():
            if isinstance(value, VALUES) or (isinstance(value, np.ndarray) and value.base is None):
                found[name] = copy.copy(value)
            elif id(value) not in lasting and not isinstance(value, np.ndarray) and not callable(value):
                found[name] = object()
        return found

    def _ended(self, event: simpy.Event) -> None:
        self.retired = True
        self.me.due = NEVER
        if isinstance(event.value, BaseException):
            self._failed(event.value, self.me)
