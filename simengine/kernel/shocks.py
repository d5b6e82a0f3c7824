"""When shocks start and stop: one SimPy process that walks the agenda, before everything else in an instant.

A shock writes state and nothing else, so that a checkpoint holds what it did; its pending start and stop are
declared again by whoever resumes. An act is what changes no state, but who decides: a resume does it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError, whole

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation
    from simengine.kernel.world import WorldLike


class ShockLike(Protocol):
    """A frozen dataclass that disturbs a world; `mask` (R,) bool says which replicas it hits."""

    name: Any

    def start(self, world: Any, sim: Any, mask: NDArray[np.bool_]) -> None:
        """Strike."""

    def stop(self, world: Any, sim: Any, mask: NDArray[np.bool_]) -> None:
        """Cease."""


class Act:
    """What strikes without disturbing: it says who decides. It writes no state that a checkpoint holds."""

    def start(self, world: Any, sim: Any, mask: NDArray[np.bool_]) -> None:
        """Begin, in the replicas of `mask` (R,)."""

    def stop(self, world: Any, sim: Any, mask: NDArray[np.bool_]) -> None:
        """Cease."""


@dataclass(frozen=True)
class Strike:
    """When a shock strikes and whom: from `tick` until before tick `until` (None: for good).

    `replicas` are `all`, `half` (the second half, as the arm beside its control) or replica indices.
    """

    tick: int
    shock: Any
    until: int | None = None
    replicas: str | tuple[int, ...] = "all"

    def __post_init__(self) -> None:
        if not (hasattr(self.shock, "start") and hasattr(self.shock, "stop")):
            raise KernelError(
                f"shock {self.shock!r:.60}: valid has start(world, sim, mask) and stop(world, sim, mask)"
            )
        tick = whole(self.tick, f"shock {self.name}: tick")
        if self.until is not None:
            whole(self.until, f"shock {self.name}: until", tick + 1)
        if not isinstance(self.replicas, str):
            found = tuple(whole(r, f"shock {self.name}: replica index", 0) for r in self.replicas)
            object.__setattr__(self, "replicas", found)
        elif self.replicas not in ("all", "half"):
            valid = "valid are all, half or indices"
            raise KernelError(f"shock {self.name}: replicas = {self.replicas!r}: {valid}")

    @property
    def name(self) -> str:
        """The shock's name, or that of its class."""
        return str(getattr(self.shock, "name", type(self.shock).__name__))

    def indices(self, replicas: int) -> tuple[int, ...]:
        """The replica indices it hits in a run of so many; KernelError where there are none such."""
        if self.replicas == "all":
            return tuple(range(replicas))
        if self.replicas == "half":
            if replicas % 2:
                raise KernelError(
                    f"shock {self.name}: half of {replicas} replicas: valid is an even number of them"
                )
            return tuple(range(replicas // 2, replicas))
        most = max(self.replicas, default=-1)
        if int(most) >= replicas:
            raise KernelError(f"shock {self.name}: replica index {most}: valid are 0 to {replicas - 1}")
        return tuple(int(index) for index in self.replicas)

    def mask(self, replicas: int) -> NDArray[np.bool_]:
        """The same as flags (R,)."""
        mask = np.zeros(replicas, np.bool_)
        mask[list(self.indices(replicas))] = True
        return mask

    def declared(self) -> list[Any]:
        """What a manifest keeps of it."""
        whom = self.replicas if isinstance(self.replicas, str) else list(self.replicas)
        return [self.tick, self.until, whom, repr(self.shock)]


class Agenda:
    """Every strike of a run, in the order declared."""

    def __init__(self, replicas: int) -> None:
        self.replicas = replicas
        self.strikes: list[Strike] = []

    def add(self, strike: Strike, now: int) -> None:
        """Declare a strike at a tick of at least `now`."""
        whole(strike.tick, f"shock {strike.name}: tick", now)
        strike.indices(self.replicas)
        self.strikes.append(strike)

    def next(self, tick: int) -> int | None:
        """The first tick at or after `tick` at which something starts or stops."""
        ticks = [
            t for strike in self.strikes for t in (strike.tick, strike.until) if t is not None and t >= tick
        ]
        return min(ticks, default=None)

    def strike(self, tick: int, world: WorldLike, sim: Simulation) -> None:
        """Stop what ends at `tick`, then start what begins, each in the order declared."""
        self._turn(tick, self.strikes, world, sim)

    def catch_up(self, tick: int, world: WorldLike, sim: Simulation) -> None:
        """Do again, in the order of time, the acts of ticks before `tick`: no checkpoint holds them."""
        acts = [entry for entry in self.strikes if isinstance(entry.shock, Act)]
        ticks = {t for entry in acts for t in (entry.tick, entry.until) if t is not None and t < tick}
        for each in sorted(ticks):
            self._turn(each, acts, world, sim)

    def _turn(self, tick: int, strikes: list[Strike], world: WorldLike, sim: Simulation) -> None:
        for entry in strikes:
            if entry.until == tick:
                entry.shock.stop(world, sim, entry.mask(self.replicas))
        for entry in strikes:
            if entry.tick == tick:
                entry.shock.start(world, sim, entry.mask(self.replicas))
