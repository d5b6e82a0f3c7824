"""Actor-critic networks: a shared trunk, a branch for what answers are drawn by and one for the value.

Before the trunk stand, where there are any, an encoder for each array of items, whose codes are pooled
whatever their order and number (Zaheer et al. 2017, Deep Sets), and a recurrent cell, whose state is
remembered.

Of `SHAPES`, `source` is the network of an earlier macro program (a trunk of 128, branches of 128);
`wide` that of a specification of capital markets: 256 inputs, 512-256-128, no branches, softmax. That
document asks for a replay buffer of a million samples as well: PPO is on-policy and learns from what the
present policy has just done, so none is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from zlib import crc32

import torch
from torch import Tensor, nn

from agents.exact import exact
from agents.hyperparameters import Hyperparameters
from agents.joint import Joint
from agents.observation import RowLayout


@dataclass(frozen=True)
class Shape:
    """Widths of the hidden layers: a shared trunk, then a branch each for actor and critic.

    `inputs` is the width of the first layer where observations are padded with zeros to it; None for as many
    inputs as there are features. `items` are the widths of encoders of items.
    """

    trunk: tuple[int, ...] = (128,)
    branch: tuple[int, ...] = (128,)
    inputs: int | None = None
    items: tuple[int, ...] = (64, 64)


SHAPES = {
    "source": Shape(),
    "wide": Shape((512, 256, 128), (), 256),
    "small": Shape((32,), (32,), items=(32, 32)),
}
"""Shapes by the name that settings and weights files give."""


class Cell(nn.Module):
    """A gated recurrent unit of `width` numbers (Cho et al. 2014); `given` takes inputs, `kept` memory."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.given, self.kept = _Layer(inputs, 3 * width), _Layer(width, 3 * width)

    def forward(self, given: Tensor, memory: Tensor) -> Tensor:
        """The next memory (rows, width), of what inputs give (rows, 3 width) and the last memory."""
        reset, update, new = given.chunk(3, dim=-1)
        from_reset, from_update, from_new = self.kept(memory).chunk(3, dim=-1)
        fresh = torch.tanh(new + torch.sigmoid(reset + from_reset) * from_new)
        return fresh.lerp(memory.to(fresh.dtype), torch.sigmoid(update + from_update))


class ActorCritic(nn.Module):
    """Parameters of every head's distribution, side by side, and the value of what is observed.

    `observed` is the layout of a row, or a number of features. `heads` maps names to heads, or to numbers of
    actions of which `neutral` has the rule's. `prior` (outputs,) holds the parameters of distributions around
    what is neutral, `prior_steps` wide (`distributions`); untrained, the policy is that prior, all but for
    small weights on what is observed, and the value is near zero. Weights are orthogonal (Saxe, McClelland
    and Ganguli 2014), drawn from `seed` alone. ValueError for more inputs than the shape has.
    """

    prior: Tensor

    @exact()
    def __init__(
        self,
        observed: RowLayout | int,
        heads: Mapping[str, Any],
        neutral: Sequence[int] | None = None,
        shape: Shape = SHAPES["source"],
        seed: int = 0,
        prior_steps: float = 0.6,
    ) -> None:
        super().__init__()
        self.layout = layout = RowLayout.of(observed) if isinstance(observed, int) else observed
        self.joint = Joint(heads, neutral)
        seen = layout.features + (2 * shape.items[-1] + 1) * len(layout.items)
        self.inputs = shape.inputs or seen + layout.memory
        if seen + layout.memory > self.inputs:
            raise ValueError(
                f"network: {seen + layout.memory} features: this shape takes at most {self.inputs}"
            )
        self.encoders = nn.ModuleDict(
            {name: _layers((block.width, *shape.items)) for name, block in layout.items.items()}
        )
        self.cell = Cell(seen, layout.memory) if layout.memory else None
        self.trunk = _layers((self.inputs, *shape.trunk))
        joint = shape.trunk[-1]
        self.actor = _layers((joint, *shape.branch))
        self.critic = _layers((joint, *shape.branch))
        last = (joint, *shape.branch)[-1]
        self.policy, self.value = _Layer(last, self.joint.outputs), _Layer(last, 1)
        self._draw(seed, prior_steps)

    def _draw(self, seed: int, prior_steps: float) -> None:
        generator = torch.Generator().manual_seed(seed)
        gains: dict[nn.Module, float] = {self.policy: 0.01, self.value: 0.1}
        if self.cell is not None:
            gains |= {self.cell.given: 1.0, self.cell.kept: 1.0}
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight, gains.get(layer, 2.0**0.5), generator=generator)
                nn.init.zeros_(layer.bias)
        self.register_buffer("prior", self.joint.prior(prior_steps))
        with torch.no_grad():
            self.policy.bias.copy_(self.prior)
            if self.cell is not None:
                self.cell.given.bias.chunk(3)[1].fill_(1.0)  # at first more is kept than forgotten

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Parameters (..., outputs) and values (...,) of normalised rows.

        Rows are (rows, width) with what is remembered at each, or (sequences, steps, width) of consecutive
        decisions, of whose memories only the first is used.
        """
        joint = self.trunk(self.taken(seen))
        return self.policy(self.actor(joint)), self.value(self.critic(joint)).squeeze(-1)

    def values(self, seen: Tensor) -> Tensor:
        """The values alone, (rows,), of normalised rows (rows, width)."""
        found: Tensor = self.value(self.critic(self.trunk(self.taken(seen)))).squeeze(-1)
        return found

    def taken(self, seen: Tensor) -> Tensor:
        """What the trunk takes (..., inputs): arrays, pooled items, memory after this decision, zeros."""
        layout = self.layout
        parts = [layout.flat(seen)]
        for name, encoder in self.encoders.items():
            items, there = layout.described(seen, name)
            parts.append(pooled(encoder(items), there))
        taken = parts[0] if len(parts) == 1 else torch.cat(parts, dim=-1)
        if self.cell is not None:
            taken = torch.cat([taken, self._unrolled(self.cell, taken, layout.remembered(seen))], dim=-1)
        short = self.inputs - taken.shape[-1]
        return nn.functional.pad(taken, (0, short)) if short else taken

    def _unrolled(self, cell: Cell, taken: Tensor, memory: Tensor) -> Tensor:
        given = cell.given(taken)
        if taken.ndim == 2:
            after: Tensor = cell(given, memory)
            return after
        steps, state = [], memory[:, 0]
        for part in given.unbind(dim=1):
            state = cell(part, state)
            steps.append(state)
        return torch.stack(steps, dim=1)

    def acting(self) -> list[nn.Linear]:
        """The layers from what the trunk takes to outputs; all but the last are followed by a ReLU."""
        return _linear(*self.trunk, *self.actor, self.policy)

    def encoding(self, items: str) -> list[nn.Linear]:
        """The layers from items of a name to their codes; all are followed by a ReLU."""
        return _linear(*self.encoders[items].children())

    def entered(self) -> list[nn.Linear]:
        """The layers that the arrays of fixed size enter, before anything else."""
        return [self.acting()[0], *([self.cell.given] if self.cell is not None else [])]


class _Layer(nn.Linear):
    """A layer still to be drawn: torch's own way would draw it from the generator that all share.

    `nn.utils.skip_init` does the same by way of a symbolic mathematics that takes half a second to import.
    """

    def reset_parameters(self) -> None:
        pass


def _linear(*modules: nn.Module) -> list[nn.Linear]:
    return [layer for layer in modules if isinstance(layer, nn.Linear)]


def pooled(codes: Tensor, there: Tensor) -> Tensor:
    """Mean and largest code of the items that are `there`, and the log of 1 + their number.

    `codes` (..., most, width) -> (..., 2 width + 1). Codes are not negative: without an item there are zeros.
    """
    codes = codes * there.unsqueeze(-1)
    count = there.sum(dim=-1, keepdim=True)
    return torch.cat([codes.sum(dim=-2) / count.clamp(min=1.0), codes.amax(dim=-2), count.log1p()], dim=-1)


def _layers(widths: tuple[int, ...]) -> nn.Sequential:
    made: list[nn.Module] = []
    for before, after in pairwise(widths):
        made += [_Layer(before, after), nn.ReLU()]
    return nn.Sequential(*made)


def fresh(
    population: str,
    observed: RowLayout | int,
    heads: Mapping[str, Any],
    neutral: Sequence[int] | None,
    settings: Hyperparameters,
    seed: int,
) -> ActorCritic:
    """The untrained network of a population: of the settings' shape, drawn from its name and `seed`."""
    own = crc32(population.encode()) ^ seed
    return ActorCritic(observed, heads, neutral, SHAPES[settings.shape], own, settings.prior_steps)
