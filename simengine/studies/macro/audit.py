"""The emergence audit of the macro economy: what in its configuration is chance.

Exogenous processes are the `<name>_sd` of `disturbances`, and `luck.individual`, which counts for shares of
variance only because it contains mechanisms.
"""

from __future__ import annotations

from math import sqrt

from simengine.studies import audit
from simengine.studies.audit import Chance, Settings
from simengine.studies.request import Findings, Request
from simengine.worlds.macro.config import MacroConfig

SECTIONS = ("disturbances", "luck")  # whose settings are shocks, not mechanisms
OWN_LUCK = "own_luck"


def carry_out(request: Request) -> Findings:
    """Run the general audit with the macro economy's shocks."""
    return audit.carry_out(request, CHANCE)


def processes(config: MacroConfig) -> dict[str, Settings]:
    """The exogenous processes that a configuration switches on, each with the settings without it."""
    found: dict[str, Settings] = {}
    for name in type(config.disturbances).model_fields:
        if name.endswith("_sd") and getattr(config.disturbances, name) > 0.0:
            found[f"{name.removesuffix('_sd')}_shock"] = {"disturbances": {name: 0.0}}
    if config.luck.individual > 0.0:
        found[OWN_LUCK] = {"luck": {"individual": 0.0}}
    return found


def halved(config: MacroConfig) -> Settings:
    """The settings that halve the variance of every shock, of all agents' and of single ones'."""
    rules = {section: getattr(config, section).model_dump() for section in SECTIONS}
    return {
        section: {name: value / sqrt(2.0) for name, value in own.items() if "_sd" in name and value > 0.0}
        for section, own in rules.items()
    }


CHANCE = Chance(SECTIONS, processes, (OWN_LUCK,), halved)
