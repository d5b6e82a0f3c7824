"""Observations, declared by name, unit and scale, so that weights know what they were fed.

A population observes one array (rows, features), or several by name; of an array of items there may be
fewer in some rows than in others. Whatever it is, a network takes one row of float32 numbers, laid out by a
`RowLayout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = TypeVar("Array", bound=Any)  # of NumPy or of Torch


class Feature(NamedTuple):
    """One number of an observation: its value in `unit`, times `scale`, is what the observation holds."""

    name: str
    unit: str
    scale: float = 1.0


class Items(NamedTuple):
    """Up to `most` things of one sort, each described by the same `features`; their order means nothing."""

    features: tuple[Feature, ...]
    most: int


Features = tuple[Feature, ...] | Mapping[str, tuple[Feature, ...] | Items]
"""What a population observes: one array, or several by name."""


class Block(NamedTuple):
    """Where items lie in a row: `most` times `width` numbers from `start` on, then `most` 1 where one is."""

    start: int
    most: int
    width: int

    @property
    def stop(self) -> int:
        """One past the last."""
        return self.start + self.most * (self.width + 1)


@dataclass(frozen=True)
class RowLayout:
    """A row of numbers that a network takes: arrays of fixed size, arrays of items, what is remembered.

    `arrays` maps names to numbers of features of what comes first, `items` to where they lie; `memory` is the
    width of what comes last. A single array without a name is laid out as it is.
    """

    arrays: Mapping[str, int]
    items: Mapping[str, Block] = field(default_factory=dict)
    memory: int = 0

    @classmethod
    def of(cls, features: Features | int, memory: int = 0) -> RowLayout:
        """Lay out what a population observes; a number stands for an array of so many features."""
        if isinstance(features, int):
            return cls({"": features}, {}, memory)
        if not isinstance(features, Mapping):
            return cls({"": len(features)}, {}, memory)
        arrays = {name: len(f) for name, f in features.items() if not isinstance(f, Items)}
        items, start = {}, sum(arrays.values())
        for name, each in features.items():
            if isinstance(each, Items):
                items[name] = Block(start, each.most, len(each.features))
                start = items[name].stop
        return cls(arrays, items, memory)

    @cached_property
    def features(self) -> int:
        """Numbers of the arrays of fixed size."""
        return sum(self.arrays.values())

    @cached_property
    def width(self) -> int:
        """Numbers of a row."""
        return self.features + sum(b.most * (b.width + 1) for b in self.items.values()) + self.memory

    def flat(self, rows: Array) -> Array:
        """Of rows (..., width) the arrays of fixed size (..., features)."""
        return rows[..., : self.features]

    def described(self, rows: Array, name: str) -> tuple[Array, Array]:
        """Items (..., most, width) of an array, and which of them there are (..., most), as 0 and 1."""
        at = self.items[name]
        split, before = at.start + at.most * at.width, rows.shape[:-1]
        return rows[..., at.start : split].reshape(*before, at.most, at.width), rows[..., split : at.stop]

    def remembered(self, rows: Array) -> Array:
        """What is remembered (..., memory)."""
        return rows[..., self.width - self.memory :]

    def packed(self, observation: Any, memory: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """An ask's observation, an array or name -> array (rows, ...), and memory as rows (rows, width).

        Items come with an array `<name>_mask` (rows, items) of which there are. Raises ValueError where an
        array has another number of features, or there are more items than the layout has room for.
        """
        if not isinstance(observation, Mapping):
            if not self.memory:
                return observation
            observation = {"": observation}
        parts = [observation[name].reshape(len(observation[name]), -1) for name in self.arrays]
        for part, (name, features) in zip(parts, self.arrays.items()):
            if part.shape[1] != features:
                raise ValueError(f"observation {name!r}: {part.shape[1]} features: valid is {features}")
        for name in self.items:
            parts += self._padded(name, observation[name], observation[f"{name}_mask"])
        if self.memory:
            parts.append(memory)
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1, dtype=np.float32)

    def _padded(
        self, name: str, items: NDArray[np.float32], there: NDArray[np.bool_]
    ) -> list[NDArray[np.float32]]:
        _, most, width = self.items[name]
        rows, given = there.shape
        items = items.reshape(rows, given, -1) if items.size else np.zeros((rows, given, width), np.float32)
        if items.shape[2] != width or (given > most and there[:, most:].any()):
            raise ValueError(
                f"observation {name!r}: {int(there.sum(axis=1).max(initial=0))} items of {items.shape[2]} "
                f"features: valid are up to {most} of {width}"
            )
        kept = min(given, most)
        room, mask = np.zeros((rows, most, width), np.float32), np.zeros((rows, most), np.float32)
        room[:, :kept] = items[:, :kept] * there[:, :kept, None]
        mask[:, :kept] = there[:, :kept]
        return [room.reshape(rows, -1), mask]


def written_features(features: Features) -> Any:
    """What is observed as JSON can hold it; `read_features` gives it back."""
    if not isinstance(features, Mapping):
        return [list(feature) for feature in features]
    return {
        name: {"most": each.most, "features": written_features(each.features)}
        if isinstance(each, Items)
        else written_features(each)
        for name, each in features.items()
    }


def read_features(said: Any) -> Any:
    """The features that `written_features` was given."""
    if isinstance(said, list):
        return tuple(Feature(*feature) for feature in said)
    return {
        name: Items(read_features(each["features"]), each["most"])
        if isinstance(each, dict)
        else read_features(each)
        for name, each in said.items()
    }
