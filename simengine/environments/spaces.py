"""Gymnasium spaces of what agents see and decide, and how their actions become answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.policy import indices_alone
from simengine.environments.extras import missing
from simengine.kernel import Categorical, Head, Real, Tokens
from simengine.kernel.observations import MASK

try:
    from gymnasium import spaces
except ImportError as error:
    raise missing(error, "environments") from None

INDICES = (Categorical, Tokens)
"""The kinds that choose by index."""


def observation_space(features: Any) -> Any:
    """A box of so many numbers, or of shapes by name a dict of boxes; masks are binary."""
    if isinstance(features, Mapping):
        return spaces.Dict({name: _seen(name, shape) for name, shape in features.items()})
    return _seen("", (features,))


def _seen(name: str, shape: tuple[int, ...]) -> Any:
    if name.endswith(MASK):
        return spaces.MultiBinary(shape)
    return spaces.Box(-np.inf, np.inf, shape, np.float32)


class Actions:
    """The actions of one agent with some heads: their space, and the answer that several of them are.

    The space is a `MultiDiscrete` where all heads choose by index, a `Box` where all choose numbers, else a
    `Dict` by head. Numbers are cut to their bounds; those of a simplex are weights, shared out by their sum
    (evenly, where that is 0).
    """

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self.heads = dict(heads)
        self.flat = len({isinstance(head, INDICES) for head in heads.values()}) == 1
        *self._cuts, self._width = (int(n) for n in np.cumsum([head.width for head in heads.values()]))
        if not self.flat:
            self.space: Any = spaces.Dict({name: _space([head]) for name, head in heads.items()})
            self.rest: Any = {name: _as_action(head, head.rest) for name, head in heads.items()}
        else:
            self.space = _space([*heads.values()])
            self.rest = np.concatenate([_as_action(head, head.rest) for head in heads.values()])

    def answer(self, actions: Sequence[Any]) -> Any:
        """The answer (rows, ·) that actions are, one a row: indices, or numbers by head."""
        rows = len(actions)
        if not self.flat:
            parts = {name: np.array([action[name] for action in actions]) for name in self.heads}
        elif indices_alone(self.heads):
            return np.array(actions).reshape(rows, self._width)
        else:
            whole = np.array(actions).reshape(rows, self._width)
            parts = dict(zip(self.heads, np.split(whole, self._cuts, axis=1), strict=True))
        return {
            name: _valid(head, parts[name].reshape(rows, head.width)) for name, head in self.heads.items()
        }

    def masks(self, asked: NDArray[np.bool_]) -> Any:
        """What `space.sample` takes: of a head that is asked all choices (int8), of another the neutral one.

        Numbers have no mask: None stands in its place.
        """
        each = [_mask(head, wanted) for head, wanted in zip(self.heads.values(), asked, strict=True)]
        if not self.flat:
            return dict(zip(self.heads, each, strict=True))
        found = [mask for masks in each for mask in masks or ()]
        return tuple(found) if found else None


def _space(heads: Sequence[Head]) -> Any:
    """The space of heads of one type side by side."""
    sizes = [head.size for head in heads if isinstance(head, INDICES) for _ in range(head.width)]
    if sizes:
        return spaces.MultiDiscrete(sizes)
    bounds = np.array([_bounds(head) for head in heads for _ in range(head.width)], np.float32)
    return spaces.Box(bounds[:, 0], bounds[:, 1], dtype=np.float32)


def _bounds(head: Head) -> tuple[float, float]:
    return (head.low, head.high) if isinstance(head, Real) else (0.0, 1.0)


def _as_action(head: Head, answer: NDArray[Any]) -> NDArray[Any]:
    return answer if isinstance(head, INDICES) else answer.astype(np.float32)


def _valid(head: Head, given: NDArray[Any]) -> NDArray[Any]:
    """Actions (rows, width) as valid answers; what is no number stays so, for the seat to refuse."""
    if isinstance(head, INDICES):
        return given
    low, high = _bounds(head)
    numbers = np.clip(given.astype(np.float64), low, high)
    if isinstance(head, Real):
        return numbers
    total = numbers.sum(axis=1, keepdims=True)
    return np.where(total == 0.0, 1.0 / head.width, numbers / np.where(total == 0.0, 1.0, total))


def _mask(head: Head, wanted: bool) -> Any:
    """A mask for each index that a head chooses; None for numbers."""
    if not isinstance(head, INDICES):
        return None
    every, neutral = np.ones(head.size, np.int8), np.eye(head.size, dtype=np.int8)
    return tuple(every if wanted else neutral[rule] for rule in head.rest)
