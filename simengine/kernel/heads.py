"""Heads: what a population may be asked to decide, each of one kind.

A kind says what an answer looks like, `width` numbers of `dtype`, which answers are valid, which one is
neutral, and how many uniforms a draw takes. How likely an answer is, and how one learns, is the policies'
affair: they go by `kind`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike


@dataclass(frozen=True)
class Categorical:
    """One of `size` choices: an index."""

    size: int
    neutral: int = 0
    kind: ClassVar[str] = "categorical"
    dtype: ClassVar[DTypeLike] = np.int64
    width: ClassVar[int] = 1

    @property
    def uniforms(self) -> int:
        """One: the inverse CDF."""
        return 1


@dataclass(frozen=True)
class Real:
    """A vector of `width` numbers, each from `low` to `high`; `neutral` defaults to the middle."""

    low: float
    high: float
    width: int = 1
    neutral: tuple[float, ...] | None = None
    kind: ClassVar[str] = "real"
    dtype: ClassVar[DTypeLike] = np.float64

    @property
    def uniforms(self) -> int:
        """One a number."""
        return self.width


@dataclass(frozen=True)
class Simplex:
    """Shares of `width` things: none below 0, all together 1; `neutral` defaults to even shares."""

    width: int
    neutral: tuple[float, ...] | None = None
    kind: ClassVar[str] = "simplex"
    dtype: ClassVar[DTypeLike] = np.float64

    @property
    def uniforms(self) -> int:
        """One a share but the last, which is what the others leave."""
        return self.width - 1


@dataclass(frozen=True)
class Tokens:
    """A sequence of `width` symbols, each an index below `size`."""

    size: int
    width: int
    neutral: tuple[int, ...] | None = None
    kind: ClassVar[str] = "tokens"
    dtype: ClassVar[DTypeLike] = np.int64

    @property
    def uniforms(self) -> int:
        """One a symbol."""
        return self.width


Head = Categorical | Real | Simplex | Tokens
KINDS = {kind.kind: kind for kind in (Categorical, Real, Simplex, Tokens)}
