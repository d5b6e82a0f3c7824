"""Heads: what a population may be asked to decide, each of one kind.

A kind says what an answer looks like, `width` numbers of `dtype`, which answers are valid, which one is
neutral, and how many uniforms a draw takes. How likely an answer is, and how one learns, is the policies'
affair: they go by `kind`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simengine.kernel.errors import KernelError, whole

TOLERANCE = 1e-6
"""How far the shares of a simplex may be from 1 together: those of a float32 network are."""


class _Kind(ABC):
    """What all kinds share: the neutral answer as an array, and what is refused."""

    kind: ClassVar[str]
    dtype: ClassVar[DTypeLike]

    @cached_property
    def rest(self) -> NDArray[Any]:
        """The neutral answer, (width,) of `dtype`."""
        rest = np.array(self._neutral(), self.dtype)
        rest.flags.writeable = False
        return rest

    @abstractmethod
    def _neutral(self) -> Any: ...

    @abstractmethod
    def wrong(self, answer: NDArray[Any]) -> NDArray[np.bool_]:
        """Which answers (rows, width) are not valid, (rows,)."""

    @property
    @abstractmethod
    def valid(self) -> str:
        """Which answers are valid, in words."""

    def _check(self, width: int) -> None:
        if self.rest.shape != (width,) or self.wrong(self.rest[None])[0]:
            raise KernelError(f"{self}: neutral is {self.rest.tolist()}: valid is {self.valid}")


@dataclass(frozen=True)
class Categorical(_Kind):
    """One of `size` choices: an index."""

    size: int
    neutral: int = 0
    kind: ClassVar[str] = "categorical"
    dtype: ClassVar[DTypeLike] = np.int64
    width: ClassVar[int] = 1

    def __post_init__(self) -> None:
        whole(self.size, f"{self}: size", 1)
        whole(self.neutral, f"{self}: neutral")
        self._check(self.width)

    @property
    def uniforms(self) -> int:
        """One: the inverse CDF."""
        return 1

    def _neutral(self) -> Any:
        return [self.neutral]

    def wrong(self, answer: NDArray[Any]) -> NDArray[np.bool_]:
        """Indices that are negative or too large, (rows,)."""
        return _outside(answer, 0, self.size - 1)

    @property
    def valid(self) -> str:
        """The range of indices."""
        return f"an index below {self.size}"


@dataclass(frozen=True)
class Real(_Kind):
    """A vector of `width` numbers, each from `low` to `high`; `neutral` defaults to the middle."""

    low: float
    high: float
    width: int = 1
    neutral: tuple[float, ...] | None = None
    kind: ClassVar[str] = "real"
    dtype: ClassVar[DTypeLike] = np.float64

    def __post_init__(self) -> None:
        whole(self.width, f"{self}: width", 1)
        if not -np.inf < self.low < self.high < np.inf:
            raise KernelError(f"{self}: valid are finite bounds, low below high")
        self._check(self.width)

    @property
    def uniforms(self) -> int:
        """One a number."""
        return self.width

    def _neutral(self) -> Any:
        return (0.5 * (self.low + self.high),) * self.width if self.neutral is None else self.neutral

    def wrong(self, answer: NDArray[Any]) -> NDArray[np.bool_]:
        """Vectors with a number out of bounds or not a number, (rows,)."""
        return _outside(answer, self.low, self.high)

    @property
    def valid(self) -> str:
        """How many numbers in which range."""
        return f"{_many(self.width, 'number')} from {self.low} to {self.high}"


@dataclass(frozen=True)
class Simplex(_Kind):
    """Shares of `width` things: none below 0, all together 1; `neutral` defaults to even shares."""

    width: int
    neutral: tuple[float, ...] | None = None
    kind: ClassVar[str] = "simplex"
    dtype: ClassVar[DTypeLike] = np.float64

    def __post_init__(self) -> None:
        whole(self.width, f"{self}: width", 1)
        self._check(self.width)

    @property
    def uniforms(self) -> int:
        """One a share but the last, which is what the others leave."""
        return self.width - 1

    def _neutral(self) -> Any:
        return (1.0 / self.width,) * self.width if self.neutral is None else self.neutral

    def wrong(self, answer: NDArray[Any]) -> NDArray[np.bool_]:
        """Shares of which one is negative or whose sum is not 1, (rows,)."""
        total = answer.sum(axis=1, dtype=np.float64)
        return np.asarray(~((answer >= 0).all(axis=1) & (np.abs(total - 1.0) <= TOLERANCE)))

    @property
    def valid(self) -> str:
        """How many shares."""
        return f"{_many(self.width, 'share')} of 0 or more that sum to 1"


@dataclass(frozen=True)
class Tokens(_Kind):
    """A sequence of `width` symbols, each an index below `size`; `neutral` defaults to the first symbol."""

    size: int
    width: int
    neutral: tuple[int, ...] | None = None
    kind: ClassVar[str] = "tokens"
    dtype: ClassVar[DTypeLike] = np.int64

    def __post_init__(self) -> None:
        whole(self.size, f"{self}: size", 1)
        whole(self.width, f"{self}: width", 1)
        self._check(self.width)

    @property
    def uniforms(self) -> int:
        """One a symbol."""
        return self.width

    def _neutral(self) -> Any:
        return (0,) * self.width if self.neutral is None else self.neutral

    def wrong(self, answer: NDArray[Any]) -> NDArray[np.bool_]:
        """Sequences with an index that is negative or too large, (rows,)."""
        return _outside(answer, 0, self.size - 1)

    @property
    def valid(self) -> str:
        """How many symbols of how many."""
        return f"{_many(self.width, 'index', 'indices')} below {self.size}"


Head = Categorical | Real | Simplex | Tokens
KINDS = {kind.kind: kind for kind in (Categorical, Real, Simplex, Tokens)}


def heads_of(
    population: str, declared: Mapping[str, int | Head], neutral: tuple[int, ...] | None = None
) -> dict[str, Head]:
    """The heads of a seat by name: a number n is `Categorical(n)`.

    `neutral` are the neutral indices of those in their order (default: 0). Raises KernelError for what is no
    head.
    """
    given = {name: head for name, head in declared.items() if isinstance(head, Head)}
    plain = [name for name in declared if name not in given]
    rest = (0,) * len(plain) if neutral is None else tuple(neutral)
    counts = {name: whole(declared[name], f"seat {population!r}: size of head {name!r}", 1) for name in plain}
    if len(rest) != len(plain) or not all(0 <= k < counts[name] for k, name in zip(rest, plain)):
        raise KernelError(
            f"seat {population!r}: neutral is {neutral}: valid is an index for each head of {counts}"
        )
    for name in declared:
        if not name.isidentifier():
            raise KernelError(f"seat {population!r}: head {name!r}: valid is an identifier")
    if not declared:
        raise KernelError(f"seat {population!r} has 0 heads: valid is 1 or more")
    made = given | {name: Categorical(counts[name], int(k)) for name, k in zip(plain, rest)}
    return {name: made[name] for name in declared}


def sizes(heads: Mapping[str, Head]) -> dict[str, int]:
    """How many choices the categorical heads among some have."""
    return {name: head.size for name, head in heads.items() if isinstance(head, Categorical)}


def _outside(answer: NDArray[Any], low: float, high: float) -> NDArray[np.bool_]:
    """Which rows (rows, width) hold anything but numbers from `low` to `high`."""
    return np.asarray(~((answer >= low) & (answer <= high)).all(axis=1))


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"1 {one}" if count == 1 else f"{count} {more or one + 's'}"
