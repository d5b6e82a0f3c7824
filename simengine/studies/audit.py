"""The emergence audit of a world: one arm without each mechanism and each shock, all on the same noise.

The criterion and what it cannot see stand in `analysis.audit`. A world takes part by a module beside its own,
`<module of the world>_mechanisms`, whose `MECHANISMS` maps names to entries with `says`, `source` and `off`,
the settings without it. Exogenous processes are the `<name>_sd` of the configuration's `disturbances`, and
`luck.individual`, which counts for shares of variance only because it contains mechanisms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from analysis import measure, score_series, targets
from analysis.audit import ASSUMED, HALVED, STEP, Kept, Removal, examine, save, shares, spoken, text
from simengine.config import merged
from simengine.errors import UserError, unknown
from simengine.histories import Series
from simengine.registry import imported, worlds
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm
from simengine.studies.request import Findings, Request

Settings = Mapping[str, Any]

SHORTEST_YEARS = 3.0  # of a history that has facts
CHANCE = ("disturbances", "luck")  # sections whose settings are shocks, not mechanisms
OWN_LUCK = "own_luck"


@dataclass(frozen=True)
class Plan:
    """The arms of an audit by what they are for; `idle` names what is off already and changes nothing."""

    base: Arm
    without: dict[Removal, Arm]
    processes: tuple[str, ...]  # of the shares of variance
    others: dict[str, Arm]  # "less NAME", "only NAME", "nothing", "raised FACT", "random"
    idle: tuple[str, ...]


def carry_out(request: Request, world: str = "macro") -> Findings:
    """Run every arm of the audit and write its tables and its heatmap.

    UserError for a world without mechanisms, a mechanism that does not exist, a setting the world refuses.
    """
    from analysis.figures import save as save_figure
    from analysis.figures.audit import audit_figure

    plan = planned(request, world)
    arms = {_arm_name(removal): arm for removal, arm in plan.without.items()} | plan.others
    with request.pool() as pool:
        base = pool.run({"base": plan.base}, label="base")["base"]  # alone: it compiles for all others
        found = pool.run(arms, label="audit", refused=True)
    kept = judged(plan, base, found, request.command(f"audit {world}"))
    request.out.mkdir(parents=True, exist_ok=True)
    files = save(kept, request.out)
    image = save_figure(audit_figure(kept.audit), request.out / "audit.png")
    return Findings("\n".join(_said(kept, plan, base)), (*files, image))


def planned(request: Request, world: str) -> Plan:
    """Return the arms of an audit, every one of them with settings the world accepts."""
    if request.years < SHORTEST_YEARS:
        raise UserError(f"--years {request.years:g}: facts need at least {SHORTEST_YEARS:g} years")
    known = mechanisms(world)
    config = make_world(world, request.config).config
    shocks = processes(config)
    removals = dict(_removals(known, shocks)) | {HALVED: halved(config)}
    for name in request.names:
        if name not in {removal.name for removal in removals}:
            raise UserError(unknown("mechanism", name, [removal.name for removal in removals]))
    idle, without, made = [], {}, [config]
    for removal, off in removals.items():
        if request.names and removal.name not in request.names:
            continue
        settings = merged(request.config, off)
        try:
            changed = make_world(world, settings).config
        except UserError as error:
            raise UserError(f"{removal.sort} {removal.name!r}: {error}") from None
        if changed in made:
            idle.append(removal.name)
            continue
        made.append(changed)
        without[removal] = request.arm(world=world, config=settings)
    wanted = {name: off for name, off in shocks.items() if not request.names or name in request.names}
    others = dict(_variance_arms(request, world, wanted, shocks)) | dict(_raised(request, world, config))
    others = {name: arm for name, arm in others.items() if arm not in without.values()}
    others["random"] = request.arm(world=world, policies={"all": "random"})
    return Plan(request.arm(world=world), without, tuple(wanted), others, tuple(idle))


def mechanisms(world: str) -> Mapping[str, Any]:
    """Return the mechanisms of a world by name; UserError when it lists none."""
    module = worlds().get(world, world).partition(":")[0]
    make_world(world, {})
    try:
        return dict(imported(module.rpartition(".")[0] + ".mechanisms:MECHANISMS", "mechanisms"))
    except UserError as error:
        raise UserError(f"world {world!r}: no mechanisms to take away: {error}") from None


def processes(config: Any) -> dict[str, Settings]:
    """Return the exogenous processes that a configuration switches on, each with the settings without it."""
    disturbances, luck = getattr(config, "disturbances", None), getattr(config, "luck", None)
    found: dict[str, Settings] = {}
    for name in type(disturbances).model_fields if disturbances else ():
        if name.endswith("_sd") and getattr(disturbances, name) > 0.0:
            found[f"{name.removesuffix('_sd')}_shock"] = {"disturbances": {name: 0.0}}
    if getattr(luck, "individual", 0.0) > 0.0:
        found[OWN_LUCK] = {"luck": {"individual": 0.0}}
    return found


def halved(config: Any) -> Settings:
    """Return the settings that halve the variance of every shock, of all agents' and of single ones'."""
    return {
        section: {
            name: value / sqrt(2.0)
            for name in type(rules).model_fields
            if "_sd" in name and (value := getattr(rules, name)) > 0.0
        }
        for section in CHANCE
        if (rules := getattr(config, section, None)) is not None
    }


def judged(plan: Plan, base: Series, found: Mapping[str, Series], said: str) -> Kept:
    """Return the audit of arms that have run; a removal whose arm is missing broke the economy."""
    facts = {name: measure(series) for name, series in found.items() if not name.startswith(("less", "only"))}
    off = {removal: facts[name] for removal in plan.without if (name := _arm_name(removal)) in facts}
    raised = {fact: facts[f"raised {fact}"][fact] for fact in ASSUMED if f"raised {fact}" in facts}
    broken = tuple(removal for removal in plan.without if removal not in off)
    if not off:
        raise UserError("audit: nothing left to compare: every arm broke down or changes nothing")
    audit = examine(measure(base), off, raised, facts.get("random"), broken)
    if "nothing" not in found:
        return Kept(audit, (), said)
    gdp = {name: series["gdp"] for name, series in found.items()}
    less = {name: gdp[arm] for name in plan.processes for arm in _less(name) if arm in gdp}
    only = {name: gdp[f"only {name}"] for name in plan.processes if f"only {name}" in gdp}
    return Kept(audit, tuple(shares(base["gdp"], less, only, gdp["nothing"])), said)


def _removals(known: Mapping[str, Any], shocks: Mapping[str, Settings]) -> Iterator[tuple[Removal, Settings]]:
    """What is taken away, shocks first: a mechanism that repeats one of them is then no arm of its own."""
    for name, off in shocks.items():
        if name != OWN_LUCK:
            yield Removal(name, "shock"), off
    for name, mechanism in known.items():
        sort = "shock" if set(mechanism.off) <= set(CHANCE) else "mechanism"
        yield Removal(name, sort), mechanism.off


def _variance_arms(
    request: Request, world: str, wanted: Mapping[str, Settings], shocks: Mapping[str, Settings]
) -> Iterator[tuple[str, Arm]]:
    """Arms less one process, with only one, and with nothing; none of them when none is wanted."""

    def without(names: list[str]) -> Arm:
        settings: Settings = request.config
        for name in names:
            settings = merged(settings, shocks[name])
        return request.arm(world=world, config=settings)

    for name in wanted:
        yield f"less {name}", without([name])
        yield f"only {name}", without([other for other in shocks if other != name])
    if wanted:
        yield "nothing", without(list(shocks))


def _raised(request: Request, world: str, config: Any) -> Iterator[tuple[str, Arm]]:
    """Arms in which a typed-in value is raised; a world without the parameter has none."""
    for fact, typed in ASSUMED.items():
        section, _, name = typed.parameter.partition(".")
        value = getattr(getattr(config, section, None), name, None)
        if typed.scale and value is not None:
            rise = STEP * targets()[fact].sd / typed.scale
            settings = merged(request.config, {section: {name: value + rise}})
            make_world(world, settings)
            yield f"raised {fact}", request.arm(world=world, config=settings)


def _said(kept: Kept, plan: Plan, base: Series) -> Iterator[str]:
    yield text(kept.audit)
    if kept.shares:
        yield "\n" + "\n".join(spoken(kept.shares))
    if plan.idle:
        yield "off already, or the same as another removal: " + ", ".join(plan.idle)
    if note := score_series(base).note:
        yield f"note: {note}"


def _less(process: str) -> tuple[str, str]:
    """The names an arm less one process may have: a removal's, or its own."""
    return _arm_name(Removal(process, "shock")), f"less {process}"


def _arm_name(removal: Removal) -> str:
    return f"without {removal.sort} {removal.name}"
