"""What a world is to the kernel, and what the kernel counts while it runs one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from simengine.kernel.errors import KernelError

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation


class World(Protocol):
    """What a world file defines; `start` ≤ 0 is its first tick, ticks before 0 are warm-up."""

    name: str
    start: int
    ticks_per_year: int
    config: Any

    def populate(self, sim: Simulation) -> None:
        """Add state, seat policies."""

    def timetable(self) -> Iterable[Any]:
        """The rows, in their order inside an instant."""

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Problems found when the books close; none in a sound world."""


def in_ticks(years: float, ticks_per_year: int, at_least: int) -> int:
    """A number of years in ticks; refused where it is no whole number of them."""
    ticks = years * ticks_per_year
    if not at_least <= ticks < 2**53 or ticks != round(ticks):
        raise KernelError(f"run(years={years}) is {ticks} ticks: valid is a whole number of ticks")
    return round(ticks)


@dataclass
class Counts:
    """What has happened so far, for tests that count instead of timing.

    A cut of a span adds an instant, a row and its batches.
    """

    instants: int = 0
    events: int = 0
    rows: int = 0
    barriers: int = 0
    forwards: int = 0
    batches: int = 0
