"""Firms: production plans, hours and staffing, prices, wages, lumpy investment with time to build, payout.

Expected sales follow orders received; output closes part of the inventory gap; the staffing gap is closed
slowly while paid hours and effort take the rest (labour hoarding, Oi 1962); prices are a mark-up on normal
unit cost with real rigidity, reviewed at each firm's own dates (Calvo 1983); wages are staggered; capital is
ordered in lumps and delivered over a gestation lag (Kydland and Prescott 1982). Actions are residuals on
these rules.

Kernels take views: named tuples of columns `(replica, firm)` and of per-replica arrays `(replica,)`.
"""

import numpy as np

from streams.jit import jit
from streams.whole import whole

PRICE = np.array([-0.02, -0.01, 0.0, 0.01, 0.02])  # added to the log of the rule's price
HIRING = np.array([0.9, 0.95, 1.0, 1.05, 1.1])  # multiples of the rule's staffing target
INVESTMENT = np.array([0.0, 0.5, 1.0, 2.0])  # multiples of the rule's orders
INTENSITY_LIMIT = 3.0  # log recruiting intensity
HEADS = {"price": 5, "hire": 5, "invest": 4}
PRICES, HIRES, INVESTS = range(len(HEADS))  # where each head stands in `action`
NEUTRAL = (2, 2, 2)


@jit
def plan(f, e, growth, capacity, p):
    """Set expected `sales`, `wanted` output (units a month) and `labour_target`.

    Clears the month's `demand`, which expected sales have learned from. `growth` is the monthly real
    growth of the trend, `capacity` (replica,) units of output a month per unit of capital.
    """
    for r in range(f.price.shape[0]):
        level = e.trend[r] * np.exp(e.productivity[r])
        for j in range(f.price.shape[1]):
            grown = f.sales[r, j] * (1.0 + growth)
            sales = grown + p.sales_gain_monthly * (f.demand[r, j] * (1.0 + growth) - grown)
            f.sales[r, j] = sales
            f.demand[r, j] = 0.0
            most = capacity[r] * f.capital[r, j]
            wanted = sales + p.inventory_gap_monthly * (p.inventory_months * sales - f.stock[r, j])
            wanted = min(max(wanted, 0.3 * sales), most)
            per_worker = level * np.exp(f.productivity[r, j])
            target = HIRING[f.action[r, j, HIRES]] * wanted / per_worker
            f.labour_target[r, j] += p.labour_gap_monthly * (target - f.labour_target[r, j])
            f.wanted[r, j] = wanted


@jit
def produce_plan(f, e, capacity, p):
    """Set `hours` (ratio to normal), `output` and `utilisation` of the month from the staff."""
    for r in range(f.price.shape[0]):
        level = e.trend[r] * np.exp(e.productivity[r])
        for j in range(f.price.shape[1]):
            per_worker = level * np.exp(f.productivity[r, j])
            staff = f.labour[r, j]
            if staff <= 0.0:
                f.hours[r, j], f.output[r, j] = 1.0, 0.0
            else:
                gap = np.log(f.wanted[r, j] / (per_worker * staff))
                paid = min(max(p.hours_share * gap, -p.hours_limit), p.hours_limit)
                effort = min(max(p.effort_share * (gap - paid), -p.effort_limit), p.effort_limit)
                most = capacity[r] * f.capital[r, j]
                f.hours[r, j] = np.exp(paid)
                f.output[r, j] = min(per_worker * staff * np.exp(paid + effort), most)
            now = f.output[r, j] / (capacity[r] * f.capital[r, j])
            f.utilisation[r, j] += p.utilisation_gain_monthly * (now - f.utilisation[r, j])


@jit
def separation_hazard(f, p):
    """The month's expected separations `(replica, firm)`: turnover, and layoffs of excess staff.

    Staff is in excess when it, and what it has been of late, exceed the target by more than `overstaffing`.
    """
    hazard = np.zeros(f.price.shape)
    for r in range(f.price.shape[0]):
        for j in range(f.price.shape[1]):
            staff = f.labour[r, j]
            lasting = min(staff, f.staff_normal[r, j])
            excess = max(lasting - (1.0 + p.overstaffing) * f.labour_target[r, j], 0.0)
            layoffs = min(p.layoff_monthly * excess, 0.3 * staff)
            hazard[r, j] = min(p.separation_monthly * f.heads[r, j] + layoffs, f.heads[r, j])
    return hazard


@jit
def recruit(f, p):
    """Posted vacancies and recruiting intensities, `(replica, firm)` each; normal staff is remembered.

    Vacancies follow turnover and, linearly, the gap between the target and the staff a firm has had of late;
    intensity, which decides whose vacancies are filled, is steep in the gap of the moment: one person more or
    less in a small staff changes who hires, and hardly how much is posted. Source: Davis, Faberman and
    Haltiwanger (2013), QJE 128: filling rates rise steeply with growth, vacancies little.
    """
    posted, intensity = np.zeros(f.price.shape), np.zeros(f.price.shape)
    for r in range(f.price.shape[0]):
        for j in range(f.price.shape[1]):
            staff, target = f.labour[r, j], max(f.labour_target[r, j], 0.2)
            f.staff_normal[r, j] += p.staff_gain_monthly * (staff - f.staff_normal[r, j])
            push = p.vacancy_elasticity * (target - f.staff_normal[r, j]) / target
            posted[r, j] = p.vacancy_rate_normal * target * max(1.0 + push, p.vacancy_floor)
            missing = p.recruiting_elasticity * (target - staff) / target
            intensity[r, j] = np.exp(min(max(missing, -INTENSITY_LIMIT), INTENSITY_LIMIT))
    return posted, intensity


@jit
def reset_price(f, e, rows_replica, rows_firm, p):
    """The new prices (int64 cents) of the firms under review, one per row.

    `ln p = (1 - xi) ln(markup * unit cost) + xi ln P`, after Calvo (1983) with the real rigidity of Ball
    and Romer (1990).
    """
    price = np.empty(len(rows_replica), np.int64)
    for k in range(len(rows_replica)):
        r, j = rows_replica[k], rows_firm[k]
        per_worker = e.trend[r] * np.exp(e.productivity[r] + 0.5 * f.productivity[r, j])
        slack = f.utilisation[r, j] - p.utilisation_normal
        cost = np.log(f.wage[r, j] / per_worker) + e.cost[r] + np.log(p.markup)
        wanted = cost + np.log(max(1.0 + p.utilisation_price_slope * slack, 0.5))
        log_price = (1.0 - p.real_rigidity) * wanted + p.real_rigidity * np.log(e.price_level[r])
        cents = np.exp(log_price + PRICE[f.action[r, j, PRICES]])
        price[k] = max(whole(np.rint(cents), "a price under review"), 1)
    return price


@jit
def reset_wages(f, e, u, p):
    """Let the firms whose draw `u` (replica, firm) is below the reset rate set a new wage.

    The reset wage catches up with prices and productivity and falls with unemployment, but never by more than
    `wage_cut_floor`. Source: staggered wages, Erceg, Henderson and Levin (2000); downward rigidity, Bewley
    (1999).
    """
    for r in range(f.wage.shape[0]):
        per_worker = e.trend[r] * np.exp(0.5 * e.productivity[r])
        catch_up = p.wage_catch_up * np.log(e.price_level[r] * per_worker / (p.markup * e.wage_level[r]))
        slack = p.wage_unemployment_slope * (e.unemployment_smooth[r] - e.natural_rate[r])
        target = e.wage_level[r] * np.exp(catch_up - slack + e.wage_push[r])
        for j in range(f.wage.shape[1]):
            if u[r, j] < p.wage_reset_monthly:
                f.wage[r, j] = max(target, (1.0 - p.wage_cut_floor) * f.wage[r, j])


@jit
def invest(f, e, deposits, granted, growth, u, p):
    """Order capital and set this month's investment `purse` (cents).

    Needs accumulate from depreciation, growth, utilisation and the real loan rate; with the order probability
    the accumulated need becomes an order, as far as the firm's bank grants loans: a project without finance
    is not begun. `backlog / gestation` is bought each month. `u` (replica, firm) uniforms; `deposits`
    (replica, firm) cents limit the purse; `granted` (replica, firm) the share of last month's loan
    applications granted. Source: Campello, Graham and Harvey (2010), JFE 97: constrained firms give up
    investment they want.
    """
    lag = p.gestation_months
    rest = (p.depreciation_monthly + growth) * (1.0 + growth * lag) / (1.0 + growth)
    for r in range(f.capital.shape[0]):
        for j in range(f.capital.shape[1]):
            slack = f.utilisation[r, j] - p.utilisation_normal
            dear = f.loan_rate[r, j] - e.expected_inflation[r] - e.neutral_loan_real_rate[r]
            pull = p.investment_confidence_slope * e.confidence[r] - p.investment_rate_slope * dear
            rate = rest * (1.0 + pull) + p.investment_utilisation_slope * slack
            f.need[r, j] += f.capital[r, j] * max(rate, 0.0) * INVESTMENT[f.action[r, j, INVESTS]]
            if u[r, j] < p.order_probability_monthly:
                ordered = f.need[r, j] * granted[r, j]
                f.backlog[r, j] += ordered
                f.need[r, j] -= ordered
            cents = f.backlog[r, j] / lag * e.price_level[r]
            own = max(deposits[r, j] - f.tax_due[r, j], 0)
            most = whole(np.floor(0.9 * own), "the cash of a firm")
            f.purse[r, j] = min(whole(np.floor(cents), "an order of capital"), most)
            f.month_purse[r, j] = f.purse[r, j]


@jit
def apply_for_loans(f, e, loans, growth, income_drift, p):
    """The loan applications `(replica, firm)` in cents.

    Firms renew repayments, close the gap to a target in months of sales, and borrow for investment above
    trend.
    """
    applications = np.zeros(loans.shape, np.int64)
    for r in range(loans.shape[0]):
        for j in range(loans.shape[1]):
            target = p.loan_months * f.leverage[r, j] * f.sales[r, j] * e.price_level[r]
            owed = loans[r, j] * (1.0 + income_drift)
            rest = (p.depreciation_monthly + growth) * f.capital[r, j]
            extra = (f.backlog[r, j] / p.gestation_months - rest) * e.price_level[r]
            kept = (income_drift + p.amortisation_monthly) * loans[r, j]
            asked = kept + p.loan_adjustment_monthly * (target - owed) + p.investment_loan_share * extra
            applications[r, j] = max(whole(np.floor(asked), "a firm's application for a loan"), 0)
    return applications
