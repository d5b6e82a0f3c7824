"""Kernels of the ledger: one pass that checks and books the transfers of a post, one that audits all books.

Every booking takes from one account what it gives to another, so every instrument sums to zero. It also
extends the replica's *fingerprint*, the sum of balance × salt over all accounts: a write that bypassed
`move` no longer fits it. The moneys of one currency share an account's salt, so that the legs of the issuers
cancel in the fingerprint and a payment costs two salts; what cancels there is held by the sums and by every
issuer's customers (`HOME`).

Totals and fingerprints count modulo 2**64: sums and differences that fit into 64 bits are exact, however
often the counters have gone round.
"""

import numpy as np

from markets.flows import NONE
from streams.bundle import Bundle
from streams.jit import jit, leaf

# FUNDS: of the payer's money; CLEARING: of the currency, where payer or issuer hold it; CHOICE: no such place
BOOKED, REPLICA, PAYER, PAYEE, NEGATIVE, OVERFLOW, FUNDS, CLEARING, HOLDING, DEBT, CHOICE = range(11)
SOUND, SUM, SECTOR, SIGN, HOME, WRITTEN = range(6)


class Accounts(
    Bundle, fields=("balance", "issuer", "salt", "fingerprint", "totals", "closed")
):
    """What kernels read and write of the books: see `markets.ledger.Ledger`."""


@leaf
def check(books, route, r, payer, payee, amount, units, instrument, currency):
    """Whether a transfer could be booked: (verdict, the account to blame); changes nothing."""
    balance, issuer, totals, closed = books.balance, books.issuer, books.totals, books.closed
    payment, delivery, most = route.payment, route.delivery, route.most
    if not 0 <= r < len(balance):
        return REPLICA, 0
    if not 0 <= payer < route.payer_size:
        return PAYER, 0
    if not 0 <= payee < route.payee_size:
        return PAYEE, 0
    r, a, b = np.uint64(r), np.uint64(route.payer_start + payer), np.uint64(route.payee_start + payee)
    if payment != NONE:
        if currency and not 0 < currency < route.currencies:  # 0 is always there, free where constant
            return CHOICE, np.int64(a)
        if amount < 0:
            return NEGATIVE, np.int64(a)
        counter = np.uint64(payment + currency)
        if amount > most - (totals[r, counter] - closed[r, counter]):
            return OVERFLOW, np.int64(a)
        way = np.uint64(route.currency + currency)
        source, target = np.uint64(issuer[r, way, a]), np.uint64(issuer[r, way, b])
        if route.own != NONE:
            own = balance[r, np.uint64(route.own + currency), a]
            if own - amount < route.lowest_own:
                return FUNDS, np.int64(a)
        held = balance[r, np.uint64(route.base + currency), source]
        if (held - amount < route.lowest_base) & (source != target):
            return CLEARING, np.int64(source)
    if route.claim != NONE:
        moved, chosen = amount, currency
        if delivery != NONE:
            moved, chosen = units, instrument
            if instrument and not 0 < instrument < route.claims:
                return CHOICE, np.int64(b)
            if units < 0:
                return NEGATIVE, np.int64(b)
            counter = np.uint64(delivery + instrument)
            if units > most - (totals[r, counter] - closed[r, counter]):
                return OVERFLOW, np.int64(b)
        claim = np.uint64(route.claim + chosen)
        if balance[r, claim, b] - moved < route.lowest_claim:
            return HOLDING, np.int64(b)
        if balance[r, claim, a] + moved > route.highest_claim:
            return DEBT, np.int64(a)
    return BOOKED, 0


@leaf
def move(books, route, r, payer, payee, amount, units, instrument, currency):
    """Book a transfer that was checked; with negative amounts, take one back."""
    balance, issuer, salt, fingerprint = books.balance, books.issuer, books.salt, books.fingerprint
    totals, payment, delivery = books.totals, route.payment, route.delivery
    r, a, b = np.uint64(r), np.uint64(route.payer_start + payer), np.uint64(route.payee_start + payee)
    if payment != NONE:
        base, way = np.uint64(route.base + currency), np.uint64(route.currency + currency)
        source, target = np.uint64(issuer[r, way, a]), np.uint64(issuer[r, way, b])
        if route.own != NONE:
            own = np.uint64(route.own + currency)
            balance[r, own, a] -= amount
            balance[r, own, source] += amount
        balance[r, base, source] -= amount
        balance[r, base, target] += amount
        if route.other != NONE:
            other = np.uint64(route.other + currency)
            balance[r, other, target] -= amount
            balance[r, other, b] += amount
        fingerprint[r] += amount * (salt[base, b] - salt[base, a])
        totals[r, np.uint64(payment + currency)] += amount
    if route.claim != NONE:
        moved, chosen = amount, currency
        if delivery != NONE:
            moved, chosen = units, instrument
            totals[r, np.uint64(delivery + instrument)] += units
        claim = np.uint64(route.claim + chosen)
        balance[r, claim, b] -= moved
        balance[r, claim, a] += moved
        fingerprint[r] += moved * (salt[claim, a] - salt[claim, b])


@leaf
def settle_one(books, route, r, payer, payee, amount, units, instrument, currency):
    """Pay `amount` in a currency against `units` of an instrument, both or neither: as `book_one`.

    `instrument` and `currency` are places within the flow's kinds of claim and of currency.
    """
    if amount == 0 and units == 0:
        return BOOKED, 0
    verdict, account = check(books, route, r, payer, payee, amount, units, instrument, currency)
    if verdict == BOOKED:
        move(books, route, r, payer, payee, amount, units, instrument, currency)
    return verdict, account


@leaf
def book_one(books, route, r, payer, payee, amount):
    """Book one transfer, or nothing: (verdict, the account to blame). For compiled code.

    `books` and `route` are what `Ledger.compiled` gives. Nothing is raised: what is not BOOKED is refused.
    """
    return settle_one(books, route, r, payer, payee, amount, amount, 0, 0)


@leaf
def settle_all(books, r, transfers):
    """Settle several transfers, all or none: (verdict, the place of the refused one, the account to blame).

    `transfers` is a tuple of (route, payer, payee, amount, units, instrument, currency).
    """
    for place in range(len(transfers)):
        route, payer, payee, amount, units, instrument, currency = transfers[place]
        verdict, account = settle_one(books, route, r, payer, payee, amount, units, instrument, currency)
        if verdict != BOOKED:
            for earlier in range(place):
                route, payer, payee, amount, units, instrument, currency = transfers[earlier]
                move(books, route, r, payer, payee, -amount, -units, instrument, currency)
            return verdict, place, account
    return BOOKED, 0, 0


@jit
def book(
    books, routes, offsets, steps, replica, payer, payee, amount, choices, stop, back,
):  # fmt: skip
    """Book the transfers before `stop`, in order, until one is refused: (verdict, place, replica, account).

    `offsets` cut the transfers into stretches: those of a replica in a dense post, of a flow where there are
    several. `routes` are `flows.ROUTE` records, one a flow, which serve the stretches in turn.
    `steps` say by how much places in replica, payer and payee advance with a stretch and with a transfer.
    `choices` are units, instruments and currencies, a column each, or None. With `back`, take all back.
    """
    replica_stretch, replica_step, payer_stretch, payer_step, payee_stretch, payee_step = steps
    for i in range(len(offsets) - 1):
        route = routes[i % len(routes)]
        for place in range(offsets[i], min(offsets[i + 1], stop)):
            x = amount[place]
            if choices is None:
                y, k, c = x, np.int64(0), np.int64(0)
            else:
                y, k, c = choices[0][place], np.int64(choices[1][place]), np.int64(choices[2][place])
            if x == 0 and y == 0:
                continue
            r = np.int64(replica[i * replica_stretch + place * replica_step])
            a = np.int64(payer[i * payer_stretch + place * payer_step])
            b = np.int64(payee[i * payee_stretch + place * payee_step])
            if back:
                move(books, route, r, a, b, -x, -y, k, c)
                continue
            verdict, account = settle_one(books, route, r, a, b, x, y, k, c)
            if verdict != BOOKED:
                return verdict, place, r, account
    return BOOKED, 0, 0, 0


@jit
def explain(endowed, totals, legs):
    """What opening stocks and flows have made of the sectors' balances, int64 (R, instruments, sectors).

    `legs` (n, 4): a counter, an instrument, a sector, and what one unit of the counter adds to its balance.
    """
    expected = endowed.copy()
    for r in range(len(totals)):
        for counter, instrument, sector, effect in legs:
            expected[r, instrument, sector] += effect * totals[r, counter]
    return expected


@jit
def outstanding(balance):
    """The sum of all claims of every replica, int64 (R,)."""
    replicas, instruments, accounts = balance.shape
    claims = np.zeros(replicas, np.int64)
    for r in range(replicas):
        for i in range(instruments):
            for a in range(accounts):
                claims[r] += max(balance[r, i, a], 0)
    return claims


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
def net_worth(balance, instruments, first, last):
    """Claims less debts of the accounts from `first` to before `last`, int64 (R, last - first)."""
    worth = np.zeros((len(balance), last - first), np.int64)
    for r in range(len(balance)):
        for i in instruments:
            for a in range(first, last):
                worth[r, a - first] += balance[r, i, a]
    return worth


@jit
def audit(balance, issuer, limits, salt, fingerprint, expected, edges, kept):
    """The first fault of every replica's books, int64 (R, 4): kind, instrument, sector or account, amount.

    `expected` int64 (R, instruments, sectors) is what the flows have made of the sectors' balances; `kept`
    (n, 2) are the moneys that issuers keep for customers and their places on the axis of currencies.
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
        for i, way in kept:
            held[:] = balance[r, i]
            for a in range(accounts):
                if issuer[r, way, a] != a:
                    held[issuer[r, way, a]] += balance[r, i, a]
            for a in range(accounts):
                if issuer[r, way, a] == a and held[a] != 0 and faults[r, 0] == SOUND:
                    faults[r] = np.array([HOME, i, a, held[a]])
    return faults
