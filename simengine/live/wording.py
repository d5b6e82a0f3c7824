"""A command as it is written in one line, at whole ticks of a world."""

from __future__ import annotations

import re
from typing import Any

from simengine.errors import UserError, unknown
from simengine.live.commands import KINDS, command_of
from simengine.shocks.schedule import block, ticks
from simengine.worlds.contract import World

EXAMPLES = {
    "shock": "shock rate:+0.01@now..+1y#half",
    "set": "set rate=0.02@10y",
    "seat": "seat central_bank=taylor1993",
    "play": "play central_bank/0@now..+2y",
    "drop": "drop firms/3@5y..6y",
    "answer": "answer central_bank/0 rate=3",
    "step": "step 4",
    "speed": "speed 10",
}
"""How each kind that takes words is written."""

_PLACE = re.compile(r"(?P<what>[^@#]+)(?:@(?P<when>[^@#]+))?(?:#(?P<whom>[^@#]+))?")


def command(text: str, world: World, now: int) -> Any:
    """What a line says to a run that is at tick `now`; UserError for a line that says nothing."""
    kind, _, rest = text.strip().partition(" ")
    if kind not in KINDS:
        raise UserError(f"command {text[:60]!r}: {unknown('kind', kind, KINDS)}")
    reader = {
        "shock": _shock,
        "set": _set,
        "seat": _seat,
        "play": _direct,
        "drop": _direct,
        "answer": _answer,
    }
    if kind in reader:
        return command_of({"kind": kind, **reader[kind](rest.strip(), kind, world, now)})
    number = {"number": _number(rest, kind)} if rest.strip() else {}
    if number and kind not in ("step", "speed"):
        raise UserError(f"command {text[:60]!r}: {kind} takes no words")
    return command_of({"kind": kind, **number})


def _shock(rest: str, kind: str, world: World, now: int) -> dict[str, Any]:
    what, when, whom = _parts(rest, kind)
    start, until = _span(when, kind, world, now)
    text = f"{what}@{start}" + (f"..{until}" if until is not None else "") + (f"#{whom}" if whom else "")
    return {"shock": block(text)}


def _set(rest: str, kind: str, world: World, now: int) -> dict[str, Any]:
    what, when, whom = _parts(rest, kind)
    start, until = _span(when, kind, world, now)
    lever, equals, value = what.partition("=")
    if not equals or until is not None:
        raise _unclear(rest, kind)
    lever, slash, place = lever.strip().partition("/")
    at = {"place": int(_number(place, kind))} if slash else {}
    return {"lever": lever, "value": _number(value, kind), "at": start, **at, **_replicas(whom, kind)}


def _seat(rest: str, kind: str, world: World, now: int) -> dict[str, Any]:
    what, when, whom = _parts(rest, kind)
    start, until = _span(when, kind, world, now)
    place, equals, policy = what.partition("=")
    if not equals or until is not None or whom:
        raise _unclear(rest, kind)
    return {"place": place.strip(), "policy": policy.strip(), "at": start}


def _direct(rest: str, kind: str, world: World, now: int) -> dict[str, Any]:
    what, when, whom = _parts(rest, kind)
    start, until = _span(when, kind, world, now)
    if until is None and kind == "drop":
        until = start + 1
    return {**_agent(what, rest, kind), "at": start, "until": until, **_replicas(whom, kind)}


def _answer(rest: str, kind: str, world: World, now: int) -> dict[str, Any]:
    who, _, said = rest.partition(" ")
    who, _, replica = who.partition("#")
    action = None if said.strip() == "late" else dict(_choice(word, kind) for word in said.split())
    if action == {}:
        raise _unclear(rest, kind)
    return {**_agent(who, rest, kind), "replica": int(_number(replica or "0", kind)), "action": action}


def _choice(word: str, kind: str) -> tuple[str, Any]:
    head, _, values = word.partition("=")
    numbers = [
        int(value) if re.fullmatch("[0-9]{1,18}", value) else _number(value, kind)
        for value in values.split(",")
    ]
    return head, numbers if len(numbers) > 1 else numbers[0]


def _agent(text: str, where: str, kind: str) -> dict[str, Any]:
    population, slash, agent = text.strip().partition("/")
    if not slash or not re.fullmatch(r"[0-9]{1,9}", agent):
        raise _unclear(where, kind)
    return {"population": population, "agent": int(agent)}


def _parts(text: str, kind: str) -> tuple[str, str, str]:
    match = _PLACE.fullmatch(text)
    if not match:
        raise _unclear(text, kind)
    return match["what"].strip(), (match["when"] or "now").strip(), (match["whom"] or "").strip()


def _span(text: str, kind: str, world: World, now: int) -> tuple[int, int | None]:
    first, dots, last = (part.strip() for part in text.partition(".."))
    start = _moment(first, kind, world, now)
    return start, _moment(last, kind, world, start) if dots else None


def _moment(text: str, kind: str, world: World, now: int) -> int:
    if text == "now":
        return now
    ahead = text.startswith("+")
    return ticks(text[1:] if ahead else text, world, f"{kind}: when") + (now if ahead else 0)


def _replicas(whom: str, kind: str) -> dict[str, Any]:
    if not whom:
        return {}
    return {"replicas": whom if whom in ("all", "half") else [int(_number(r, kind)) for r in whom.split(",")]}


def _number(text: str, kind: str) -> float:
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,2})?", text.strip()):
        raise UserError(f"{kind}: {text[:40]!r} is no number: write {EXAMPLES[kind]!r}")
    return float(text)


def _unclear(text: str, kind: str) -> UserError:
    return UserError(f"{kind} {text[:60]!r}: write {EXAMPLES[kind]!r}")
