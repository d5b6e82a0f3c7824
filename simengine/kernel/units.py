"""Units of time by name: what a tick of a world is called, and how many of them an hour or a year has.

    Calendar({"second": 60, "minute": 3600}).ticks("1m 30s")    # 5400
    Calendar.of_year(48).text(245)                              # 5y 1m 1w

The kernel's clock knows ticks alone; people write and read these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 10**9
"""The latest tick anything may be scheduled at."""

PARTS = {"year": 1, "quarter": 4, "month": 12, "week": 48}
"""Units in a year where a world says no more than its length; a simulated month has four weeks."""

_SPAN = re.compile(r"\s*([+-]?)((?:\s*\d{1,12}(?:\.\d{1,12})?\s*[a-z]*)+)\s*", re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


@dataclass(frozen=True)
class Calendar:
    """Units of time of one world, each a whole number of ticks; a tick is always one of them.

    Raises ValueError for a unit that is no lower-case word or has no whole number of ticks.
    """

    units: Mapping[str, int]

    def __post_init__(self) -> None:
        for name, size in self.units.items():
            if not re.fullmatch("[a-z]+", name) or type(size) is not int or size < 1:
                raise ValueError(f"unit {name!r} = {size!r}: valid is a lower-case word with 1 or more ticks")
        longest_first = sorted(
            {"tick": 1, **self.units}.items(), key=lambda unit: (-unit[1], unit[0] == "tick")
        )
        object.__setattr__(self, "units", dict(longest_first))

    @classmethod
    def of_year(cls, ticks: int) -> Calendar:
        """Year, quarter, month and week of a year of so many ticks, as far as they are whole."""
        return cls({name: ticks // parts for name, parts in PARTS.items() if ticks % parts == 0})

    def ticks(self, span: int | str) -> int:
        """`48`, `"48 ticks"`, `"1 year"`, `"2w"` or `"1y 6m"` in whole ticks.

        A unit may be cut short as far as it stays clear. Raises ValueError for text that is no span of time
        of this world.
        """
        match = _SPAN.fullmatch(str(span))
        if isinstance(span, bool) or not match:
            raise ValueError(f"valid is a tick, or a number of {self._names()}")
        count = sum(Fraction(number) * self._size(unit) for number, unit in _PART.findall(match[2]))
        if Fraction(count).denominator != 1 or count > LONGEST:
            sizes = ", ".join(f"a {name} has {size}" for name, size in self.units.items() if name != "tick")
            raise ValueError(f"no whole number of ticks below 1e9 ({sizes})")
        return -int(count) if match[1] == "-" else int(count)

    def text(self, ticks: int) -> str:
        """A number of ticks in the largest units, shortly: `5y 1m 1w`."""
        parts, left = [], abs(ticks)
        for name, size in self.units.items():
            count, left = divmod(left, size)
            if count:
                parts.append(f"{count}{self._short(name)}")
        return ("-" if ticks < 0 else "") + (" ".join(parts) or "0")

    def _size(self, word: str) -> int:
        found = [name for name in self.units if word in (name, f"{name}s")]
        found = found or [name for name in self.units if name.startswith(word or "tick")]
        if len(found) != 1:
            meant = f" ({' or '.join(found)}?)" if found else ""
            raise ValueError(f"unknown unit {word!r}{meant}: valid are {self._names()}")
        return self.units[found[0]]

    def _short(self, name: str) -> str:
        others = [other for other in self.units if other != name]
        cuts = (name[: n + 1] for n in range(len(name)))
        return next((cut for cut in cuts if not any(other.startswith(cut) for other in others)), name)

    def _names(self) -> str:
        *most, last = (f"{name}s" for name in reversed(tuple(self.units)))
        return f"{', '.join(most)} or {last}" if most else last
