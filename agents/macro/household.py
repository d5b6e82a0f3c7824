"""Households: buffer-stock savers and hand-to-mouth spenders, and their debts.

A household is a dynasty: its real quantities grow with the trend. Savers consume permanent income less what
keeps their wealth at its target, plus a small share of the gap (Carroll 1997, QJE 112); the hand-to-mouth
spend what they have (Campbell and Mankiw 1989). An action is a residual on these rules, and the neutral
action is the rule.

Kernels take views: named tuples of columns `(replica, household)` and of per-replica arrays `(replica,)`.
"""

import numpy as np

from streams.jit import jit
from streams.whole import whole

CONSUMPTION = np.array([0.8, 0.9, 1.0, 1.1])  # multiples of the rule's budget
BORROWING = np.array([0.0, 1.0])  # multiples of the rule's loan application
LABOUR = np.array([0.9, 1.0, 1.1])  # multiples of the hours offered
HEADS = {"consume": 4, "borrow": 2, "work": 3}
CONSUME, BORROW, WORK = range(len(HEADS))  # where each head stands in `action`
NEUTRAL = (2, 1, 1)


@jit
def budget(h, e, deposits, loans, granted, gains, growth, income_drift, p):
    """Set the month's `purse` (cents), `consumption` and `real_interest` (units).

    `deposits`, `loans` (replica, household) cents, loans >= 0; `granted` (replica, household) the share
    of last month's loan applications granted; `gains` (replica, household) what capital gains add to
    spending, units a month; `growth` and `income_drift` are the monthly real and nominal growth of the
    trend.
    """
    replicas, households = h.purse.shape
    for r in range(replicas):
        real_gap = e.rate[r] - e.expected_inflation[r] - e.neutral_rate[r]
        mood = np.exp(p.confidence_elasticity * e.confidence[r] - p.real_rate_semi_elasticity * real_gap)
        drift = income_drift - growth
        earning = e.neutral_deposit_rate[r] / 12.0 - drift
        paying = e.neutral_household_rate[r] / 12.0 - drift
        level = e.price_level[r]
        for i in range(households):
            own = deposits[r, i] - h.tax_due[r, i]
            multiple = CONSUMPTION[h.action[r, i, CONSUME]]
            if h.hand_to_mouth[r, i]:
                cents = max(own, 0) * min(multiple, 1.0)
                h.consumption[r, i] = cents / level
            else:
                h.permanent[r, i] *= 1.0 + growth
                income = h.permanent[r, i]
                wealth, target = (own - loans[r, i]) / level, h.wealth_target[r, i] * income
                plan = (
                    income * mood - growth * target + p.wealth_gap_monthly * (wealth - target) + gains[r, i]
                )
                habit = p.habit_monthly * h.consumption[r, i] * (1.0 + growth)
                smooth = habit + (1.0 - p.habit_monthly) * (1.0 - p.durable_share) * plan
                h.consumption[r, i] = max(smooth, 0.1 * income)
                lasting = p.durable_share * max(income - growth * target, 0.0)
                bought = replace_durables(h, e, r, i, lasting, granted[r, i], growth, p)
                h.real_interest[r, i] = (earning * deposits[r, i] - paying * loans[r, i]) / level
                cents = (h.consumption[r, i] + bought) * multiple * level
            h.purse[r, i] = min(whole(np.floor(cents), "the spending of a household"), max(own, 0))
            h.month_purse[r, i] = h.purse[r, i]


@jit
def labour(h, r, i):
    """The efficiency units of labour that a household offers."""
    return h.skill[r, i] * LABOUR[h.action[r, i, WORK]]


@jit
def replace_durables(h, e, r, i, normal, granted, growth, p):
    """The durables bought, units; the stock ages, and `normal` purchases keep it on the trend.

    The stock moves a share of the way to what is wanted, which falls with the real loan rate; purchases that
    need a loan wait until it is `granted`. Source: Caballero (1993), JPE 101: slow adjustment of durables.
    """
    wear = p.durable_depreciation_monthly + growth
    dear = h.loan_rate[r, i] - e.expected_inflation[r] - e.neutral_loan_real_rate[r]
    mood = p.durable_confidence_elasticity * e.confidence[r] - p.durable_rate_semi_elasticity * dear
    wanted = normal / wear * np.exp(mood)
    bought = wear * h.durables[r, i] + p.durable_gap_monthly * (wanted - h.durables[r, i])
    bought = max(bought, 0.0) * (1.0 - p.durable_loan_share * (1.0 - granted))
    h.durables[r, i] += bought - p.durable_depreciation_monthly * h.durables[r, i]
    return bought


@jit
def apply_for_loans(h, e, loans, income_drift, p):
    """The loan applications `(replica, household)`: renew repayments, close the debt gap (cents)."""
    applications = np.zeros(loans.shape, np.int64)
    for r in range(loans.shape[0]):
        real_gap = e.rate[r] - e.expected_inflation[r] - e.neutral_rate[r]
        mood = np.exp(p.confidence_elasticity * e.confidence[r] - p.debt_rate_semi_elasticity * real_gap)
        for i in range(loans.shape[1]):
            if h.debt_target[r, i] <= 0.0:
                continue
            owed = loans[r, i] * (1.0 + income_drift)
            target = h.debt_target[r, i] * h.permanent[r, i] * e.price_level[r] * mood
            kept = (income_drift + p.amortisation_monthly) * loans[r, i]
            wanted = kept + p.debt_adjustment_monthly * (target - owed)
            asked = wanted * BORROWING[h.action[r, i, BORROW]]
            applications[r, i] = max(whole(np.floor(asked), "a household's application for a loan"), 0)
    return applications


@jit
def earn(h, e, tax_rate, progressivity, limit, mean_income, stabilisers, p):
    """Accrue income tax and update permanent income at a month's end; return the taxes `(replica,)`.

    Reads the month's `income` (wages, benefits, dividends) and `interest` (received less paid), cents;
    tax is `income * clip(t0 + t1 ln(income / mean))`, due at the quarter's end. `tax_rate`,
    `mean_income` (replica,).
    """
    taxes = np.zeros(h.income.shape[0], np.int64)
    for r in range(h.income.shape[0]):
        for i in range(h.income.shape[1]):
            base = h.income[r, i] + max(h.interest[r, i], 0)
            rate = tax_rate[r]
            if base > 0:
                rate += progressivity * stabilisers[r] * np.log(max(base / mean_income[r], 0.05))
            tax = whole(np.rint(base * min(max(rate, 0.0), limit)), "an income tax")
            h.tax_due[r, i] += tax
            taxes[r] += tax
            h.disposable[r, i] = h.income[r, i] + h.interest[r, i] - tax
            if not h.hand_to_mouth[r, i]:
                real = (h.income[r, i] - tax) / e.price_level[r] + h.real_interest[r, i]
                h.permanent[r, i] += p.income_gain_monthly * (real - h.permanent[r, i])
    return taxes
