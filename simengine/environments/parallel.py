"""A world as a PettingZoo `ParallelEnv`: every slot of the chosen populations is an agent.

from simengine.environments import parallel_env
env = parallel_env("macro", ("households", "firms"), years=5)
observations, infos = env.reset(seed=1)
while env.agents:
    actions = {agent: env.action_space(agent).sample(infos[agent]["action_mask"]) for agent in env.agents}
    observations, rewards, terminations, truncations, infos = env.step(actions)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.environments.extras import missing
from simengine.environments.spaces import Actions, observation_space
from simengine.environments.tensor import Decisions, TensorEnv, mapped
from simengine.errors import UserError, unknown
from simengine.worlds.contract import World

try:
    from pettingzoo import ParallelEnv
except ImportError as error:
    raise missing(error, "environments") from None


class EconomyEnv(ParallelEnv):
    """One history, stepped from barrier to barrier; agents are called `firms_0`, a population and a slot.

    An agent of PettingZoo cannot be born twice, a slot can: so every slot is an agent from `reset` to the
    horizon, where all are truncated, and `infos` says `alive`, `asked` (heads,), `ended` (a life ended since
    the last step), `elapsed` and `action_mask`. Who is dead or not asked may act; it changes nothing. The
    reward of a decision comes with the next one of the slot, or when its life or the episode ends.
    """

    metadata: dict[str, Any] = {"name": "simengine", "render_modes": [], "is_parallelizable": True}
    render_mode = None

    def __init__(self, tensor: TensorEnv) -> None:
        self.tensor = tensor
        self.members = {
            name: [f"{name}_{slot}" for slot in range(tensor.slots[name])] for name in tensor.populations
        }
        self.possible_agents = [agent for names in self.members.values() for agent in names]
        self.agents: list[str] = []
        self._homes = {agent: name for name, names in self.members.items() for agent in names}
        self.acting = {name: Actions(tensor.heads[name]) for name in tensor.populations}
        seen = {name: observation_space(tensor.features[name]) for name in tensor.populations}
        self.observation_spaces = {agent: deepcopy(seen[name]) for agent, name in self._homes.items()}
        self.action_spaces = {agent: deepcopy(self.acting[name].space) for agent, name in self._homes.items()}
        self._told: dict[str, Decisions] = {}
        self._masks: dict[tuple[str, bytes], Any] = {}

    def observation_space(self, agent: str) -> Any:
        """What the agent sees, (features,) float32 or arrays by name, as the world scales it."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """What it decides: see `simengine.environments.spaces.Actions`."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Begin an episode (without a seed, the next one of the last seed): observations and infos."""
        self._told = self.tensor.reset(seed)
        self.agents = [] if self.tensor.over else list(self.possible_agents)
        observations, _, infos = self._views()
        return observations, infos

    def step(self, actions: dict[str, Any]) -> Any:
        """Observations, rewards, terminations, truncations and infos at the next barrier.

        Agents without an action take the neutral one, which is the rule's. UserError for an agent that does
        not exist, or when the episode is over.
        """
        for agent in actions.keys() - self._homes.keys():
            raise UserError(unknown("agent", agent, self.possible_agents))
        answers = {}
        for name, rows in self._told.items():
            names, acting = self.members[name], self.acting[name]
            answers[name] = acting.answer([actions.get(names[slot], acting.rest) for slot in rows.agent])
        self._told = self.tensor.step(answers)
        observations, rewards, infos = self._views()
        over = self.tensor.over
        ends = dict.fromkeys(self.agents, False), dict.fromkeys(self.agents, over)
        if over:
            self.agents = []
        return observations, rewards, *ends, infos

    def _views(self) -> tuple[dict[str, Any], dict[str, float], dict[str, dict[str, Any]]]:
        observations: dict[str, Any] = {}
        rewards = dict.fromkeys(self.possible_agents, 0.0)
        infos: dict[str, dict[str, Any]] = {}
        for name, names in self.members.items():
            rows, alive = self._told[name], self.tensor.alive(name)[0]
            seen = self.tensor.look(name)
            observations |= {agent: mapped(lambda a, k=k: a[0, k], seen) for k, agent in enumerate(names)}
            asked = np.zeros((len(names), rows.asked.shape[1]), np.bool_)
            ended, elapsed = np.zeros(len(names), np.bool_), np.zeros(len(names), np.int64)
            asked[rows.agent], ended[rows.agent], elapsed[rows.agent] = rows.asked, rows.ended, rows.elapsed
            rewards |= zip((names[slot] for slot in rows.agent), rows.reward.tolist())
            for slot, agent in enumerate(names):
                infos[agent] = {
                    "tick": rows.tick,
                    "alive": bool(alive[slot]),
                    "asked": asked[slot],
                    "ended": bool(ended[slot]),
                    "elapsed": int(elapsed[slot]),
                    "action_mask": self._mask(name, asked[slot]),
                }
        return observations, rewards, infos

    def _mask(self, name: str, asked: NDArray[np.bool_]) -> Any:
        key = name, asked.tobytes()
        if key not in self._masks:
            self._masks[key] = self.acting[name].masks(asked)
        return self._masks[key]


def parallel_env(
    world: str | Callable[[], World], populations: Sequence[str], years: float = 1.0, **declared: Any
) -> EconomyEnv:
    """A PettingZoo environment of one history of a world, `years` long from tick 0.

    `declared` is what `TensorEnv` takes besides: `policies` of the other populations, `config`, `shocks`,
    `discount`.
    """
    return EconomyEnv(TensorEnv(world, populations, 1, years, **declared))
