"""What every world owes the kernel, checked by running it: `for finding in check(MyWorld): print(finding)`.

Three replicas, because a scalar `if` works at one, breaks at two, and hides at neither at three.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.noise import Noise
from simengine.kernel.simulation import Simulation
from simengine.kernel.world import WorldLike
from streams.batch import Batch
from streams.bus import Bus
from streams.event import declared
from streams.guard import said

NUMBERS = (0, 1, 2)
PIECES = 64


@dataclass(frozen=True)
class Finding:
    """One property of a world, what is wrong with it (empty: it holds), and where its author should look."""

    name: str
    problem: str = ""
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {f'{self.problem}: {self.advice}' if self.advice else self.problem or 'ok'}"


CLOSE = "no row closes them: give one closes=True, such as every(4, self.settle, on=-1, closes=True)"
DRAWN = "something is drawn or remembered elsewhere: draw from sim.noise, and state must live in Columns"
APART = "replicas must not meet: sum over agents (axis 1), never over replicas (axis 0)"
TOLD = "publishing must change nothing: neither state nor draws may depend on who listens"
KEPT = "something is remembered elsewhere: state must live in Columns"


class Watching(Bus):
    """A bus that notes which event types the world asks about."""

    def __init__(self, replicas: int) -> None:
        super().__init__(replicas=replicas)
        self.asked: dict[type, None] = {}

    def wants(self, event: type) -> bool:
        """Whether somebody listens, noted as asked."""
        self.asked[event] = None
        return super().wants(event)


class _Deaf(Bus):
    """A bus to which nobody listens, whoever subscribed."""

    def wants(self, event: type) -> bool:
        return False


def check(
    world: WorldLike | Callable[[], WorldLike],
    policies: Callable[[], dict[str, Any]] = dict,
    ticks: int | None = None,
    seed: int = 1,
) -> list[Finding]:
    """Findings on a world, given as its class, a function that makes it, or an unused instance.

    `policies` makes the policies of one run; each of the dozen runs lasts `ticks` (default: a year).
    """
    make: Callable[[], WorldLike] = world if callable(world) else lambda: copy.deepcopy(world)
    found: list[Finding] = []
    try:
        for finding in _Check(make, policies, ticks, seed).findings():
            found.append(finding)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        found.append(Finding("it runs", said(error)))
    return found


class _Check:
    def __init__(
        self,
        make: Callable[[], WorldLike],
        policies: Callable[[], dict[str, Any]],
        ticks: int | None,
        seed: int,
    ) -> None:
        self.make, self.policies, self.seed = make, policies, seed
        sample = make()
        self.until = sample.start + (ticks or sample.ticks_per_year)

    def sim(self, numbers: tuple[int, ...] = NUMBERS, bus: Bus | None = None) -> Simulation:
        return Simulation(self.make(), seed=self.seed, replicas=numbers, policies=self.policies(), bus=bus)

    def ran(self, numbers: tuple[int, ...] = NUMBERS, bus: Bus | None = None) -> Simulation:
        sim = self.sim(numbers, bus)
        sim.run(until=self.until)
        return sim

    def findings(self) -> Iterator[Finding]:
        watching = Watching(len(NUMBERS))
        sim = self.ran(bus=watching)
        expected = sim.digests
        yield Finding("the books close", "" if expected.all() else CLOSE)
        yield _same("the same seed gives the same digests", expected, self.ran().digests, DRAWN)
        for index, number in enumerate(NUMBERS):
            name = f"replica {number} alone equals itself in company"
            alone = self.ran((number,)).digests
            yield _same(name, expected[index : index + 1], alone, APART)
        turned = self.ran((2, 0, 1)).digests
        yield _same("replicas may stand in any order", expected[[2, 0, 1]], turned, APART)
        arms = self.ran((0, 1, 0)).digests
        yield _same("a repeated replica number is a second arm", arms[:1], arms[2:], APART)
        yield from self._listeners(expected, list(watching.asked))
        span = self.until - sim.start
        for tick in sorted({sim.start, sim.start + span // 3, sim.start + 2 * span // 3 + 1}):
            name = f"a checkpoint at tick {tick} resumes to the same digests"
            yield _same(name, expected, self._resumed(tick), KEPT)

    def _listeners(self, expected: NDArray[np.uint64], asked: list[type]) -> Iterator[Finding]:
        deaf = self.ran(bus=_Deaf(replicas=len(NUMBERS)))
        yield _same("nobody listening changes nothing", expected, deaf.digests, TOLD)
        built = deaf.counts.batches
        yield Finding("no batch is built for nobody", f"{built} built" if built else "")
        digests, told = self._heard(asked)
        yield _same("all listeners change nothing", expected, digests, TOLD)
        backwards, _ = self._heard(asked[::-1])
        yield _same("listeners in another order change nothing", expected, backwards, TOLD)
        digests, told_cut = self._heard(asked, self._cuts())
        yield _same("a run cut at random ticks gives the same digests", expected, digests, KEPT)
        differ = [declared(event).name for event in asked if told[event] != told_cut[event]]
        yield Finding(
            "a run cut at random ticks tells the same events",
            f"events of type {', '.join(differ)} are others" if differ else "",
        )

    def _heard(
        self, events: list[type], cuts: Iterable[int] = ()
    ) -> tuple[NDArray[np.uint64], dict[type, bytes]]:
        """The digests of a run in pieces, where a span ends too, and a hash of all that is told of a type."""
        sim = self.sim()
        heard = {event: _hear(sim, event) for event in events}
        for cut in (*cuts, self.until):
            sim.run(until=cut)
        return sim.digests, {event: each.digest() for event, each in heard.items()}

    def _cuts(self) -> list[int]:
        """Ticks in order, most of them close together, a few far apart."""
        start = self.make().start
        draws = Noise(self.seed, (0,)).uniform("conformance/cuts", PIECES, tick=0)[0]
        steps = np.ceil(max(1, (self.until - start) // 4) ** draws).astype(np.int64)
        return [cut for cut in (start + np.cumsum(steps)).tolist() if cut < self.until]

    def _resumed(self, tick: int) -> NDArray[np.uint64]:
        with tempfile.TemporaryDirectory() as folder:
            sim = self.sim()
            sim.run(until=tick)
            sim.checkpoint(folder)
            resumed = Simulation.resume(folder, self.make(), policies=self.policies())
        resumed.run(until=self.until)
        return resumed.digests


def _hear(sim: Simulation, event: type) -> Any:
    """A hash of all that is told of an event type while a simulation runs, tick by tick."""
    heard = blake2b(digest_size=16)

    def hear(batch: Batch) -> None:
        for values in (batch.ticks, *(getattr(batch, name) for name in batch.columns)):
            heard.update(values.tobytes())

    sim.events(event).subscribe(hear, name="conformance")
    return heard


def _same(name: str, expected: NDArray[np.uint64], got: NDArray[np.uint64], advice: str) -> Finding:
    differ = np.flatnonzero(expected != got).tolist()
    return Finding(name, f"replica indices {differ} have other digests", advice) if differ else Finding(name)
