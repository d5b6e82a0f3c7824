"""The labour market: separations and Cobb-Douglas search and matching of whole persons.

The number of separations and of hires is carried over from month to month as a real remainder, so that a
small economy has the flows of its hazards and not the noise of rounding; luck decides who leaves and who is
hired where. Sources: Pissarides (2000), *Equilibrium Unemployment Theory*, ch. 1; Knuth's selection sampling
(TAOCP 2, 3.4.2 S); systematic sampling after Madow (1949).
"""

import numpy as np

from streams.jit import jit
from streams.whole import whole

UNEMPLOYED = -1


@jit
def separate(employer, hazard, carry, u):
    """Return `(replica, firm, household)` (int32 rows) of the workers who lose or leave their job.

    `employer` (replica, household) firm slot, -1 unemployed, >= firms for jobs outside this market;
    `hazard` (replica, firm) expected separations, at most the firm's staff; `carry` (replica,) expected
    separations not yet made, updated in place; `u` (replica, household + 1) uniforms, the last starts the
    systematic sample of firms. What is drawn beyond a firm's staff stays in `carry`.
    """
    replicas, households = employer.shape
    firms = hazard.shape[1]
    size = 0
    due = np.zeros(replicas, np.int64)
    for r in range(replicas):
        expected = hazard[r].sum()
        carry[r] += expected
        due[r] = whole(np.floor(carry[r]), "the separations of a month") if expected > 0.0 else 0
        carry[r] -= due[r]
        size += due[r]
    replica, firm, household = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    n = 0
    staff, quota = np.empty(firms, np.int64), np.empty(firms, np.int64)
    for r in range(replicas):
        if due[r] == 0:
            continue
        staff[:] = 0
        for h in range(households):
            if 0 <= employer[r, h] < firms:
                staff[employer[r, h]] += 1
        draw_systematic(hazard[r], due[r], u[r, households], quota)
        for h in range(households):
            j = employer[r, h]
            if j < 0 or j >= firms:
                continue
            if u[r, h] * staff[j] < quota[j]:
                quota[j] -= 1
                replica[n], firm[n], household[n] = r, j, h
                n += 1
            staff[j] -= 1
        carry[r] += quota.sum()
    return replica[:n], firm[:n], household[:n]


@jit
def match(searching, vacancies, intensity, efficiency, carry, u):
    """Return `(replica, firm, household)` (int32 rows) of this month's hires.

    Expected hires are `efficiency * sqrt(U V)`, at most 90 % of the searchers. `searching` (replica,
    household) bool; `vacancies` (replica, firm) real numbers >= 0; `intensity` (replica, firm) by which
    vacancies of one firm fill faster than another's, > 0; `efficiency` (replica,); `carry` (replica,)
    hires expected and not yet made, below zero when too many were, updated in place; `u` (replica, 2
    household + 1) uniforms: who is hired, by which vacancy, the systematic start.
    """
    replicas, households = searching.shape
    firms = vacancies.shape[1]
    due = np.zeros(replicas, np.int64)
    size = 0
    for r in range(replicas):
        pool, posted = searching[r].sum(), vacancies[r].sum()
        carry[r] += min(efficiency[r] * np.sqrt(pool * posted), 0.9 * pool)
        most = pool if (vacancies[r] * intensity[r]).sum() > 0.0 else 0  # what is drawn by may underflow to 0
        due[r] = min(max(whole(np.floor(carry[r]), "the hires of a month"), 0), most)
        carry[r] -= due[r]
        size += due[r]
    replica, firm, household = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    quota = np.empty(firms, np.int64)
    n = 0
    for r in range(replicas):
        if due[r] == 0:
            continue
        draw_systematic(vacancies[r] * intensity[r], due[r], u[r, 2 * households], quota)
        tickets = np.repeat(np.arange(firms), quota)
        pool, left = searching[r].sum(), len(tickets)
        for h in range(households):
            if left == 0:
                break
            if not searching[r, h]:
                continue
            if u[r, h] * pool < left:
                k = np.int64(u[r, households + h] * left)
                replica[n], firm[n], household[n] = r, tickets[k], h
                left -= 1
                tickets[k] = tickets[left]
                n += 1
            pool -= 1
    return replica[:n], firm[:n], household[:n]


def counted(jobless, natural, slope):
    """The unemployment rate `(replica,)` when joblessness above `natural` discourages search.

    A `slope` share of it leaves the labour force and is not counted; shares in [0, 1]. Source: Elsby,
    Hobijn and Sahin (2015), JME 72, on the participation margin.
    """
    left = slope * (jobless - natural)
    return (jobless - left) / (1.0 - left)


@jit
def draw_systematic(weight, count, start, quota):
    """Fill `quota` (cell,) with `count` draws by `weight`, at equal steps from `start` in (0, 1).

    A last mark that rounding pushes off the end of the line belongs to the last cell with any weight.
    """
    quota[:] = 0
    total = weight.sum()
    if total <= 0.0:
        return
    step = total / count
    mark, reached, drawn, last = start * step, 0.0, 0, 0
    for j in range(len(weight)):
        if weight[j] > 0.0:
            last = j
        reached += weight[j]
        while drawn < count and mark < reached:
            quota[j] += 1
            drawn += 1
            mark += step
    quota[last] += count - drawn
