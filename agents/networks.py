"""Actor-critic networks: a shared trunk, a branch for the action logits and one for the value.

Of `SHAPES`, `source` is the network of an earlier macro program (a trunk of 128, branches of 128);
`exchange` that of a specification of capital markets: 256 inputs, 512-256-128, no branches, softmax. That
document asks for a replay buffer of a million samples as well: PPO is on-policy and learns from what the
present policy has just done, so none is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import torch
from torch import nn

from agents.hyperparameters import Hyperparameters


@dataclass(frozen=True)
class Shape:
    """Widths of the hidden layers: a shared trunk, then a branch each for actor and critic.

    `inputs` is the width of the first layer where observations are padded with zeros to it; None for as many
    inputs as there are features.
    """

    trunk: tuple[int, ...] = (128,)
    branch: tuple[int, ...] = (128,)
    inputs: int | None = None


SHAPES = {"source": Shape(), "exchange": Shape((512, 256, 128), (), 256), "small": Shape((32,), (32,))}
"""Shapes by the name that settings and weights files give."""


class ActorCritic(nn.Module):
    """Logits of every head, side by side, and the value of an observation of `features` numbers.

    `heads` maps names to numbers of actions, `neutral` is the index of the rule's action in each. `prior`
    (sum of sizes,) holds the logits of a discretised normal around it whose sd is `prior_steps` actions;
    untrained, the policy is that prior, all but for small weights on what is observed, and the value is near
    zero. Weights are orthogonal (Saxe, McClelland and Ganguli 2014), drawn from `seed` alone. ValueError for
    more features than the shape has inputs.
    """

    prior: torch.Tensor

    def __init__(
        self,
        features: int,
        heads: Mapping[str, int],
        neutral: tuple[int, ...],
        shape: Shape = SHAPES["source"],
        seed: int = 0,
        prior_steps: float = 0.6,
    ) -> None:
        super().__init__()
        self.features, self.inputs = features, shape.inputs or features
        self.sizes = tuple(heads.values())
        if features > self.inputs:
            raise ValueError(f"network: {features} features: this shape takes at most {self.inputs}")
        self.trunk = _layers((self.inputs, *shape.trunk))
        joint = shape.trunk[-1]
        self.actor = _layers((joint, *shape.branch))
        self.critic = _layers((joint, *shape.branch))
        last = (joint, *shape.branch)[-1]
        self.policy, self.value = nn.Linear(last, sum(self.sizes)), nn.Linear(last, 1)
        self._draw(neutral, seed, prior_steps)

    def _draw(self, neutral: tuple[int, ...], seed: int, prior_steps: float) -> None:
        generator = torch.Generator().manual_seed(seed)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                gain = {self.policy: 0.01, self.value: 0.1}.get(layer, 2.0**0.5)
                nn.init.orthogonal_(layer.weight, gain, generator=generator)
                nn.init.zeros_(layer.bias)
        steps = [torch.arange(size) - rest for size, rest in zip(self.sizes, neutral, strict=True)]
        self.register_buffer("prior", -0.5 * (torch.cat(steps) / prior_steps) ** 2)
        with torch.no_grad():
            self.policy.bias.copy_(self.prior)

    def forward(self, seen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (rows, sum of sizes) and values (rows,) of normalised observations (rows, features)."""
        joint = self.trunk(self.padded(seen))
        return self.policy(self.actor(joint)), self.value(self.critic(joint)).squeeze(-1)

    def values(self, seen: torch.Tensor) -> torch.Tensor:
        """The values alone, (rows,), of normalised observations (rows, features)."""
        found: torch.Tensor = self.value(self.critic(self.trunk(self.padded(seen)))).squeeze(-1)
        return found

    def padded(self, seen: torch.Tensor) -> torch.Tensor:
        """Observations (rows, features) with zeros up to the number of inputs, (rows, inputs)."""
        short = self.inputs - seen.shape[1]
        return nn.functional.pad(seen, (0, short)) if short else seen

    def acting(self) -> list[nn.Linear]:
        """The layers from observation to logits, in order; all but the last are followed by a ReLU."""
        return [layer for layer in (*self.trunk, *self.actor, self.policy) if isinstance(layer, nn.Linear)]

    def first(self) -> nn.Linear:
        """The layer that observations enter."""
        layer = self.trunk[0]
        assert isinstance(layer, nn.Linear)
        return layer


def _layers(widths: tuple[int, ...]) -> nn.Sequential:
    made: list[nn.Module] = []
    for before, after in pairwise(widths):
        made += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*made)


def fresh(
    population: str,
    features: int,
    heads: Mapping[str, int],
    neutral: tuple[int, ...],
    settings: Hyperparameters,
    seed: int,
) -> ActorCritic:
    """The untrained network of a population: of the settings' shape, drawn from its name and `seed`."""
    own = crc32(population.encode()) ^ seed
    return ActorCritic(features, heads, neutral, SHAPES[settings.shape], own, settings.prior_steps)
