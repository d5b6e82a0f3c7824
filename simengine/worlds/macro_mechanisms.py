"""The mechanisms of the macro world by name: what each does, where it comes from, and how to switch it off.

`off` holds the settings that take a mechanism out of the economy and leave the rest point where it is. The
emergence audit runs one arm per entry; the report prints the list beside the data sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: its sentence, its source, the settings without it."""

    says: str
    source: str
    off: Mapping[str, Any]


MECHANISMS: dict[str, Mechanism] = {
    "hand_to_mouth": Mechanism(
        "a share of households spends what it earns",
        "Campbell and Mankiw (1989)",
        {"household": {"hand_to_mouth_share": 0.0}},
    ),
    "habit": Mechanism(
        "savers' consumption follows its own past",
        "Christiano, Eichenbaum and Evans (2005)",
        {"household": {"habit_monthly": 0.0}},
    ),
    "inventories": Mechanism(
        "output closes part of the gap in stocks",
        "Metzler (1941)",
        {"firm": {"inventory_gap_monthly": 0.0}},
    ),
    "productivity_shocks": Mechanism(
        "aggregate productivity wanders",
        "Kydland and Prescott (1982)",
        {"disturbances": {"productivity_sd": 0.0}},
    ),
}
