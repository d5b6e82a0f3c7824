"""One-off losses in the credit system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simengine.errors import UserError
from simengine.shocks.shock import HasLevers, Shock, lever


@dataclass(frozen=True)
class DefaultWave(Shock):
    """A share `size` of firm loans is forced into default when failures are next resolved; happens once."""

    name: ClassVar[str] = "default_wave"
    lever: ClassVar[str] = "default_wave"
    unit: ClassVar[str] = "share of firm loans"
    valid: ClassVar[tuple[float, float]] = (0.0, 1.0)
    one_off: ClassVar[bool] = True


@dataclass(frozen=True)
class BankFailure(Shock):
    """Bank number `bank` loses a share `size` of its equity when failures are next resolved; happens once."""

    size: float = 1.0
    bank: int = 0
    name: ClassVar[str] = "bank_failure"
    lever: ClassVar[str] = "bank_capital"
    unit: ClassVar[str] = "share of the bank's equity"
    valid: ClassVar[tuple[float, float]] = (0.0, 2.0)
    one_off: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.bank, bool) or not isinstance(self.bank, int) or self.bank < 0:
            raise UserError(f"shock {self.name}: bank = {self.bank!r}: valid is a bank's number, from 0")

    def start(self, world: HasLevers, sim: Any, mask: np.ndarray) -> None:
        """Mark the bank and the loss; one bank a month, since a second would overwrite the first."""
        failing = lever(world, "failing_bank", self.name)
        pending = mask & (lever(world, self.lever, self.name) > 0) & (failing != self.bank)
        if pending.any():
            raise UserError(
                f"shock {self.name}: bank {self.bank} together with bank {int(failing[pending][0])}: "
                "let a month pass between two failures"
            )
        failing[mask] = self.bank
        super().start(world, sim, mask)
