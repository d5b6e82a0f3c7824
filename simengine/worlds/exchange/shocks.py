"""What may disturb an exchange: news, orders that are too large, traders who fall silent, taxes, delay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simengine.errors import UserError
from simengine.worlds.exchange.kinds import KINDS
from simengine.worlds.shock import Shock

EVERY_INSTRUMENT = -1
"""The number that stands for all instruments."""


@dataclass(frozen=True)
class InstrumentShock(Shock):
    """A shock that moves a lever (R, instruments) for one instrument, or for all (-1)."""

    instrument: int = 0
    one_off: ClassVar[bool] = True

    def _place(self, column: np.ndarray, mask: np.ndarray) -> Any:
        if type(self.instrument) is not int or not EVERY_INSTRUMENT <= self.instrument < column.shape[1]:
            most = column.shape[1] - 1
            raise UserError(
                f"shock {self.name}: instrument = {self.instrument!r}: valid are 0 to {most}, -1 for all"
            )
        every = self.instrument == EVERY_INSTRUMENT
        return mask, slice(None) if every else slice(self.instrument, self.instrument + 1)


@dataclass(frozen=True)
class NewsShock(InstrumentShock):
    """It becomes known that an instrument is worth exp(size) times what it was thought to be."""

    name: ClassVar[str] = "news"
    lever: ClassVar[str] = "news"
    unit: ClassVar[str] = "log units, -0.05 = about -5 %"
    plausible: ClassVar[tuple[float, float]] = (-0.3, 0.3)


@dataclass(frozen=True)
class ProgramShock(InstrumentShock):
    """A broker trades `size` lots in market orders, some lots every tick: sold below 0, bought above."""

    name: ClassVar[str] = "program"
    lever: ClassVar[str] = "program"
    unit: ClassVar[str] = "lots"
    valid: ClassVar[tuple[float, float]] = (-1e6, 1e6)
    plausible: ClassVar[tuple[float, float]] = (-1e4, 1e4)


@dataclass(frozen=True)
class FatFingerShock(InstrumentShock):
    """A broker sends one market order of `size` lots by mistake: sold below 0, bought above."""

    name: ClassVar[str] = "fat_finger"
    lever: ClassVar[str] = "at_once"
    unit: ClassVar[str] = "lots"
    valid: ClassVar[tuple[float, float]] = (-1e6, 1e6)
    plausible: ClassVar[tuple[float, float]] = (-1e4, 1e4)


@dataclass(frozen=True)
class ActivityShock(Shock):
    """Traders of a `kind` act 1 + size times as often; at -1 they withdraw their orders and wait."""

    kind: str = "makers"
    name: ClassVar[str] = "activity"
    lever: ClassVar[str] = "activity"
    unit: ClassVar[str] = "share of usual activity, -1 = withdrawn"
    valid: ClassVar[tuple[float, float]] = (-1.0, 20.0)
    plausible: ClassVar[tuple[float, float]] = (-1.0, 5.0)
    lever_range: ClassVar[tuple[float, float]] = (-1.0, 50.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind not in KINDS:
            raise UserError(f"shock {self.name}: kind = {self.kind!r}: valid are {', '.join(KINDS)}")

    def _place(self, column: np.ndarray, mask: np.ndarray) -> Any:
        return mask, KINDS.index(self.kind)


@dataclass(frozen=True)
class LatencyShock(Shock):
    """Every message is on its way for `size` ticks more: a speed bump."""

    name: ClassVar[str] = "latency"
    lever: ClassVar[str] = "latency"
    unit: ClassVar[str] = "ticks of 1/60 s"
    valid: ClassVar[tuple[float, float]] = (0.0, 200.0)
    lever_range: ClassVar[tuple[float, float]] = (0.0, 200.0)


@dataclass(frozen=True)
class TaxShock(Shock):
    """Whoever takes from the book pays `size` parts per million more of what is traded."""

    name: ClassVar[str] = "tax"
    lever: ClassVar[str] = "tax"
    unit: ClassVar[str] = "parts per million, 1000 = 0.1 %"
    valid: ClassVar[tuple[float, float]] = (0.0, 100_000.0)
    plausible: ClassVar[tuple[float, float]] = (0.0, 10_000.0)
    lever_range: ClassVar[tuple[float, float]] = (0.0, 200_000.0)


SHOCKS: tuple[type[Shock], ...] = (
    NewsShock, ProgramShock, FatFingerShock, ActivityShock, LatencyShock, TaxShock,
)  # fmt: skip
"""Every kind of shock that an exchange takes."""
