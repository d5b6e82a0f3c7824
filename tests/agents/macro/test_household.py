"""Households: consumption at rest and off it, hand-to-mouth, debts, taxes, actions as multiples of rules."""

import math

import numpy as np
import pytest

from agents.macro import household
from simengine.worlds.macro.state import Households
from tests.agents.macro.states import (
    RULES,
    assert_a_replica_alone_has_the_same_bits,
    assert_heads_match_tables,
    assert_shuffling_agents_shuffles_results,
    drawn,
    drawn_economy,
    economy,
    population,
)

P = RULES.household._replace(durable_share=0.0)  # durables have tests of their own
NEUTRAL = household.NEUTRAL


def one(**values):
    return population(Households, 1, action=NEUTRAL, **values)


def cents(*amounts):
    return np.array([amounts], np.int64)


def spend(h, deposits, loans=0, shared=None, growth=0.0, drift=0.0, p=P, granted=1.0, gains=0.0):
    """Let one household make its budget; return it."""
    more = np.array([[granted]]), np.array([[gains]])
    household.budget(h, shared or economy(), cents(deposits), cents(loans), *more, growth, drift, p)
    return h


def budgeted(deposits, loans=0, shared=None, growth=0.0, drift=0.0, p=P, granted=1.0, gains=0.0, **values):
    """One household after `budget`."""
    return spend(one(**values), deposits, loans, shared, growth, drift, p, granted, gains)


def test_action_tables_have_the_documented_sizes_and_a_neutral_entry():
    assert household.LABOUR.tolist() == [0.9, 1.0, 1.1]
    consume, borrow, work = household.CONSUMPTION, household.BORROWING, household.LABOUR
    assert_heads_match_tables(household, 24, consume=(consume, 1), borrow=(borrow, 1), work=(work, 1))


def test_consumption_at_rest_is_permanent_income_less_growth_times_target_wealth():
    # Income grows by .2 % from 500 to 501 units; target wealth of 10 months is 5,010 units, and is there:
    # 11,020 deposits less 1,000 loans at 2 cents a unit. 501 - .002 * 5,010 = 490.98: last month's 490 grown.
    shared = economy(price_level=2.0)
    h = budgeted(11_020, 1000, shared, 0.002, permanent=500, wealth_target=10, consumption=490)
    assert h.consumption[0, 0] == pytest.approx(490.98, rel=1e-12)
    assert h.purse[0, 0] == h.month_purse[0, 0] == 981  # whole cents of 981.96
    assert h.permanent[0, 0] == pytest.approx(501)


def test_wealth_above_target_raises_consumption_slowly():
    # 1,000 units above target times .004, of which habit lets through 15 %: .6 units.
    p = P._replace(wealth_gap_monthly=0.004, habit_monthly=0.85)
    h = budgeted(600_000, p=p, permanent=500, wealth_target=10, consumption=500)
    assert h.consumption[0, 0] == pytest.approx(500.6)


def test_confidence_and_the_real_rate_move_planned_consumption_by_their_elasticities():
    p = P._replace(habit_monthly=0.0, confidence_elasticity=2.0, real_rate_semi_elasticity=3.0)
    shared = economy(confidence=0.05, rate=0.06, expected_inflation=0.03, neutral_rate=0.02)
    h = budgeted(500_000, shared=shared, p=p, permanent=500, wealth_target=10)
    assert h.consumption[0, 0] == pytest.approx(500 * math.exp(2 * 0.05 - 3 * 0.01))


def test_nobody_consumes_less_than_a_tenth_of_its_permanent_income():
    h = budgeted(10**6, 10**9, permanent=500, wealth_target=10)
    assert h.consumption[0, 0] == pytest.approx(50)


def test_real_interest_is_counted_at_resting_rates_above_the_drift_of_prices():
    # 3 % a year on 1,200 cents and 6 % on 600 are 3 cents a month each; prices drift by .1 % a month.
    shared = economy(neutral_deposit_rate=0.03, neutral_household_rate=0.06, price_level=2.0)
    h = budgeted(1200, 600, shared, 0.001, 0.002, permanent=1)
    assert h.real_interest[0, 0] == pytest.approx((3 - 1.2 - (3 - 0.6)) / 2)


def test_the_hand_to_mouth_spend_what_they_have_after_taxes_due():
    h = budgeted(1000, hand_to_mouth=True, tax_due=300)
    assert h.purse[0, 0] == 700
    assert h.consumption[0, 0] == 7


def test_nobody_spends_more_than_it_has_or_less_than_nothing():
    assert budgeted(300, permanent=500, consumption=500).purse[0, 0] == 300
    for hand_to_mouth in (True, False):
        h = budgeted(100, hand_to_mouth=hand_to_mouth, tax_due=300, permanent=500, consumption=500)
        assert h.purse[0, 0] == 0
        assert h.consumption[0, 0] >= 0


def test_actions_multiply_the_rules_budget_but_not_the_habit():
    for index, multiple in enumerate((0.8, 0.9, 1.0, 1.1)):
        h = one(permanent=500.0, consumption=500.0)
        h.action[0, 0, 0] = index
        spend(h, 10**6, 10**6)
        assert h.purse[0, 0] == math.floor(500 * multiple * 100)
        assert h.consumption[0, 0] == pytest.approx(500)


def test_the_hand_to_mouth_can_save_but_not_spend_what_they_do_not_have():
    for index, purse in enumerate((800, 900, 1000, 1000)):
        h = one(hand_to_mouth=True)
        h.action[0, 0, 0] = index
        spend(h, 1000)
        assert h.purse[0, 0] == purse
        assert h.consumption[0, 0] == purse / 100


DURABLES = P._replace(
    durable_share=0.25, durable_depreciation_monthly=0.02, durable_gap_monthly=0.1, durable_loan_share=0.6,
    durable_confidence_elasticity=2.0, durable_rate_semi_elasticity=3.0, habit_monthly=0.0,
)  # fmt: skip


def test_at_rest_purchases_of_durables_keep_their_share_and_their_stock_on_the_trend():
    # As above, 490.98 units are spent: a quarter, 122.745, on durables, which wear by 2 % and grow by .2 %.
    shared = economy(price_level=2.0)
    rest = {"permanent": 500, "wealth_target": 10, "consumption": 367.5, "durables": 122.745 / 0.022}
    h = budgeted(11_020, 1000, shared, 0.002, p=DURABLES._replace(habit_monthly=0.85), **rest)
    assert h.consumption[0, 0] == pytest.approx(0.75 * 490.98)
    assert h.purse[0, 0] == h.month_purse[0, 0] == 981  # whole cents of 981.96
    assert h.durables[0, 0] == pytest.approx(122.745 / 0.022 * 1.002)


def lasting(durables, shared=None, p=DURABLES, **rules):
    """A household that normally spends 75 units a month and 25 on durables: a stock of 1,250 is wanted."""
    return budgeted(10**6, 10**6, shared, p=p, permanent=100, durables=durables, **rules)


def test_part_of_the_gap_to_the_wanted_stock_of_durables_is_bought():
    # 20 replace what wears, 25 are a tenth of the missing 250.
    h = lasting(1000)
    assert h.durables[0, 0] == pytest.approx(1000 - 20 + 45)
    assert h.purse[0, 0] == 100 * (75 + 45)
    # Of a glut nothing is sold: 8,750 too many only wear.
    h = lasting(10_000)
    assert h.durables[0, 0] == pytest.approx(9800)
    assert h.purse[0, 0] == 7500


def test_confidence_raises_and_dear_loans_lower_the_wanted_stock():
    # A loan rate of .08 - .03 where .04 is neutral is .01 too dear. The gap is closed at once.
    p = DURABLES._replace(durable_gap_monthly=1.0)
    shared = economy(confidence=0.05, expected_inflation=0.03, neutral_loan_real_rate=0.04)
    shared.neutral_rate[...] = -0.03  # the policy rate is neutral
    h = lasting(1250, shared, p, loan_rate=0.08)
    assert h.durables[0, 0] == pytest.approx(1250 * math.exp(2 * 0.05 - 3 * 0.01))


def test_durables_that_need_a_loan_wait_until_it_is_granted():
    # 20 are bought at rest and 25 to close the gap, six tenths of it on credit, half of which is refused.
    h = lasting(1000, granted=0.5)
    assert h.purse[0, 0] == 100 * (75 + 45 * 0.7)
    assert h.durables[0, 0] == pytest.approx(1000 - 20 + 45 * 0.7)
    h = lasting(1250, granted=0.0)
    assert h.purse[0, 0] == 100 * (75 + 25 * 0.4)
    # What is missing, 25 * .6, is still wanted when loans are granted again: 2 % of 1,235 and a tenth of 15.
    before = h.durables[0, 0]
    assert before == pytest.approx(1235)
    spend(h, 10**6, 10**6, p=DURABLES)
    assert h.purse[0, 0] == 100 * (75 + 24.7 + 1.5)
    everything = DURABLES._replace(durable_loan_share=1.0)
    assert lasting(1000, p=everything, granted=0.0).purse[0, 0] == 7500


def test_actions_multiply_what_is_spent_on_durables_too():
    for index, multiple in enumerate((0.8, 0.9, 1.0, 1.1)):
        h = one(permanent=100, durables=1250)
        h.action[0, 0, 0] = index
        assert spend(h, 10**6, 10**6, p=DURABLES).purse[0, 0] == pytest.approx(10_000 * multiple, abs=1)


def test_capital_gains_are_spent_by_savers_as_habits_allow():
    # 40 units a month, of which habit lets through 15 %, three quarters of it on what does not last.
    p = DURABLES._replace(habit_monthly=0.85)
    plain, richer = (lasting(1250, p=p, consumption=75, gains=gains) for gains in (0.0, 40.0))
    assert richer.consumption[0, 0] - plain.consumption[0, 0] == pytest.approx(40 * 0.15 * 0.75)
    assert richer.durables[0, 0] == plain.durables[0, 0]
    h = budgeted(1000, hand_to_mouth=True, gains=40.0, p=DURABLES)
    assert h.purse[0, 0] == 1000


def applied(loans, shared=None, drift=0.0, action=1, p=P, **values):
    h = one(**values)
    h.action[0, 0, 1] = action
    return household.apply_for_loans(h, shared or economy(), cents(loans), drift, p)[0, 0]


def test_at_its_debt_target_a_household_renews_repayments_and_grows_with_the_trend():
    # The target of 4 * 2,502.5 units at 100 cents is what 10^6 become by a drift of .1 %: that and repayments
    # of 1 % are applied for.
    p = P._replace(amortisation_monthly=0.01)
    assert applied(10**6, drift=0.001, debt_target=4, permanent=2502.5, p=p) == 11_000


def test_part_of_the_gap_to_the_debt_target_is_applied_for():
    p = P._replace(amortisation_monthly=0.01, debt_adjustment_monthly=0.02)
    # Renewals of 3,000 are 30; 2 % of the missing 1,000 are 20.
    assert applied(3000, debt_target=4, permanent=10, p=p) == 50
    assert applied(0, debt_target=4, permanent=10, p=p) == 80
    # 1 % of 10,000 less 2 % of 6,000 too much is below zero.
    assert applied(10_000, debt_target=4, permanent=10, p=p) == 0


def test_dear_credit_lowers_the_debt_target_and_confidence_raises_it():
    p = P._replace(
        amortisation_monthly=0.0, debt_adjustment_monthly=1.0, debt_rate_semi_elasticity=2.0,
        confidence_elasticity=1.5,
    )  # fmt: skip
    # A real rate of .1 - .02 where .03 is neutral is .05 too dear.
    shared = economy(rate=0.1, expected_inflation=0.02, neutral_rate=0.03, confidence=0.04)
    dear = applied(0, shared, debt_target=4, permanent=10, p=p)
    assert dear == math.floor(4000 * math.exp(1.5 * 0.04 - 2 * 0.05))


def test_who_has_no_debt_target_or_does_not_want_to_borrow_applies_for_nothing():
    assert applied(5000, debt_target=0, permanent=10) == 0
    assert applied(0, debt_target=4000, permanent=10, action=0) == 0


def earned(tax_rate=0.2, stabilisers=1.0, p=P, **values):
    """One household after `earn`, and the taxes accrued; the mean income is 1,000 cents."""
    h = one(**values)
    scalars = (np.array([tax_rate]), 0.06, 0.5, np.array([1000.0]), np.array([stabilisers]))
    return h, household.earn(h, economy(), *scalars, p)[0]


def test_the_mean_income_pays_the_base_rate():
    # Interest paid is not deductible: 20 % of 1,000.
    h, taxes = earned(income=1000, interest=-50, tax_due=7)
    assert taxes == 200
    assert h.tax_due[0, 0] == 207
    assert h.disposable[0, 0] == 750


def test_higher_incomes_pay_higher_rates_up_to_the_limit():
    assert earned(income=1500, interest=500)[1] == round(2000 * (0.2 + 0.06 * math.log(2)))
    assert earned(income=500)[1] == round(500 * (0.2 - 0.06 * math.log(2)))
    assert earned(income=10**6)[1] == 500_000
    assert earned(income=20, tax_rate=0.1)[1] == 0
    # The progression counts no income below a twentieth of the mean: .5 - .06 ln 20 of 10.
    assert earned(income=10, tax_rate=0.5)[1] == round(10 * (0.5 - 0.06 * math.log(20))) == 3


def test_without_stabilisers_the_tax_is_proportional():
    for income in (500, 1000, 8000):
        assert earned(income=income, stabilisers=0.0)[1] == 0.2 * income


def test_who_earns_nothing_pays_nothing():
    h, taxes = earned(income=0, interest=-30)
    assert taxes == 0
    assert h.disposable[0, 0] == -30


def test_permanent_income_follows_net_real_income():
    # (1,000 - 200) / 100 + 1 unit of real interest = 9; 5 % of the way from 5 to 9.
    h, _ = earned(income=1000, permanent=5, real_interest=1, p=P._replace(income_gain_monthly=0.05))
    assert h.permanent[0, 0] == pytest.approx(5.2)
    h, _ = earned(income=1000, permanent=5, real_interest=1, hand_to_mouth=True)
    assert h.permanent[0, 0] == 5


def earn(h, e, rate):
    replicas = len(rate)
    return household.earn(h, e, rate[:, 0].copy(), 0.06, 0.5, np.full(replicas, 100.0), np.ones(replicas), P)


KERNELS = {
    "budget": lambda h, e, a, b: household.budget(
        h, e, a, b, b / 20_000, a / 20_000, 0.002, 0.004, DURABLES._replace(habit_monthly=0.8)
    ),
    "apply_for_loans": lambda h, e, a, b: household.apply_for_loans(h, e, b, 0.004, P),
    "earn": lambda h, e, a, b: earn(h, e, np.full(a.shape, 0.2)),
}


@pytest.fixture
def sheet():
    deposits, loans = np.random.default_rng(3).integers(0, 20_000, (2, 3, 7))
    return drawn(Households, 7, 3, household.HEADS, seed=1), drawn_economy(3, seed=2), deposits, loans


@pytest.mark.parametrize("kernel", KERNELS)
def test_shuffling_households_shuffles_what_they_do(kernel, sheet):
    assert_shuffling_agents_shuffles_results(KERNELS[kernel], *sheet)


@pytest.mark.parametrize("kernel", KERNELS)
def test_households_of_a_replica_alone_do_what_they_do_in_company(kernel, sheet):
    assert_a_replica_alone_has_the_same_bits(KERNELS[kernel], *sheet)
