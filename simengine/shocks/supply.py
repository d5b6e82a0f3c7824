"""Shocks to what producing costs and yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simengine.shocks.shock import Shock


@dataclass(frozen=True)
class CostShock(Shock):
    """Unit costs are exp(size) times what wages imply: energy, imports; the inflation shock."""

    name: ClassVar[str] = "cost"
    lever: ClassVar[str] = "cost"
    unit: ClassVar[str] = "log units, 0.05 = about 5 %"


@dataclass(frozen=True)
class ProductivityShock(Shock):
    """Output per hour is exp(size) times its path."""

    name: ClassVar[str] = "productivity"
    lever: ClassVar[str] = "productivity"
    unit: ClassVar[str] = "log units, -0.02 = about -2 %"
