"""PPO in a world whose best policy is known: it comes within 2 % of the best value."""

import numpy as np
import pytest

from simengine.learning.plan import Plan
from simengine.learning.training import Trainer
from simengine.worlds.inventory.optimum import optimum
from simengine.worlds.inventory.world import SEMI_MARKOV, YEAR, InventoryConfig, features

SETTINGS = {
    "shape": "small", "prior_steps": 5.0, "entropy": 0.03, "learning_rate": 0.003, "divergence_most": 0.1,
    "attention": 0.0, "epochs": 4, "minibatches_least": 4,
}  # fmt: skip


def plan(config, replicas, seed=0):
    """Eighty iterations of four weeks, 7,000 and 4,700 decisions each, an episode of 32 weeks."""
    settings = {"all": {**SETTINGS, "discount_annual": config.discount_daily**YEAR}}
    return Plan(
        world="inventory", config=config.model_dump(), replicas=replicas, iterations=80, span_years=28 / YEAR,
        spans=8, settings=settings, evaluate_every=0, seed=seed,
    )  # fmt: skip


def loss(trainer, config):
    """The share of the best value that the policy loses, drawing its actions, to a shop that opens empty."""
    stock = np.arange(config.capacity + 1)
    logits = trainer.pupils["shops"].forward(features(config, stock)).astype(float)
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    return optimum(config).regret(share / share.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(("config", "replicas"), [(InventoryConfig(), 8), (SEMI_MARKOV, 32)])
def test_a_learner_comes_within_two_percent_of_the_best_policy(config, replicas, tmp_path):
    trainer = Trainer(plan(config, replicas), tmp_path)
    untrained = loss(trainer, config)
    while not trainer.done:
        trainer.iterate()
    learned = loss(trainer, config)
    print(f"lost of the best value: untrained {untrained:.1%}, learned {learned:.2%}")
    assert untrained > 0.5
    assert learned < 0.02
    assert not any(row["undone"] for row in trainer.rows)
