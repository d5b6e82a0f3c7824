"""Shocks to one good of a barter society: what its work yields, and how it is liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simengine.errors import UserError
from simengine.worlds.shock import Shock


@dataclass(frozen=True)
class GoodShock(Shock):
    """A shock that moves a lever (R, goods) for the good number `good` alone."""

    good: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.good, bool) or not isinstance(self.good, int) or self.good < 0:
            raise UserError(f"shock {self.name}: good = {self.good!r}: valid is a good's number, from 0")

    def _place(self, column: np.ndarray, mask: np.ndarray) -> Any:
        if self.good >= column.shape[1]:
            raise UserError(
                f"shock {self.name}: good = {self.good}: valid are 0 to {column.shape[1] - 1} in this world"
            )
        return mask, self.good


@dataclass(frozen=True)
class HarvestShock(GoodShock):
    """Work that makes good number `good` yields exp(size) times what the season says."""

    name: ClassVar[str] = "harvest"
    lever: ClassVar[str] = "harvest"
    unit: ClassVar[str] = "log units, -0.7 = half"
    plausible: ClassVar[tuple[float, float]] = (-3.0, 3.0)
    valid: ClassVar[tuple[float, float]] = (-5.0, 5.0)


@dataclass(frozen=True)
class TasteShock(GoodShock):
    """Everyone likes good number `good` more by `size`; what is inherited stays as it was."""

    name: ClassVar[str] = "taste"
    lever: ClassVar[str] = "liking"
    unit: ClassVar[str] = "logit of the good's weight in utility"
    plausible: ClassVar[tuple[float, float]] = (-3.0, 3.0)
    valid: ClassVar[tuple[float, float]] = (-5.0, 5.0)


SHOCKS: tuple[type[Shock], ...] = (HarvestShock, TasteShock)
"""Every kind of shock that the barter society takes."""
