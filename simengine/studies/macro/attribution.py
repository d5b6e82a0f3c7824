"""What learning changed in the macro economy: beside the general rows, Taylor's rule, and the banks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agents.macro.central_bank import RULES
from analysis.attribution import RULE, Attribution, Outcome
from analysis.inference import Interval, bootstrapped
from analysis.macro.banks import BANK, BANK_RETURN, Banks
from analysis.macro.legacy import legacy_score
from analysis.macro.outcomes import LEGACY, outcomes
from analysis.macro.reaction import LOSS, MEETING, reaction
from simengine.histories import Series, watched
from simengine.scenarios.scenario import make_world
from simengine.studies import attribution
from simengine.studies.arms import Arm
from simengine.studies.attribution import TOGETHER, Asked, Extension, own_row
from simengine.studies.request import Findings, Request
from simengine.worlds.macro.meetings import MeetingHistory
from simengine.worlds.macro.monthly import MonthlyHistory

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TAYLOR, TAYLORS = "Taylor 1993", "taylor1993"
AMONG_LEARNERS = f"{TOGETHER}, {TAYLOR}"
LEGACY_YEARS = 4.0  # the shortest history that the legacy score takes


def carry_out(request: Request, asked: Asked | None = None) -> Findings:
    """Run every row of the general study and those with Taylor's rule; write tables, JSON and figures."""
    return attribution.carry_out(request, asked, EXTENSION)


def rows(together: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The rows with Taylor's rule in the central bank's place, among rules and among the learned."""
    return {TAYLOR: {BANK: TAYLORS}, AMONG_LEARNERS: {**together, BANK: TAYLORS}}


def followed(arm: Arm) -> Series:
    """Run an arm: its series, `meeting_<column>` (R, M) and `legacy_score` (R, 1)."""
    sim = arm.simulation()
    months, meetings = MonthlyHistory(sim), MeetingHistory(sim)
    found = watched(sim, arm.years)
    found |= {MEETING + name: values for name, values in meetings.arrays().items()}
    if arm.years >= LEGACY_YEARS:
        found[LEGACY] = legacy_score(months.arrays()).scores[:, None]
    return found


def own_outcomes(series: Series, config: Any) -> tuple[Outcome, ...]:
    """The outcomes that are the macro economy's own, by the rewards it is configured with."""
    return outcomes(series, config.rewards.risk_aversion == 1.0, config.rewards.output_gap)


def banks(result: Attribution, request: Request, found: Mapping[str, Series]) -> Banks:
    """What central banks lose against Taylor's, how they decide, and what rules have typed in."""
    config: Any = make_world(request.world, request.config).config
    shown = [row for row in (TAYLOR, RULE, own_row(BANK), TOGETHER) if row in found]
    compared: dict[tuple[str, str, str], Interval] = {}
    for by in (one for one in result.outcomes if one.name in (LOSS, BANK_RETURN)):
        values = {row: by.values(series) for row, series in found.items() if row in (*shown, AMONG_LEARNERS)}
        pairs = [
            (row, against)
            for against in (TAYLOR, RULE)
            for row in (shown[1 + shown.index(against) :] if against in shown else ())
        ]
        if {TOGETHER, AMONG_LEARNERS} <= found.keys():
            pairs.append((TOGETHER, AMONG_LEARNERS))
        for row, against in pairs:
            change = bootstrapped(values[against], values[row], seed=request.seed)
            compared[by.name, row, against] = change
    own = config.central_bank
    typed_in = {
        TAYLOR: RULES[TAYLORS],
        RULE: (own.smoothing_quarterly, own.inflation_response, own.output_response),
    }
    reactions = {row: reaction(found[row], request.seed) for row in shown}
    return Banks(request.replicas, request.years, compared, reactions, typed_in)


def figures(result: Attribution) -> dict[str, Figure]:
    """Draw how central banks decide and what they lose."""
    from analysis.macro.figures.reaction import reaction_figure

    assert isinstance(result.added, Banks)
    return {"reaction": reaction_figure(result.added, TAYLOR)}


EXTENSION = Extension(rows, followed, own_outcomes, banks, figures)
