"""The emergence audit of a world: one arm without each mechanism and each shock, all on the same noise.

The criterion and what it cannot see stand in `analysis.audit`. A world takes part by its `mechanisms`, each
with the settings without it, and by its facts; a study of its own says by `Chance` what in it is exogenous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis import Facts, measure, score_series
from analysis.audit import HALVED, STEP, Kept, Removal, examine, save, shares, spoken, text
from simengine.config import merged
from simengine.errors import UserError, unknown
from simengine.histories import Series
from simengine.registry import facts_of, world_class
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm
from simengine.studies.request import Findings, Request
from simengine.worlds.contract import Mechanism

Settings = Mapping[str, Any]

SHORTEST_YEARS = 3.0  # of a history that has facts


@dataclass(frozen=True)
class Chance:
    """What of a configuration is chance.

    Mechanisms that touch only `sections` count as shocks. `processes` are those it switches on, each with the
    settings without it; those in `variance_only` are no removals. `halved` are the settings with half the
    variance of them all.
    """

    sections: tuple[str, ...] = ()
    processes: Callable[[Any], dict[str, Settings]] = lambda config: {}
    variance_only: tuple[str, ...] = ()
    halved: Callable[[Any], Settings] = lambda config: {}


NO_CHANCE = Chance()


@dataclass(frozen=True)
class Design:
    """The arms of an audit by what they are for; `idle` names what is off already and changes nothing."""

    base: Arm
    without: dict[Removal, Arm]
    processes: tuple[str, ...]  # of the shares of variance
    others: dict[str, Arm]  # "less NAME", "only NAME", "nothing", "raised FACT", "random"
    idle: tuple[str, ...]


def carry_out(request: Request, chance: Chance = NO_CHANCE) -> Findings:
    """Run every arm of the audit and write its tables and its heatmap.

    UserError for a world without mechanisms or facts, a mechanism that does not exist, a setting the world
    refuses.
    """
    from analysis.figures import save as save_figure
    from analysis.figures.audit import audit_figure

    design, facts = planned(request, chance), facts_of(request.world)
    arms = {_arm_name(removal): arm for removal, arm in design.without.items()} | design.others
    with request.pool() as pool:
        base = pool.run({"base": design.base}, label="base")["base"]  # alone: it compiles for all others
        found = pool.run(arms, label="audit", refused=True)
    kept = judged(design, base, found, request.command(f"audit {request.world}"), facts)
    request.out.mkdir(parents=True, exist_ok=True)
    files = save(kept, request.out)
    image = save_figure(audit_figure(kept.audit, facts), request.out / "audit.png")
    return Findings("\n".join(_said(kept, design, base, facts)), (*files, image))


def planned(request: Request, chance: Chance = NO_CHANCE) -> Design:
    """The arms of an audit, every one of them with settings the world accepts."""
    if request.years < SHORTEST_YEARS:
        raise UserError(f"--years {request.years:g}: facts need at least {SHORTEST_YEARS:g} years")
    known, facts = mechanisms(request.world), facts_of(request.world)
    config = make_world(request.world, request.config).config
    shocks = chance.processes(config)
    removals = dict(_removals(known, shocks, chance)) | {HALVED: chance.halved(config)}
    for name in request.names:
        if name not in {removal.name for removal in removals}:
            raise UserError(unknown("mechanism", name, [removal.name for removal in removals]))
    idle, without, made = [], {}, [config]
    for removal, off in removals.items():
        if request.names and removal.name not in request.names:
            continue
        settings = merged(request.config, off)
        try:
            changed = make_world(request.world, settings).config
        except UserError as error:
            raise UserError(f"{removal.sort} {removal.name!r}: {error}") from None
        if changed in made:
            idle.append(removal.name)
            continue
        made.append(changed)
        without[removal] = request.arm(config=settings)
    wanted = {name: off for name, off in shocks.items() if not request.names or name in request.names}
    others = dict(_variance_arms(request, wanted, shocks)) | dict(_raised(request, config, facts))
    others = {name: arm for name, arm in others.items() if arm not in without.values()}
    others["random"] = request.arm(policies={"all": "random"})
    return Design(request.arm(), without, tuple(wanted), others, tuple(idle))


def mechanisms(world: str) -> Mapping[str, Mechanism]:
    """The mechanisms of a world by name; UserError when it lists none."""
    found = world_class(world).mechanisms
    if not found:
        raise UserError(f"world {world!r}: no mechanisms to take away: its class lists none")
    return found


def judged(design: Design, base: Series, found: Mapping[str, Series], said: str, facts: Facts) -> Kept:
    """The audit of arms that have run; a removal whose arm is missing broke the economy."""
    values = {
        name: measure(series, facts)
        for name, series in found.items()
        if not name.startswith(("less", "only"))
    }
    off = {removal: values[name] for removal in design.without if (name := _arm_name(removal)) in values}
    raised = {fact: values[f"raised {fact}"][fact] for fact in facts.assumed if f"raised {fact}" in values}
    broken = tuple(removal for removal in design.without if removal not in off)
    if not off:
        raise UserError("audit: nothing left to compare: every arm broke down or changes nothing")
    audit = examine(facts, measure(base, facts), off, raised, values.get("random"), broken)
    if "nothing" not in found:
        return Kept(audit, (), said)
    varying = facts.varying.series
    levels = {name: series[varying] for name, series in found.items()}
    less = {name: levels[arm] for name in design.processes for arm in _less(name) if arm in levels}
    only = {name: levels[f"only {name}"] for name in design.processes if f"only {name}" in levels}
    return Kept(audit, tuple(shares(base[varying], less, only, levels["nothing"])), said)


def _removals(
    known: Mapping[str, Mechanism], shocks: Mapping[str, Settings], chance: Chance
) -> Iterator[tuple[Removal, Settings]]:
    """What is taken away, shocks first: a mechanism that repeats one of them is then no arm of its own."""
    for name, off in shocks.items():
        if name not in chance.variance_only:
            yield Removal(name, "shock"), off
    for name, mechanism in known.items():
        sort = "shock" if set(mechanism.off) <= set(chance.sections) else "mechanism"
        yield Removal(name, sort), mechanism.off


def _variance_arms(
    request: Request, wanted: Mapping[str, Settings], shocks: Mapping[str, Settings]
) -> Iterator[tuple[str, Arm]]:
    """Arms less one process, with only one, and with nothing; none of them when none is wanted."""

    def without(names: list[str]) -> Arm:
        settings: Settings = request.config
        for name in names:
            settings = merged(settings, shocks[name])
        return request.arm(config=settings)

    for name in wanted:
        yield f"less {name}", without([name])
        yield f"only {name}", without([other for other in shocks if other != name])
    if wanted:
        yield "nothing", without(list(shocks))


def _raised(request: Request, config: Any, facts: Facts) -> Iterator[tuple[str, Arm]]:
    """Arms in which a typed-in value is raised; a world without the parameter has none."""
    for fact, typed in facts.assumed.items():
        section, _, name = typed.parameter.partition(".")
        value = getattr(getattr(config, section, None), name, None)
        if typed.scale and value is not None:
            rise = STEP * facts.targets[fact].sd / typed.scale
            settings = merged(request.config, {section: {name: value + rise}})
            make_world(request.world, settings)
            yield f"raised {fact}", request.arm(config=settings)


def _said(kept: Kept, design: Design, base: Series, facts: Facts) -> Iterator[str]:
    yield text(kept.audit)
    if kept.shares:
        yield "\n" + "\n".join(spoken(kept.shares, facts.varying.title))
    if design.idle:
        yield "off already, or the same as another removal: " + ", ".join(design.idle)
    if note := score_series(base, facts).note:
        yield f"note: {note}"


def _less(process: str) -> tuple[str, str]:
    """The names an arm less one process may have: a removal's, or its own."""
    return _arm_name(Removal(process, "shock")), f"less {process}"


def _arm_name(removal: Removal) -> str:
    return f"without {removal.sort} {removal.name}"
