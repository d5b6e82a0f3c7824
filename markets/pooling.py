"""Pooled payments: many payers, many payees, every cent matched.

What the payers put into a pool is shared by weight (`money.split`: largest remainders, ties to the lowest
slot), and the transfers that bring it there follow the north-west corner rule: at most payers + payees - 1 of
them.
"""

import numpy as np

from markets.money import split
from streams.jit import jit


@jit
def pool(paid, weight):
    """Return `(replica, payer, payee, amount)` long-form rows that share `paid` by `weight`.

    `paid` (replica, payer) int64 cents >= 0; `weight` (replica, payee) >= 0, not all zero in a replica
    that pays. Rows are sorted by replica; slots are int32.
    """
    replicas, payers = paid.shape
    payees = weight.shape[1]
    most = replicas * (payers + payees)
    replica, source, target = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    amount = np.empty(most, np.int64)
    n = 0
    for r in range(replicas):
        total = paid[r].sum()
        if total == 0:
            continue
        owners = np.flatnonzero(weight[r])
        due = split(total, weight[r][owners])
        payer, place, left = 0, 0, paid[r, 0]
        while payer < payers and place < len(owners):
            cents = min(left, due[place])
            if cents > 0:
                replica[n], source[n], target[n], amount[n] = r, payer, owners[place], cents
                n += 1
                left -= cents
                due[place] -= cents
            if due[place] == 0:
                place += 1
            elif left == 0:
                payer += 1
                left = paid[r, payer] if payer < payers else 0
    return replica[:n], source[:n], target[:n], amount[:n]
