"""A world as a Gymnasium environment: one agent decides, given policies run the rest.

import gymnasium
where = "simengine.environments.single_agent:simengine/SingleAgent-v0"
env = gymnasium.make(where, world="macro", population="banks")
observation, info = env.reset(seed=1)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.environments.extras import missing
from simengine.environments.spaces import Actions, observation_space
from simengine.environments.tensor import TensorEnv, mapped
from simengine.errors import UserError
from simengine.policies import Policies
from simengine.worlds.contract import World

try:
    import gymnasium
except ImportError as error:
    raise missing(error, "environments") from None

ID = "simengine/SingleAgent-v0"


class SingleAgentEnv(gymnasium.Env):
    """One agent of one history; a step leads from one of its decisions to its next.

    The others of its population act by the policy seated for it. It terminates when the agent's life ends, is
    truncated at the horizon. The reward is what was earned between the two decisions. `info` says the `tick`,
    the heads `asked` (heads,), the ticks `elapsed` since the last decision, and the `action_mask`.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, tensor: TensorEnv, agent: int) -> None:
        (self.population,) = tensor.populations
        if not 0 <= agent < tensor.slots[self.population]:
            raise UserError(
                f"agent {agent} of {self.population}: valid is 0 to {tensor.slots[self.population] - 1}"
            )
        self.tensor, self.agent = tensor, agent
        self._acting = Actions(tensor.heads[self.population])
        self.observation_space = observation_space(tensor.features[self.population])
        self.action_space = self._acting.space
        self._row, self._over = 0, True

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Begin an episode (without a seed, the next one of the last seed): observation and info."""
        super().reset(seed=seed)
        observation, _, _, _, info = self._until_its_turn(self.tensor.reset(seed)[self.population])
        return observation, info

    def step(self, action: Any) -> Any:
        """Observation, reward, terminated, truncated and info at the agent's next decision or end."""
        if self._over:
            raise UserError(f"step of {self.population} {self.agent}: the episode is over; valid is reset()")
        if not self.action_space.contains(action):
            seen = np.asarray(action)
            given = f"{seen.shape} {seen.dtype}" if seen.ndim else action
            who = f"action of {self.population} {self.agent}"
            raise UserError(f"{who} is {given}: valid is {self.action_space}")
        return self._until_its_turn(self._answered(action))

    def _answered(self, action: Any) -> Any:
        answer = self.tensor.rest(self.population)
        if action is not None:
            mapped(self._put, answer, self._acting.answer([action]))
        return self.tensor.step({self.population: answer})[self.population]

    def _put(self, answer: NDArray[Any], own: NDArray[Any]) -> None:
        answer[self._row] = own[0]

    def _until_its_turn(self, rows: Any) -> Any:
        while not (found := np.flatnonzero(rows.agent == self.agent)).size:
            if self.tensor.over:
                raise UserError(
                    f"agent {self.agent} of {self.population}: it is never asked before tick {rows.tick}"
                )
            rows = self._answered(None)
        row = self._row = int(found[0])
        asked = rows.asked[row]
        info = {
            "tick": rows.tick,
            "asked": asked,
            "elapsed": int(rows.elapsed[row]),
            "action_mask": self._acting.masks(asked),
        }
        ends = bool(rows.ended[row]), bool(rows.truncated[row])
        self._over = any(ends)
        return mapped(lambda a: a[row], rows.observation), float(rows.reward[row]), *ends, info


def gym_env(
    world: str | Callable[[], World],
    population: str,
    agent: int = 0,
    policies: Policies | None = None,
    years: float = 1.0,
    **declared: Any,
) -> SingleAgentEnv:
    """A Gymnasium environment of one agent, a slot of a population, `years` long from tick 0.

    `policies` decide for everybody else; who is not named is of the world's cast. `declared` is what
    `TensorEnv` takes besides: `config`, `shocks`, `discount`.
    """
    return SingleAgentEnv(TensorEnv(world, (population,), 1, years, policies, **declared), agent)


gymnasium.register(id=ID, entry_point="simengine.environments.single_agent:gym_env")
