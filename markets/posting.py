"""Kernels of the ledger: one pass that checks and books the transfers of a post, one that audits all books.

Every change of a balance goes through `_leg`, which takes from one account what it gives to another, so every
instrument sums to zero. `_leg` also returns what the change does to the replica's *fingerprint*, the sum of
balance × salt over all instruments and accounts: a write that bypassed the legs no longer fits it.
"""

import numpy as np

from markets.flows import DEPOSITS, NONE, RESERVES
from streams.jit import jit

# plan: 0 payer start, 1 payer size, 2 payee start, 3 payee size, 4 payer money, 5 payee money, 6 claim, 7 cash
TURNOVER, FINGERPRINT = 0, 1  # columns of `tally`, int64 (R, 2)
LIMIT = 2**62  # no replica turns over more cents than this, so no balance and no total can wrap

BOOKED, REPLICA, PAYER, PAYEE, NEGATIVE, OVERFLOW, FUNDS, CLEARING, HOLDING, DEBT = range(10)
SOUND, SUM, SECTOR, SIGN, HOME, WRITTEN = range(6)


@jit
def _leg(balance, salt, r, instrument, source, target, amount):
    """Move `amount` of one instrument and return the change of the fingerprint."""
    balance[r, instrument, source] -= amount
    balance[r, instrument, target] += amount
    return amount * (salt[instrument, target] - salt[instrument, source])


@jit
def _book(balance, issuer, salt, tally, plan, r, payer, payee, amount):
    """Apply one transfer of a checked (or, to take it back, negative) amount."""
    change = 0
    if plan[7]:
        a, b = issuer[r, payer], issuer[r, payee]
        if plan[4] != NONE:
            change += _leg(balance, salt, r, plan[4], payer, a, amount)
        if a != b:
            change += _leg(balance, salt, r, RESERVES, a, b, amount)
        if plan[5] != NONE:
            change += _leg(balance, salt, r, plan[5], b, payee, amount)
    if plan[6] != NONE:
        change += _leg(balance, salt, r, plan[6], payee, payer, amount)
    tally[r, TURNOVER] += amount
    tally[r, FINGERPRINT] += change


@jit
def _refusal(balance, issuer, limits, tally, plan, r, payer, payee, amount):
    """Why a transfer between two accounts may not be booked (or BOOKED), and the account to blame."""
    if amount < 0:
        return NEGATIVE, payer
    if amount > LIMIT - tally[r, TURNOVER]:
        return OVERFLOW, payer
    if plan[7]:
        if plan[4] != NONE and balance[r, plan[4], payer] - amount < limits[0, plan[4], payer]:
            return FUNDS, payer
        bank = issuer[r, payer]
        if bank != issuer[r, payee] and balance[r, RESERVES, bank] - amount < limits[0, RESERVES, bank]:
            return CLEARING, bank
    if plan[6] != NONE:
        if balance[r, plan[6], payee] - amount < limits[0, plan[6], payee]:
            return HOLDING, payee
        if balance[r, plan[6], payer] + amount > limits[1, plan[6], payer]:
            return DEBT, payer
    return BOOKED, payer


@jit
def _try(balance, issuer, limits, salt, tally, plan, r, from_slot, to_slot, amount):
    """Book one transfer if nothing speaks against it; return the verdict and the account to blame."""
    if from_slot < 0 or from_slot >= plan[1]:
        return PAYER, 0
    if to_slot < 0 or to_slot >= plan[3]:
        return PAYEE, 0
    payer, payee = plan[0] + from_slot, plan[2] + to_slot
    verdict, account = _refusal(balance, issuer, limits, tally, plan, r, payer, payee, amount)
    if verdict == BOOKED:
        _book(balance, issuer, salt, tally, plan, r, payer, payee, amount)
    return verdict, account


@jit
def book_all(balance, issuer, limits, salt, tally, total, plan, shape, steps, replica, payer, payee, amount):
    """Book all transfers in order, or none: (verdict, place of the culprit, its replica, the account to blame).

    `shape` is (1, rows) for long-form rows and (R, n) for dense ones, in C order. `steps` says by how much the
    place in replica, payer and payee advances with the first and with the second index (0: the same for all).
    """
    for i in range(shape[0]):
        for j in range(shape[1]):
            x = amount[i * shape[1] + j]
            if x == 0:
                continue
            r = np.int64(replica[i * steps[0] + j * steps[1]])
            a, b = payer[i * steps[2] + j * steps[3]], payee[i * steps[4] + j * steps[5]]
            verdict, account = REPLICA, 0
            if 0 <= r < len(balance):
                verdict, account = _try(balance, issuer, limits, salt, tally, plan, r, a, b, x)
            if verdict != BOOKED:
                culprit = i * shape[1] + j
                _unbook(balance, issuer, salt, tally, total, plan, shape, steps, replica, payer, payee, amount, culprit)
                return verdict, culprit, r, account
            total[r] += x
    return BOOKED, 0, 0, 0


@jit
def _unbook(balance, issuer, salt, tally, total, plan, shape, steps, replica, payer, payee, amount, end):
    """Take back the transfers before place `end`."""
    for place in range(end):
        i, j = place // shape[1], place % shape[1]
        r, x = replica[i * steps[0] + j * steps[1]], amount[place]
        a, b = payer[i * steps[2] + j * steps[3]], payee[i * steps[4] + j * steps[5]]
        if x != 0:
            _book(balance, issuer, salt, tally, plan, r, plan[0] + a, plan[2] + b, -x)
            total[r] -= x


@jit
def audit(balance, issuer, limits, salt, tally, expected, edges):
    """The first fault of every replica's books, int64 (R, 4): kind, instrument, sector or account, amount found.

    `expected` int64 (R, instruments, sectors) is what the flows have made of the sectors' balances.
    """
    replicas, instruments, accounts = balance.shape
    faults = np.zeros((replicas, 4), np.int64)
    held = np.zeros(accounts, np.int64)
    for r in range(replicas):
        fingerprint = 0
        for i in range(instruments):
            net = 0
            for s in range(len(edges) - 1):
                sector = 0
                for a in range(edges[s], edges[s + 1]):
                    x = balance[r, i, a]
                    sector += x
                    fingerprint += x * salt[i, a]
                    if (x < limits[0, i, a] or x > limits[1, i, a]) and faults[r, 0] == SOUND:
                        faults[r] = np.array([SIGN, i, a, x])
                net += sector
                if sector != expected[r, i, s] and faults[r, 0] in (SOUND, SIGN):
                    faults[r] = np.array([SECTOR, i, s, sector])
            if net != 0:
                faults[r] = np.array([SUM, i, 0, net])
        if fingerprint != tally[r, FINGERPRINT] and faults[r, 0] == SOUND:
            faults[r, 0] = WRITTEN
        held[:] = balance[r, DEPOSITS]
        for a in range(accounts):
            if issuer[r, a] != a:
                held[issuer[r, a]] += balance[r, DEPOSITS, a]
        for a in range(accounts):
            if issuer[r, a] == a and held[a] != 0 and faults[r, 0] == SOUND:
                faults[r] = np.array([HOME, DEPOSITS, a, held[a]])
    return faults
