"""What may disturb the macro economy: surprises in rates, costs, demand, budgets and the credit system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simengine.errors import UserError
from simengine.kernel import Simulation, Strike
from simengine.worlds.contract import World
from simengine.worlds.shock import Shock, lever

EVERY_BANK = -1
"""The number that stands for all banks in the lever `failing_bank`."""


@dataclass(frozen=True)
class RateShock(Shock):
    """The policy rate is `size` above what the rule says (0.01 = one percentage point a year)."""

    name: ClassVar[str] = "rate"
    lever: ClassVar[str] = "rate"
    unit: ClassVar[str] = "share per year, 0.01 = 1 percentage point"
    plausible: ClassVar[tuple[float, float]] = (-0.1, 0.1)


@dataclass(frozen=True)
class ZeroLowerBound(Shock):
    """Moves the floor under the policy rate: -1 takes it away, 1 puts back one that the world is without."""

    size: float = -1.0
    name: ClassVar[str] = "zero_lower_bound"
    lever: ClassVar[str] = "rate_floor"
    unit: ClassVar[str] = "-1 off, 1 on again"


@dataclass(frozen=True)
class CostShock(Shock):
    """Unit costs are exp(size) times what wages imply: energy, imports; the inflation shock."""

    name: ClassVar[str] = "cost"
    lever: ClassVar[str] = "cost"
    unit: ClassVar[str] = "log units, 0.05 = about 5 %"
    plausible: ClassVar[tuple[float, float]] = (-0.5, 0.5)


@dataclass(frozen=True)
class ProductivityShock(Shock):
    """Output per hour is exp(size) times its path."""

    name: ClassVar[str] = "productivity"
    lever: ClassVar[str] = "productivity"
    unit: ClassVar[str] = "log units, -0.02 = about -2 %"
    plausible: ClassVar[tuple[float, float]] = (-0.3, 0.3)


@dataclass(frozen=True)
class ConfidenceShock(Shock):
    """Planned consumption and investment are exp(size) times what income and rates imply."""

    name: ClassVar[str] = "confidence"
    lever: ClassVar[str] = "confidence"
    unit: ClassVar[str] = "log units, -0.05 = about -5 %"
    plausible: ClassVar[tuple[float, float]] = (-0.5, 0.5)


@dataclass(frozen=True)
class GovernmentSpendingShock(Shock):
    """Government purchases are exp(size) times their path."""

    name: ClassVar[str] = "government_spending"
    lever: ClassVar[str] = "government"
    unit: ClassVar[str] = "log units, 0.05 = about 5 %"
    plausible: ClassVar[tuple[float, float]] = (-0.7, 0.7)


@dataclass(frozen=True)
class BenefitCut(Shock):
    """The replacement rate of unemployment insurance falls by `size` (0.1 = ten points of the old wage)."""

    name: ClassVar[str] = "benefit_cut"
    lever: ClassVar[str] = "benefit"
    unit: ClassVar[str] = "share of the old wage"
    plausible: ClassVar[tuple[float, float]] = (-0.5, 0.5)
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


@dataclass(frozen=True)
class DefaultWave(Shock):
    """A share `size` of firms with loans, drawn by lot, fails when failures are resolved; happens once."""

    name: ClassVar[str] = "default_wave"
    lever: ClassVar[str] = "default_wave"
    unit: ClassVar[str] = "share of firms with loans"
    plausible: ClassVar[tuple[float, float]] = (0.0, 0.5)
    valid: ClassVar[tuple[float, float]] = (0.0, 1.0)
    one_off: ClassVar[bool] = True


@dataclass(frozen=True)
class BankLoss(Shock):
    """A loss of banks, which is booked when failures are next resolved; happens once."""

    lever: ClassVar[str] = "bank_capital"
    one_off: ClassVar[bool] = True

    @property
    def number(self) -> int:
        """The bank that loses; `EVERY_BANK` stands for all."""
        return EVERY_BANK

    def fits(self, world: World, strikes: Sequence[Strike], now: int) -> None:
        """UserError for a bank that does not exist, or one that fails in the same month as another."""
        super().fits(world, strikes, now)
        if self.number >= world.config.banks:
            most = world.config.banks - 1
            raise UserError(f"shock {self.name}: bank = {self.number}: valid are 0 to {most} in this world")
        month = world.calendar.units["month"]
        replicas = len(lever(world, self.lever, self.name))
        losses = [(s.shock.number, s) for s in strikes if isinstance(s.shock, BankLoss)]
        for number, other in losses:
            for mine in (s for own, s in losses if own == self.number != number):
                together = other.mask(replicas) & mine.mask(replicas)
                if mine.tick // month == other.tick // month and together.any():
                    raise self._clash(number)

    def start(self, world: World, sim: Simulation, mask: np.ndarray) -> None:
        """Mark the bank and the loss; UserError while the loss of another is still to come."""
        failing = lever(world, "failing_bank", self.name)
        pending = mask & (lever(world, self.lever, self.name) > 0) & (failing != self.number)
        if pending.any():
            raise self._clash(int(failing[pending][0]))
        failing[mask] = self.number
        super().start(world, sim, mask)

    def _clash(self, other: int) -> UserError:
        names = ["every bank" if k == EVERY_BANK else f"bank {k}" for k in (self.number, other)]
        return UserError(
            f"shock {self.name}: {names[0]} together with {names[1]}: let a month pass between two losses"
        )


@dataclass(frozen=True)
class BankFailure(BankLoss):
    """Bank number `bank` loses a share `size` of its equity when failures are next resolved; happens once."""

    size: float = 1.0
    bank: int = 0
    name: ClassVar[str] = "bank_failure"
    unit: ClassVar[str] = "share of the bank's equity"
    valid: ClassVar[tuple[float, float]] = (0.0, 2.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.bank, bool) or not isinstance(self.bank, int) or self.bank < 0:
            raise UserError(f"shock {self.name}: bank = {self.bank!r}: valid is a bank's number, from 0")

    @property
    def number(self) -> int:
        """The bank that loses."""
        return self.bank


@dataclass(frozen=True)
class BankCapitalLoss(BankLoss):
    """Every bank loses a share `size` of its equity when failures are next resolved; happens once."""

    name: ClassVar[str] = "bank_capital_loss"
    unit: ClassVar[str] = "share of the banks' equity"
    valid: ClassVar[tuple[float, float]] = (0.0, 1.0)


SHOCKS: tuple[type[Shock], ...] = (
    RateShock, ZeroLowerBound, CostShock, ProductivityShock, ConfidenceShock, GovernmentSpendingShock,
    BenefitCut, NoStabilisers, DefaultWave, BankFailure, BankCapitalLoss,
)  # fmt: skip
"""Every kind of shock that the macro economy takes."""
