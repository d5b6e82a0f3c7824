"""When a shock strikes and whom: ticks from weeks, months and years, and the command line's short form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any

from simengine.errors import UserError, one_line, unknown
from simengine.registry import imported
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

SHOCKS: dict[str, type[Shock]] = {
    kind.name: kind
    for kind in (
        RateShock, ZeroLowerBound, CostShock, ProductivityShock, ConfidenceShock,
        GovernmentSpendingShock, BenefitCut, NoStabilisers, DefaultWave, BankFailure, BankCapitalLoss,
        HarvestShock, TasteShock,
    )
}  # fmt: skip

PER_YEAR = {"year": 1, "quarter": 4, "month": 12, "week": 48}
"""Units in a year; a simulated month has four weeks."""

LONGEST = 10**9
"""The latest tick anything may be scheduled at."""

PLACED = ("type", "start", "until", "duration", "replicas")
"""Keys that say when and where; every other key of a shock is a parameter of its class."""

SHORT_FORM = "type:size@start..end#replicas, such as rate:+0.01@48..96 or bank_failure:1,bank=2@5y#half"
_SPAN = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,12})?)\s*(?:(tick|week|month|quarter|year|[twmqy])s?)?")
_SHORT = re.compile(
    r"(?P<type>[^:@#]+(?::[A-Za-z_]\w*)??)(?::(?P<size>[^@#:]*))?@(?P<when>[^@#]+)(?:#(?P<whom>[^@#]+))?"
)


@dataclass(frozen=True)
class Scheduled:
    """A shock from tick `start` until before tick `until` (None: for good), in some replica indices."""

    shock: Shock
    start: int
    until: int | None = None
    replicas: str | tuple[int, ...] = "all"

    def __post_init__(self) -> None:
        name = self.shock.name
        if self.until is not None and self.shock.one_off:
            raise UserError(f"shock {name}: it happens once, so it has no end: leave out until and duration")
        if self.until is not None and self.until <= self.start:
            raise UserError(
                f"shock {name}: ends at tick {self.until}, but starts at {self.start}: valid is a later end"
            )

    def indices(self, replicas: int) -> tuple[int, ...] | None:
        """The replica indices to hit in a run of `replicas`; None means all of them."""
        if self.replicas == "all":
            return None
        if self.replicas == "half":
            if replicas % 2:
                raise UserError(
                    f"shock {self.shock.name}: half of {replicas} replicas: valid is an even number of them"
                )
            return tuple(range(replicas // 2, replicas))
        chosen = tuple(int(index) for index in self.replicas)
        if chosen and max(chosen) >= replicas:
            raise UserError(
                f"shock {self.shock.name}: replicas = {max(chosen)}: valid are 0 to {replicas - 1}"
            )
        return chosen


def shock_class(name: str) -> type[Shock]:
    """The class of a shock by its name in `SHOCKS`, or by `module:Class`."""
    if name in SHOCKS:
        return SHOCKS[name]
    if ":" not in name:
        raise UserError(unknown("shock", name, SHOCKS))
    found = imported(name, "shock")
    if not (hasattr(found, "start") and hasattr(found, "stop")):
        raise UserError(
            f"shock {name!r}: this is no shock: it needs start(world, sim, mask) and stop(world, sim, mask)"
        )
    return found


def made(kind: str, parameters: dict[str, Any]) -> Shock:
    """A shock of `kind` with `parameters`, with unknown ones refused by name."""
    cls = shock_class(kind)
    valid = {field.name for field in fields(cls)} if is_dataclass(cls) else set()
    for key in parameters:
        if key not in valid:
            raise UserError(f"shock {kind}: {unknown('key', key, {*valid, *PLACED})}")
    try:
        return cls(**parameters)
    except TypeError as error:
        raise UserError(f"shock {kind}: {one_line(error).rpartition('__init__() ')[2]}") from None


def ticks(span: int | str, ticks_per_year: int, what: str = "start") -> int:
    """`48`, `"48 ticks"`, `"1 year"`, `"12 months"`, `"2w"` in whole ticks of a world."""
    given = f"{what} = {one_line(repr(span))[:60]}"
    text = str(span).strip()
    match = _SPAN.fullmatch(text)
    if isinstance(span, bool) or not match:
        raise UserError(f"{given}: valid is a tick, or a number of weeks, months, quarters or years")
    unit = next((name for name in PER_YEAR if match[2] and name.startswith(match[2])), "tick")
    count = Fraction(match[1]) * (Fraction(ticks_per_year, PER_YEAR[unit]) if unit in PER_YEAR else 1)
    if count.denominator != 1 or abs(count) > LONGEST:
        raise UserError(f"{given}: no whole number of ticks below 1e9 (a year has {ticks_per_year})")
    return int(count)


def block(text: str) -> dict[str, Any]:
    """The command line's short form of a shock, `rate:+0.01@48..96#half`, as a scenario's [[shock]] block."""
    match = _SHORT.fullmatch(text.strip())
    if not match:
        raise UserError(f"--shock {text!r}: write {SHORT_FORM}")
    parts = [part for part in (match["size"] or "").split(",") if part.strip()]
    start, dots, end = match["when"].partition("..")
    until = {"until": end.strip()} if dots else {}
    whom = {"replicas": _whom(match["whom"], text)} if match["whom"] else {}
    parameters = dict(_parameter(part, text) for part in parts)
    return {"type": match["type"].strip(), "start": start.strip(), **until, **whom, **parameters}


def scheduled(text: str, ticks_per_year: int) -> Scheduled:
    """The command line's short form of a shock at whole ticks of a world."""
    return placed(block(text), ticks_per_year)


def placed(given: Mapping[str, Any], ticks_per_year: int) -> Scheduled:
    """A [[shock]] block (`type`, `start`, `until` or `duration`, `replicas`, parameters) at whole ticks."""
    kind, until = given["type"], given.get("until")
    start = ticks(given["start"], ticks_per_year, f"shock {kind}: start")
    if until is not None and given.get("duration") is not None:
        raise UserError(f"shock {kind}: until and duration: give one of the two")
    if until is not None:
        until = ticks(until, ticks_per_year, f"shock {kind}: until")
    elif given.get("duration") is not None:
        until = start + ticks(given["duration"], ticks_per_year, f"shock {kind}: duration")
    whom = given.get("replicas", "all")
    parameters = {key: value for key, value in given.items() if key not in PLACED}
    return Scheduled(made(kind, parameters), start, until, whom if isinstance(whom, str) else tuple(whom))


def _whom(text: str, where: str) -> str | list[int]:
    if text.strip() in ("all", "half"):
        return text.strip()
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise UserError(f"--shock {where!r}: replicas = {text!r}: valid are all, half or 0,2,5") from None


def _parameter(part: str, where: str) -> tuple[str, float | int]:
    key, equals, value = part.rpartition("=")
    name, value = (key.strip() if equals else "size"), value.strip()
    try:
        whole = name != "size" and re.fullmatch(r"[+-]?\d{1,18}", value)
        return name, int(value) if whole else float(value)
    except ValueError:
        raise UserError(f"--shock {where!r}: {value!r} is no number; write {SHORT_FORM}") from None
