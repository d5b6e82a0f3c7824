"""Who does what: whether agents keep to a job, and whether knowing the agent tells the job."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from analysis.barter.measure import Measure, compared, under_shuffles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HELD = -1
"""A job that an agent goes on with, without a decision."""


def specialisation(jobs: Ints, identity: Ints, count: int, even: bool = True, seed: int = 0) -> Measure:
    """The Herfindahl index of an agent's jobs over its life, mean over agents, from 1/`count` to 1.

    jobs and identity (replica, tick, agent): job from 0 to `count` − 1, or `HELD` where it was not decided
    then, since a job that is held is no new draw; and number of who is in a slot. Null: T draws from even
    shares q, Σ q² + (1 − Σ q²)/T for a life of T decisions; `even` False takes the shares of the whole
    history, so that a job that all prefer is no specialisation.
    """
    tally, replica = tallies(jobs, identity, count)
    length = tally.sum(axis=1)
    total = totals(tally, replica, len(jobs))
    shares = (
        np.full(total.shape, 1.0 / count) if even else total / np.maximum(total.sum(axis=1, keepdims=True), 1)
    )
    floor = (shares**2).sum(axis=1)[replica]
    null = _by_replica(floor + (1.0 - floor) / length, replica, len(jobs))
    return compared("specialisation", concentration(jobs, identity, count), null, "Herfindahl index", seed)


def concentration(jobs: Ints, identity: Ints, count: int) -> Floats:
    """The Herfindahl index of an agent's jobs over its life, mean over agents of each history (R,)."""
    tally, replica = tallies(jobs, identity, count)
    shares = tally / tally.sum(axis=1, keepdims=True)
    return _by_replica((shares**2).sum(axis=1), replica, len(jobs))


def division_of_labour(jobs: Ints, identity: Ints, count: int, seed: int = 0) -> Measure:
    """I(agent; job) / H(job), from 0 to 1, arrays as in `specialisation`; NaN where all do one job.

    Null: jobs shuffled among those who decide at a tick, which keeps seasons and what is learned by all.
    Source: Gorelick and others (2004), American Naturalist 164.
    """
    values = information(jobs, identity, count)
    null = under_shuffles(lambda x: information(_seated(x, jobs), identity, count), jobs, seed=seed)
    return compared("division of labour", values, null, "share of H(job)", seed)


def information(jobs: Ints, identity: Ints, count: int) -> Floats:
    """I(agent; job) / H(job) of each history (R,), by frequencies."""
    tally, replica = tallies(jobs, identity, count)
    length, total = tally.sum(axis=1), totals(tally, replica, len(jobs))
    ticks = np.maximum(total.sum(axis=1), 1)
    entropy = entr(total / ticks[:, None]).sum(axis=1)
    own = entr(tally / length[:, None]).sum(axis=1)
    left = np.bincount(replica, weights=own * length, minlength=len(jobs)) / ticks
    return np.divide(entropy - left, entropy, out=np.full(entropy.shape, np.nan), where=entropy > 0)


def tallies(jobs: Ints, identity: Ints, count: int) -> tuple[Ints, Ints]:
    """How often each agent chose each job (agents, jobs), and the replica of each agent (agents,)."""
    if jobs.min() < HELD or jobs.max() >= count:
        raise ValueError(f"jobs are {jobs.min()} to {jobs.max()}: valid are 0 to {count - 1}, or {HELD}")
    span = int(identity.max()) + 1
    keys, decided = identity + span * np.arange(len(jobs))[:, None, None], jobs != HELD
    known, agent = np.unique(keys[decided], return_inverse=True)
    tally = np.bincount(agent * count + jobs[decided], minlength=known.size * count)
    return tally.reshape(known.size, count), known // span


def totals(tally: Ints, replica: Ints, replicas: int) -> Floats:
    """How often each job was chosen in each history, (R, jobs)."""
    return np.stack([np.bincount(replica, column, minlength=replicas) for column in tally.T], axis=1)


def _seated(mixed: Ints, jobs: Ints) -> Ints:
    """The jobs of a tick in the order of `mixed`, those held where they are held in `jobs`."""
    order, places = (np.argsort(x == HELD, axis=-1, kind="stable") for x in (mixed, jobs))
    seated = np.empty_like(jobs)
    np.put_along_axis(seated, places, np.take_along_axis(mixed, order, axis=-1), axis=-1)
    return seated


def _by_replica(values: Floats, replica: Ints, replicas: int) -> Floats:
    """Means (R,), NaN where nobody chose."""
    counts = np.bincount(replica, minlength=replicas)
    sums = np.bincount(replica, values, minlength=replicas)
    return np.divide(sums, counts, out=np.full(replicas, np.nan), where=counts > 0)
