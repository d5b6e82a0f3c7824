"""What a world is to the kernel, and what the kernel counts while it runs one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation


class WorldLike(Protocol):
    """The least that the kernel needs of a world; `start` ≤ 0 is its first tick, before 0 is warm-up."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def start(self) -> int:
        """Its first tick."""

    @property
    def ticks_per_year(self) -> int:
        """How many ticks its year has."""

    @property
    def config(self) -> Any:
        """Its settings."""

    def populate(self, sim: Simulation) -> None:
        """Add state, seat policies."""

    def timetable(self) -> Iterable[Any]:
        """The rows, in their order inside an instant."""

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Problems found when the books close; none in a sound world."""


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
