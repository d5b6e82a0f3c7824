"""Action tables agree with the heads, and surfaces show what a network would do."""

import numpy as np
import pytest

from agents.networks import SHAPES, ActorCritic
from agents.observation import Feature
from agents.weights import Weights
from agents.yardsticks import Yardstick
from simengine.learning.reactions import expected_actions
from simengine.worlds.macro.actions import ACTIONS, REACTIONS
from simengine.worlds.macro.observe import FEATURES
from simengine.worlds.macro.world import AGENTS


@pytest.mark.parametrize("population", AGENTS)
def test_action_tables_have_a_value_per_choice_and_the_rule_where_neutral_is(population):
    agent, tables = AGENTS[population], ACTIONS[population]
    assert {head: len(table.values) for head, table in tables.items()} == agent.HEADS
    for table, neutral in zip(tables.values(), agent.NEUTRAL, strict=True):
        assert table.values[neutral] == pytest.approx(1.0 if table.unit.startswith("times") else 0.0)
        assert (np.diff(table.values) > 0).all()


@pytest.mark.parametrize("population", AGENTS)
def test_the_reactions_shown_name_a_head_and_two_features(population):
    head, *features = REACTIONS[population]
    assert head in AGENTS[population].HEADS
    assert set(features) <= {feature.name for feature in FEATURES[population]}


def test_the_expected_action_is_the_mean_of_the_table_under_the_policy():
    heads, features = {"one": 2, "two": 3}, (Feature("a", "1"), Feature("b", "1"))
    network = ActorCritic(2, heads, (0, 1), SHAPES["small"])
    for parameter in network.parameters():
        parameter.data.zero_()
    network.policy.bias.data[2:] = np.log(2.0) * (network.policy.bias.new_tensor([0.0, 1.0, 0.0]))
    policy = Weights("p", features, heads, (0, 1), "small", network, Yardstick(2, 1.0)).policy()
    seen = np.zeros((5, 2), np.float32)
    # Probabilities 1/4, 1/2, 1/4 of the second head.
    found = expected_actions(policy, seen, "two", np.array([0.0, 1.0, 4.0]))
    np.testing.assert_allclose(found, 1.5, rtol=1e-6)
    np.testing.assert_allclose(expected_actions(policy, seen, "one", np.array([0.0, 8.0])), 4.0)
    policy.greedy = True
    np.testing.assert_array_equal(expected_actions(policy, seen, "two", np.array([0.0, 1.0, 4.0])), 1.0)
