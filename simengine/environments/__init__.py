"""Worlds as environments: tensors for a learner of one's own, PettingZoo, Gymnasium, RLlib.

A step leads from one barrier that asks the chosen populations to the next. Everything here is imported when
it is first used; all but the tensors need the extra `environments` or `rllib`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.environments.parallel import parallel_env
    from simengine.environments.single_agent import gym_env
    from simengine.environments.tensor import Decisions, TensorEnv

_MODULE_OF = {
    "Decisions": "simengine.environments.tensor",
    "TensorEnv": "simengine.environments.tensor",
    "gym_env": "simengine.environments.single_agent",
    "parallel_env": "simengine.environments.parallel",
}

__all__ = ["Decisions", "TensorEnv", "gym_env", "parallel_env"]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'simengine.environments' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)
