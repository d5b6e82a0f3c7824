"""Firms: plans, hours, prices, wages, investment and loans by hand, at rest and off it."""

import math

import numpy as np
import pytest

from agents.macro import firm
from simengine.worlds.macro.state import Firms
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

P, LABOR = RULES.firm, RULES.labor
ENOUGH = 10**12  # cents


def one(head=None, index=None, **values):
    """One firm with the neutral action, or `index` for one head."""
    f = population(Firms, 1, action=firm.NEUTRAL, **values)
    if head is not None:
        f.action[0, 0, head] = index
    return f


def per_replica(value):
    return np.array([value], np.float64)


def test_action_tables_have_the_documented_sizes_and_a_neutral_entry():
    tables = {"price": (firm.PRICE, 0), "hire": (firm.HIRING, 1), "invest": (firm.INVESTMENT, 1)}
    assert_heads_match_tables(firm, 100, **tables)


def planned(f, shared=None, growth=0.0, capacity=2.0, p=P):
    firm.plan(f, shared or economy(), growth, per_replica(capacity), p)
    return f


def test_expected_sales_follow_orders_and_output_closes_part_of_the_inventory_gap():
    # 100 + .3 (120 - 100) = 106; inventories should be .6 * 106 = 63.6, are 50: 106 + .12 * 13.6 = 107.632.
    p = P._replace(
        sales_gain_monthly=0.3, inventory_months=0.6, inventory_gap_monthly=0.12, labour_gap_monthly=0.25
    )  # fmt: skip
    f = one(sales=100, demand=120, stock=50, capital=100, labour_target=10)
    planned(f, economy(trend=10.0), p=p)
    assert f.sales[0, 0] == pytest.approx(106)
    assert f.wanted[0, 0] == pytest.approx(107.632)
    # 10 units a worker: 10.7632 workers; a quarter of the way from 10.
    assert f.labour_target[0, 0] == pytest.approx(10.1908)
    assert f.demand[0, 0] == 0


def test_at_rest_a_plan_grows_with_the_trend():
    p = P._replace(inventory_months=0.6)
    f = planned(one(sales=100, demand=100, stock=60.06, capital=1e6), growth=0.001, p=p)
    assert f.sales[0, 0] == pytest.approx(100.1)
    assert f.wanted[0, 0] == pytest.approx(100.1)


def test_productive_workers_are_needed_in_smaller_numbers():
    p = P._replace(labour_gap_monthly=1.0, inventory_gap_monthly=0.0)
    f = one(sales=100, demand=100, capital=1e6, productivity=0.3)
    planned(f, economy(trend=10.0, productivity=0.1), p=p)
    assert f.labour_target[0, 0] == pytest.approx(10 * math.exp(-0.4))


def test_plans_stay_within_capacity_and_above_a_share_of_sales():
    p = P._replace(inventory_months=0.5, inventory_gap_monthly=0.1)
    assert planned(one(sales=100, demand=100, stock=0, capital=40), p=p).wanted[0, 0] == 80
    glut = planned(one(sales=100, demand=100, stock=10_000, capital=1e6), p=p)
    assert glut.wanted[0, 0] == pytest.approx(30)


def test_hiring_actions_multiply_the_staffing_target():
    p = P._replace(labour_gap_monthly=1.0, inventory_gap_monthly=0.0)
    for index, multiple in enumerate((0.9, 0.95, 1.0, 1.05, 1.1)):
        f = planned(one(1, index, sales=100, demand=100, capital=1e6), economy(trend=10.0), p=p)
        assert f.labour_target[0, 0] == pytest.approx(10 * multiple)


def produced(p=P, capacity=1000.0, **values):
    f = one(**values)
    firm.produce_plan(f, economy(trend=10.0), per_replica(capacity), p)
    return f


def test_with_the_staff_it_wants_a_firm_works_normal_hours():
    f = produced(wanted=100, labour=10, capital=1, productivity=0)
    assert f.hours[0, 0] == 1
    assert f.output[0, 0] == pytest.approx(100)


def test_productivity_raises_the_output_of_the_same_staff():
    f = one(wanted=100 * math.exp(0.4), labour=10, capital=1, productivity=0.3)
    firm.produce_plan(f, economy(trend=10.0, productivity=0.1), per_replica(1000.0), P)
    assert f.hours[0, 0] == pytest.approx(1)
    assert f.output[0, 0] == pytest.approx(100 * math.exp(0.4))


def test_hours_take_half_of_a_labour_gap_and_effort_half_of_the_rest():
    # ln 1.1 is missing: hours 1.1^(1/2), output 1.1^(1/2 + 1/4) of 100.
    p = P._replace(hours_share=0.5, hours_limit=0.2, effort_share=0.5, effort_limit=0.1)
    f = produced(p, wanted=110, labour=10, capital=1)
    assert f.hours[0, 0] == pytest.approx(1.1**0.5)
    assert f.output[0, 0] == pytest.approx(100 * 1.1**0.75)


def test_hours_effort_and_capacity_limit_output():
    p = P._replace(hours_share=0.5, hours_limit=0.2, effort_share=0.5, effort_limit=0.1)
    assert produced(p, wanted=1e6, labour=10, capital=1).output[0, 0] == pytest.approx(100 * math.exp(0.3))
    assert produced(p, wanted=1e-6, labour=10, capital=1).output[0, 0] == pytest.approx(100 * math.exp(-0.3))
    assert produced(p, wanted=1e6, labour=10, capital=0.1).output[0, 0] == pytest.approx(100)


def test_without_staff_a_firm_produces_nothing():
    f = produced(wanted=100, labour=0, capital=1)
    assert (f.hours[0, 0], f.output[0, 0]) == (1, 0)


def test_utilisation_follows_output_over_capacity():
    p = P._replace(utilisation_gain_monthly=0.5)
    f = produced(p, 62.5, wanted=100, labour=10, capital=2, utilisation=0.6)
    assert f.utilisation[0, 0] == pytest.approx(0.7)


def reset(p=P, index=2, shared=None, **values):
    """The new price of a firm whose mark-up on unit cost at rest is the price level of 10,000 cents."""
    f = one(0, index, **{"wage": 10 * 10_000 / P.markup, "utilisation": P.utilisation_normal, **values})
    rows = np.zeros(1, np.int32)
    return firm.reset_price(f, shared or economy(trend=10.0, price_level=10_000.0), rows, rows, p)[0]


def test_the_reset_price_of_a_firm_at_rest_is_the_price_level():
    assert reset() == 10_000


def test_real_rigidity_keeps_prices_close_to_the_price_level():
    # Twice the unit cost: 2^(1 - .6) times the price level.
    doubled = {"wage": 2 * 10 * 10_000 / P.markup}
    assert reset(P._replace(real_rigidity=0.6), **doubled) == round(10_000 * 2**0.4)
    assert reset(P._replace(real_rigidity=1.0), **doubled) == 10_000
    assert reset(P._replace(real_rigidity=0.0), **doubled) == 20_000


def test_costs_and_scarce_capacity_raise_prices_and_productivity_lowers_them():
    p = P._replace(real_rigidity=0.0, utilisation_price_slope=0.1)
    dear = economy(trend=10.0, price_level=10_000.0, cost=0.05)
    assert reset(p, shared=dear) == round(10_000 * math.exp(0.05))
    assert reset(p, utilisation=p.utilisation_normal + 0.1) == 10_100
    assert reset(p, productivity=0.1) == round(10_000 * math.exp(-0.05))
    able = economy(trend=10.0, price_level=10_000.0, productivity=0.1)
    assert reset(p, shared=able) == round(10_000 * math.exp(-0.1))


def test_price_actions_shift_the_log_of_the_rules_price():
    for index, shift in enumerate((-0.02, -0.01, 0.0, 0.01, 0.02)):
        assert reset(index=index) == round(10_000 * math.exp(shift))


def test_only_the_rows_under_review_are_priced_and_never_below_a_cent():
    f = population(Firms, 3, replicas=2, action=firm.NEUTRAL, wage=1e-9, utilisation=P.utilisation_normal)
    rows = np.array([1, 0], np.int32), np.array([2, 1], np.int32)
    assert firm.reset_price(f, economy(2, price_level=0.01), *rows, P).tolist() == [1, 1]
    none = np.zeros(0, np.int32)
    assert len(firm.reset_price(f, economy(2), none, none, P)) == 0


def waged(wage, u=0.0, p=P, **shared):
    """The wage after a reset where the wage level of 100 is at rest."""
    f = one(wage=wage)
    rest = {"trend": 2.0, "price_level": 50 * p.markup}
    firm.reset_wages(f, economy(**{**rest, **shared}), np.array([[u]]), p)
    return f.wage[0, 0]


def test_wages_are_reset_to_the_wage_level_at_rest_and_only_when_it_is_their_turn():
    p = P._replace(wage_reset_monthly=0.09)
    assert waged(99.5, 0.0, p) == pytest.approx(100)
    assert waged(99.5, 0.089, p) == pytest.approx(100)
    assert waged(99.5, 0.09, p) == 99.5


def test_wages_catch_up_with_prices_and_yield_to_unemployment():
    p = P._replace(wage_catch_up=0.6, wage_unemployment_slope=0.4)
    assert waged(90, p=p, price_level=1.1 * 50 * p.markup) == pytest.approx(100 * 1.1**0.6)
    assert waged(90, p=p, unemployment_smooth=0.08) == pytest.approx(100 * math.exp(-0.008))
    assert waged(90, p=p, wage_push=0.02) == pytest.approx(100 * math.exp(0.02))
    assert waged(90, p=p, productivity=0.1) == pytest.approx(100 * math.exp(0.6 * 0.05))


def test_no_reset_cuts_a_wage_by_more_than_the_floor():
    assert waged(200, p=P._replace(wage_cut_floor=0.01)) == pytest.approx(198)


ALWAYS, GRANTED = np.zeros((1, 1)), np.ones((1, 1))


def test_investment_at_rest_replaces_wear_and_grows_with_the_trend():
    p, growth = P._replace(gestation_months=8.0, depreciation_monthly=0.008), 0.002
    shared, capital = economy(price_level=1e6), 1000.0
    # On its path the backlog is eight months of purchases after each month's order.
    ordered = (0.008 + growth) * (1 + 8 * growth) / (1 + growth) * capital
    backlog = 8 * (0.008 + growth) * capital - ordered
    f = one(capital=capital, utilisation=p.utilisation_normal, backlog=backlog)
    for _ in range(24):
        firm.invest(f, shared, np.full((1, 1), ENOUGH), GRANTED, growth, ALWAYS, p)
        bought = f.purse[0, 0] / 1e6
        assert bought == pytest.approx((0.008 + growth) * f.capital[0, 0], rel=1e-6)
        assert f.month_purse[0, 0] == f.purse[0, 0]
        f.backlog[0, 0] -= bought
        f.capital[0, 0] += bought - 0.008 * f.capital[0, 0]
    assert f.capital[0, 0] == pytest.approx(capital * (1 + growth) ** 24, rel=1e-6)


def invested(head=2, index=2, u=0.0, deposits=ENOUGH, p=P, shared=None, granted=1.0, **values):
    """One firm with 1,000 units of capital after `invest` without growth."""
    f = one(head, index, **{"capital": 1000, "utilisation": p.utilisation_normal, **values})
    firm.invest(
        f, shared or economy(), np.array([[deposits]]), np.array([[granted]]), 0.0, np.array([[u]]), p
    )
    return f


def test_needs_wait_for_the_month_of_the_order():
    p = P._replace(depreciation_monthly=0.01, order_probability_monthly=0.6, gestation_months=8.0)
    f = invested(u=0.6, p=p)
    assert f.need[0, 0] == pytest.approx(10)
    assert f.backlog[0, 0] == f.purse[0, 0] == 0
    f = invested(u=0.59, p=p, need=30)
    assert f.need[0, 0] == 0
    assert f.backlog[0, 0] == pytest.approx(40)
    assert f.purse[0, 0] == 500  # 40 / 8 units at 100 cents


def test_projects_wait_for_loans_that_are_not_granted():
    p = P._replace(depreciation_monthly=0.01, order_probability_monthly=1.0, gestation_months=8.0)
    # 30 and 10 more are needed, six tenths of the loans are refused: 16 are ordered.
    f = invested(p=p, need=30, granted=0.4)
    assert (f.backlog[0, 0], f.need[0, 0]) == (pytest.approx(16), pytest.approx(24))
    assert f.purse[0, 0] == 200  # 16 / 8 units at 100 cents
    # A month later all is granted: the 24 that wait and 10 more.
    firm.invest(f, economy(), np.array([[ENOUGH]]), GRANTED, 0.0, ALWAYS, p)
    assert (f.backlog[0, 0], f.need[0, 0]) == (pytest.approx(50), pytest.approx(0))
    f = invested(p=p, need=30, granted=0.0)
    assert (f.backlog[0, 0], f.need[0, 0]) == (0, pytest.approx(40))


def test_confidence_utilisation_and_cheap_loans_raise_investment():
    p = P._replace(
        depreciation_monthly=0.01, investment_confidence_slope=1.0, investment_rate_slope=2.0,
        investment_utilisation_slope=0.02,
    )  # fmt: skip
    assert invested(u=1.0, p=p, shared=economy(confidence=0.1)).need[0, 0] == pytest.approx(11)
    assert invested(u=1.0, p=p, utilisation=p.utilisation_normal + 0.1).need[0, 0] == pytest.approx(12)
    dear = economy(expected_inflation=0.02, neutral_loan_real_rate=0.03)
    assert invested(u=1.0, p=p, shared=dear, loan_rate=0.1).need[0, 0] == pytest.approx(9)
    assert invested(u=1.0, p=p, shared=economy(confidence=-5.0)).need[0, 0] == 0


def test_the_purse_keeps_a_tenth_of_the_cash_after_taxes_due():
    assert invested(backlog=1e6, deposits=1200, tax_due=200).purse[0, 0] == 900
    assert invested(backlog=1e6, deposits=100, tax_due=200).purse[0, 0] == 0


def test_investment_actions_multiply_what_is_needed():
    for index, multiple in enumerate((0.0, 0.5, 1.0, 2.0)):
        f = invested(index=index, u=1.0, p=P._replace(depreciation_monthly=0.01))
        assert f.need[0, 0] == pytest.approx(10 * multiple)


def applied(loans, growth=0.0, drift=0.0, p=P, **values):
    f = one(**{"leverage": 1.0, **values})
    return firm.apply_for_loans(f, economy(), np.array([[loans]]), growth, drift, p)[0, 0]


def test_loans_at_rest_are_renewed_and_grow_with_the_trend():
    # The target, 2 months of sales of 5,010 units at 100 cents, is what 10^6 cents become by drift; the
    # backlog of eight months replaces and grows the capital: nothing extra. (.02 + .002) * 10^6 = 22,000.
    p = P._replace(
        loan_months=2.0, amortisation_monthly=0.02, gestation_months=8.0, depreciation_monthly=0.008
    )  # fmt: skip
    values = {"sales": 5010, "capital": 1000, "backlog": 8 * 0.009 * 1000}
    assert applied(10**6, 0.001, 0.002, p, **values) == pytest.approx(22_000, abs=1)


def test_sales_and_investment_above_trend_raise_loans():
    p = P._replace(
        loan_months=2.0, amortisation_monthly=0.0, loan_adjustment_monthly=0.05, investment_loan_share=0.5,
        gestation_months=8.0, depreciation_monthly=0.0,
    )  # fmt: skip
    assert applied(10_000, p=p, sales=60) == 100  # 5 % of 2,000
    assert applied(10_000, p=p, sales=50, backlog=16) == 100  # half of 2 units
    assert applied(10_000, p=p, sales=50, leverage=1.2) == 100
    assert applied(10_000, p=p, sales=0) == 0


def reprice(f, e, deposits, u):
    replica, agent = (index.ravel().astype(np.int32) for index in np.indices(u.shape))
    return firm.reset_price(f, e, replica, agent, P).reshape(u.shape)


KERNELS = {
    "plan": lambda f, e, a, u: firm.plan(f, e, 0.002, e.trend * 2, P),
    "produce_plan": lambda f, e, a, u: firm.produce_plan(f, e, e.trend * 2, P),
    "separation_hazard": lambda f, e, a, u: firm.separation_hazard(f, LABOR),
    "recruit": lambda f, e, a, u: firm.recruit(f, LABOR),
    "reset_price": reprice,
    "reset_wages": lambda f, e, a, u: firm.reset_wages(f, e, u, P),
    "invest": lambda f, e, a, u: firm.invest(f, e, a, 1.0 - u * u, 0.002, u, P),
    "apply_for_loans": lambda f, e, a, u: firm.apply_for_loans(f, e, a, 0.002, 0.004, P),
}


@pytest.fixture
def sheet():
    luck = np.random.default_rng(3)
    deposits, u = luck.integers(0, 2000, (3, 7)), luck.random((3, 7))
    return drawn(Firms, 7, 3, firm.HEADS, seed=1), drawn_economy(3, seed=2), deposits, u


@pytest.mark.parametrize("kernel", KERNELS)
def test_shuffling_firms_shuffles_what_they_do(kernel, sheet):
    assert_shuffling_agents_shuffles_results(KERNELS[kernel], *sheet)


@pytest.mark.parametrize("kernel", KERNELS)
def test_firms_of_a_replica_alone_do_what_they_do_in_company(kernel, sheet):
    assert_a_replica_alone_has_the_same_bits(KERNELS[kernel], *sheet)
