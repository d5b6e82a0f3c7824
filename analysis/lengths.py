"""How long a run is, in words."""

from __future__ import annotations

from collections.abc import Mapping


def length(ticks: int, units: Mapping[str, int]) -> str:
    """`25 years`, `2 months`: a number of ticks in the units of a calendar, which are sizes in ticks.

    In the largest unit where it lasts longer than one, else in the largest of which it is a whole number.
    """
    sizes = sorted({"tick": 1, **units}.items(), key=lambda unit: (-unit[1], unit[0] == "tick"))
    whole = (unit for unit in sizes if ticks >= unit[1] and ticks % unit[1] == 0)
    name, size = sizes[0] if ticks > sizes[0][1] else next(whole, ("tick", 1))
    count = f"{round(ticks / size, 2):.10g}"
    return f"{count} {name}{'' if count == '1' else 's'}"
