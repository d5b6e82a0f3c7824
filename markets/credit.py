"""The credit market: applications, capital-based rationing, risk-based rates and losses to a named bank.

A borrower applies at its home bank. The bank grants the same fraction of every application: all of it while its
capital ratio is at its target, less as capital nears the regulatory minimum, and never more new lending than its
capital can carry. Sources: Gertler and Karadi (2011), JME 58 (capital-constrained lending); Caiani et al. (2016).
"""

import numpy as np
from streams.jit import jit


@jit
def availability(capital, loans, applications, minimum, cushion, floor):
    """Return the fraction of applications each bank grants, ``(replica, bank)`` in [0, 1].

    ``capital``, ``loans``, ``applications`` (replica, bank) cents; ``minimum`` the regulatory capital ratio,
    ``cushion`` the distance above it at which lending is free again, ``floor`` the least fraction granted to a
    bank above the minimum. A bank below the minimum grants nothing.
    """
    granted = np.empty(capital.shape)
    for r in range(capital.shape[0]):
        for b in range(capital.shape[1]):
            own, lent, asked = capital[r, b], loans[r, b], applications[r, b]
            ratio = own / lent if lent > 0 else 1.0
            share = min(max((ratio - minimum) / cushion, floor), 1.0)
            room = own / minimum - lent
            if asked > 0:
                share = min(share, max(room, 0.0) / asked)
            granted[r, b] = share
    return granted


@jit
def grant(application, home, share):
    """Return the cents granted to each borrower, ``application`` (replica, borrower) cut to its bank's ``share``.

    ``home`` (replica, borrower) bank slots; ``share`` (replica, bank). Rounded down, so no bank lends more than
    its share.
    """
    granted = np.zeros(application.shape, np.int64)
    for r in range(application.shape[0]):
        for i in range(application.shape[1]):
            if application[r, i] > 0:
                granted[r, i] = np.int64(np.floor(application[r, i] * share[r, home[r, i]]))
    return granted


@jit
def sum_by_bank(amount, home, banks):
    """Return ``(replica, bank)`` sums of ``amount`` (replica, client), int64 cents, over the clients of each bank."""
    total = np.zeros((amount.shape[0], banks), np.int64)
    for r in range(amount.shape[0]):
        for i in range(amount.shape[1]):
            total[r, home[r, i]] += amount[r, i]
    return total


@jit
def risk_spread(base, default_probability, loss_given_default, capital_gap, capital_slope):
    """Return the annual lending spread over the policy rate: base + PD x LGD + a premium on missing capital.

    All arguments (replica, bank) or scalars, annual rates; ``capital_gap`` is the shortfall of the capital ratio
    from its target, >= 0. Source: expected-loss pricing, BCBS (2005).
    """
    return base + default_probability * loss_given_default + capital_slope * capital_gap


@jit
def instalment(balance, amortisation):
    """Return the cents of principal due this month, ``(replica, borrower)``: ``amortisation`` of ``balance``."""
    due = np.zeros(balance.shape, np.int64)
    for r in range(balance.shape[0]):
        for i in range(balance.shape[1]):
            due[r, i] = np.int64(np.floor(balance[r, i] * amortisation))
    return due
