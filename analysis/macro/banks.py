"""Central banks side by side, what they lose and how they decide: the macro part of an attribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.attribution import RETURN, RULE, Attribution, line
from analysis.inference import Interval
from analysis.macro.legacy import ITS_OWN
from analysis.macro.outcomes import LEGACY
from analysis.macro.reaction import LOSS, Reaction
from analysis.wording import estimate, number

BANK = "central_bank"
BANK_RETURN = RETURN + BANK
SCORED = ("random", "untrained", RULE)
"""Rows whose legacy score is told beside that of the row in which all have learned."""


@dataclass(frozen=True)
class Banks:
    """`compared` is what a bank loses and returns against another by (outcome, row, against).

    `reactions` say how each decides, `typed_in` are the (smoothing, inflation, output) of rules.
    """

    replicas: int
    years: float
    compared: Mapping[tuple[str, str, str], Interval]
    reactions: Mapping[str, Reaction]
    typed_in: Mapping[str, tuple[float, float, float]]

    def rows(self, found: Attribution) -> Iterator[dict[str, object]]:
        """Lines of the tidy table: against other rows than the rule, and responses."""
        units = {by.name: by.unit for by in found.outcomes}
        for (name, row, against), change in self.compared.items():
            if against != RULE:  # that is in the row's own line
                yield line(row, name, units[name], found.effects[row][name].level, change, against)
        for row, bank in self.reactions.items():
            for name, response in zip(("smoothing", "inflation", "output"), bank.responses, strict=True):
                yield line(row, f"response_{name}", "1", response)

    def payload(self) -> dict[str, Any]:
        """The fit of each reaction function, and the rules."""
        return {
            "reactions": {row: {"r_squared": bank.r_squared} for row, bank in self.reactions.items()},
            "typed_in": {row: list(rule) for row, rule in self.typed_in.items()},
        }

    def text(self, found: Attribution) -> Iterator[str]:
        """Losses, rewards and responses by row, then the legacy score."""
        responses = "".join(f"{name:>22}" for name in ("smoothing", "inflation", "output gap"))
        yield f"\n{'central bank':<22}{'loss, pp²':>11}{'reward':>9}{responses}{'R²':>7}"
        for row, bank in self.reactions.items():
            level, reward = (found.effects[row][name].level.mean for name in (LOSS, BANK_RETURN))
            cells = "".join(f"{estimate(response):>22}" for response in bank.responses)
            yield f"{row:<22}{number(level):>11}{number(reward):>9}{cells}{number(bank.r_squared):>7}"
        for row, rule in self.typed_in.items():
            cells = "".join(f"{number(response):>22}" for response in rule)
            yield f"{row + ', typed in':<42}{cells}"
        yield "loss by meetings; the reward counts steadiness as well; responses of the rate, by regression"
        for (name, row, against), change in self.compared.items():
            said = "loss" if name == LOSS else "reward"
            yield f"{said} of {row} less that of {against}: {estimate(change)}"
        yield from _legacy(found)


def _legacy(found: Attribution) -> Iterator[str]:
    """The legacy score of four rows beside what its own program scored; none without it."""
    rows = [row for row in (*SCORED, found.together) if row in found.effects]
    if all(LEGACY in found.effects[row] for row in rows):
        here = ", ".join(f"{row} {number(found.effects[row][LEGACY].level.mean, 1)}" for row in rows)
        there = ", ".join(f"{name} {score}" for name, score in ITS_OWN.items())
        yield f"\nlegacy score: {here}; in its own program {there}"
