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
ENOUGH = 1e-10  # relative gap at which the barrier is low enough


@jit
def climb_inside(x, e, w, floor, most):
    """Move shares ``x`` (agent, good) to the bargain in place; return its prices (good,) and the steps.

    Columns of ``x`` sum to 1 and every agent gains by ``x`` over ``e``; ``w`` and ``floor`` are those of
    utility.
    """
    agents, goods = x.shape
    gains = gains_of(x, e, w, floor)
    ease_in(x, gains)
    gains = gains_of(x, e, w, floor)
    slope = weighted_slopes(x, w, floor, gains)
    reward = (slope * x).sum()
    z = CENTRE * reward / (agents * goods) / x
    q = np.zeros(goods)
    for j in range(goods):
        q[j] = (slope[:, j] + z[:, j]).max()
    steps = 0
    while steps < most:
        barrier = (x * z).sum() / (agents * goods)
        off = np.abs(slope + z - q).max() / q.max()
        if barrier * agents * goods <= ENOUGH * reward and off <= ENOUGH:
            break
        steps += 1
        barrier *= CENTRE
        dx, dq = newton(x, z, q, w, floor, gains, barrier)
        dz = (barrier - z * dx) / x - z
        size = reach(x, dx)
        height = merit(x, gains, barrier)
        while size > 1e-12:
            ahead = x + size * dx
            gains = gains_of(ahead, e, w, floor)
            if gains.min() > 0.0 and merit(ahead, gains, barrier) >= height - 1e-12 * abs(height):
                break
            size *= 0.5
        if size <= 1e-12:
            break
        x[:] = ahead
        q += size * dq
        z += reach(z, dz) * dz
        slope = weighted_slopes(x, w, floor, gains)
        reward = (slope * x).sum()
    return q, steps


@jit
def gains_of(x, e, w, floor):
    """Return every agent's gain v (agent,) over its endowment."""
    gains = np.zeros(len(x))
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            gains[i] += w[i, g] * np.log1p((x[i, g] - e[i, g]) / (floor[g] + e[i, g]))
    return gains


@jit
def ease_in(x, gains):
    """Move ``x`` inside by as much of an equal share as leaves everyone half its gain."""
    part = min(0.1, 1.0 - np.exp(-0.5 * gains.min()))
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            x[i, g] += part * (1.0 / len(x) - x[i, g])


@jit
def weighted_slopes(x, w, floor, gains):
    """Return a_i s_ig (agent, good)."""
    slope = np.empty(x.shape)
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            slope[i, g] = w[i, g] / (floor[g] + x[i, g]) / gains[i]
    return slope


@jit
def merit(x, gains, barrier):
    """Return what a step must not lower: sum log v + m sum log x."""
    return np.log(gains).sum() + barrier * np.log(x).sum()


@jit
def reach(x, dx):
    """Return the longest step up to 1 that keeps ``x`` inside."""
    size = 1.0
    for i in range(x.shape[0]):
        for g in range(x.shape[1]):
            if dx[i, g] < 0.0:
                size = min(size, -INSIDE * x[i, g] / dx[i, g])
    return size


@jit
def newton(x, z, q, w, floor, gains, barrier):
    """Return the step (dx, dq) of shares and prices; see the module."""
    agents, goods = x.shape
    inner, outer, right = np.empty((agents, goods)), np.empty((agents, goods)), np.empty((agents, goods))
    total, schur = x.sum(axis=0) - 1.0, np.zeros((goods, goods))
    for i in range(agents):
        curve = 0.0
        for g in range(goods):
            slope = w[i, g] / (floor[g] + x[i, g]) / gains[i]
            inner[i, g] = 1.0 / (slope / (floor[g] + x[i, g]) + z[i, g] / x[i, g])  # 1 / D
            outer[i, g] = slope * inner[i, g]
            curve += slope * outer[i, g]
            right[i, g] = slope - q[g] + barrier / x[i, g]
        outer[i] /= np.sqrt(1.0 + curve)  # H^-1 = 1 / D - outer outer'
        for g in range(goods):
            schur[g, g] += inner[i, g]
            for h in range(goods):
                schur[g, h] -= outer[i, g] * outer[i, h]
        total += inner[i] * right[i] - outer[i] * (outer[i] * right[i]).sum()
    dq = np.linalg.solve(schur, total)
    dx = np.empty((agents, goods))
    for i in range(agents):
        left = right[i] - dq
        dx[i] = inner[i] * left - outer[i] * (outer[i] * left).sum()
    return dx, dq
