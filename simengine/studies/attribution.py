"""What learning changed: a world under rules, controls and learned networks, all on common noise.

Controls decide at random, always by the first action of every head, or by networks that have learned nothing.
A world with rows, outcomes or text of its own joins them as an `Extension`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.attribution import (
    FIELDS,
    RETURN,
    RULE,
    Addition,
    Attribution,
    Further,
    Outcome,
    attribute,
    returns,
)
from analysis.inference import Interval, bootstrapped
from analysis.tables import write_table
from simengine.errors import UserError, unknown
from simengine.histories import Series
from simengine.policies import SHIPPED, SUFFIX, learned_in, shipped
from simengine.registry import world_class
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm, Follow, histories
from simengine.studies.best_response import further
from simengine.studies.request import Findings, Request

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONTROLS = {
    "random": {"all": "random"},
    "fixed": {"all": "fixed:0"},
    "untrained": {"all": "untrained"},
    RULE: {"all": "rule"},
}
TOGETHER = "all learned"
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


@dataclass(frozen=True)
class Extension:
    """What a world adds: further rows, by the networks of those who learned together, how an arm is followed,
    outcomes beside returns by series and configuration, an addition to the result and its figures by name.
    """

    rows: Callable[[Mapping[str, str]], Mapping[str, dict[str, str]]] = lambda together: {}
    follow: Follow = histories
    outcomes: Callable[[Series, Any], tuple[Outcome, ...]] = lambda series, config: ()
    added: Callable[[Attribution, Request, Mapping[str, Series]], Addition | None] = lambda *found: None
    figures: Callable[[Attribution], Mapping[str, Figure]] = lambda found: {}


NOTHING_MORE = Extension()


def carry_out(request: Request, asked: Asked | None = None, extension: Extension = NOTHING_MORE) -> Findings:
    """Run every row, and the sectors that are to learn on; write table, JSON and figures.

    UserError for a world without networks, or a sector that has none.
    """
    from analysis.figures import save
    from analysis.figures.attribution import attribution_figure

    asked = asked or Asked()
    together = networks(request.world, asked.models)
    alone = networks(request.world, asked.models, "learned_alone")
    wanted = _learners(asked.best_response, together)
    arms, follow = planned(request, together, alone, extension), extension.follow
    with request.pool() as pool:
        base = pool.run({RULE: arms[RULE]}, label="rule", follow=follow)  # alone: it compiles for all others
        rest = {row: arm for row, arm in arms.items() if row != RULE}
        found = base | pool.run(rest, label="attribution", refused=True, follow=follow)
        wanted = wanted if TOGETHER in found else ()
        learned = _further(request, arms[TOGETHER], together, wanted, asked)
        more = pool.run(learned, label="best responses" if learned else "", follow=follow)
    result = attributed(request, arms, found, _command(request, asked), extension)
    result = replace(result, further=_gains(found, more, asked.iterations))
    request.out.mkdir(parents=True, exist_ok=True)
    figures = {"attribution": attribution_figure(result), **extension.figures(result)}
    files = [
        write_table(result.rows(), request.out / "attribution.csv", result.command, FIELDS),
        _json(result.payload(), request.out / "attribution.json"),
        *(save(figure, request.out / "figures" / f"{name}.png") for name, figure in figures.items()),
    ]
    return Findings(result.text(), tuple(files))


def networks(world: str, models: Path | None = None, kind: str = "learned") -> dict[str, Path]:
    """The weights files by population, shipped or of a folder; empty where none were trained alone."""
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
    request: Request,
    together: Mapping[str, Path],
    alone: Mapping[str, Path],
    extension: Extension = NOTHING_MORE,
) -> dict[str, Arm]:
    """The arms by row: controls, rule, each sector learned alone, all learned, and the world's own.

    And all learned but one sector: what one's own network is worth where the others' are the same.
    """
    rows: dict[str, dict[str, str]] = dict(CONTROLS)
    rows |= {own_row(name): {name: str(path)} for name, path in alone.items()}
    rows[TOGETHER] = every = {name: str(path) for name, path in together.items()}
    if len(every) > 1:
        for name in every:
            rows[but_row(name)] = {other: path for other, path in every.items() if other != name}
    rows |= extension.rows(every)
    make_world(request.world, request.config)
    return {row: request.arm(policies=policies) for row, policies in rows.items()}


def own_row(sector: str) -> str:
    """The row in which a sector alone has learned."""
    return f"{sector.replace('_', ' ')} learned"


def but_row(sector: str) -> str:
    """The row in which all sectors but one have learned."""
    return f"{TOGETHER} but {sector.replace('_', ' ')}"


def attributed(
    request: Request,
    arms: Mapping[str, Arm],
    found: Mapping[str, Series],
    command: str,
    extension: Extension = NOTHING_MORE,
) -> Attribution:
    """The comparison of rows that have run; a row whose arm is missing broke the economy."""
    config = make_world(request.world, request.config).config
    own = returns(found[RULE])
    by = (*own, *extension.outcomes(found[RULE], config))
    sectors = [one.name.removeprefix(RETURN) for one in own]
    alone = {sector: own_row(sector) for sector in sectors}
    result = Attribution(
        command=command,
        replicas=request.replicas,
        years=request.years,
        outcomes=by,
        effects=attribute(found, by, request.seed),
        shown=(*CONTROLS, *(row for row in alone.values() if row in arms), TOGETHER),
        alone=alone,
        together=TOGETHER,
        beside=_beside(found, request.seed),
        broken=tuple(row for row in arms if row not in found),
    )
    return replace(result, added=extension.added(result, request, found))


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


def _command(request: Request, asked: Asked) -> str:
    words = [request.command(f"attribute {request.world}")]
    if asked.models is not None:
        words.append(f"--models {asked.models}")
    if asked.best_response != NONE:
        words.append(f"--best-response {asked.best_response} --iterations {asked.iterations}")
    return " ".join(words)


def _json(payload: Mapping[str, Any], file: Path) -> Path:
    file.write_text(json.dumps(payload, indent=2) + "\n", encoding="utf-8")
    return file
