"""Shocks to what the government buys, pays and takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simengine.shocks.shock import Shock


@dataclass(frozen=True)
class GovernmentSpendingShock(Shock):
    """Government purchases are exp(size) times their path."""

    name: ClassVar[str] = "government_spending"
    lever: ClassVar[str] = "government"
    unit: ClassVar[str] = "log units, 0.05 = about 5 %"


@dataclass(frozen=True)
class BenefitCut(Shock):
    """The replacement rate of unemployment insurance falls by `size` (0.1 = ten points of the old wage)."""

    name: ClassVar[str] = "benefit_cut"
    lever: ClassVar[str] = "benefit"
    unit: ClassVar[str] = "share of the old wage"
    sign: ClassVar[float] = -1.0


@dataclass(frozen=True)
class NoStabilisers(Shock):
    """Unemployment insurance and progressive taxes are scaled down by `size`: 1 switches them off."""

    size: float = 1.0
    name: ClassVar[str] = "no_stabilisers"
    lever: ClassVar[str] = "stabilisers"
    unit: ClassVar[str] = "share switched off"
    sign: ClassVar[float] = -1.0
    valid: ClassVar[tuple[float, float]] = (0.0, 1.0)
    lever_range: ClassVar[tuple[float, float]] = (0.0, 1.0)
