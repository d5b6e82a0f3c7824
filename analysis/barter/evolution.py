"""Whether traits are inherited, and whether they change because some have more offspring than others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.barter.lives import Parents
from analysis.barter.measure import Measure, compared, compared_ratio

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def heredity(of: str, trait: Floats, parents: Parents, seed: int = 0) -> Measure:
    """The slope of a child's trait on the mean of its parents', pooled within histories.

    Traits (R, T + 1, slots) and the births of T ticks between them. Null: parents drawn at random from those
    who live on at the birth, the mean over all draws: traits drift, so that a child resembles whoever lives
    in its time. Source: Falconer and Mackay (1996), chapter 10.
    """
    at = np.nonzero(parents.born)
    before = trait[:, :-1]
    x = 0.5 * (_at(before, parents.mother) + _at(before, parents.father))[at]
    y = trait[:, 1:][at]
    able = ~parents.born | parents.born.all(axis=-1, keepdims=True)
    crowd = ((before * able).sum(axis=-1) / able.sum(axis=-1))[at[:2]]
    births = np.bincount(at[0], minlength=len(trait))
    x, y = (z - (np.bincount(at[0], z, len(trait)) / np.maximum(births, 1))[at[0]] for z in (x, y))
    part, whole, null = (np.bincount(at[0], w, len(trait)) for w in (x * y, x * x, crowd * y))
    return compared_ratio(f"heredity, {of}", part, whole, null, "slope", seed)


class Terms(NamedTuple):
    """The Price equation: `change` of a mean trait = `selection` + `transmission`, in the trait's unit."""

    selection: Floats
    transmission: Floats
    change: Floats


def price_equation(before: Floats, after: Floats, mother: Ints, father: Ints) -> Terms:
    """The terms of a step, traits (…, slots) before and after it and the slots of parents until then.

    Selection is Cov(w, z) / mean w with w half a unit per child and a unit for who lives on; transmission is
    the mean over those after it of the trait less that of the parents. Source: Price (1970), Nature 227.
    """
    middle = 0.5 * (_at(before, mother) + _at(before, father))
    offspring = _offspring(mother) + _offspring(father)
    unlike = before - before.mean(axis=-1, keepdims=True)
    selection = (0.5 * offspring * unlike).mean(axis=-1)
    return Terms(selection, (after - middle).mean(axis=-1), after.mean(axis=-1) - before.mean(axis=-1))


def evolved(trait: Floats, parents: Parents) -> Terms:
    """The terms added up over T ticks, (R,): traits (R, T + 1, slots) and the births between them."""
    steps = price_equation(trait[:, :-1], trait[:, 1:], parents.mother, parents.father)
    return Terms(*(term.sum(axis=1) for term in steps))


def evolution(of: str, terms: Terms, neutral: Terms, seed: int = 0) -> tuple[Measure, Measure]:
    """Selection and transmission of a trait against an arm whose parents are drawn at random.

    The arm runs on the same noise: histories are compared in pairs.
    """
    return (
        compared(f"selection, {of}", terms.selection, neutral.selection, "trait", seed),
        compared(f"transmission, {of}", terms.transmission, neutral.transmission, "trait", seed),
    )


def _at(values: Floats, slots: Ints) -> Floats:
    return np.take_along_axis(values, slots, axis=-1)


def _offspring(parent: Ints) -> Floats:
    """How often each slot (…, slots) is named."""
    slots = parent.shape[-1]
    rows = parent.reshape(-1, slots)
    cells = (rows + slots * np.arange(len(rows))[:, None]).ravel()
    return np.bincount(cells, minlength=rows.size).reshape(parent.shape).astype(np.float64)
