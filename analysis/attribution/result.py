"""The result of an attribution: tables for people, rows for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from analysis.inference import Interval
from analysis.wording import estimate, number, sign

if TYPE_CHECKING:
    from analysis.attribution.outcomes import Outcome

RULE = "rule"
RETURN = "return_"
FIELDS = ("row", "column", "unit", "mean", "low", "high", "change", "change_low", "change_high", "against")


class Contrast(NamedTuple):
    """A row's level of an outcome and its paired change against its baseline."""

    level: Interval
    change: Interval


class Further(NamedTuple):
    """What one sector gains when it alone goes on learning against the others as they have learned."""

    iterations: int
    gain: Interval
    sd: float  # of its return over histories, all having learned


class Addition(Protocol):
    """What a world says beside the general result: lines of the table, of the payload and of the text."""

    def rows(self, found: Attribution) -> Iterable[dict[str, object]]:
        """Further lines of the tidy table, their keys `FIELDS`."""

    def payload(self) -> Mapping[str, Any]:
        """Further entries for programs."""

    def text(self, found: Attribution) -> Iterable[str]:
        """Further lines for people."""


@dataclass(frozen=True)
class Attribution:
    """Contrasts by row and outcome; `shown` are the rows of table and figure, `alone` each sector's own row.

    `beside` is the row in which a sector alone has not learned, and what it gains by its own network beside
    that; `broken` rows whose economy broke down, `added` what the world says of its own.
    """

    command: str
    replicas: int
    years: float
    outcomes: tuple[Outcome, ...]
    effects: Mapping[str, Mapping[str, Contrast]]
    shown: tuple[str, ...]
    alone: Mapping[str, str]
    together: str
    further: Mapping[str, Further] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, Interval]] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    added: Addition | None = None

    def gains(self) -> Iterator[tuple[str, str, Interval]]:
        """Every sector's gain in return by learning: (sector, row, gain), alone and then together."""
        for sector, row in self.alone.items():
            if row in self.effects:
                yield sector, row, self.effects[row][RETURN + sector].change
        if self.together in self.effects:
            for sector in self.alone:
                yield sector, self.together, self.effects[self.together][RETURN + sector].change

    def rows(self) -> list[dict[str, object]]:
        """The tidy table, its keys `FIELDS`: levels, and changes `against` another row."""
        found = []
        for row, effects in self.effects.items():
            for by in self.outcomes:
                effect = effects[by.name]
                found.append(line(row, by.name, by.unit, effect.level, effect.change, RULE))
        found += self.added.rows(self) if self.added else ()
        for sector, (against, gain) in self.beside.items():
            column = RETURN + sector
            level = self.effects[self.together][column].level
            found.append(line(self.together, column, "reward", level, gain, against))
        for sector, more in self.further.items():
            name = f"{self.together}, {sector.replace('_', ' ')} further"
            found.append(line(name, RETURN + sector, "reward", None, more.gain, self.together))
        return found

    def payload(self) -> dict[str, Any]:
        """The same for programs; numbers that are not defined are null."""
        return {
            "command": self.command,
            "replicas": self.replicas,
            "years": self.years,
            "outcomes": {
                by.name: {"title": by.title, "unit": by.unit, "better": by.better} for by in self.outcomes
            },
            "rows": [{name: _plain(value) for name, value in row.items()} for row in self.rows()],
            "best_response": {
                sector: {"iterations": more.iterations, "gain_sd": float(more.gain.mean) / more.sd}
                for sector, more in self.further.items()
            },
            "broken": list(self.broken),
            **(self.added.payload() if self.added else {}),
        }

    def text(self) -> str:
        """What learning changed: sectors that do not gain first, then tables."""
        added = self.added.text(self) if self.added else ()
        parts = self._missed(), self._beside(), self._tables(), added, self._further()
        return "\n".join(line for part in parts for line in part)

    def _missed(self) -> Iterator[str]:
        words = ("lose by learning", "do not measurably gain by learning", "gain by learning")
        for direction in (-1, 0, 1):
            named = [
                f"{sector.replace('_', ' ')} {'together' if row == self.together else 'alone'} "
                f"{estimate(gain, digits=3)}"
                for sector, row, gain in self.gains()
                if sign(gain) == direction
            ]
            yield f"{words[1 + direction]}: {'; '.join(named) or 'none'}"
        if self.broken:
            yield f"the economy broke down under: {', '.join(self.broken)}"

    def _beside(self) -> Iterator[str]:
        if self.beside:
            gains = (f"{k.replace('_', ' ')} {estimate(g, digits=4)}" for k, (_, g) in self.beside.items())
            yield f"by its own network, all others having learned: {'; '.join(gains)}"

    def _tables(self) -> Iterator[str]:
        width = max(map(len, self.shown)) + 2
        returns = [by for by in self.outcomes if by.name.startswith(RETURN)]
        others = [by for by in self.outcomes if by not in returns]
        for block in (returns, others):
            if not block:
                continue
            yield ""
            yield f"{'':<{width}}" + "".join(f"{by.title:>{_width(by)}}" for by in block)
            yield f"{'':<{width}}" + "".join(f"{by.unit:>{_width(by)}}" for by in block)
            for row in (row for row in self.shown if row in self.effects):
                cells = (f"{self._cell(row, by):>{_width(by)}}" for by in block)
                yield f"{row:<{width}}" + "".join(cells).rstrip()
        yield (
            f"the rule: level; others: change against it, * where the 95 % interval excludes 0; "
            f"{self.replicas} histories of {self.years:g} years"
        )

    def _cell(self, row: str, by: Outcome) -> str:
        effect = self.effects[row][by.name]
        if row == RULE:
            return number(effect.level.mean, 3) + " "
        return number(effect.change.mean, 3) + ("*" if sign(effect.change) else " ")

    def _further(self) -> Iterator[str]:
        if self.further:
            yield "\nbest response: one sector learns on, the others stay as they have learned"
        for sector, more in self.further.items():
            gain, in_sd = estimate(more.gain, digits=4), number(float(more.gain.mean) / more.sd)
            verdict = ("finds nothing better", "finds nothing measurably better", "gains")[
                1 + sign(more.gain)
            ]
            name = sector.replace("_", " ")
            yield f"  {name} {verdict}: {gain}, {in_sd} sd of its return, in {more.iterations} iterations"


def _width(by: Outcome) -> int:
    return max(len(by.title), len(by.unit), 9) + 2


def line(
    row: str,
    column: str,
    unit: str,
    level: Interval | None,
    change: Interval | None = None,
    against: str = "",
) -> dict[str, object]:
    """A line of the tidy table, its keys `FIELDS`; what is not given is None."""
    parts = [None if found is None else float(x) for found in (level, change) for x in _three(found)]
    return dict(zip(FIELDS, (row, column, unit, *parts, against), strict=True))


def _three(found: Interval | None) -> tuple[Any, Any, Any]:
    return (None, None, None) if found is None else (found.mean, found.low, found.high)


def _plain(value: object) -> object:
    return None if isinstance(value, float) and value != value else value
