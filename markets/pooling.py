"""Pooled payments: many payers, many payees, every cent matched.

What the payers put into a pool is shared by weight (largest remainders, ties to the lowest slot), and the transfers
that bring it there follow the north-west corner rule: at most payers + payees - 1 of them.
"""

import numpy as np
from streams.jit import jit


@jit
def pool(paid, weight):
    """Return ``(replica, payer, payee, amount)`` long-form rows that share ``paid`` by ``weight``.

    ``paid`` (replica, payer) int64 cents >= 0; ``weight`` (replica, payee) >= 0, not all zero in a replica that
    pays. Rows are sorted by replica; slots are int32.
    """
    replicas, payers = paid.shape
    payees = weight.shape[1]
    most = replicas * (payers + payees)
    replica, source, target = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    amount = np.empty(most, np.int64)
    n = 0
    due = np.empty(payees, np.int64)
    for r in range(replicas):
        total = paid[r].sum()
        if total == 0:
            continue
        share(total, weight[r], due)
        payer, payee, left = 0, 0, paid[r, 0]
        while payer < payers and payee < payees:
            cents = min(left, due[payee])
            if cents > 0:
                replica[n], source[n], target[n], amount[n] = r, payer, payee, cents
                n += 1
                left -= cents
                due[payee] -= cents
            if due[payee] == 0:
                payee += 1
            elif left == 0:
                payer += 1
                left = paid[r, payer] if payer < payers else 0
    return replica[:n], source[:n], target[:n], amount[:n]


@jit
def share(total, weight, due):
    """Fill ``due`` (payee,) with whole cents proportional to ``weight`` that sum to ``total`` exactly."""
    whole = weight.sum()
    given = 0
    rest = np.empty(len(weight))
    for i in range(len(weight)):
        exact = total * (weight[i] / whole)
        due[i] = np.int64(np.floor(exact))
        rest[i] = exact - due[i]
        given += due[i]
    missing = total - given
    if missing > 0:
        order = np.argsort(-rest, kind="mergesort")
        for k in range(missing):
            due[order[k % len(weight)]] += 1
