"""Separable CMA-ES in the unit box, by asking and telling (Ros and Hansen, PPSN 2008)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]

LARGEST_STEP = 0.3  # of the box: beyond it most points would lie on its faces


@dataclass
class Evolution:
    """A normal distribution over the unit box that moves towards what is told to be good.

    `mean` (n,) is its guess, `step` its overall and sqrt(`spread`) (n,) its separate standard deviations.
    Points outside the box are evaluated on its nearest face; the mean never leaves it. Draws are keyed by
    (seed, generation), so the fields are all there is to save.
    """

    mean: Floats
    step: float = 0.15
    population: int = 16
    seed: int = 1
    generation: int = 0
    spread: Floats = field(default_factory=lambda: np.empty(0))
    step_path: Floats = field(default_factory=lambda: np.empty(0))
    spread_path: Floats = field(default_factory=lambda: np.empty(0))
    step_path_variance: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        n = len(self.mean)
        self.spread = self.spread if len(self.spread) else np.ones(n)
        for name in ("step_path", "spread_path", "step_path_variance"):
            setattr(self, name, getattr(self, name) if len(getattr(self, name)) else np.zeros(n))

    @property
    def points(self) -> Floats:
        """The points of this generation as drawn, (population, n), some outside the box."""
        key = blake2b(f"{self.seed} {self.generation}".encode(), digest_size=4).digest()
        draws = norm.rvs(size=(self.population, len(self.mean)), random_state=int.from_bytes(key, "little"))
        return np.asarray(self.mean + self.step * np.sqrt(self.spread) * draws)

    def ask(self) -> Floats:
        """The points to evaluate in this generation, (population, n) in the unit box."""
        return np.clip(self.points, 0.0, 1.0)

    def tell(self, losses: Floats) -> None:
        """Move on, given the losses (population,) of the points asked for; infinite ones come last."""
        n, parents = len(self.mean), self.population // 2
        weights = np.log(parents + 0.5) - np.log(np.arange(1, parents + 1))
        weights /= weights.sum()
        effective = 1.0 / (weights**2).sum()
        rate = _Rates(n, float(effective))

        best = np.argsort(losses, kind="stable")[:parents]
        steps = (self.points[best] - self.mean) / self.step
        inside = (self.ask()[best] - self.mean) / self.step
        # A mean on a face has half its points on it too: twice their squares is what chance would give.
        on_face = (self.mean == 0.0) | (self.mean == 1.0)
        squares = weights @ np.where(on_face, 2.0 * inside**2, steps**2)
        moved = np.clip(self.mean + self.step * (weights @ steps), 0.0, 1.0)
        taken = (moved - self.mean) / self.step
        held = (moved == 0.0) | (moved == 1.0)
        whitened = np.where(held, 0.0, taken / np.sqrt(self.spread))

        keep, gain = 1.0 - rate.path, rate.path * (2.0 - rate.path)
        self.step_path = keep * self.step_path + np.sqrt(gain * effective) * whitened
        # A coordinate held by a face takes no steps: what a random path would measure counts it out.
        self.step_path_variance = keep**2 * self.step_path_variance + gain * ~held
        expected = rate.length * np.sqrt(max(self.step_path_variance.mean(), 1e-12))
        stride = float(np.linalg.norm(self.step_path) / expected)

        steady = stride < 1.4 + 2.0 / (n + 1.0)
        self.spread_path = (1.0 - rate.spread_path) * self.spread_path + steady * np.sqrt(
            rate.spread_path * (2.0 - rate.spread_path) * effective
        ) * np.where(held, 0.0, taken)
        self.spread = (
            (1.0 - rate.one - rate.many) * self.spread + rate.one * self.spread_path**2 + rate.many * squares
        )
        self.step = min(self.step * float(np.exp(rate.path / rate.damping * (stride - 1.0))), LARGEST_STEP)
        self.mean = moved
        self.generation += 1

    def saved(self) -> dict[str, Any]:
        """The fields as what JSON holds without loss."""
        return {
            key: value.tolist() if isinstance(value, np.ndarray) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def restored(cls, fields: Mapping[str, Any]) -> Evolution:
        """The evolution that `saved` these fields."""
        arrays: dict[str, Any] = {
            key: np.array(value) if isinstance(value, list) else value for key, value in fields.items()
        }
        return cls(**arrays)


class _Rates:
    """Learning rates of the separable strategy for n coordinates: Ros and Hansen (2008), Hansen (2016)."""

    def __init__(self, n: int, effective: float) -> None:
        self.path = (effective + 2.0) / (n + effective + 5.0)
        self.damping = 1.0 + 2.0 * max(0.0, np.sqrt((effective - 1.0) / (n + 1.0)) - 1.0) + self.path
        self.spread_path = (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n)
        faster = (n + 2.0) / 3.0
        self.one = min(1.0, faster * 2.0 / ((n + 1.3) ** 2 + effective))
        rank = 2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0) ** 2 + effective)
        self.many = min(1.0 - self.one, faster * rank)
        self.length = np.sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n))
