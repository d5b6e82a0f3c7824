"""What learning changed: a world under rules, controls and learned networks, all on common noise.

Controls decide at random, always by the first action of every head, or by networks that have learned nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agents.macro.central_bank import RULES
from analysis.attribution import (
    BANK_RETURN,
    FIELDS,
    LOSS,
    RULE,
    Attribution,
    Further,
    attribute,
    measures,
    reaction,
)
from analysis.inference import Interval, bootstrapped
from analysis.macro.legacy import ITS_OWN, legacy_score
from analysis.tables import write_table
from simengine.errors import UserError, unknown
from simengine.histories import Series, watched
from simengine.policies import SHIPPED, SUFFIX, learned_in, shipped
from simengine.registry import world_class
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm, histories
from simengine.studies.best_response import further
from simengine.studies.request import Findings, Request
from simengine.worlds.macro.meetings import MeetingHistory
from simengine.worlds.macro.monthly import MonthlyHistory

CONTROLS = {
    "random": {"all": "random"},
    "fixed": {"all": "fixed:0"},
    "untrained": {"all": "untrained"},
    RULE: {"all": "rule"},
}
TOGETHER = "all learned"
TAYLOR = "Taylor 1993"
BANK = "central_bank"
AMONG_LEARNERS = f"{TOGETHER}, {TAYLOR}"
SCORED = "macro"
LEGACY_YEARS = 4.0  # the shortest history that the legacy score takes
NONE, ALL = "none", "all"


@dataclass(frozen=True)
class Asked:
    """What is asked for beside the size: networks of one's own, and who is to learn on for how long.

    `models` is a folder with `together/` and `alone/` of weights files; None for those that are shipped.
    `best_response` names a sector, `all` or `none`.
    """

    models: Path | None = None
    best_response: str = NONE
    iterations: int = 20


def carry_out(request: Request, world: str = SCORED, asked: Asked | None = None) -> Findings:
    """Run every row, and the sectors that are to learn on; write table, JSON and figures.

    UserError for a world without networks, or a sector that has none.
    """
    from analysis.figures import save
    from analysis.figures.attribution import attribution_figure, reaction_figure

    asked = asked or Asked()
    together, alone = networks(world, asked.models), networks(world, asked.models, "learned_alone")
    wanted = _learners(asked.best_response, together)
    arms = planned(request, world, together, alone)
    follow = macro_histories if world == SCORED else histories
    with request.pool() as pool:
        base = pool.run({RULE: arms[RULE]}, label="rule", follow=follow)  # alone: it compiles for all others
        rest = {row: arm for row, arm in arms.items() if row != RULE}
        found = base | pool.run(rest, label="attribution", refused=True, follow=follow)
        wanted = wanted if TOGETHER in found else ()
        learned = _further(request, arms[TOGETHER], together, wanted, asked)
        more = pool.run(learned, label="best responses" if learned else "", follow=follow)
    result = attributed(request, world, arms, found, _command(request, world, asked))
    result = replace(result, further=_gains(found, more, asked.iterations))
    request.out.mkdir(parents=True, exist_ok=True)
    files = [
        write_table(result.rows(), request.out / "attribution.csv", result.command, FIELDS),
        _json(result.payload(), request.out / "attribution.json"),
        save(attribution_figure(result), request.out / "figures" / "attribution.png"),
    ]
    if result.reactions:
        files.append(save(reaction_figure(result, TAYLOR), request.out / "figures" / "reaction.png"))
    return Findings("\n".join([result.text(), *_legacy(result)]), tuple(files))


def networks(world: str, models: Path | None = None, kind: str = "learned") -> dict[str, Path]:
    """Return the weights files by population, shipped or of a folder; empty where none were trained alone."""
    folder = SHIPPED[kind]
    if models is None:
        cls = world_class(world)
        found = {population: shipped(cls, population, kind) for population in learned_in(cls, kind)}
    else:
        found = {path.stem: path for path in sorted((models / folder).glob(f"*{SUFFIX}"))}
    if not found and kind == "learned":
        where = f"{models / folder} holds no {SUFFIX} files" if models else "none are shipped"
        raise UserError(f"world {world!r}: no learned networks: {where}: train some, then give --models")
    return found


def planned(
    request: Request, world: str, together: Mapping[str, Path], alone: Mapping[str, Path]
) -> dict[str, Arm]:
    """Return the arms by row: controls, rule, each sector learned alone, all learned, and Taylor's rule.

    And all learned but one sector, or with Taylor's rule in the central bank's place: what one's own network
    is worth where the others' are the same.
    """
    rows: dict[str, dict[str, str]] = dict(CONTROLS)
    rows |= {own_row(name): {name: str(path)} for name, path in alone.items()}
    rows[TOGETHER] = every = {name: str(path) for name, path in together.items()}
    if len(every) > 1:
        for name in every:
            rows[but_row(name)] = {other: path for other, path in every.items() if other != name}
    if world == SCORED:
        rows[TAYLOR] = {BANK: "taylor1993"}
        rows[AMONG_LEARNERS] = {**every, BANK: "taylor1993"}
    make_world(world, request.config)
    return {row: request.arm(world=world, policies=policies) for row, policies in rows.items()}


def own_row(sector: str) -> str:
    """The row in which a sector alone has learned."""
    return f"{sector.replace('_', ' ')} learned"


def but_row(sector: str) -> str:
    """The row in which all sectors but one have learned."""
    return f"{TOGETHER} but {sector.replace('_', ' ')}"


def macro_histories(arm: Arm) -> Series:
    """Run an arm of the macro world: its series, `meeting_<column>` (R, M) and `legacy_score` (R, 1)."""
    sim = arm.simulation()
    months, meetings = MonthlyHistory(sim), MeetingHistory(sim)
    found = watched(sim, arm.years)
    found |= {f"meeting_{name}": values for name, values in meetings.arrays().items()}
    if arm.years >= LEGACY_YEARS:
        found["legacy_score"] = legacy_score(months.arrays()).scores[:, None]
    return found


def attributed(
    request: Request, world: str, arms: Mapping[str, Arm], found: Mapping[str, Series], command: str
) -> Attribution:
    """Return the comparison of rows that have run; a row whose arm is missing broke the economy."""
    config: Any = make_world(world, request.config).config
    weights = getattr(config, "rewards", None)
    by = measures(
        found[RULE],
        log_utility=getattr(weights, "risk_aversion", None) == 1.0,
        gap_weight=getattr(weights, "output_gap", 0.0),
    )
    effects = attribute(found, by, request.seed)
    sectors = {m.name.removeprefix("return_"): own_row(m.name.removeprefix("return_"))
               for m in by if m.name.startswith("return_")}  # fmt: skip
    result = Attribution(
        command=command,
        replicas=request.replicas,
        years=request.years,
        measures=by,
        effects=effects,
        shown=(*CONTROLS, *(row for row in sectors.values() if row in arms), TOGETHER),
        alone=sectors,
        together=TOGETHER,
        beside=_beside(found, request.seed),
        broken=tuple(row for row in arms if row not in found),
    )
    return result if world != SCORED else _with_banks(result, request, config, found)


def _beside(found: Mapping[str, Series], seed: int) -> dict[str, tuple[str, Interval]]:
    """What each sector gains by its own network where all others have learned, and the row without it."""
    if TOGETHER not in found:
        return {}
    gains = {}
    for column, values in found[TOGETHER].items():
        sector = column.removeprefix("reward_")
        row = but_row(sector)
        if column.startswith("reward_") and row in found:
            without = found[row][column].mean(axis=1)
            gains[sector] = row, bootstrapped(without, values.mean(axis=1), seed=seed)
    return gains


def _with_banks(
    result: Attribution, request: Request, config: Any, found: Mapping[str, Series]
) -> Attribution:
    """Add what central banks lose against Taylor's, and how they decide, beside what rules have typed in."""
    banks = [row for row in (TAYLOR, RULE, own_row(BANK), TOGETHER) if row in found]
    compared: dict[tuple[str, str, str], Interval] = {}
    for by in (m for m in result.measures if m.name in (LOSS, BANK_RETURN)):
        values = {row: by.values(found[row]) for row in banks}
        for against in (TAYLOR, RULE):
            for row in banks[1 + banks.index(against) :] if against in banks else ():
                change = bootstrapped(values[against], values[row], seed=request.seed)
                compared[by.name, row, against] = change
        if {TOGETHER, AMONG_LEARNERS} <= found.keys():
            change = bootstrapped(by.values(found[AMONG_LEARNERS]), values[TOGETHER], seed=request.seed)
            compared[by.name, TOGETHER, AMONG_LEARNERS] = change
    own = config.central_bank
    return replace(
        result,
        bank=compared,
        reactions={row: reaction(found[row], request.seed) for row in banks},
        typed_in={
            TAYLOR: RULES["taylor1993"],
            RULE: (own.smoothing_quarterly, own.inflation_response, own.output_response),
        },
    )


def _learners(asked: str, together: Mapping[str, Path]) -> tuple[str, ...]:
    if asked == NONE:
        return ()
    if asked != ALL and asked not in together:
        raise UserError(unknown("sector", asked, [*together, ALL, NONE]))
    return tuple(together) if asked == ALL else (asked,)


def _further(
    request: Request, arm: Arm, together: Mapping[str, Path], wanted: tuple[str, ...], asked: Asked
) -> dict[str, Arm]:
    """Train each wanted sector on and return by sector the arm in which it uses what it has learned."""
    place = request.out / "best_response"
    learned = {sector: further(sector, together, arm, asked.iterations, place) for sector in wanted}
    return {
        sector: replace(arm, policies={**arm.policies, sector: str(path)}) for sector, path in learned.items()
    }


def _gains(found: Mapping[str, Series], more: Mapping[str, Series], iterations: int) -> dict[str, Further]:
    gains = {}
    for sector, series in more.items():
        before = found[TOGETHER][f"reward_{sector}"].mean(axis=1)
        gain = bootstrapped(before, series[f"reward_{sector}"].mean(axis=1))
        gains[sector] = Further(iterations, gain, float(max(before.std(ddof=1), 1e-9)))
    return gains


def _legacy(result: Attribution) -> list[str]:
    """The legacy score of four rows beside what its own program scored; none without it."""
    rows = [row for row in ("random", "untrained", RULE, TOGETHER) if row in result.effects]
    if not all("legacy_score" in result.effects[row] for row in rows):
        return []
    here = ", ".join(f"{row} {float(result.effects[row]['legacy_score'].level.mean):.1f}" for row in rows)
    there = ", ".join(f"{name} {score}" for name, score in ITS_OWN.items())
    return [f"\nlegacy score: {here}; in its own program {there}"]


def _command(request: Request, world: str, asked: Asked) -> str:
    words = [request.command(f"attribute {world}")]
    if asked.models is not None:
        words.append(f"--models {asked.models}")
    if asked.best_response != NONE:
        words.append(f"--best-response {asked.best_response} --iterations {asked.iterations}")
    return " ".join(words)


def _json(payload: Mapping[str, Any], file: Path) -> Path:
    file.write_text(json.dumps(payload, indent=2) + "\n", encoding="utf-8")
    return file
