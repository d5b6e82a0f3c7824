"""Policies by name: what a command or a scenario says in place of an object."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from agents.action import table_digest
from simengine.errors import UserError, one_line, unknown
from simengine.kernel.heads import Head, sizes
from simengine.registry import imported, world_class
from simengine.typed import number
from simengine.worlds.contract import World

EVERYONE = "all"
"""The name in policies that stands for every population without a policy of its own."""

OWN = "own"
"""The name of the policy that a world brings for a population."""

WORDS = {
    OWN: "what the world itself brings for this population: minds of their own, else its rule",
    "rule": "the world's own rule: the neutral action of every head",
    "random": "every choice of a head equally likely, drawn from keyed noise",
    "untrained": "a network that has learned nothing: it draws at random around the rule",
    "learned": "the network shipped for this population, trained together with all others",
    "learned_alone": "the network shipped for this population, trained while all others follow rules",
    "fixed:K[,K...]": "always these numbers: those of every head in their order, or one for all",
    "FILE.safetensors": "a trained network: a weights file of a training's models folder",
    "recorded:FOLDER": "the decisions of a recorded run, replayed from tick 0; before, the rule",
    "module:Class": "a class of yours with needs_observation and act(ask): see agents/policy.py",
}
"""How a policy is named -> what it does; a world may know rules by further names."""

SHIPPED = {"learned": "together", "learned_alone": "alone"}
SUFFIX = ".safetensors"
ACTIONS = "actions"
"""The note of a weights file that holds the digest of the action table that its network learned with."""


class Seated(NamedTuple):
    """Where a policy is to sit: `shape` are replicas and slots; `head` is what it is for, if not for all.

    `seed` is that of the run's noise.
    """

    world: World
    population: str
    heads: dict[str, Head]
    device: str
    shape: tuple[int, ...]
    head: str = ""
    seed: int = 0

    @property
    def name(self) -> str:
        """How a command names the place: `foragers`, or `foragers.effort`."""
        return f"{self.population}.{self.head}" if self.head else self.population

    @property
    def decided(self) -> dict[str, Head]:
        """The heads that it is for."""
        return {self.head: self.heads[self.head]} if self.head else self.heads


Policies = Mapping[str, Any] | str
"""Place (a population, `all`, or a head, `firms.price`) -> policy; one word stands for `{"all": word}`."""

Maker = Callable[[Seated], Any]


def by_place(policies: Policies | None) -> dict[str, Any]:
    """Policies by place."""
    return {EVERYONE: policies} if isinstance(policies, str) else dict(policies or {})


def cast_in(world: World | type[World], policies: Policies | None) -> dict[str, Any]:
    """Who decides in a world: its cast, unless `policies` say otherwise of a population or of all."""
    given = by_place(policies)
    return given if EVERYONE in given else {**world.cast, **given}


def ruled(world: World | type[World], policies: Policies | None = None) -> dict[str, Any]:
    """Policies under which the rule takes the place of whoever the world's cast has and they do not name."""
    given = by_place(policies)
    return given if EVERYONE in given else {**dict.fromkeys(world.cast, "rule"), **given}


def maker(spec: str, population: str = "") -> Maker:
    """What makes the policy that `spec` names once its seat is known; a UserError where it names none.

    `population` may name one head of it, `foragers.effort`.
    """
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


def decider(policy: Any) -> str:
    """How a policy is called: as it was named, else by its own title, else by its class."""
    return policy if isinstance(policy, str) else getattr(policy, "title", type(policy).__name__)


DECIDERS = {
    "rule": "rules",
    "random": "chance",
    "learned": "learned networks",
    "learned_alone": "networks that learned alone",
    "untrained": "untrained networks",
    "minds": "minds of their own",
}
"""How policies are called in a sentence; others by their names."""


def who_decides(deciders: Mapping[str, str]) -> str:
    """Who decides what, place -> policy, in words: `learned networks (firms, banks); rules (government)`."""
    seats: dict[str, list[str]] = {}
    for place, policy in deciders.items():
        seats.setdefault(DECIDERS.get(policy, policy), []).append(place.replace("_", " "))
    return "; ".join(f"{who} ({', '.join(places)})" for who, places in seats.items()) or "nobody"


def policy(spec: str, seat: Seated) -> Any:
    """The policy that `spec` names, for a seat."""
    return maker(spec, seat.name)(seat)


def seated(seat: Seated, chosen: Any, parts: Mapping[str, Any]) -> Any:
    """What `chosen` says, or the policy that it is, with the heads named in `parts` decided by theirs.

    A UserError for a head that does not exist.
    """
    from agents.policy import ByHead

    whole = policy(chosen, seat) if isinstance(chosen, str) else chosen
    made = {}
    for head, part in parts.items():
        if head not in seat.heads:
            raise UserError(f"policy {seat.population}.{head}: {unknown('head', head, seat.heads)}")
        made[head] = policy(part, seat._replace(head=head)) if isinstance(part, str) else part
    return ByHead(whole, made) if made else whole


def checked(spec: str, population: str, world: World) -> None:
    """A UserError where `spec` names no policy in `world`, as far as can be told before it is seated."""
    maker(spec, population)
    if ":" not in spec and not spec.endswith(SUFFIX):
        population, _, head = population.partition(".")
        rules = () if head else world.rules.get(population, ())
        if population != "all" or spec not in WORDS:
            _known(spec, f"policy {population}={spec!r}", rules)
        if spec in SHIPPED and population != "all":
            shipped(type(world), population, spec)


def shipped(world: type[World] | str, population: str, kind: str = "learned") -> Path:
    """The weights file shipped for a population of a world, or its name; a UserError where there is none."""
    world = world_class(world) if isinstance(world, str) else world
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


def digest_of(policy: Any, head: str = "") -> str:
    """The digest of the network of a policy, or of its part for a head; empty where it is none."""
    part = getattr(policy, "parts", {}).get(head, policy)
    return str(getattr(getattr(part, "weights", None), "digest", ""))


def fits(world: World, population: str, heads: Mapping[str, Head], policy: Any) -> None:
    """A UserError for a network that was not trained on what a population observes, decides and does.

    A policy that stands before others, such as those of single heads, fits if all of them do.
    """
    before = getattr(policy, "rest", None)
    for part in (*getattr(policy, "parts", {}).values(), *([] if before is None else [before])):
        fits(world, population, heads, part)
    weights = getattr(policy, "weights", None)
    if weights is None:
        return
    name = f"weights {weights.file or weights.digest} of {weights.population}"
    if not weights.fits(heads, world.features.get(population) or weights.features):
        shown = {**heads, **sizes(heads)}
        raise UserError(
            f"{name}: {population} of this world has other features or heads: valid are heads {shown}"
        )
    here = table_digest(world.actions.get(population, {}))
    if weights.notes.get(ACTIONS, here) != here:
        raise UserError(
            f"{name}: the actions of {population} do something else in this world: "
            "valid is a network that learned with its action table"
        )


def anchored(spec: str) -> str:
    """The spec with the path of a file or folder in it made absolute, so that it means the same elsewhere."""
    if spec.endswith(SUFFIX):
        return os.path.abspath(spec)
    kind, colon, rest = spec.partition(":")
    return f"{kind}:{os.path.abspath(rest)}" if kind == "recorded" and colon else spec


def _fixed(words: str, place: str) -> Maker:
    numbers = []
    for word in words.split(","):
        if (found := number(word)) is None:
            said = f"{word[:40]!r} is no number: write fixed:K or fixed:K,K with action indices or numbers"
            raise UserError(f"{place}: {said}")
        numbers.append(found)
    return lambda seat: _fitting(tuple(numbers), seat, place)


def _fitting(numbers: tuple[float, ...], seat: Seated, place: str) -> Any:
    """The fixed policy of these numbers; a UserError where they are no answer to the heads."""
    from agents.policy import FixedPolicy

    widths = [head.width for head in seat.decided.values()]
    if len(numbers) not in (1, sum(widths)):
        raise UserError(
            f"{place}: {len(numbers)} numbers: valid are 1, or {sum(widths)} for {[*seat.decided]}"
        )
    each = np.array(numbers if len(numbers) > 1 else numbers * sum(widths))
    for (name, head), part in zip(seat.decided.items(), np.split(each, np.cumsum(widths)[:-1]), strict=True):
        if head.wrong(part[None])[0] or (part.astype(head.dtype) != part).any():
            raise UserError(f"{place}: {part.tolist()} for {name!r}: valid is {head.valid}")
    return FixedPolicy(numbers, seat.head or None)


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

    rules = () if seat.head else seat.world.rules.get(seat.population, ())
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
    from agents.observation import RowLayout
    from agents.weights import Weights
    from agents.yardsticks import Yardstick

    name, heads = seat.population, seat.heads
    if name not in seat.world.features:
        raise UserError(f"{place}: the world {seat.world.name!r} does not say what {name} observe")
    features = seat.world.features[name]
    settings = combined("fast", [seat.world.learning], name)
    layout = RowLayout.of(features, settings.memory)
    network = fresh(name, layout, heads, None, settings, seed=0)
    seen = Yardstick(layout.features, float("inf"))
    items = {each: Yardstick(block.width, float("inf")) for each, block in layout.items.items()}
    found = Weights(name, features, heads, None, settings.shape, network, seen, items=items)
    return found.policy(seat.device)


def _recorded(folder: Path, seat: Seated) -> Any:
    from simengine.replay import recorded_policy

    return recorded_policy(folder, seat)
