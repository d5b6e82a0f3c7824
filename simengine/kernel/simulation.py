"""A simulation: one world, one SimPy clock, R replicas in step, its state, noise, streams and digests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel import checkpoint as saved
from simengine.kernel.asks import Ask
from simengine.kernel.calendar import SHOCKS, Clock, Pulse, awaited
from simengine.kernel.declaration import declared
from simengine.kernel.digest import Digest
from simengine.kernel.errors import KernelError, SimulationFailed, choose, verdict, whole
from simengine.kernel.finite import Finite
from simengine.kernel.goals import goal_of
from simengine.kernel.heads import Head
from simengine.kernel.noise import SEEDS, Noise, replica_numbers
from simengine.kernel.processes import Life, Me, Process, woken
from simengine.kernel.schedule import BEFORE_ROWS, Schedule
from simengine.kernel.seat import Seat, sit
from simengine.kernel.shocks import Agenda, Strike
from simengine.kernel.state import Columns, State
from simengine.kernel.timetable import checked
from simengine.kernel.world import Counts, WorldLike
from streams.bus import Bus, Memory, Step

EVENTS_PER_INSTANT = 1_000_000


class Simulation:
    """R replicas of a world in step.

    `replicas` is a number of replicas (numbers 0 to R-1) or a list of replica numbers, which key the noise: a
    repeated number is a second arm on the same noise. `policies` replaces the policies of seats by name.
    `shocks` are `Strike`s. A failure names `scenario` (default: the world) and the command `rerun`, a string
    or a function of the failing tick.

    `goal` is the first tick that the present run does not execute, `frontier` the first that no span has run;
    `paused` inside an instant, it waits for answers from outside; `stopped`, `stop` ended its last run.
    """

    def __init__(
        self,
        world: WorldLike,
        seed: int = 0,
        replicas: int | Sequence[int] = 1,
        policies: dict[str, Any] | None = None,
        shocks: Iterable[Strike] = (),
        bus: Any = None,
        rerun: str | Callable[[int], str] | None = None,
        scenario: str | None = None,
    ) -> None:
        self.world, self.seed, self.rerun = world, whole(seed, "seed", 0, SEEDS), rerun
        self.scenario = scenario or world.name
        self.numbers = replica_numbers(replicas)
        self.R = len(self.numbers)
        self.start = whole(world.start, f"start of world {world.name}")
        if self.start > 0:
            raise KernelError(
                f"start of world {world.name} is {self.start}: valid is 0 or, with warm-up, less"
            )
        self.tick = self.goal = self.frontier = self.start
        self.state, self.counts = State(self.R), Counts()
        self.noise = Noise(self.seed, self.numbers, self.tick)
        self.bus: Any = bus if bus is not None else Bus(replicas=self.R)
        self.digests: NDArray[np.uint64] = np.zeros(self.R, np.uint64)
        self.env = Clock(initial_time=self.tick)
        self.processes: list[Process] = []
        self.failure: SimulationFailed | None = None
        self._digest, self._finite = Digest(self.state), Finite(self.state)
        self._policies = dict(policies or {})
        self._seats: dict[str, Seat] = {}
        self._begun = self._inside = self._driving = self.paused = self.stopped = False
        self._events = 0
        self._culprit: tuple[BaseException, Me | None] | None = None
        self.agenda, self._agenda_pulse = Agenda(self.R), Pulse(self.env, SHOCKS)
        for strike in shocks:
            self.strike(strike)
        world.populate(self)
        for name in self._policies:
            if name not in self._seats:
                raise KernelError(f"policies: {choose('seat', name, self._seats)}")
        self._schedule = Schedule(self, checked(world.timetable()), self._seats, self._close)
        self._asked = self._schedule.asked

    # -- what a world and its users declare --------------------------------------------------------

    def seat(
        self,
        population: str,
        columns: Columns,
        heads: Mapping[str, int | Head],
        observe: Callable[[Ask], Any] | None = None,
        policy: Any = None,
        neutral: tuple[int, ...] | None = None,
    ) -> None:
        """Give a population heads by name (a number of choices, each `neutral`, or a `Head`) and a policy.

        Answers go to `columns.action`, those of heads that are not categorical to the column of that name.
        `observe(ask)` gives float32 (rows, features), or arrays by name.
        """
        policy = self._policies.get(population, policy)
        self._seats[population] = sit(self, population, columns, heads, observe, policy, neutral)

    def forget(self, population: str, who: NDArray[np.bool_]) -> None:
        """Clear what the policy remembers of some slots (R, N): their next agents are other agents."""
        self._seat(population).forget(who)

    def at(
        self, tick: int, shock: Any, until: int | None = None, replicas: str | Iterable[int] = "all"
    ) -> None:
        """Have a shock start at `tick` and stop at `until`, on some replica indices."""
        self.strike(Strike(tick, shock, until, replicas if isinstance(replicas, str) else tuple(replicas)))

    def strike(self, strike: Strike) -> None:
        """Have a shock strike when and whom it is to."""
        earliest = max(self.tick + self._inside, self.frontier)
        self.agenda.add(strike, earliest)
        if self._begun:
            self._arm_agenda(earliest)

    def process(self, generator: Callable[[Me], Life], population: str, slot: int) -> list[Process]:
        """Give a slot a plain SimPy generator `generator(me)`, one per replica; returns them."""
        return self._own(generator, population, slot)

    def agent(
        self,
        population: str,
        slot: int,
        wake: Callable[[Me, Any], int],
        heads: str | tuple[str, ...] = (),
        first: int | None = None,
    ) -> list[Process]:
        """Ask a slot at `first` (default: the start), then whenever `wake(me, action)` → ticks says."""
        opening = (
            self.start if first is None else whole(first, f"first tick of {population} {slot}", self.start)
        )
        asked = (heads,) if isinstance(heads, str) else heads
        return self._own(lambda me: woken(me, wake, asked, opening), population, slot)

    def _own(self, life: Callable[[Me], Life], population: str, slot: int) -> list[Process]:
        if self._begun:
            raise KernelError(
                f"a process for {population} {slot} at tick {self.tick}: valid is before the first run"
            )
        seat = self._seat(population)
        seat.own(slot)
        count = len(self.processes)
        new = [Process(Me(self, seat, r, slot, count + r), life, self._blame) for r in range(self.R)]
        self.processes += new
        return new

    def _seat(self, population: str) -> Seat:
        if population not in self._seats:
            raise KernelError(choose("seat", population, self._seats))
        return self._seats[population]

    # -- streams, with the tick filled in ----------------------------------------------------------

    def wants(self, event: type) -> bool:
        """Whether anybody listens to an event type."""
        return bool(self.bus.wants(event))

    def publish(
        self,
        event: type,
        replica: Any = None,
        dense: tuple[int, ...] | None = None,
        ticks: Any = None,
        **columns: Any,
    ) -> None:
        """Publish a batch of this instant, or of the `ticks` of a span; none is built when nobody listens."""
        if self.bus.wants(event):
            self.counts.batches += 1
            self.bus.publish_columns(event, self.tick, replica, dense, columns, ticks)

    def events(self, event: type, whole: bool = False) -> Any:
        """The stream of an event type; `whole`: of a span in one batch."""
        return self.bus.events(event, whole)

    def fold(self, event: type, name: str, memory: Memory, step: Step, whole: bool = False) -> Memory:
        """A metric: `step(batch, memory)` on every batch, with memory that checkpoints keep."""
        return self.bus.fold(event, name, memory, step, whole=whole)

    # -- running -----------------------------------------------------------------------------------

    def run(self, until: int | None = None, *, ticks: int | None = None, years: float | None = None) -> None:
        """Execute every instant t < until; or so many more ticks; or years, from tick 0 if in warm-up."""
        self._drive(goal_of(self, until, ticks, years), ())

    def advance(self, until: int, outside: Collection[str]) -> dict[str, Ask]:
        """Run up to the next barrier that asks seats `outside`: their asks, by seat; none at `until`.

        Who is asked at one barrier decides at once: `answer` all, then advance, and the instant goes on.
        """
        for name in outside:
            self._seat(name)
        self._drive(goal_of(self, until), outside)
        return dict(self._asked)

    def answer(self, population: str, actions: Any) -> None:
        """Answer an ask of `advance`, as a policy would: see `simengine.kernel.answers`."""
        if population not in self._asked:
            raise KernelError(f"answer at tick {self.tick}: {choose('open ask', population, self._asked)}")
        self._seats[population].write(self._asked[population], actions)
        del self._asked[population]

    def look(self, population: str) -> Ask:
        """What every live agent of a population sees now, as an ask for no head."""
        return self._seat(population).look(self.noise)

    def _drive(self, goal: int, outside: Collection[str]) -> None:
        if self.failure is not None:
            raise self.failure
        if self._asked:
            raise KernelError(f"tick {self.tick} waits for an answer to {', '.join(self._asked)}")
        with self._alone():
            for seat in self._seats.values():
                seat.outside = seat.name in outside
            self.stopped &= self.paused
            self.paused, self.goal = False, goal
            self._begin()
            if not self._inside:
                self._arm_agenda(self.tick)
                self._schedule.arm(self.tick)
            while self._inside or (not self.stopped and self.env.peek() < goal):
                self._instant()
                if self._asked:
                    self.paused = True
                    return
            self.reach(self.tick + 1 if self.stopped else goal)
            self.bus.advance(self.tick)

    def complete(self) -> None:
        """Tell every observer that no more events will come."""
        with self._alone():
            self.bus.advance(self.tick)
            self.bus.complete()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._driving:
            raise KernelError(
                f"run() inside instant {self.tick}: a phase or an observer cannot run the clock"
            )
        self._driving = True
        try:
            yield
        except BaseException as error:
            self._inside = False
            cause, me = self._culprit or (error, None)
            raise verdict(self, cause, me, self._schedule.place())  # noqa: B904 - not SimPy's copy
        finally:
            self._driving = False

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        for beat in (*self._schedule.beats(), awaited(self._agenda_pulse, self._strike)):
            self.env.begin(beat, self._blame)
            self.env.step()
        for process in self.processes:
            process.begin(self.env)
            if not process.retired:
                self.env.step()
                process.mark()

    def _instant(self) -> None:
        """Run the next instant, or what is left of this one, to its end or to asks for outside."""
        env, asked = self.env, self._asked
        if not self._inside:
            self.reach(int(env.peek()))
            self._schedule.position, self._inside, self._events = BEFORE_ROWS, True, 0
            self.bus.advance(self.tick)
        tick, events = self.tick, self._events
        while not asked and env.peek() == tick:
            env.step()
            events += 1
            if events > EVENTS_PER_INSTANT:
                raise KernelError(f"more than {EVENTS_PER_INSTANT} events in one instant: time cannot pass")
        self._events = events
        if asked:
            return
        self._inside = False
        self.counts.instants += 1
        self.counts.events += events
        self._schedule.arm(self.tick + 1)

    def reach(self, tick: int) -> None:
        """Make `tick` the present one."""
        self.tick = self.noise.tick = tick

    def stop(self) -> None:
        """Have `run` return at the end of this instant; what has been done so far can be resumed."""
        self.stopped = True

    def _arm_agenda(self, earliest: int) -> None:
        tick = self.agenda.next(earliest)
        if tick is not None and tick != self._agenda_pulse.armed:
            self._agenda_pulse.at(tick)

    def _strike(self) -> None:
        self.agenda.strike(self.tick, self.world, self)
        self._schedule.arm(self.tick)
        self._arm_agenda(self.tick + 1)

    def _close(self) -> None:
        problems = [*self._finite.problems(), *self.world.invariants(self)]
        if problems:
            raise KernelError(f"invariant broken: {'; '.join(problems[:3])}")
        self._digest.extend(self.digests, self.tick)

    @property
    def digest(self) -> str:
        """The digests of all replicas as one hexadecimal hash."""
        return blake2b(self.digests.tobytes(), digest_size=16).hexdigest()

    # -- failing -----------------------------------------------------------------------------------

    def _blame(self, error: BaseException, me: Me | None = None) -> None:
        self._culprit = error, me

    # -- checkpoints -------------------------------------------------------------------------------

    def checkpoint(self, folder: str | Path, seal: saved.Seal = None, keep: int | None = saved.KEPT) -> Path:
        """Write a checkpoint of the end of the last instant; in `folder` the newest `keep` stay."""
        return saved.write(self, Path(folder), seal, keep)

    def restore(self, source: str | Path | saved.Checkpoint) -> saved.Checkpoint:
        """Put this fresh simulation where the newest valid checkpoint in a folder left off; returns it."""
        found = source if isinstance(source, saved.Checkpoint) else saved.newest(Path(source))
        if self._begun:
            raise KernelError(f"restore at tick {self.tick}: valid is a simulation that has not run yet")
        saved.load(self, found)
        return found

    @classmethod
    def resume(
        cls,
        folder: str | Path,
        world: WorldLike,
        prepare: Callable[[Simulation], Any] | None = None,
        **declared: Any,
    ) -> Simulation:
        """A simulation of `world` at the newest valid checkpoint; seed and replicas come from there.

        `prepare(sim)` declares again what was declared between construction and the first run.
        """
        found = saved.newest(Path(folder))
        sim = cls(world, seed=found.body["seed"], replicas=found.body["numbers"], **declared)
        if prepare is not None:
            prepare(sim)
        sim.restore(found)
        return sim

    def begin_at(self, tick: int) -> None:
        """Put the rows and processes on the clock at `tick`, the state being that of then."""
        self.reach(tick)
        self.env.jump(tick)
        before = self._digest.sums()
        self._begin()
        if not np.array_equal(before, self._digest.sums()):
            raise KernelError("a process writes state before its first yield: it cannot be resumed")

    def settled(self, what: str) -> None:
        """Refuse `what` in the middle of an instant or after a failure."""
        if self.failure is not None:
            raise self.failure
        if self._inside:
            raise KernelError(
                f"{what} inside instant {self.tick}: valid is between two instants, when run() has returned"
            )
        self._begin()

    @property
    def strikes(self) -> list[Strike]:
        """Every shock declared, in the order declared."""
        return list(self.agenda.strikes)

    @property
    def seats(self) -> dict[str, Seat]:
        """Every seat by the name of its population."""
        return dict(self._seats)

    def declaration(self) -> dict[str, Any]:
        """What identifies this run, as a manifest keeps it."""
        return declared(self)

    def counted(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self.counts)
