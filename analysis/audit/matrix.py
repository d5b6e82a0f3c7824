"""Facts × removals: what every arm without one part of the economy does to every fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.inference import discoveries, paired, sign_test

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Values = Mapping[str, Floats]
"""Fact -> (replica,), as `analysis.measure` returns it."""

FALL = 0.20  # of the pass share, at which a removal carries a fact
SHIFT = 1.0  # sampling deviation of a fact, by which a shock that is taken away was setting its size
MET = 0.50  # pass share of a fact that is met
BREAKS = 0.50  # share of the facts met, above which a removal that carries them breaks the economy
RATE = 0.05  # false discoveries among findings


@dataclass(frozen=True)
class Removal:
    """What an arm is without: its name and whether that is a "mechanism" or an exogenous "shock"."""

    name: str
    sort: str


HALVED = Removal("all_shocks_halved", "shock")
"""What takes half of the variance of every shock away: no single part, so nothing is mechanical by it."""


@dataclass(frozen=True)
class Matrix:
    """`base` and `base_pass` are (fact,), everything else (removal, fact), `against` the real values.

    Means of `base` and `off` are over the histories in which the fact is defined, `difference` is over pairs;
    `p` is NaN where nothing was tested because the two arms are equal to the last bit.
    """

    against: Facts
    facts: tuple[str, ...]
    removals: tuple[Removal, ...]
    base: Floats
    base_pass: Floats
    off: Floats
    off_pass: Floats
    difference: Floats
    low: Floats
    high: Floats
    p: Floats

    @cached_property
    def findings(self) -> Flags:
        """Which changes are findings among all that were tested, (removal, fact)."""
        return discoveries(self.p, RATE)

    @cached_property
    def falls(self) -> Flags:
        """Where a removal weakens a fact, finding or not: by `FALL`, or out of the band, (removal, fact)."""
        real, halfwidth = self.against.bands(self.facts)
        fall = self.base_pass - self.off_pass
        left = (np.abs(self.base - real) < halfwidth) & ~(np.abs(self.off - real) < halfwidth)
        return (fall >= FALL - 1e-9) | (left & (fall > 1e-9))

    @cached_property
    def carries(self) -> Flags:
        """Which removals carry which facts: the fall is a finding, (removal, fact)."""
        return self.findings & self.falls

    @cached_property
    def shifts(self) -> Flags:
        """Where a removal moves a fact's mean by `SHIFT` or more, a finding, either way, (removal, fact)."""
        moved = np.abs(self.off - self.base) >= SHIFT * self.against.sd(self.facts)
        return self.findings & moved

    @cached_property
    def breaks(self) -> Flags:
        """Which removals carry so many of the facts met that they break the economy, (removal,)."""
        met = self.base_pass >= MET
        return self.carries[:, met].sum(axis=1) > BREAKS * met.sum()

    @property
    def tested(self) -> int:
        """How many changes were tested."""
        return int(np.isfinite(self.p).sum())

    @property
    def excluding(self) -> int:
        """How many of them one would call different from 0 at 5 % each, one by one."""
        return int((self.p < 0.05).sum())

    @property
    def sorts(self) -> NDArray[np.str_]:
        """The sort of each removal, (removal,)."""
        return np.array([one.sort for one in self.removals], dtype=np.str_)


@dataclass(frozen=True)
class Evidence:
    """The facts of all arms: `base` and `random` (fact, replica), `off` (removal, fact, replica).

    `raised` holds facts in arms whose typed-in value was raised, `random` those under random decisions.
    """

    against: Facts
    facts: tuple[str, ...]
    removals: tuple[Removal, ...]
    base: Floats
    off: Floats
    raised: Mapping[str, Floats]
    random: Floats | None

    def passes(self, values: Floats) -> Flags:
        """Which (…, fact, replica) values lie in their bands; an undefined one does not."""
        real, halfwidth = self.against.bands(self.facts)
        return np.abs(values - real[:, None]) < halfwidth[:, None]

    def scores(self, values: Floats) -> Floats:
        """The percentage of facts that each history meets, (…, replica)."""
        return 100.0 * self.passes(values).mean(axis=-2)

    def without(self, replicas: NDArray[np.intp]) -> Evidence:
        """The same arms without some replicas."""

        def kept(values: Floats) -> Floats:
            return np.delete(values, replicas, axis=-1)

        raised = {fact: kept(values) for fact, values in self.raised.items()}
        random = None if self.random is None else kept(self.random)
        return replace(self, base=kept(self.base), off=kept(self.off), raised=raised, random=random)

    def matrix(self) -> Matrix:
        """The paired changes of every fact without every part."""
        before, after = self.passes(self.base), self.passes(self.off)
        change = paired(self.base, self.off)
        gone = change.pairs < np.maximum(2, np.isfinite(self.base).sum(axis=-1) / 2)
        same = (self.off == self.base) | (np.isnan(self.off) & np.isnan(self.base))
        p = np.where(gone, sign_test(np.broadcast_to(before, after.shape), after), change.p)
        untested = same.all(axis=-1) | (self.base.shape[-1] < 2)
        return Matrix(
            self.against,
            self.facts,
            self.removals,
            defined_mean(self.base),
            before.mean(axis=-1),
            defined_mean(self.off),
            after.mean(axis=-1),
            np.where(gone, np.nan, change.mean),
            np.where(gone, np.nan, change.low),
            np.where(gone, np.nan, change.high),
            np.where(untested, np.nan, p),
        )


def defined_mean(values: Floats) -> Floats:
    """The mean over the replicas (last axis) in which a value is defined, NaN where it never is."""
    used = np.isfinite(values)
    count = np.where(used.any(axis=-1), used.sum(axis=-1), np.nan)
    return np.where(used, values, 0.0).sum(axis=-1) / count
