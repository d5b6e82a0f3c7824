"""Whether traits are inherited, and whether they change because some have more offspring than others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.society.lives import Parents
from analysis.society.measure import Measure, compared, compared_ratio

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 10


def heredity(
    of: str, replica: Ints, tick: Ints, child: Floats, parents: Floats, block: int = BLOCK, seed: int = 0
) -> Measure:
    """Return the slope of a child's trait on the mean of its parents', both (births,), within histories.

    Null: the parents of `block` successive births exchanged among them, the mean over all exchanges. Traits
    drift, so that contemporaries are alike without heredity; 1/`block` of true heredity counts as chance too.
    Source: Falconer and Mackay (1996), chapter 10.
    """
    order = np.lexsort((tick, replica))
    history, x, y = np.unique(replica[order], return_inverse=True)[1], parents[order], child[order]
    births = np.bincount(history)
    place = np.arange(x.size) - np.repeat(np.cumsum(births) - births, births)
    group = np.unique(history * (x.size + 1) + place // block, return_inverse=True)[1]
    x, y = x - _means(x, history)[history], y - _means(y, history)[history]
    between = _means(x, group)[group] * _means(y, group)[group]
    part, whole, null = (np.bincount(history, weights=w) for w in (x * y, x * x, between))
    return compared_ratio(f"heredity, {of}", part, whole, null, "slope", seed)


class Terms(NamedTuple):
    """The Price equation: `change` of a mean trait = `selection` + `transmission`, in the trait's unit."""

    selection: Floats
    transmission: Floats
    change: Floats


def price_equation(before: Floats, after: Floats, mother: Ints, father: Ints) -> Terms:
    """Return the terms of a step, traits (…, slots) before and after it and the slots of parents until then.

    Selection is Cov(w, z) / mean w with w half a unit per child and a unit for who lives on; transmission is
    the mean over those after it of the trait less that of the parents. Source: Price (1970), Nature 227.
    """
    middle = 0.5 * (_at(before, mother) + _at(before, father))
    offspring = _offspring(mother) + _offspring(father)
    unlike = before - before.mean(axis=-1, keepdims=True)
    selection = (0.5 * offspring * unlike).mean(axis=-1)
    return Terms(selection, (after - middle).mean(axis=-1), after.mean(axis=-1) - before.mean(axis=-1))


def evolved(trait: Floats, parents: Parents) -> Terms:
    """Return the terms added up over T ticks, (R,): traits (R, T + 1, slots) and the births between them."""
    steps = price_equation(trait[:, :-1], trait[:, 1:], parents.mother, parents.father)
    return Terms(*(term.sum(axis=1) for term in steps))


def evolution(of: str, terms: Terms, neutral: Terms, seed: int = 0) -> tuple[Measure, Measure]:
    """Return selection and transmission of a trait against an arm whose parents are drawn at random.

    The arm runs on the same noise: histories are compared in pairs.
    """
    return (
        compared(f"selection, {of}", terms.selection, neutral.selection, "trait", seed),
        compared(f"transmission, {of}", terms.transmission, neutral.transmission, "trait", seed),
    )


def _means(values: Floats, group: Ints) -> Floats:
    return np.bincount(group, weights=values) / np.bincount(group)


def _at(values: Floats, slots: Ints) -> Floats:
    return np.take_along_axis(values, slots, axis=-1)


def _offspring(parent: Ints) -> Floats:
    """How often each slot (…, slots) is named."""
    slots = parent.shape[-1]
    rows = parent.reshape(-1, slots)
    cells = (rows + slots * np.arange(len(rows))[:, None]).ravel()
    return np.bincount(cells, minlength=rows.size).reshape(parent.shape).astype(np.float64)
