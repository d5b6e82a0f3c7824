"""The credit market: applications, rationing by bank capital, interest and amortisation of what was lent.

A borrower applies at its home bank. The bank grants the same fraction of every application: all of it while
its capital ratio is at its target, less as capital nears the regulatory minimum, more or less as it is
willing to take risk, and never more new lending than its capital can carry. Sources: Gertler and Karadi
(2011), JME 58 (capital-constrained lending); Caiani et al. (2016).
"""

import numpy as np

from streams.jit import jit
from streams.whole import whole


@jit
def availability(capital, loans, applications, willingness, minimum, cushion, floor):
    """The fraction of applications each bank grants, `(replica, bank)` in [0, 1].

    `capital`, `loans`, `applications` (replica, bank) cents; `willingness` (replica, bank) multiplies
    the fraction before capital limits it, 1 at rest; `minimum` the regulatory capital ratio, `cushion`
    the distance above it at which lending is free again, `floor` the least fraction of a bank above the
    minimum. A bank at or below the minimum grants nothing.
    """
    granted = np.empty(capital.shape)
    for r in range(capital.shape[0]):
        for b in range(capital.shape[1]):
            own, lent, asked = capital[r, b], loans[r, b], applications[r, b]
            spare = own - minimum * lent
            if spare <= 0.0:
                granted[r, b] = 0.0
                continue
            ratio = own / lent if lent > 0 else 1.0
            share = min(max((ratio - minimum) / cushion, floor), 1.0)
            share = min(share * willingness[r, b], 1.0)
            if asked > 0:
                share = min(share, spare / (minimum * asked))
            granted[r, b] = share
    return granted


@jit
def grant(application, home, share):
    """The cents granted `(replica, borrower)`: each `application` cut to its bank's `share`.

    `home` (replica, borrower) bank slots; `share` (replica, bank). Rounded down, so no bank lends more
    than its share.
    """
    granted = np.zeros(application.shape, np.int64)
    for r in range(application.shape[0]):
        for i in range(application.shape[1]):
            if application[r, i] > 0:
                granted[r, i] = whole(np.floor(application[r, i] * share[r, home[r, i]]), "a loan granted")
    return granted


@jit
def sum_by_bank(amount, home, banks):
    """The sums `(replica, bank)` of `amount` (replica, client), int64 cents, by home bank."""
    total = np.zeros((amount.shape[0], banks), np.int64)
    for r in range(amount.shape[0]):
        for i in range(amount.shape[1]):
            total[r, home[r, i]] += amount[r, i]
    return total


@jit
def interest(balance, rate_annual):
    """The cents of interest a month on `balance` cents at `rate_annual`, halves to even."""
    return whole(np.rint(balance * rate_annual / 12.0), "the interest of a month")


@jit
def instalment(balance, amortisation):
    """The cents of principal due a month: `amortisation` times `balance`, rounded down."""
    return whole(np.floor(balance * amortisation), "an instalment")
