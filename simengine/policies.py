"""Policies by name: what a command or a scenario says in place of an object."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from simengine.errors import UserError, one_line, unknown
from simengine.registry import imported
from simengine.worlds.contract import World

WORDS = {
    "rule": "the world's own rule: the neutral action of every head",
    "random": "every choice of a head equally likely, drawn from keyed noise",
    "untrained": "a network that has learned nothing: it draws at random around the rule",
    "learned": "the network shipped for this population, trained together with all others",
    "learned_alone": "the network shipped for this population, trained while all others follow rules",
    "fixed:K[,K...]": "always these action indices: one per head, or one for all heads",
    "FILE.safetensors": "a trained network: a weights file of a training's models folder",
    "recorded:FOLDER": "the decisions of a recorded run, replayed from tick 0; before, the rule",
    "module:Class": "a class of yours with needs_observation and act(ask): see agents/policy.py",
}
"""How a policy is named -> what it does; a world may know rules by further names."""

SHIPPED = {"learned": "together", "learned_alone": "alone"}
SUFFIX = ".safetensors"


class Seated(NamedTuple):
    """Where a policy is to sit: `shape` are replicas and slots."""

    world: World
    population: str
    heads: dict[str, int]
    neutral: tuple[int, ...] | None
    device: str
    shape: tuple[int, ...]


Maker = Callable[[Seated], Any]


def maker(spec: str, population: str = "") -> Maker:
    """What makes the policy that `spec` names once its seat is known; a UserError where it names none."""
    place = f"policy {population}={spec!r}" if population else f"policy {spec!r}"
    kind, colon, rest = spec.partition(":")
    if kind == "fixed" and colon:
        return _fixed(rest, place)
    if kind == "recorded" and colon:
        return lambda seat: _recorded(Path(rest), seat)
    if spec.endswith(SUFFIX):
        if not Path(spec).is_file():
            raise UserError(f"{place}: no such file")
        return lambda seat: _trained(Path(spec), seat.device)
    if colon:
        return _imported(spec, place)
    return lambda seat: _named(spec, place, seat)


def policy(spec: str, seat: Seated) -> Any:
    """The policy that `spec` names, for a seat."""
    return maker(spec, seat.population)(seat)


def checked(spec: str, population: str, world: World) -> None:
    """A UserError where `spec` names no policy in `world`, as far as can be told before it is seated."""
    maker(spec, population)
    if ":" not in spec and not spec.endswith(SUFFIX):
        rules = world.rules.get(population, ())
        if population != "all" or spec not in WORDS:
            _known(spec, f"policy {population}={spec!r}", rules)
        if spec in SHIPPED and population != "all":
            shipped(type(world), population, spec)


def shipped(world: type[World], population: str, kind: str = "learned") -> Path:
    """The weights file shipped for a population of a world; a UserError where there is none."""
    path = world.models / SHIPPED[kind] / f"{population}{SUFFIX}" if world.models else None
    if path is None or not path.is_file():
        raise UserError(
            f"policy {population}={kind!r}: no network is shipped for {population} of {world.name}"
        )
    return path


def learned_in(world: type[World], kind: str = "learned") -> tuple[str, ...]:
    """The populations of a world for which networks are shipped, in the order of their names."""
    found = (world.models / SHIPPED[kind]).glob(f"*{SUFFIX}") if world.models else ()
    return tuple(sorted(path.stem for path in found))


def weights_behind(spec: str, population: str, world: type[World]) -> tuple[Path, ...]:
    """The weights files that a policy decides by: one, none, or for `all` those of every population."""
    if spec.endswith(SUFFIX):
        return (Path(spec),)
    if spec not in SHIPPED:
        return ()
    who = learned_in(world, spec) if population == "all" else (population,)
    return tuple(shipped(world, name, spec) for name in who)


def _fixed(indices: str, place: str) -> Maker:
    from agents.policy import FixedPolicy

    try:
        chosen = tuple(int(index) for index in indices.split(","))
    except ValueError as error:
        raise UserError(
            f"{place}: write fixed:K or fixed:K,K with action indices ({one_line(error)})"
        ) from None

    def made(seat: Seated) -> FixedPolicy:
        indices, sizes = chosen * len(seat.heads) if len(chosen) == 1 else chosen, tuple(seat.heads.values())
        if len(indices) != len(sizes) or not all(0 <= k < size for k, size in zip(indices, sizes)):
            raise UserError(
                f"{place}: valid for {seat.population} is one index, or one for each of its heads, from 0 "
                f"and below {', '.join(f'{size} ({head})' for head, size in seat.heads.items())}"
            )
        return FixedPolicy(chosen)

    return made


def _imported(spec: str, place: str) -> Maker:
    kind = imported(spec, "policy")

    def made(seat: Seated) -> Any:
        try:
            return kind()
        except TypeError as error:
            raise UserError(f"{place}: cannot be made without arguments: {one_line(error)}") from error

    return made


def _named(spec: str, place: str, seat: Seated) -> Any:
    from agents.policy import NamedRule, RandomPolicy, RulePolicy

    rules = seat.world.rules.get(seat.population, ())
    _known(spec, place, rules)
    if spec in rules:
        return NamedRule(spec)
    if spec in SHIPPED:
        return _trained(shipped(type(seat.world), seat.population, spec), seat.device)
    if spec == "untrained":
        return _untrained(seat, place)
    return {"rule": RulePolicy, "random": RandomPolicy}[spec]()


def _known(spec: str, place: str, rules: Any) -> None:
    plain = [word for word in WORDS if word.islower() and ":" not in word]
    if spec not in (*plain, *rules):
        raise UserError(f"{place}: {unknown('policy', spec, [*WORDS, *rules])}")


def _trained(path: Path, device: str) -> Any:
    from agents.weights import load

    return load(path).policy(device)


def _untrained(seat: Seated, place: str) -> Any:
    from agents.hyperparameters import combined
    from agents.networks import fresh
    from agents.weights import Weights
    from agents.yardsticks import Yardstick

    name, heads = seat.population, seat.heads
    if name not in seat.world.features:
        raise UserError(f"{place}: the world {seat.world.name!r} does not say what {name} observe")
    features, rest = seat.world.features[name], seat.neutral or (0,) * len(heads)
    settings = combined("fast", [seat.world.learning], name)
    network = fresh(name, len(features), heads, rest, settings, seed=0)
    seen = Yardstick(len(features), float("inf"))
    return Weights(name, features, heads, rest, settings.shape, network, seen).policy(seat.device)


def _recorded(folder: Path, seat: Seated) -> Any:
    import polars as pl

    from agents.policy import RecordedPolicy
    from analysis.run import Run

    rows = (
        Run(folder)
        .events("Decision")
        .filter(pl.col("population") == seat.population)
        .sort("tick", maintain_order=True)
        .collect()
    )
    if rows.is_empty():
        raise UserError(f"policy recorded:{folder}: no decisions of {seat.population} are recorded there")
    replicas, slots = seat.shape
    held, agents = rows["replica"].unique().sort().to_list(), int(str(rows["agent"].max())) + 1
    if held != list(range(replicas)) or agents > slots:
        raise UserError(
            f"policy recorded:{folder}: decisions of replicas {', '.join(map(str, held))} and {agents} "
            f"{seat.population}: valid are all {replicas} replicas (--record all) and at most {slots} of them"
        )
    columns = (
        rows[name].cast(pl.Int64).to_numpy() for name in ("tick", "replica", "agent", "head", "action")
    )
    return RecordedPolicy(*columns)
