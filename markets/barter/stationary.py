"""Finite Markov chains by GTH elimination: the stationary vector and the Poisson equation.

Eliminating state n from a chain adds to every P_ij what goes from i to j through n. Neither a difference nor
a diagonal is ever formed, so that every entry of the result is exact to a few units in its last place,
however badly the chain is conditioned. Source: Grassmann, Taksar and Heyman (1985), Operations Research
33(5), 1107-1116; O'Cinneide (1993), Numerische Mathematik 65, 109-120, for the error bound.
"""

import numpy as np

from streams.jit import jit


@jit
def eliminate(chain):
    """Eliminate all states but the first of an irreducible `chain` (from, to) in place; return the exits.

    Afterwards `chain[i, n]` is divided by the exit rate of n, for i < n, and `chain[n, j]` is the rate
    from n to j < n once the states above n are gone; `exits` (state,) are its sums.
    """
    states = len(chain)
    exits = np.ones(states)
    for n in range(states - 1, 0, -1):
        total = 0.0
        for j in range(n):
            total += chain[n, j]
        exits[n] = total
        for i in range(n):
            chain[i, n] /= total
            for j in range(n):
                chain[i, j] += chain[i, n] * chain[n, j]
    return exits


@jit
def stationary(chain):
    """S (state,) with s = P' s and sum 1, of a `chain` that was `eliminate`d."""
    states = len(chain)
    found = np.ones(states)
    for n in range(1, states):
        found[n] = 0.0
        for i in range(n):
            found[n] += found[i] * chain[i, n]
    return found / found.sum()


@jit
def poisson_into(unknown, chain, exits):
    """Solve y - P y = b for y with y_0 = 0, in place of b in `unknown` (state,); b must be orthogonal to s.

    `chain` and `exits` as `eliminate` left them.
    """
    states = len(chain)
    for n in range(states - 1, 0, -1):
        for i in range(n):
            unknown[i] += chain[i, n] * unknown[n]
    unknown[0] = 0.0
    for n in range(1, states):
        for j in range(n):
            unknown[n] += chain[n, j] * unknown[j]
        unknown[n] /= exits[n]


@jit
def apart(chain):
    """Which states (state,) do not both lead to the first and follow it: none if irreducible."""
    states = len(chain)
    follows, leads = np.zeros(states, np.bool_), np.zeros(states, np.bool_)
    follows[0] = leads[0] = True
    changed = True
    while changed:
        changed = False
        for i in range(states):
            for j in range(states):
                if chain[i, j] > 0.0:
                    if follows[i] and not follows[j]:
                        follows[j] = changed = True
                    if leads[j] and not leads[i]:
                        leads[i] = changed = True
    return ~(follows & leads)
