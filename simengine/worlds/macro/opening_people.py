"""Who lives in the macro world when it opens: jobs, skills, types and the owners of its firms and banks."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.money import split
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.scale import Floats


@dataclass(frozen=True)
class People:
    """Households `(replica, household)` and the staff they make `(replica, firm)`."""

    employer: NDArray[np.int32]  # firm slot; -1 unemployed; number of firms: government
    skill: Floats  # efficiency units, mean 1
    hand_to_mouth: NDArray[np.bool_]
    equity_share: Floats  # of all equity, sums to 1
    heads: NDArray[np.int64]  # workers of every firm
    labour: Floats  # efficiency units of every firm
    public_labour: Floats  # efficiency units of the government, (replica,)


def draw_people(c: MacroConfig, noise: Any) -> People:
    """The households of every replica by lot; ValueError when there are more firms than workers."""
    n = c.households
    heads, jobs = _jobs(c)
    order = np.argsort(noise.uniform("opening.jobs", n), axis=1)
    employer = np.empty(order.shape, np.int32)
    np.put_along_axis(employer, order, np.broadcast_to(jobs.astype(np.int32), order.shape), 1)
    skill = np.exp(c.household.skill_log_sd * noise.normal("opening.skill", n))
    skill /= skill.mean(axis=1, keepdims=True)
    rank = np.argsort(np.argsort(noise.uniform("opening.types", n), axis=1), axis=1)
    owner = rank >= n - max(round(c.household.owner_share * n), 1)
    tail = noise.uniform("opening.equity", n) ** (-1.0 / c.household.owner_tail)
    share = np.where(owner, tail, 0.0)
    labour = np.zeros((len(skill), c.firms + 1))
    replicas = np.arange(len(skill))[:, None]
    place, offered = np.where(employer < 0, c.firms, employer), np.where(employer < 0, 0.0, skill)
    np.add.at(labour, (replicas, place), offered)
    return People(
        employer=employer,
        skill=skill,
        hand_to_mouth=rank < round(c.household.hand_to_mouth_share * n),
        equity_share=share / share.sum(axis=1, keepdims=True),
        heads=np.broadcast_to(heads, (len(skill), c.firms)),
        labour=labour[:, : c.firms],
        public_labour=labour[:, c.firms],
    )


def _jobs(c: MacroConfig) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The workers of every firm, and one employer per household in the order of the job list."""
    unemployed = round(c.trend.unemployment_natural * c.households)
    staff = round(c.government.employment_share * (c.households - unemployed))
    private = c.households - unemployed - staff
    if private < c.firms:
        raise ValueError(
            f"households={c.households}: {private} private workers for {c.firms} firms (at least one each)"
        )
    sizes = np.arange(1.0, c.firms + 1.0) ** -c.firm.size_exponent
    heads = 1 + split(private - c.firms, sizes)  # nobody opens without a worker
    private_jobs = np.repeat(np.arange(c.firms), heads)
    return heads, np.concatenate([np.full(unemployed, -1), np.full(staff, c.firms), private_jobs])
