"""Who is who: slots are taken again at every death, so that an agent is a slot and a tick of birth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]


class Births(NamedTuple):
    """The births of one history, (births,) each: numbers of child and parents, tick and slot of the child."""

    child: Ints
    mother: Ints
    father: Ints
    tick: Ints
    slot: Ints


class Parents(NamedTuple):
    """Births as steps of a population, (…, ticks, slots): whence comes who is in a slot after a tick.

    `born`: whether it was born then. `mother` and `father`: slots in which its parents stood until then; the
    own slot of those who lived on.
    """

    born: NDArray[np.bool_]
    mother: Ints
    father: Ints


def parent_slots(births: Births, identity: ArrayLike, ticks: int) -> Parents:
    """The births of one history as steps (ticks, slots) from a first population of numbers (slots,).

    Births at one tick are at the same time: a parent may be one that dies at that tick. ValueError when a
    parent is not in the population.
    """
    place = {int(number): slot for slot, number in enumerate(np.asarray(identity))}
    living = np.array(identity, dtype=np.int64)
    own = np.tile(np.arange(living.size), (ticks, 1))
    born, mother, father = np.zeros(own.shape, np.bool_), own.copy(), own
    for tick in np.unique(births.tick):
        rows = np.flatnonzero(births.tick == tick)
        for grid, parent in ((mother, births.mother[rows]), (father, births.father[rows])):
            missing = [int(number) for number in parent if int(number) not in place]
            if missing:
                raise ValueError(f"parent {missing[0]} of a birth at tick {tick} is not in the population")
            grid[tick, births.slot[rows]] = [place[int(number)] for number in parent]
        born[tick, births.slot[rows]] = True
        for row in rows:
            slot = int(births.slot[row])
            del place[int(living[slot])]
            living[slot] = births.child[row]
            place[int(living[slot])] = slot
    return Parents(born, mother, father)
