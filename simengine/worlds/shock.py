"""What a shock is: a frozen dataclass that moves one lever of a world, in some replicas, for some time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, ClassVar

import numpy as np

from simengine.errors import UserError, one_line, unknown
from simengine.kernel import Simulation, Strike
from simengine.worlds.contract import World
from streams import events

DECIMALS = 12
"""Levers are kept on multiples of 1e-12, so that shocks compose in any order and undo to the last bit."""


@dataclass(frozen=True)
class Shock:
    """Adds `size` to the lever named `lever` while it lasts; several shocks on one lever add up."""

    size: float
    name: ClassVar[str] = ""
    lever: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    valid: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    plausible: ClassVar[tuple[float, float]] = (-inf, inf)
    lever_range: ClassVar[tuple[float, float]] = (-inf, inf)
    sign: ClassVar[float] = 1.0
    one_off: ClassVar[bool] = False

    def __post_init__(self) -> None:
        low, high = self.valid
        size = self.size
        number = isinstance(size, (int, float)) and not isinstance(size, bool)
        if not number or not isfinite(size) or not low <= size <= high:
            raise UserError(
                f"shock {self.name}: size = {one_line(repr(size))[:40]}: "
                f"valid is a number from {low:g} to {high:g} ({self.unit})"
            )

    @property
    def doubt(self) -> str:
        """What to say of a size that is valid but beyond anything seen; empty for one that is not."""
        low, high = self.plausible
        if low <= self.size <= high:
            return ""
        return f"shock {self.name}: size = {self.size:g} ({self.unit}): plausible is {low:g} to {high:g}"

    def fits(self, world: World, strikes: Sequence[Strike], now: int) -> None:
        """UserError where a populated world cannot take it, given all the strikes of a run, at tick `now`."""
        column = lever(world, self.lever, self.name)
        self._place(column, np.ones(len(column), np.bool_))
        if self.lever_range != (-inf, inf):
            self._stays_within(column, strikes, now)

    def _stays_within(self, column: np.ndarray, strikes: Sequence[Strike], now: int) -> None:
        mine = [each for each in strikes if isinstance(each.shock, Shock) and each.shock.lever == self.lever]

        def pull(lasting: Iterable[Strike]) -> np.ndarray:
            total = np.zeros(column.shape)
            for each in lasting:
                total[each.shock._place(column, each.mask(len(column)))] += each.shock.sign * each.shock.size
            return total

        # Instants before `now` are over: what began there and has not ended there pulls already.
        rest = column - pull(s for s in mine if s.tick < now and (s.until is None or s.until >= now))
        for tick in sorted({now, *(each.tick for each in mine if each.tick >= now)}):
            lasting = (s for s in mine if s.tick <= tick and (s.until is None or tick < s.until))
            self._check_range(rest + pull(lasting))

    def _check_range(self, moved: np.ndarray) -> None:
        low, high = self.lever_range
        moved = np.round(moved, DECIMALS)
        if not ((moved >= low) & (moved <= high)).all():
            raise UserError(
                f"shock {self.name}: together with what strikes already, {self.lever} would leave "
                f"{low:g} to {high:g}: valid are shocks that do not add up to more"
            )

    def start(self, world: World, sim: Simulation, mask: np.ndarray) -> None:
        """Strike: `mask` is (R,) bool, true for the replicas that are hit."""
        self._move(world, mask, self.sign * self.size)
        self._tell(sim, mask, "start")

    def stop(self, world: World, sim: Simulation, mask: np.ndarray) -> None:
        """End: what `start` added is taken away again; a one-off shock has nothing to take away."""
        if not self.one_off:
            self._move(world, mask, -self.sign * self.size)
        self._tell(sim, mask, "end")

    def _move(self, world: World, mask: np.ndarray, by: float) -> None:
        column = lever(world, self.lever, self.name)
        place = self._place(column, mask)
        moved = np.round(column[place] + by, DECIMALS)
        self._check_range(moved)
        column[place] = moved

    def _place(self, column: np.ndarray, mask: np.ndarray) -> Any:
        """The index of what moves in the lever's column, (R,) or wider."""
        return mask

    def _tell(self, sim: Simulation, mask: np.ndarray, phase: str) -> None:
        hit = np.flatnonzero(mask).astype(np.int32)
        sim.publish(events.Shock, replica=hit, name=self.name, size=float(self.size), phase=phase)


def lever(world: World, name: str, shock: str) -> np.ndarray:
    """The column (R, …) a shock moves, or an error that says which levers this world has."""
    levers = world.levers.columns() if world.levers is not None else {}
    if name not in levers:
        has = unknown("lever", name, sorted(levers))
        raise UserError(f"shock {shock}: world {world.name!r} cannot take it: {has}")
    return levers[name]
