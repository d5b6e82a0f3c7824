"""The central bank surprises: its rate, and how low it may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simengine.shocks.shock import Shock


@dataclass(frozen=True)
class RateShock(Shock):
    """The policy rate is `size` above what the rule says (0.01 = one percentage point a year)."""

    name: ClassVar[str] = "rate"
    lever: ClassVar[str] = "rate"
    unit: ClassVar[str] = "share per year, 0.01 = 1 percentage point"


@dataclass(frozen=True)
class ZeroLowerBound(Shock):
    """Moves the floor under the policy rate: -1 takes it away, 1 puts back one that the world is without."""

    size: float = -1.0
    name: ClassVar[str] = "zero_lower_bound"
    lever: ClassVar[str] = "rate_floor"
    unit: ClassVar[str] = "-1 off, 1 on again"
