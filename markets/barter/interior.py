"""Newton steps to the Nash bargain inside x > 0: diagonal plus rank one per agent, one small system per step.

Shares x_ig of every good maximise sum_i log v_i(x_i) + m sum_ig log x_ig, v_i = sum_g w_ig log((c_g + x_ig) /
(c_g + e_ig)), as m falls to 0 (primal-dual interior point: Nocedal and Wright 2006, Numerical Optimization,
ch. 19). With a_i = 1 / v_i and slopes s_ig = w_ig / (c_g + x_ig) the Hessian of agent i is

    H_i = D_i + a_i^2 s_i s_i',    D_i = diag(a_i s_i / (c + x_i) + z_i / x_i),

inverted by Sherman and Morrison; the prices q of conservation move by (sum_i H_i^-1) dq = sum_i H_i^-1 b_i,
the Schur complement, with b_i = a_i s_i - q + m / x_i, and bundles by dx_i = H_i^-1 (b_i - dq).
"""

import numpy as np

from streams.jit import jit

CENTRE = 0.1  # of the barrier is left after a step
INSIDE = 0.995  # of the way to the boundary is gone at most
ENOUGH, SLOPE = 1e-10, 1e-9  # relative gap and error of slopes at which a bargain is reached
SHORTEST, ROUNDING = 1e-12, 1e-12  # of a step that goes on, and of the merit that one may cost


@jit
def climb_inside(x, e, w, floor, most):
    """Move shares `x` (agent, good) to the bargain in place; return its prices (good,) and the steps.

    Columns of `x` sum to 1 and every agent gains by `x` over `e`; `w` and `floor` are those of
    utility.
    """
    agents, goods = x.shape
    gains, slope, z = np.empty(agents), np.empty(x.shape), np.empty(x.shape)
    dx, ahead, dq = np.empty(x.shape), np.empty(x.shape), np.empty(goods)
    ease_in(x, least_gain(gains, x, e, w, floor))
    least_gain(gains, x, e, w, floor)
    q = np.zeros(goods)
    total = steepen(slope, x, w, floor, gains)
    for i in range(agents):
        for g in range(goods):
            z[i, g] = CENTRE * total / (agents * goods) / x[i, g]
            q[g] = max(q[g], slope[i, g] + z[i, g])
    steps = 0
    while steps < most and not arrived(x, z, q, slope, total):
        steps += 1
        barrier = CENTRE * complementarity(x, z)
        newton(dx, dq, x, z, q, slope, floor, gains, barrier)
        size = reach(x, dx)
        height = merit(x, gains, barrier)
        while size > SHORTEST:
            for i in range(agents):
                for g in range(goods):
                    ahead[i, g] = x[i, g] + size * dx[i, g]
            gain = least_gain(gains, ahead, e, w, floor)
            if gain > 0.0 and merit(ahead, gains, barrier) >= height - ROUNDING * abs(height):
                break
            size *= 0.5
        if size <= SHORTEST:
            break
        for i in range(agents):
            for g in range(goods):
                dx[i, g] = (barrier - z[i, g] * dx[i, g]) / x[i, g] - z[i, g]  # dz from here on
                x[i, g] = ahead[i, g]
        length = reach(z, dx)
        for g in range(goods):
            q[g] += size * dq[g]
            for i in range(agents):
                z[i, g] += length * dx[i, g]
        total = steepen(slope, x, w, floor, gains)
    return q, steps


@jit
def least_gain(gains, x, e, w, floor):
    """Write every agent's gain v over its endowment to `gains` (agent,); return the least."""
    least = np.inf
    for i in range(x.shape[0]):
        gains[i] = 0.0
        for g in range(x.shape[1]):
            gains[i] += w[i, g] * np.log1p((x[i, g] - e[i, g]) / (floor[g] + e[i, g]))
        least = min(least, gains[i])
    return least


@jit
def ease_in(x, least):
    """Move `x` inside by as much of an equal share as leaves everyone half of the `least` gain."""
    part = min(0.1, 1.0 - np.exp(-0.5 * least))
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            x[i, g] += part * (1.0 / len(x) - x[i, g])


@jit
def steepen(slope, x, w, floor, gains):
    """Write a_i s_ig to `slope` (agent, good); return the sum of slope times share."""
    total = 0.0
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            slope[i, g] = w[i, g] / (floor[g] + x[i, g]) / gains[i]
            total += slope[i, g] * x[i, g]
    return total


@jit
def complementarity(x, z):
    """The mean of `x` times `z`, which is the barrier m on the central path."""
    total = 0.0
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            total += x[i, g] * z[i, g]
    return total / (x.shape[0] * x.shape[1])


@jit
def arrived(x, z, q, slope, total):
    """Whether the relative gap and the error of the slopes are small enough."""
    off, highest = 0.0, 0.0
    for g in range(len(q)):
        highest = max(highest, q[g])
        for i in range(x.shape[0]):
            off = max(off, abs(slope[i, g] + z[i, g] - q[g]))
    return off <= SLOPE * highest and complementarity(x, z) * x.shape[0] * x.shape[1] <= ENOUGH * total


@jit
def merit(x, gains, barrier):
    """What a step must not lower: sum log v + m sum log x."""
    found = 0.0
    for i in range(x.shape[0]):
        found += np.log(gains[i])
        for g in range(x.shape[1]):
            found += barrier * np.log(x[i, g])
    return found


@jit
def reach(x, dx):
    """The longest step up to 1 that keeps `x` inside."""
    size = 1.0
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            if dx[i, g] < 0.0:
                size = min(size, -INSIDE * x[i, g] / dx[i, g])
    return size


@jit
def newton(dx, dq, x, z, q, slope, floor, gains, barrier):
    """Write the step of shares to `dx` (agent, good) and of prices to `dq` (good,); see the module."""
    agents, goods = x.shape
    inner, outer, schur = np.empty(x.shape), np.empty(x.shape), np.zeros((goods, goods))
    for g in range(goods):
        dq[g] = -1.0
    for i in range(agents):
        curve, along = 0.0, 0.0
        for g in range(goods):
            inner[i, g] = 1.0 / (slope[i, g] / (floor[g] + x[i, g]) + z[i, g] / x[i, g])  # 1 / D
            outer[i, g] = slope[i, g] * inner[i, g]
            curve += slope[i, g] * outer[i, g]
        for g in range(goods):
            outer[i, g] /= np.sqrt(1.0 + curve)  # H^-1 = 1 / D - outer outer'
            dx[i, g] = slope[i, g] - q[g] + barrier / x[i, g]  # b
            along += outer[i, g] * dx[i, g]
        for g in range(goods):
            dq[g] += x[i, g] + inner[i, g] * dx[i, g] - outer[i, g] * along
            schur[g, g] += inner[i, g]
            for h in range(goods):
                schur[g, h] -= outer[i, g] * outer[i, h]
    solve_into(dq, schur)
    for i in range(agents):
        along = 0.0
        for g in range(goods):
            dx[i, g] -= dq[g]
            along += outer[i, g] * dx[i, g]
        for g in range(goods):
            dx[i, g] = inner[i, g] * dx[i, g] - outer[i, g] * along


@jit
def solve_into(right, matrix):
    """Solve in place of `right` (n,) for a positive definite `matrix` (n, n), which is lost."""
    n = len(right)
    for k in range(n):
        for i in range(k + 1, n):
            factor = matrix[i, k] / matrix[k, k]
            right[i] -= factor * right[k]
            for j in range(k + 1, n):
                matrix[i, j] -= factor * matrix[k, j]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            right[k] -= matrix[k, j] * right[j]
        right[k] /= matrix[k, k]
