"""Production of the barter society: what a tick's work makes, and of what."""

import numpy as np

from streams.jit import jit


@jit
def work(goods, practice, job, effort, vigour, luck, yields, good, recipe, gain, rate):
    """Add what everyone makes to `goods` (R, N, G), take what goes into it, and let practice follow the job.

    effort, vigour, luck (R, N); yields (R, jobs) of full effort; `recipe` (jobs, goods) per unit made. Output
    is limited by the inputs that one holds. Returns the amounts made (R, N) and what an effort more would
    change in one's goods, (R, N, G) per unit of effort times vigour.
    """
    replicas, agents, goods_count = goods.shape
    made = np.zeros((replicas, agents))
    slope = np.zeros(goods.shape)
    for r in range(replicas):
        for i in range(agents):
            j = job[r, i]
            able = yields[r, j] * (1.0 + gain * practice[r, i, j]) * luck[r, i]
            amount, limited = able * vigour[r, i] * effort[r, i], False
            for g in range(goods_count):
                if recipe[j, g] > 0.0 and amount * recipe[j, g] > goods[r, i, g]:
                    amount, limited = goods[r, i, g] / recipe[j, g], True
            made[r, i] = amount
            for g in range(goods_count):
                change = (1.0 if g == good[j] else 0.0) - recipe[j, g]
                goods[r, i, g] = max(0.0, goods[r, i, g] + amount * change)
                slope[r, i, g] = 0.0 if limited else able * change
            for k in range(practice.shape[2]):
                practice[r, i, k] += rate * ((1.0 if k == j else 0.0) - practice[r, i, k])
    return made, slope


@jit
def sums_by_good(made, job, good, recipe):
    """What all jobs of a replica made and used, (R, G) each."""
    output = np.zeros((made.shape[0], recipe.shape[1]))
    used = np.zeros(output.shape)
    for r in range(made.shape[0]):
        for i in range(made.shape[1]):
            j = job[r, i]
            output[r, good[j]] += made[r, i]
            for g in range(recipe.shape[1]):
                used[r, g] += made[r, i] * recipe[j, g]
    return output, used
