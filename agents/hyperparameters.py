"""Settings of a learner, by name: `fast` is the default.

`source` has those of an earlier macro program, `wide` the network of a specification of capital markets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Hyperparameters:
    """How one population learns by PPO.

    With `anneal` the learning rate and the weight of the entropy bonus fall linearly to 0 over a training.
    """

    shape: str = "source"  # of the network, a key of `networks.SHAPES`
    prior_steps: float = 0.6  # sd of the untrained policy around the rule, in actions of a head
    memory: int = 0  # numbers that each agent remembers from one decision to its next; 0 for none
    sequence: int = 16  # consecutive decisions through which gradients of what is remembered flow, at most
    learning_rate: float = 1e-3  # of Adam
    discount_annual: float = 0.9  # factor of a reward a year away
    decay: float = 0.95  # lambda of the advantages, per decision
    clip: float = 0.2  # of the probability ratio
    value_clip: float | None = 0.2  # of the change of values, in sds of returns; None for none
    entropy: float = 0.0  # worth of a nat of entropy, in sds of advantages; annealed with the steps
    attention: float = 0.05  # cost of a nat of divergence from the untrained policy, in sds of advantages
    value: float = 0.5  # weight of the squared error of values
    gradient_norm: float = 0.5  # larger gradients are scaled down to it
    epochs: int = 6  # passes over the rows of an update, at most
    minibatch: int = 2048  # rows
    minibatches_least: int = 8  # per epoch; smaller populations get smaller minibatches
    rows_most: int | None = 32_768  # rows learned from per update, drawn anew each time; None for all
    divergence_most: float | None = 0.03  # an epoch after this mean KL is the last; None for no limit
    anneal: bool = True
    greedy: bool = False  # once trained, take the likeliest action instead of drawing one


PRESETS = {
    "fast": Hyperparameters(),
    "source": Hyperparameters(
        learning_rate=3e-4, discount_annual=0.97**12, entropy=0.05, attention=0.0, epochs=10, minibatch=32,
        minibatches_least=1, rows_most=None, divergence_most=None, value_clip=None, anneal=False,
    ),
    "wide": Hyperparameters(shape="wide", learning_rate=3e-4, minibatch=256, rows_most=None),
}  # fmt: skip

EVERYONE = "all"
"""The name in settings that stands for every population."""


def combined(preset: str, layers: Iterable[Mapping[str, Any]], population: str) -> Hyperparameters:
    """The preset's settings with those of each layer on top: first of `all`, then of the population.

    KeyError for a name that is no hyperparameter.
    """
    settings = asdict(PRESETS[preset])
    for layer in layers:
        for name, value in {**layer.get(EVERYONE, {}), **layer.get(population, {})}.items():
            if name not in settings:
                raise KeyError(name)
            settings[name] = value
    return Hyperparameters(**settings)
