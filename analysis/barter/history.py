"""Histories of a society as arrays, and everything that is measured of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.barter.attention import (
    assortative,
    assortative_beyond,
    focus,
    hubs,
    overlap,
    persistence,
    refocused,
    same,
)
from analysis.barter.evolution import evolution, evolved, heredity
from analysis.barter.favourites import network
from analysis.barter.genealogy import kinship
from analysis.barter.inequality import inequality, lasting_inequality
from analysis.barter.lineages import lineage_entropy, shared_ancestor
from analysis.barter.lives import Parents
from analysis.barter.measure import Measure
from analysis.barter.messages import effective_dimension, first_component, meaning, narrowing
from analysis.barter.specialisation import HELD, division_of_labour, specialisation
from analysis.barter.trade import mrs_dispersion, surplus_captured, walras_distance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


PICTURES = 5
"""Of attention and messages, over the ticks that are measured; one more is early."""


def followed_from(ticks: int, year: int) -> int:
    """The tick from which a history is measured: the start of its last fifth, at least a year."""
    return max(0, ticks - max(round(0.2 * ticks), year))


def pictured(ticks: int) -> Ints:
    """Which of so many ticks are pictured, (PICTURES,), the first and the last among them."""
    return np.linspace(0, ticks - 1, PICTURES).round().astype(np.int64)


class History(NamedTuple):
    """Histories over T ticks, (R, T, N, …); goods (…, goods), tastes as shares of them.

    `attention` (R, S, N, N) and `messages` (R, S, N, M) are pictures: the first of an early tick, the others
    taken at the ticks `moments` (S − 1,) of the T. `decided` says who chose its job at a tick, `born` who in
    a slot comes to life when a tick ends; `mother` and `father` are slots, one's own for those who live on.
    """

    job: Ints
    decided: NDArray[np.bool_]
    identity: Ints
    eaten: Floats
    before: Floats
    after: Floats
    taste: Floats
    captured: Floats
    distance: Floats
    attention: Floats
    messages: Floats
    moments: Ints
    born: NDArray[np.bool_]
    mother: Ints
    father: Ints

    @property
    def parents(self) -> Parents:
        """Births between the first tick and the last."""
        return Parents(self.born[:, :-1], self.mother[:, :-1], self.father[:, :-1])

    @property
    def likeness(self) -> dict[str, Floats]:
        """How alike agents are when they are pictured, (R, S − 1, N, N), by what."""
        births_until = [min(int(t), self.born.shape[1] - 1) for t in self.moments]
        return {
            "by job": same(self.job[:, self.moments]),
            "by taste": overlap(self.taste[:, self.moments]),
            "by kin": kinship(self.parents, births_until),
        }

    @property
    def choices(self) -> Ints:
        """The jobs where they were chosen, else `HELD`, (R, T, N)."""
        return np.where(self.decided, self.job, HELD)

    @property
    def trait(self) -> Floats:
        """The share of the first good in tastes, (R, T, N)."""
        return self.taste[..., 0]

    @property
    def one_sidedness(self) -> Floats:
        """How one-sided tastes are, (R, T, N)."""
        return one_sided(self.taste)


def one_sided(taste: Floats) -> Floats:
    """The Herfindahl index of tastes (…, goods): 1/goods where all are liked alike, 1 for one."""
    return (taste**2).sum(axis=-1)


def measured(
    h: History, jobs: int, neutral: History | None = None, frozen: History | None = None, seed: int = 0
) -> list[Measure]:
    """Everything that is measured of histories in which there are so many `jobs`.

    `neutral` are histories on the same noise whose parents were drawn evenly, `frozen` such whose filters did
    not learn; without them nothing is said of selection, or of what learning does to whom one hears.
    """
    early, late = h.attention[:, 0], h.attention[:, 1:]
    now = h.job[:, h.moments], h.taste[:, h.moments]
    found = [
        focus(late, seed),
        refocused(early, late, seed),
        persistence(late, int(h.moments[1] - h.moments[0]), seed),
        *(assortative(by, late, alike, seed) for by, alike in h.likeness.items()),
        hubs(late, seed),
        *network(late[:, -1], seed=seed),
    ]
    said, first = h.messages[:, -1], h.messages[:, 0]
    spoken = h.messages[:, 1:]
    found += [
        effective_dimension(said, seed),
        first_component(said, seed),
        narrowing(first, said, seed),
        meaning("the speaker's job", spoken, now[0], seed),
        meaning("its favourite good", spoken, now[1].argmax(axis=-1), seed),
    ]
    eaten, held = h.eaten.sum(axis=-1), h.after.sum(axis=-1)
    found += [
        specialisation(h.choices, h.identity, jobs, seed=seed),
        replace(
            specialisation(h.choices, h.identity, jobs, even=False, seed=seed),
            name="specialisation, beyond what all prefer",
        ),
        division_of_labour(h.choices, h.identity, jobs, seed),
        inequality("goods eaten", eaten, seed),
        inequality("goods held", held, seed),
        lasting_inequality("goods eaten", eaten, h.identity, seed),
        heredity("taste", h.trait, h.parents, seed),
        lineage_entropy(h.parents, seed=seed),
        shared_ancestor(h.parents, seed=seed),
        mrs_dispersion(h.taste, h.before, h.after, seed=seed),
        surplus_captured(h.captured),
        walras_distance(h.distance),
    ]
    if frozen is not None:
        theirs, alike = frozen.attention[:, 1:], frozen.likeness
        for by, own in h.likeness.items():
            found.append(assortative_beyond(by, (late, own), (theirs, alike[by]), seed))
    if neutral is not None:
        of = {"taste": (h.trait, neutral.trait), "one-sidedness": (h.one_sidedness, neutral.one_sidedness)}
        for name, (own, chance) in of.items():
            terms = evolved(own, h.parents), evolved(chance, neutral.parents)
            found += evolution(name, *terms, seed)
    return found
