"""Shocks: what disturbs a world. A new one is a frozen dataclass, named in SHOCKS or as module:Class."""

from simengine.shocks.schedule import SHOCKS, Scheduled, scheduled
from simengine.shocks.shock import Shock
from simengine.worlds.barter.shocks import HarvestShock, TasteShock
from simengine.worlds.macro.shocks import (
    BankCapitalLoss,
    BankFailure,
    BenefitCut,
    ConfidenceShock,
    CostShock,
    DefaultWave,
    GovernmentSpendingShock,
    NoStabilisers,
    ProductivityShock,
    RateShock,
    ZeroLowerBound,
)

__all__ = [
    "SHOCKS",
    "BankCapitalLoss",
    "BankFailure",
    "BenefitCut",
    "ConfidenceShock",
    "CostShock",
    "DefaultWave",
    "GovernmentSpendingShock",
    "HarvestShock",
    "NoStabilisers",
    "ProductivityShock",
    "RateShock",
    "Scheduled",
    "Shock",
    "TasteShock",
    "ZeroLowerBound",
    "scheduled",
]
