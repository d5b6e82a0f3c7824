"""The RLlib example, where Ray is installed: one training iteration on the PettingZoo environment."""

import math

import pytest

pytest.importorskip("ray", reason="Ray is not installed: pip install 'simengine-econ[rllib]' to run this")

from simengine.environments.rllib import ppo, trained
from tests.environments.village import Village


def test_one_iteration_of_ppo_trains_a_policy_for_each_population():
    result = trained(ppo(Village, ("villagers", "elders"), years=0.5, steps=16))
    for population, slots in (("villagers", 4), ("elders", 1)):
        learned = result["learners"][population]
        assert learned["num_module_steps_trained"] >= 16 * slots
        assert math.isfinite(learned["total_loss"])
    sampled = result["env_runners"]["num_agent_steps_sampled"]
    assert set(sampled) == {"elders_0", *(f"villagers_{slot}" for slot in range(4))}
    assert result["env_runners"]["num_episodes"] >= 1
