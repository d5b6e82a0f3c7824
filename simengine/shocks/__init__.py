"""Shocks: what disturbs a world. A new one is a frozen dataclass, named in SHOCKS or as module:Class."""

from simengine.shocks.demand import ConfidenceShock
from simengine.shocks.financial import BankCapitalLoss, BankFailure, DefaultWave
from simengine.shocks.fiscal import BenefitCut, GovernmentSpendingShock, NoStabilisers
from simengine.shocks.goods import HarvestShock, TasteShock
from simengine.shocks.monetary import RateShock, ZeroLowerBound
from simengine.shocks.schedule import SHOCKS, Scheduled, scheduled
from simengine.shocks.shock import Shock
from simengine.shocks.supply import CostShock, ProductivityShock

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
