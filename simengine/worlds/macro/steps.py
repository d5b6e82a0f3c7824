"""Compiled steps of the macro world that join several agents: trend, contracts, payroll, the firms' books.

Kernels take `columns.arrays`: bundles of columns `(replica, agent)`.
"""

import math

import numpy as np

from agents.macro.household import labour
from markets.credit import instalment, interest
from simengine.kernel import uniform_at
from streams.jit import jit
from streams.whole import whole


@jit
def advance_trend(e, f, luck, rho, growth, target, p):
    """Advance the trend, the firms' luck, and the indexation of prices and wages by one month.

    `luck` (replica, 2 firms) innovations of firm productivity and appeal; `rho` (2,) their persistence;
    `target` the inflation target, annual.
    """
    firms = f.price.shape[1]
    for r in range(e.trend.shape[0]):
        e.trend[r] *= 1.0 + growth
        index = 1.0 + (target + p.indexation * (e.expected_inflation[r] - target)) / 12.0
        prices, sales, wages, staff = 0.0, 0.0, 0.0, 0.0
        for j in range(firms):
            f.productivity[r, j] = rho[0] * f.productivity[r, j] + luck[r, j]
            f.appeal[r, j] = rho[1] * f.appeal[r, j] + luck[r, firms + j]
            f.price[r, j] = max(whole(np.rint(f.price[r, j] * index), "a price"), 1)
            f.wage[r, j] *= index * (1.0 + growth)
            prices += f.price[r, j] * f.sales[r, j]
            sales += f.sales[r, j]
            wages += f.wage[r, j] * f.labour[r, j]
            staff += f.labour[r, j]
        e.price_level[r] = prices / sales
        if staff > 0.0:
            e.wage_level[r] = wages / staff
        months = e.price_history.shape[1]
        for k in range(months - 1):
            e.price_history[r, k] = e.price_history[r, k + 1]
        e.price_history[r, months - 1] = e.price_level[r]
        recent = 12.0 * (e.price_history[r, months - 1] / e.price_history[r, months - 2] - 1.0)
        e.inflation_learned[r] += p.learning_monthly * (recent - e.inflation_learned[r])
        anchor = p.anchoring * (target + e.target_drift[r])
        e.expected_inflation[r] = anchor + (1.0 - p.anchoring) * e.inflation_learned[r]


@jit
def accrue(x, deposits, loans, home, b, e, premium, amortisation):
    """Set borrowers' `loan_rate` and this month's `owed`, `earned` and `instalment` (cents).

    Interest runs on the month's opening balances; deposits set aside for taxes due earn none. `deposits`,
    `loans` (replica, agent) cents >= 0; `home` (replica, agent) bank slots; `premium` (replica, agent)
    annual.
    """
    for r in range(deposits.shape[0]):
        for i in range(deposits.shape[1]):
            bank = home[r, i]
            debt = loans[r, i]
            x.loan_rate[r, i] = max(e.rate[r] + b.spread[r, bank] + premium[r, i], 0.0)
            x.owed[r, i] = interest(debt, x.loan_rate[r, i])
            own = max(deposits[r, i] - x.tax_due[r, i], 0)
            x.earned[r, i] = interest(own, max(e.rate[r] - b.margin[r, bank], 0.0))
            x.instalment[r, i] = instalment(debt, amortisation)


@jit
def risk_premium(f, e, loans, slope):
    """Each firm's annual premium on its loans, `(replica, firm)`.

    `slope` times the gap between loans over capital value and what that ratio is at rest; `loans`
    (replica, firm) cents.
    """
    premium = np.empty(loans.shape)
    for r in range(loans.shape[0]):
        for j in range(loans.shape[1]):
            value = e.price_level[r] * f.capital[r, j] * f.leverage_rest[r, j]
            ratio = loans[r, j] / value if value > 0.0 else 1.0
            premium[r, j] = slope * min(max(ratio - 1.0, -0.5), 2.0)
    return premium


@jit
def client_slack(f, home, banks, normal):
    """The mean utilisation gap of each bank's firms, weighted by capital, `(replica, bank)`."""
    slack, weight = np.zeros((home.shape[0], banks)), np.zeros((home.shape[0], banks))
    for r in range(home.shape[0]):
        for j in range(home.shape[1]):
            slack[r, home[r, j]] += f.capital[r, j] * (f.utilisation[r, j] - normal)
            weight[r, home[r, j]] += f.capital[r, j]
        for k in range(banks):
            if weight[r, k] > 0.0:
                slack[r, k] /= weight[r, k]
    return slack


@jit
def attract(f, e, elasticity):
    """Set each firm's `attraction`: appeal times relative price to the power of the spending elasticity."""
    for r in range(f.price.shape[0]):
        for j in range(f.price.shape[1]):
            relative = np.log(f.price[r, j] / e.price_level[r])
            f.attraction[r, j] = np.exp(f.appeal_base[r, j] + f.appeal[r, j] - (elasticity - 1.0) * relative)


@jit
def count_staff(h, f):
    """Recount every firm's `heads` and `labour` (efficiency units offered) from who works where."""
    firms = f.heads.shape[1]
    f.heads[:] = 0
    f.labour[:] = 0.0
    for r in range(h.employer.shape[0]):
        for i in range(h.employer.shape[1]):
            j = h.employer[r, i]
            if 0 <= j < firms:
                f.heads[r, j] += 1
                f.labour[r, j] += labour(h, r, i)


@jit
def payroll(h, f, e):
    """Set every worker's `pay` and every firm's `wage_bill` of the month, in cents."""
    firms = f.heads.shape[1]
    f.wage_bill[:] = 0
    for r in range(h.pay.shape[0]):
        for i in range(h.pay.shape[1]):
            j = h.employer[r, i]
            offered = labour(h, r, i)
            if j < 0:
                h.pay[r, i] = 0
            elif j < firms:
                h.pay[r, i] = whole(np.rint(f.wage[r, j] * offered * f.hours[r, j]), "a wage")
                f.wage_bill[r, j] += h.pay[r, i]
            else:
                h.pay[r, i] = whole(np.rint(e.wage_level[r] * offered), "a public wage")


@jit
def produce(f, a, week):
    """Add a quarter of the month's output to stocks, at a quarter of the wage bill; `week` is 0 to 3."""
    for r in range(f.output.shape[0]):
        for j in range(f.output.shape[1]):
            cost = f.wage_bill[r, j] * (week + 1) // 4 - f.wage_bill[r, j] * week // 4
            f.stock[r, j] += 0.25 * f.output[r, j]
            f.stock_value[r, j] += cost
            a.stock_change[r] += cost
            a.produced[r] += 0.25 * f.output[r, j]


@jit
def book_sales(f, a, demanded, sold, revenue):
    """Take sold units out of stocks at average cost and book the week's revenue and surplus.

    `demanded`, `sold` (replica, firm) units, `revenue` (replica, firm) cents.
    """
    for r in range(sold.shape[0]):
        for j in range(sold.shape[1]):
            stock = f.stock[r, j]
            cost = np.int64(0)
            if stock > 0.0:
                share = min(sold[r, j] / stock, 1.0)
                cost = whole(np.rint(f.stock_value[r, j] * share), "the cost of goods sold")
            f.stock[r, j] = max(stock - sold[r, j], 0.0)
            f.stock_value[r, j] -= cost
            f.demand[r, j] += demanded[r, j]
            f.revenue[r, j] += revenue[r, j]
            f.surplus[r, j] += revenue[r, j] - cost
            a.stock_change[r] -= cost


@jit
def book_purchases(h, f, e, a, paid, received):
    """Reduce the buyers' purses by what they `paid` and deliver capital to investors, by order position."""
    households, firms = h.purse.shape[1], f.purse.shape[1]
    for r in range(paid.shape[0]):
        for i in range(households):
            h.purse[r, i] -= paid[r, i]
            a.consumption[r] += received[r, i]
        for j in range(firms):
            f.purse[r, j] -= paid[r, households + j]
            f.delivered[r, j] += received[r, households + j]
            f.backlog[r, j] = max(f.backlog[r, j] - received[r, households + j], 0.0)
            a.investment[r] += received[r, households + j]
        for k in range(households + firms, paid.shape[1]):
            e.public_purse[r] -= paid[r, k]
            a.public[r] += received[r, k]


@jit
def close_firms(f, e, deposits, drift, p):
    """Accrue profit tax, renew capital; return dividends `(replica, firm)` and taxes `(replica,)`, cents.

    Profit is surplus less interest paid, plus interest earned, less depreciation at current prices; tax is on
    smoothed profit; a share of the cash above the target is paid out. `deposits` (replica, firm) cents.
    """
    dividends = np.zeros(deposits.shape, np.int64)
    taxes = np.zeros(deposits.shape[0], np.int64)
    for r in range(deposits.shape[0]):
        for j in range(deposits.shape[1]):
            worn = p.depreciation_monthly * f.capital[r, j]
            profit = f.surplus[r, j] - f.owed[r, j] + f.earned[r, j] - worn * e.price_level[r]
            f.profit[r, j] = drift * f.profit[r, j]
            f.profit[r, j] += p.profit_gain_monthly * (profit - f.profit[r, j])
            tax = max(whole(np.rint(p.profit_tax * f.profit[r, j]), "a profit tax"), 0)
            f.tax_due[r, j] += tax
            taxes[r] += tax
            f.capital[r, j] += f.delivered[r, j] - worn
            spare = deposits[r, j] - f.tax_due[r, j] - p.cash_months * f.wage_bill[r, j]
            dividends[r, j] = max(whole(np.floor(p.payout_monthly * spare), "a dividend"), 0)
    return dividends, taxes


@jit
def find_failures(f, e, deposits, loans, u, wave, volatility):
    """The firms that fail this month, bool `(replica, firm)`.

    A firm whose debts exceed its assets fails; any other with the monthly hazard of its distance to default,
    `Phi(ln(debts / assets) / volatility) / 12` (Merton 1974), or of a default `wave` (replica,).
    `deposits`, `loans` (replica, firm) cents; `u` (replica, firm) uniforms; `volatility` annual, of
    assets, 0 for none.
    """
    failed = np.zeros(deposits.shape, np.bool_)
    for r in range(deposits.shape[0]):
        for j in range(deposits.shape[1]):
            plant = e.price_level[r] * f.capital[r, j] + f.stock_value[r, j]
            assets, debts = deposits[r, j] + plant, loans[r, j] + f.tax_due[r, j]
            hazard = 0.0
            if volatility > 0.0 and debts > 0 and assets > 0.0:
                distance = math.log(debts / assets) / volatility
                hazard = 0.5 * math.erfc(-distance / math.sqrt(2.0)) / 12.0
            failed[r, j] = loans[r, j] > 0 and (debts > assets or u[r, j] < max(hazard, wave[r]))
    return failed


@jit
def draw_reviews(key, replica, agent, tick, mean_ticks):
    """The ticks of the next price reviews, one per row: memoryless intervals of at least a tick."""
    chosen = np.empty(len(replica), np.int64)
    scale = np.log1p(-1.0 / mean_ticks)
    for k in range(len(replica)):
        wait = np.floor(np.log(uniform_at(key[replica[k]], agent[k])) / scale)
        chosen[k] = tick + 1 + whole(wait, "the ticks to a price review")
    return chosen


@jit
def gather(amount, home, other):
    """Return `(replica, agent, bank, amount, other)` rows where `amount` (replica, agent) is not zero."""
    total = 0
    for r in range(amount.shape[0]):
        for i in range(amount.shape[1]):
            total += amount[r, i] != 0
    replica, agent, bank = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, np.int32)
    cents, attached = np.empty(total, np.int64), np.empty(total, other.dtype)
    n = 0
    for r in range(amount.shape[0]):
        for i in range(amount.shape[1]):
            if amount[r, i] != 0:
                replica[n], agent[n], bank[n] = r, i, home[r, i]
                cents[n], attached[n] = amount[r, i], other[r, i]
                n += 1
    return replica, agent, bank, cents, attached
