"""When shocks start and stop: one SimPy process that walks the agenda, before everything else in an instant.

A shock writes state and nothing else, so that a checkpoint holds what it did; its pending start and stop are
declared again by whoever resumes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError, whole


class Shock(Protocol):
    """A frozen dataclass that disturbs a world; `mask` (R,) bool says which replicas it hits."""

    name: Any

    def start(self, world: Any, sim: Any, mask: NDArray[np.bool_]) -> None:
        """Strike."""

    def stop(self, world: Any, sim: Any, mask: NDArray[np.bool_]) -> None:
        """Cease."""


@dataclass(frozen=True)
class Strike:
    """One entry of the agenda: `shock` from `tick` until `until` (None: for good), on replica indices."""

    tick: int
    shock: Any
    until: int | None = None
    replicas: tuple[int, ...] | None = None

    def declared(self) -> list[Any]:
        """What a manifest keeps of it."""
        return [
            self.tick,
            self.until,
            None if self.replicas is None else list(self.replicas),
            repr(self.shock),
        ]


class Agenda:
    """Every strike of a run, in the order declared."""

    def __init__(self, replicas: int) -> None:
        self.replicas = replicas
        self.strikes: list[Strike] = []

    def add(self, tick: int, shock: Any, until: int | None, replicas: Iterable[int] | None, now: int) -> None:
        """Declare a strike at a tick of at least `now`."""
        name = getattr(shock, "name", type(shock).__name__)
        if not (hasattr(shock, "start") and hasattr(shock, "stop")):
            raise KernelError(
                f"shock {shock!r:.60}: valid has start(world, sim, mask) and stop(world, sim, mask)"
            )
        tick = whole(tick, f"shock {name}: tick", now)
        if until is not None:
            until = whole(until, f"shock {name}: until", tick + 1)
        indices = (
            None if replicas is None else tuple(whole(r, f"shock {name}: replica index", 0) for r in replicas)
        )
        if indices and max(indices) >= self.replicas:
            raise KernelError(
                f"shock {name}: replica index {max(indices)}: valid are 0 to {self.replicas - 1}"
            )
        self.strikes.append(Strike(tick, shock, until, indices))

    def next(self, tick: int) -> int | None:
        """The first tick at or after `tick` at which something starts or stops."""
        ticks = [
            t for strike in self.strikes for t in (strike.tick, strike.until) if t is not None and t >= tick
        ]
        return min(ticks, default=None)

    def strike(self, tick: int, world: Any, sim: Any) -> None:
        """Stop what ends at `tick`, then start what begins, each in the order declared."""
        for entry in self.strikes:
            if entry.until == tick:
                entry.shock.stop(world, sim, self._mask(entry))
        for entry in self.strikes:
            if entry.tick == tick:
                entry.shock.start(world, sim, self._mask(entry))

    def _mask(self, entry: Strike) -> NDArray[np.bool_]:
        mask = np.full(self.replicas, entry.replicas is None)
        mask[list(entry.replicas or ())] = True
        return mask
