"""Shocks to what people want to buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simengine.shocks.shock import Shock


@dataclass(frozen=True)
class ConfidenceShock(Shock):
    """Planned consumption and investment are exp(size) times what income and rates imply."""

    name: ClassVar[str] = "confidence"
    lever: ClassVar[str] = "confidence"
    unit: ClassVar[str] = "log units, -0.05 = about -5 %"
