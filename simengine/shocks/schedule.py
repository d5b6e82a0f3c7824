"""When a shock strikes and whom, as it is written: a scenario's [[shock]] block or a command's short form."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Annotated, Any

from pydantic import PlainValidator

from simengine.config import Config, validated
from simengine.errors import UserError, one_line, unknown
from simengine.kernel import Strike
from simengine.registry import imported
from simengine.typed import number, whole, wholes
from simengine.worlds.contract import World
from simengine.worlds.shock import Shock

PLACED = ("type", "start", "until", "duration", "replicas")
"""Keys that say when and where; every other key of a shock is a parameter of its class."""

SHORT_FORM = "type:size@start..end#replicas, such as rate:+0.01@48..96 or bank_failure:1,bank=2@5y#half"
_SHORT = re.compile(
    r"(?P<type>[^:@#]+(?::[A-Za-z_]\w*)??)(?::(?P<size>[^@#:]*))?@(?P<when>[^@#]+)(?:#(?P<whom>[^@#]+))?"
)


MOST_REPLICAS = 1_000_000


def _hit(given: Any) -> str | list[int]:
    if given in ("all", "half"):
        return str(given)
    if isinstance(given, list) and given and all(type(i) is int and 0 <= i < MOST_REPLICAS for i in given):
        return list(given)
    raise ValueError('valid is "all", "half" (the second half) or a list of positions from 0')


def _moment(given: Any) -> int | str:
    if isinstance(given, str) or type(given) is int:
        return given
    raise ValueError('valid is a tick such as 48, or text such as "5 years", "3 months" or "2 weeks"')


Moment = Annotated[int | str, PlainValidator(_moment)]


class ShockBlock(Config, extra="allow"):
    """One [[shock]]: its type, when, whom; every other key is a parameter of the shock."""

    type: str
    start: Moment
    until: Moment | None = None
    duration: Moment | None = None
    replicas: Annotated[str | list[int], PlainValidator(_hit)] = "all"

    def strike(self, world: World) -> Strike:
        """This block at whole ticks of a world; UserError for a shock that the world does not take."""
        what = f"shock {self.type}"
        start, until = ticks(self.start, world, f"{what}: start"), None
        if self.until is not None and self.duration is not None:
            raise UserError(f"{what}: until and duration: give one of the two")
        if self.until is not None:
            until = ticks(self.until, world, f"{what}: until")
        elif self.duration is not None:
            until = start + ticks(self.duration, world, f"{what}: duration")
        shock = made(self.type, self.model_extra or {}, world)
        if until is not None and shock.one_off:
            raise UserError(f"{what}: it happens once, so it has no end: leave out until and duration")
        if until is not None and until <= start:
            raise UserError(f"{what}: ends at tick {until}, but starts at {start}: valid is a later end")
        whom = self.replicas if isinstance(self.replicas, str) else tuple(self.replicas)
        return Strike(start, shock, until, whom)


def shock_class(name: str, world: World) -> type[Shock]:
    """The class of a shock by its name among those the world takes, or by `module:Class`."""
    known = {kind.name: kind for kind in world.shocks}
    if name in known:
        return known[name]
    if ":" not in name:
        raise UserError(f"{unknown('shock', name, known)} (in world {world.name})")
    found = imported(name, "shock")
    if not (isinstance(found, type) and issubclass(found, Shock)):
        raise UserError(f"shock {name!r}: this is no shock: valid is a class derived from simengine.Shock")
    return found


def made(kind: str, parameters: dict[str, Any], world: World) -> Shock:
    """A shock of `kind` with `parameters`, with unknown ones refused by name."""
    cls = shock_class(kind, world)
    valid = {field.name for field in fields(cls)} if is_dataclass(cls) else set()
    for key in parameters:
        if key not in valid:
            raise UserError(f"shock {kind}: {unknown('key', key, {*valid, *PLACED})}")
    try:
        return cls(**parameters)
    except TypeError as error:
        raise UserError(f"shock {kind}: {one_line(error).rpartition('__init__() ')[2]}") from None


def ticks(span: Moment, world: World, what: str) -> int:
    """A span of time as it is written, in whole ticks of a world; `what` it is for begins what is refused."""
    try:
        return world.calendar.ticks(span)
    except ValueError as error:
        raise UserError(f"{what} = {one_line(repr(span))[:60]}: {error}") from None


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


def strike_of(text: str, world: World) -> Strike:
    """The command line's short form of a shock at whole ticks of a world."""
    return validated(ShockBlock, block(text), "shock").strike(world)


def told(strike: Strike, replicas: int) -> dict[str, Any]:
    """A strike for readers: the shock in words, from which tick, before which, on which replica indices."""
    said = getattr(strike.shock, "says", None) or _words(strike)
    hit = list(strike.indices(replicas))
    return {"shock": said, "tick": strike.tick, "until": strike.until, "hit": hit}


def _words(strike: Strike) -> str:
    """The name of a shock, its size, its other parameters and its unit."""
    shock = strike.shock
    given = {field.name: getattr(shock, field.name) for field in fields(shock)} if is_dataclass(shock) else {}
    size = given.pop("size", None)
    words = [strike.name, *([] if size is None else [f"{size:+g}"])]
    words += [f"{name} {value}" for name, value in given.items()]
    words += [f"({unit})"] if (unit := getattr(shock, "unit", "")) else []
    return " ".join(words)


def _whom(text: str, where: str) -> str | list[int]:
    if text.strip() in ("all", "half"):
        return text.strip()
    if (found := wholes(text)) is None:
        raise UserError(f"--shock {where!r}: replicas = {text!r}: valid are all, half or 0,2,5")
    return found


def _parameter(part: str, where: str) -> tuple[str, float | int | str]:
    key, equals, value = part.rpartition("=")
    name, value = (key.strip() if equals else "size"), value.strip()
    if name != "size" and (index := whole(value)) is not None:
        return name, index
    if name != "size" and value.isidentifier():
        return name, value
    if (found := number(value)) is None:
        raise UserError(f"--shock {where!r}: {value!r} is no number; write {SHORT_FORM}")
    return name, found
