"""Kernels of the ledger: one pass that checks and books the transfers of a post, one that audits all books.

Every booking takes from one account what it gives to another, so every instrument sums to zero. It also
extends the replica's *fingerprint*, the sum of balance × salt over all accounts: a write that bypassed
`book` no longer fits it. The three moneys of an account share one salt, so that the legs of the issuers
cancel in the fingerprint and a payment costs two salts; what cancels there is held by the sums and by every
bank's customers (`HOME`).
"""

import numpy as np

from markets.flows import DEPOSITS, NONE, RESERVES
from streams.jit import jit, leaf

BOOKED, REPLICA, PAYER, PAYEE, NEGATIVE, OVERFLOW, FUNDS, CLEARING, HOLDING, DEBT = range(10)
SOUND, SUM, SECTOR, SIGN, HOME, WRITTEN = range(6)


@leaf
def book_one(books, plan, r, payer, payee, amount):
    """Book one transfer, or nothing: (verdict, the account to blame). For compiled code.

    `books` and `plan` are what `Ledger.compiled` gives. Nothing is raised: what is not BOOKED is refused.
    """
    balance, issuer, salt, fingerprint, totals = books
    most, payer_start, payer_size, payee_start, payee_size, cash = plan[1:7]
    lowest_own, lowest_reserves, lowest_claim, highest_claim, sign = plan[10:]
    if amount == 0:
        return BOOKED, 0
    x = sign * amount
    if not 0 <= r < len(balance):
        return REPLICA, 0
    if not 0 <= payer < payer_size:
        return PAYER, 0
    if not 0 <= payee < payee_size:
        return PAYEE, 0
    r, a, b = np.uint64(r), np.uint64(payer_start + payer), np.uint64(payee_start + payee)
    flow, own, other, claim = np.uint64(plan[0]), np.uint64(plan[7]), np.uint64(plan[8]), np.uint64(plan[9])
    pays, earns, claims = plan[7] != NONE, plan[8] != NONE, plan[9] != NONE
    if amount < 0:
        return NEGATIVE, np.int64(a)
    if x > most - totals[r, flow]:
        return OVERFLOW, np.int64(a)
    source, target = np.uint64(0), np.uint64(0)
    if cash:
        source, target = np.uint64(issuer[r, a]), np.uint64(issuer[r, b])
        if pays and balance[r, own, a] - x < lowest_own:
            return FUNDS, np.int64(a)
        if (balance[r, RESERVES, source] - x < lowest_reserves) & (source != target):
            return CLEARING, np.int64(source)
    if claims:
        if balance[r, claim, b] - x < lowest_claim:
            return HOLDING, np.int64(b)
        if balance[r, claim, a] + x > highest_claim:
            return DEBT, np.int64(a)
        balance[r, claim, b] -= x
        balance[r, claim, a] += x
        fingerprint[r] += x * (salt[claim, a] - salt[claim, b])
    if cash:
        if pays:
            balance[r, own, a] -= x
            balance[r, own, source] += x
        balance[r, RESERVES, source] -= x
        balance[r, RESERVES, target] += x
        if earns:
            balance[r, other, target] -= x
            balance[r, other, b] += x
        fingerprint[r] += x * (salt[RESERVES, b] - salt[RESERVES, a])
    totals[r, flow] += x
    return BOOKED, 0


@jit
def book(balance, issuer, salt, fingerprint, totals, plans, offsets, steps, replica, payer, payee, amount):
    """Book transfers in order until one is refused: (verdict, its place, its replica, the account to blame).

    `offsets` cut the transfers into stretches: those of a replica in a dense post, of a flow where there are
    several. `plans` are the numbers of `markets.flows.Plan`s, one a flow, which serve the stretches in turn.
    `steps` say by how much places in replica, payer and payee advance with a stretch and with a transfer.
    """
    replica_stretch, replica_step, payer_stretch, payer_step, payee_stretch, payee_step = steps
    books = balance, issuer, salt, fingerprint, totals
    for i in range(len(offsets) - 1):
        plan = plans[i % len(plans)]
        for place in range(offsets[i], offsets[i + 1]):
            if amount[place] == 0:
                continue
            r = np.int64(replica[i * replica_stretch + place * replica_step])
            a = np.int64(payer[i * payer_stretch + place * payer_step])
            b = np.int64(payee[i * payee_stretch + place * payee_step])
            verdict, account = book_one(books, plan, r, a, b, amount[place])
            if verdict != BOOKED:
                return verdict, place, r, account
    return BOOKED, 0, 0, 0


@jit
def explain(endowed, totals, legs):
    """What opening stocks and flows have made of the sectors' balances, int64 (R, instruments, sectors).

    `legs` (n, 4): a flow, an instrument, a sector, and what one cent of the flow adds to its balance.
    """
    expected = endowed.copy()
    for r in range(len(totals)):
        for flow, instrument, sector, effect in legs:
            expected[r, instrument, sector] += effect * totals[r, flow]
    return expected


@jit
def within(balance, limits):
    """Whether every balance lies within the limits, int64 (2, instruments, accounts)."""
    replicas, instruments, accounts = balance.shape
    outside = 0
    for r in range(replicas):
        for i in range(instruments):
            for a in range(accounts):
                outside += (balance[r, i, a] < limits[0, i, a]) | (balance[r, i, a] > limits[1, i, a])
    return outside == 0


@jit
def net_worth(balance, first, last):
    """Claims less debts of the accounts from `first` to before `last`, int64 (R, last - first)."""
    worth = np.zeros((len(balance), last - first), np.int64)
    for r in range(len(balance)):
        for i in range(balance.shape[1]):
            for a in range(first, last):
                worth[r, a - first] += balance[r, i, a]
    return worth


@jit
def audit(balance, issuer, limits, salt, fingerprint, expected, edges):
    """The first fault of every replica's books, int64 (R, 4): kind, instrument, sector or account, amount.

    `expected` int64 (R, instruments, sectors) is what the flows have made of the sectors' balances.
    """
    replicas, instruments, accounts = balance.shape
    faults = np.zeros((replicas, 4), np.int64)
    held = np.zeros(accounts, np.int64)
    for r in range(replicas):
        found = 0
        for i in range(instruments):
            net = 0
            for s in range(len(edges) - 1):
                sector = 0
                for a in range(edges[s], edges[s + 1]):
                    x = balance[r, i, a]
                    sector += x
                    found += x * salt[i, a]
                    if (x < limits[0, i, a] or x > limits[1, i, a]) and faults[r, 0] == SOUND:
                        faults[r] = np.array([SIGN, i, a, x])
                net += sector
                if sector != expected[r, i, s] and faults[r, 0] in (SOUND, SIGN):
                    faults[r] = np.array([SECTOR, i, s, sector])
            if net != 0:
                faults[r] = np.array([SUM, i, 0, net])
        if found != fingerprint[r] and faults[r, 0] == SOUND:
            faults[r, 0] = WRITTEN
        held[:] = balance[r, DEPOSITS]
        for a in range(accounts):
            if issuer[r, a] != a:
                held[issuer[r, a]] += balance[r, DEPOSITS, a]
        for a in range(accounts):
            if issuer[r, a] == a and held[a] != 0 and faults[r, 0] == SOUND:
                faults[r] = np.array([HOME, DEPOSITS, a, held[a]])
    return faults
