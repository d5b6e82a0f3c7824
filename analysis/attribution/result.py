"""The result of an attribution: tables for people, rows for files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.attribution.reaction import LOSS, Reaction
from analysis.inference import Interval
from analysis.wording import estimate, number, sign

if TYPE_CHECKING:
    from analysis.attribution.measures import Measure

RULE = "rule"
BANK_RETURN = "return_central_bank"
FIELDS = ("row", "column", "unit", "mean", "low", "high", "change", "change_low", "change_high", "against")


class Effect(NamedTuple):
    """A row's level of a measure and its paired change against the rule."""

    level: Interval
    change: Interval


class Further(NamedTuple):
    """What one sector gains when it alone goes on learning against the others as they have learned."""

    iterations: int
    gain: Interval
    sd: float  # of its return over histories, all having learned


@dataclass(frozen=True)
class Attribution:
    """Effects by row and measure; `shown` are the rows of table and figure, `alone` each sector's own row.

    `bank` is what a central bank loses and returns against another by (measure, row, against), `reactions`
    how each decides, `typed_in` the (smoothing, inflation, output) of rules; `beside` the row in which a
    sector alone has not learned, and what it gains by its own network beside that; `broken` rows whose
    economy broke down.
    """

    command: str
    replicas: int
    years: float
    measures: tuple[Measure, ...]
    effects: Mapping[str, Mapping[str, Effect]]
    shown: tuple[str, ...]
    alone: Mapping[str, str]
    together: str
    bank: Mapping[tuple[str, str, str], Interval] = field(default_factory=dict)
    reactions: Mapping[str, Reaction] = field(default_factory=dict)
    typed_in: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    further: Mapping[str, Further] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, Interval]] = field(default_factory=dict)
    broken: tuple[str, ...] = ()

    def gains(self) -> Iterator[tuple[str, str, Interval]]:
        """Every sector's gain in return by learning: (sector, row, gain), alone and then together."""
        for sector, row in self.alone.items():
            if row in self.effects:
                yield sector, row, self.effects[row][f"return_{sector}"].change
        if self.together in self.effects:
            for sector in self.alone:
                yield sector, self.together, self.effects[self.together][f"return_{sector}"].change

    def rows(self) -> list[dict[str, object]]:
        """Return the tidy table, its keys `FIELDS`: levels, and changes `against` another row."""
        found = []
        for row, effects in self.effects.items():
            for by in self.measures:
                effect = effects[by.name]
                found.append(_line(row, by.name, by.unit, effect.level, effect.change, RULE))
        units = {m.name: m.unit for m in self.measures}
        for (name, row, against), change in self.bank.items():
            if against != RULE:  # that is in the row's own line
                found.append(_line(row, name, units[name], self.effects[row][name].level, change, against))
        for row, bank in self.reactions.items():
            for name, response in zip(("smoothing", "inflation", "output"), bank.responses, strict=True):
                found.append(_line(row, f"response_{name}", "1", response))
        for sector, (against, gain) in self.beside.items():
            column = f"return_{sector}"
            level = self.effects[self.together][column].level
            found.append(_line(self.together, column, "reward", level, gain, against))
        for sector, more in self.further.items():
            name = f"{self.together}, {sector.replace('_', ' ')} further"
            found.append(_line(name, f"return_{sector}", "reward", None, more.gain, self.together))
        return found

    def payload(self) -> dict[str, Any]:
        """Return the same for programs; numbers that are not defined are null."""
        return {
            "command": self.command,
            "replicas": self.replicas,
            "years": self.years,
            "measures": {
                m.name: {"title": m.title, "unit": m.unit, "better": m.better} for m in self.measures
            },
            "rows": [{name: _plain(value) for name, value in row.items()} for row in self.rows()],
            "reactions": {row: {"r_squared": bank.r_squared} for row, bank in self.reactions.items()},
            "typed_in": {row: list(rule) for row, rule in self.typed_in.items()},
            "best_response": {
                sector: {"iterations": more.iterations, "gain_sd": float(more.gain.mean) / more.sd}
                for sector, more in self.further.items()
            },
            "broken": list(self.broken),
        }

    def text(self) -> str:
        """Return what learning changed: sectors that do not gain first, then tables."""
        parts = self._missed(), self._beside(), self._tables(), self._banks(), self._further()
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
        returns = [m for m in self.measures if m.name.startswith("return_")]
        others = [m for m in self.measures if m not in returns]
        for block in (returns, others):
            if not block:
                continue
            yield ""
            yield f"{'':<{width}}" + "".join(f"{m.title:>{_width(m)}}" for m in block)
            yield f"{'':<{width}}" + "".join(f"{m.unit:>{_width(m)}}" for m in block)
            for row in (row for row in self.shown if row in self.effects):
                cells = (f"{self._cell(row, m):>{_width(m)}}" for m in block)
                yield f"{row:<{width}}" + "".join(cells).rstrip()
        yield (
            f"the rule: level; others: change against it, * where the 95 % interval excludes 0; "
            f"{self.replicas} histories of {self.years:g} years"
        )

    def _cell(self, row: str, by: Measure) -> str:
        effect = self.effects[row][by.name]
        if row == RULE:
            return number(effect.level.mean, 3) + " "
        return number(effect.change.mean, 3) + ("*" if sign(effect.change) else " ")

    def _banks(self) -> Iterator[str]:
        if not self.reactions:
            return
        responses = "".join(f"{name:>22}" for name in ("smoothing", "inflation", "output gap"))
        yield f"\n{'central bank':<22}{'loss, pp²':>11}{'reward':>9}{responses}{'R²':>7}"
        for row, bank in self.reactions.items():
            level, reward = (self.effects[row][name].level.mean for name in (LOSS, BANK_RETURN))
            cells = "".join(f"{estimate(found):>22}" for found in bank.responses)
            yield f"{row:<22}{number(level):>11}{number(reward):>9}{cells}{number(bank.r_squared):>7}"
        for row, rule in self.typed_in.items():
            cells = "".join(f"{number(response):>22}" for response in rule)
            yield f"{row + ', typed in':<42}{cells}"
        yield "loss by meetings; the reward counts steadiness as well; responses of the rate, by regression"
        for (name, row, against), change in self.bank.items():
            said = "loss" if name == LOSS else "reward"
            yield f"{said} of {row} less that of {against}: {estimate(change)}"

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


def _width(by: Measure) -> int:
    return max(len(by.title), len(by.unit), 9) + 2


def _line(
    row: str,
    column: str,
    unit: str,
    level: Interval | None,
    change: Interval | None = None,
    against: str = "",
) -> dict[str, object]:
    parts = [None if found is None else float(x) for found in (level, change) for x in _three(found)]
    return dict(zip(FIELDS, (row, column, unit, *parts, against), strict=True))


def _three(found: Interval | None) -> tuple[Any, Any, Any]:
    return (None, None, None) if found is None else (found.mean, found.low, found.high)


def _plain(value: object) -> object:
    return None if isinstance(value, float) and value != value else value
