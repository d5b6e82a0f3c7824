"""An example for RLlib: PPO on the PettingZoo environment, one policy for each population.

from simengine.environments.rllib import ppo, trained
result = trained(ppo("macro", ("firms",), years=5))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simengine.environments.extras import missing
from simengine.environments.parallel import parallel_env
from simengine.worlds.contract import World

try:
    import ray
    from ray.rllib.algorithms.ppo import PPOConfig
    from ray.rllib.env.wrappers.pettingzoo_env import ParallelPettingZooEnv
    from ray.tune.registry import register_env
except ImportError as error:
    raise missing(error, "rllib") from None

NAME = "simengine"


def ppo(
    world: str | Callable[[], World],
    populations: Sequence[str],
    years: float = 1.0,
    steps: int = 128,
    seed: int = 0,
    **declared: Any,
) -> PPOConfig:
    """A PPO configuration that collects `steps` barriers an iteration and learns in this process.

    PPO knows no masks: what an agent that is dead or not asked "does" changes nothing, and is noise to it.
    """
    register_env(NAME, lambda given: ParallelPettingZooEnv(parallel_env(**given)))
    given = {"world": world, "populations": tuple(populations), "years": years, **declared}
    return (
        PPOConfig()
        .environment(NAME, env_config=given)
        .multi_agent(
            policies=set(populations),
            policy_mapping_fn=lambda agent, *_, **__: agent.rpartition("_")[0],
        )
        .env_runners(num_env_runners=0, rollout_fragment_length="auto", batch_mode="truncate_episodes")
        .learners(num_learners=0)
        .training(train_batch_size_per_learner=steps, minibatch_size=steps, num_epochs=2)
        .debugging(seed=seed, log_level="ERROR")
    )


def trained(config: PPOConfig, iterations: int = 1) -> dict[str, Any]:
    """Train for some iterations and return the last one's results; Ray is shut down if it was down before.

    The results are RLlib's: `learners` and `env_runners` by name, losses by population.
    """
    running = ray.is_initialized()
    algorithm = config.build_algo()
    try:
        for _ in range(iterations):
            result: dict[str, Any] = algorithm.train()
    finally:
        algorithm.stop()
        if not running:
            ray.shutdown()
    return result
