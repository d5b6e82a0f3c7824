"""Banks: lending spreads from current risk, deposit margins, a capital target.

The spread follows expected losses judged from the clients' present capacity use, and a premium on missing
capital (Gertler and Karadi 2011); an action multiplies the rule's lending spread, deposit margin and
willingness to lend.
"""

import numpy as np

from streams.jit import jit
from streams.whole import whole

SPREAD = np.array([0.5, 1.0, 1.5, 2.0])  # multiples of the rule's lending spread
MARGIN = np.array([0.5, 1.0, 1.5])  # multiples of the rule's deposit margin
RISK = np.array([0.5, 1.0, 1.5])  # multiples of the share of applications granted
HEADS = {"spread": 4, "margin": 3, "risk": 3}
SPREADS, MARGINS, _ = range(len(HEADS))  # where each head stands in `action`
NEUTRAL = (1, 1, 1)


@jit
def set_spreads(b, e, capital, loans, clients_slack, p):
    """Move each bank's `spread` and `margin` (annual) towards the rule's.

    Rule: base + credit shock + PD x LGD + slope x missing capital ratio, with the default probability ``PD
    exp(-slope * slack)`; `capital`, `loans` (replica, bank) cents; `clients_slack`` (replica, bank)
    mean utilisation gap of the bank's firms.
    """
    for r in range(b.spread.shape[0]):
        for k in range(b.spread.shape[1]):
            ratio = capital[r, k] / loans[r, k] if loans[r, k] > 0 else p.capital_target
            losses = p.default_probability_annual * np.exp(-p.default_slope * clients_slack[r, k])
            target = p.spread_base_annual + e.credit[r] + min(losses, 0.2) * p.loss_given_default
            target += p.capital_slope * max(p.capital_target - ratio, 0.0)
            target *= SPREAD[b.action[r, k, SPREADS]]
            b.spread[r, k] += p.spread_gain_monthly * (target - b.spread[r, k])
            b.margin[r, k] = p.deposit_margin_annual * MARGIN[b.action[r, k, MARGINS]]


@jit
def payout(capital, loans, p):
    """Each bank's dividend `(replica, bank)` in cents: a share of the capital above its target."""
    paid = np.zeros(capital.shape, np.int64)
    for r in range(capital.shape[0]):
        for k in range(capital.shape[1]):
            above = capital[r, k] - p.capital_target * loans[r, k]
            paid[r, k] = max(whole(np.floor(p.payout_monthly * above), "a bank's dividend"), 0)
    return paid
