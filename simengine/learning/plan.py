"""What a training is asked for: world, who learns, how much, from what start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.hyperparameters import PRESETS, Hyperparameters, combined
from simengine.errors import UserError, unknown
from simengine.policies import EVERYONE, ruled
from simengine.registry import DEFAULT_WORLD, world_class


@dataclass(frozen=True)
class Plan:
    """One training; on one build and device equal plans give equal weights.

    An iteration simulates `span_years` in all `replicas` and then updates every learner; after `spans`
    iterations a new episode opens on new noise. `populations` learn (all when empty), the others follow
    `policies`, or the world's rules. `preset` and `settings` (population or `all` -> name -> value) are
    hyperparameters, `config` the world's settings; `start` maps populations to weights files to go on from.
    Every `evaluate_every` iterations (0: never) networks are compared with the rule on held-out noise.
    `device` (`cpu` or `cuda`) is where networks act and learn, `precision` that of their products.
    """

    world: str = DEFAULT_WORLD
    populations: tuple[str, ...] = ()
    iterations: int = 60
    replicas: int = 64
    seed: int = 0
    preset: str = "fast"
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    start: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    span_years: float = 4.0
    spans: int = 8
    evaluate_every: int = 10
    evaluate_replicas: int = 16
    evaluate_years: float = 10.0
    device: str = "cpu"
    precision: str = "float32"

    @property
    def others(self) -> dict[str, Any]:
        """Who decides beside those who learn: as `policies` say, else the world's rules."""
        return ruled(world_class(self.world), self.policies)

    def hyperparameters(self, population: str) -> Hyperparameters:
        """The preset's settings with those given for a population, or for `all`, on top.

        On the preset `fast` stand what the world's own `learning` says of the population, or of `all`.
        """
        if self.preset not in PRESETS:
            raise UserError(unknown("preset", self.preset, PRESETS))
        own = world_class(self.world).learning if self.preset == "fast" else {}
        try:
            return combined(self.preset, (own, self.settings), population)
        except KeyError as error:
            known = asdict(PRESETS[self.preset])
            raise UserError(unknown("hyperparameter", error.args[0], known)) from None

    def check_times(self, ticks_per_year: int) -> None:
        """A UserError unless spans and evaluations take whole ticks."""
        for name in ("span_years", "evaluate_years"):
            ticks = getattr(self, name) * ticks_per_year
            if ticks < 1 or abs(ticks - round(ticks)) > 1e-6:
                raise UserError(f"{name} = {getattr(self, name):g}: {ticks:g} ticks: valid is a whole number")

    def learns(self, populations: Mapping[str, Any]) -> tuple[str, ...]:
        """Who learns, in the world's order; a UserError for an unknown name, or a policy of who learns."""
        named = (*self.populations, *self.start, *(name for name in self.settings if name != EVERYONE))
        for name in named:
            if name not in populations:
                raise UserError(unknown("population", name, populations))
        learning = tuple(name for name in populations if not self.populations or name in self.populations)
        for name in self.policies:
            if name in learning:
                raise UserError(f"policy of {name}: it learns: valid is a population that does not")
        return learning
