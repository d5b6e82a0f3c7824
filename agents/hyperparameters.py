"""Settings of a learner, by name: `source` is the macro post-mortem's, `fast` the default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hyperparameters:
    """How one population learns by PPO; rates fall linearly to 0 over a training when `anneal`."""

    shape: str = "source"  # of the network, a key of `networks.SHAPES`
    prior_steps: float = 1.0  # how far an untrained policy strays from the neutral action, in actions
    learning_rate: float = 1e-3
    discount_annual: float = 0.9
    decay: float = 0.95  # lambda of the advantages, per decision
    clip: float = 0.2  # of the probability ratio
    value_clip: float | None = 0.2  # of the change of values, in sds of returns; None for none
    entropy: float = 0.003  # weight of the entropy bonus
    value: float = 0.5  # weight of the squared error of values
    gradient_norm: float = 0.5
    epochs: int = 4
    minibatch: int = 2048  # rows
    minibatches_least: int = 4  # per epoch; smaller populations get smaller minibatches
    rows_most: int | None = 65_536  # rows learned from per update, drawn anew each time; None for all
    divergence_most: float | None = 0.03  # an epoch after this mean KL is the last; None for no limit
    anneal: bool = True


PRESETS = {
    "fast": Hyperparameters(),
    "source": Hyperparameters(
        learning_rate=3e-4, discount_annual=0.97**12, entropy=0.05, epochs=10, minibatch=32,
        minibatches_least=1, rows_most=None, divergence_most=None, value_clip=None, anneal=False,
    ),
    "exchange": Hyperparameters(shape="exchange", learning_rate=3e-4, minibatch=256, rows_most=None),
}  # fmt: skip
