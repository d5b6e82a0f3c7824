"""Saved networks judged beside the rule and random decisions, on a seed that chose and trained nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from agents.weights import Weights, load
from analysis.facts import TooShort
from analysis.inference import Interval, paired
from analysis.scorecard import score_series
from analysis.wording import estimate, number
from simengine import folder as disk
from simengine.errors import UserError
from simengine.guarded import guarded
from simengine.learning.evaluation import HELD_OUT, Returns, evaluate, returns
from simengine.learning.manifest import TRAINING, planned
from simengine.registry import world_class

UNSEEN = HELD_OUT + 1
"""The seed of final evaluations: training and the choice of the best networks use others."""


class Models(NamedTuple):
    """Saved networks by population, and the economy they were trained in."""

    folder: Path
    weights: dict[str, Weights]
    world: str
    config: dict[str, Any]
    policies: dict[str, str]


@dataclass(frozen=True)
class Assessment:
    """Rewards by arm and population, (R,), on common noise, of histories of so many recorded years.

    Arms are `learned`, `rule` and `random`; a reward is the mean per agent and time it is rewarded. `scores`
    holds by arm the % of facts met and its standard error, where the world has them and histories are long
    enough; `reference` is whose facts they are.
    """

    models: Models
    seed: int
    replicas: int
    years: float
    rewards: dict[str, Returns]
    scores: dict[str, tuple[float, float | None]]
    reference: str = ""

    def gains(self, arm: str = "learned") -> dict[str, Interval]:
        """What each population gains on the rule in an arm, paired by histories (95 %, Student's t)."""
        rule = self.rewards["rule"]
        return {name: paired(rule[name], mean) for name, mean in self.rewards[arm].items()}

    def text(self) -> str:
        """A table: the mean of an agent's rewards by arm, and the paired gain."""
        gains = self.gains()
        width = max(map(len, gains), default=0) + 2
        lines = [f"{'reward':<{width}}{'random':>10}{'rule':>10}{'learned':>10}  learned - rule [95 %]"]
        for name, gain in gains.items():
            means = [float(self.rewards[arm][name].mean()) for arm in ("random", "rule", "learned")]
            who = f"{name} *" if name in self.models.weights else name
            cells = "".join(f"{number(mean, 3):>10}" for mean in means)
            lines.append(f"{who:<{width}}{cells}  {estimate(gain, digits=3)}")
        lines.append(f"* has learned; {self.replicas} histories of {self.years:g} years, seed {self.seed}")
        lines += [
            f"{score:5.1f} % of the {self.reference} facts{'' if se is None else f' (± {se:.1f})'}: {arm}"
            for arm, (score, se) in self.scores.items()
        ]
        return "\n".join(lines)

    def payload(self) -> dict[str, Any]:
        """The same for programs."""
        gains = self.gains()
        return {
            "world": self.models.world,
            "config": self.models.config,
            "weights": {name: w.digest for name, w in self.models.weights.items()},
            "seed": self.seed,
            "replicas": self.replicas,
            "years": self.years,
            "rewards": {
                arm: {name: float(mean.mean()) for name, mean in by.items()}
                for arm, by in self.rewards.items()
            },
            "gains": {
                name: {part: _plain(getattr(gain, part)) for part in ("mean", "low", "high")}
                for name, gain in gains.items()
            },
            "scores": {arm: {"score": score, "se": se} for arm, (score, se) in self.scores.items()},
        }


def models_in(folder: Path) -> Models:
    """The networks of a training's folder, of its `models` folder, or of any folder of weights files.

    World and configuration are those of the training, or of the files' notes. UserError where there are no
    files, or files of several worlds.
    """
    home = next((f for f in (folder, folder.parent, folder.parent.parent) if (f / TRAINING).is_file()), None)
    places = (folder, folder / "models", folder / "models" / "last")
    files = next((found for place in places if (found := sorted(place.glob("*.safetensors")))), [])
    if not files:
        raise UserError(f"{folder}: no models: valid is a training's folder or one with .safetensors files")
    weights = {w.population: w for w in map(load, files)}
    worlds = {str(w.notes.get("world")) for w in weights.values()}
    if len(worlds) > 1:
        raise UserError(f"{folder}: models of several worlds: {', '.join(sorted(worlds))}")
    with guarded(folder):
        world_class(min(worlds))
    one = next(iter(weights.values()))
    plan = planned(disk.read_manifest(home, TRAINING, "training"), home) if home else None
    config = dict(plan.config) if plan else one.notes.get("config", {})
    return Models(folder, weights, worlds.pop(), config, dict(plan.policies) if plan else {})


def assess(
    models: Models, seed: int, replicas: int, years: float, device: str = "cpu", precision: str = "float32"
) -> Assessment:
    """Run the histories three times on one noise: networks, rule and random decisions of who has learned."""
    learned = {name: weights.policy(device, precision) for name, weights in models.weights.items()}
    arms: dict[str, Mapping[str, Any]] = {
        "random": dict.fromkeys(learned, "random"),
        "rule": dict.fromkeys(learned, "rule"),
        "learned": learned,
    }
    rewards, scores, facts = {}, {}, world_class(models.world).facts()
    for arm, chosen in arms.items():
        policies = {**models.policies, **chosen}
        series = evaluate(models.world, models.config, policies, seed, replicas, years)
        rewards[arm] = returns(series)
        if facts is not None:
            try:
                card = score_series(series, facts)
            except TooShort:
                continue
            scores[arm] = (card.score, card.se)
    return Assessment(models, seed, replicas, years, rewards, scores, facts.reference if facts else "")


def _plain(value: Any) -> float | None:
    return float(value) if value == value else None
