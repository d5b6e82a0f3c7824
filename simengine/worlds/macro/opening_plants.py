"""What firms make, hold and deliver when the macro world opens, and who buys where."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.goods import choose_suppliers, spread_demand
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.opening_people import People
from simengine.worlds.macro.scale import PRICE, WAGE, Floats, monthly_drift, monthly_growth

ROUNDS = 300
TOLERANCE = 1e-10


@dataclass(frozen=True)
class Plants:
    """Production at rest: `(replica, firm)` unless said, in units a month, stocks in units."""

    output: Floats
    sales: Floats
    stock: Floats
    delivered: Floats  # capital goods
    capital: Floats
    leverage: Floats  # loans over sales, ratio to the mean
    wage_bill: Floats  # cents a month
    stock_value: Floats  # cents, at cost
    cost_of_sales: Floats  # cents a month
    output_per_capital: Floats  # at full capacity, (replica,)
    gdp: Floats  # public output included, (replica,)
    public: Floats  # purchases, (replica,)


def build_plants(c: MacroConfig, noise: Any, people: People) -> Plants:
    """The output, stocks, capital and deliveries that keep every firm on the trend."""
    f, growth = c.firm, monthly_growth(c)
    output = f.markup * WAGE / PRICE * people.labour
    total = output.sum(axis=1, keepdims=True)
    hold = f.inventory_gap_monthly * f.inventory_months / (f.inventory_gap_monthly + growth)
    sales = output / (1.0 + growth * hold)
    stock = hold * sales
    gdp = total[:, 0] + people.public_labour * WAGE / PRICE
    delivered = f.investment_share * gdp[:, None] * output / total
    capital = delivered / (f.depreciation_monthly + growth)
    leverage = np.exp(f.leverage_log_sd * noise.normal("opening.leverage", c.firms))
    wage_bill = WAGE * people.labour
    stock_value, cost_of_sales = _value_stocks(stock, output, sales, wage_bill, monthly_drift(c))
    return Plants(
        output=output,
        sales=sales,
        stock=stock,
        delivered=delivered,
        capital=capital,
        leverage=leverage / leverage.mean(axis=1, keepdims=True),
        wage_bill=wage_bill,
        stock_value=stock_value,
        cost_of_sales=cost_of_sales,
        output_per_capital=total[:, 0] / (f.utilisation_normal * capital.sum(axis=1)),
        gdp=gdp,
        public=c.government.purchases_share * gdp,
    )


def _value_stocks(
    stock: Floats, output: Floats, sales: Floats, wages: Floats, drift: float
) -> tuple[Floats, Floats]:
    """The stock at cost before a month and the cost of goods sold in it, when both grow by `drift`.

    A week adds a quarter of output at a quarter of wages and removes sold units at average cost, which is
    linear in the stock's value.
    """
    kept, added, units = np.ones_like(stock), np.zeros_like(stock), stock.copy()
    for _ in range(4):
        left = 1.0 - (sales / 4.0) / (units + output / 4.0)
        kept, added = kept * left, (added + wages / 4.0) * left
        units = units + (output - sales) / 4.0
    value = added / (drift - kept)
    return value, wages - (drift - 1.0) * value


def draw_suppliers(c: MacroConfig, noise: Any, output: Floats) -> NDArray[np.int32]:
    """The K suppliers of every household, then of every firm, `(replica, buyer, K)`, by size."""
    buyers = c.households + c.firms
    u = noise.uniform("opening.suppliers", buyers * c.firm.suppliers)
    return choose_suppliers(np.cumsum(output, axis=1), u.reshape(len(output), buyers, c.firm.suppliers))


def appeal(plants: Plants, suppliers: NDArray[np.int32], consumption: Floats) -> Floats:
    """The log appeal `(replica, firm)` at which every firm's demand at rest equals its sales.

    `suppliers` (replica, buyer, K) firm slots; `consumption` (replica, household) units a month.
    """
    budget = np.concatenate([consumption, plants.delivered], axis=1)
    public = plants.public[:, None] * plants.output / plants.output.sum(axis=1, keepdims=True)
    log_appeal = np.log(plants.sales / plants.sales.mean(axis=1, keepdims=True))
    wanted = plants.sales - public
    moving = np.ones((len(wanted), 1), np.bool_)  # each replica rests by itself, whatever its company
    for _ in range(ROUNDS):
        demand = spread_demand(suppliers, budget, np.exp(log_appeal))
        known = demand > 0.0  # a firm may be nobody's supplier
        step = np.log(np.where(known, wanted / np.where(known, demand, 1.0), 1.0))
        moving &= np.abs(step).max(axis=1, keepdims=True) > TOLERANCE
        log_appeal += np.where(moving, step, 0.0)
        if not moving.any():
            break
    return log_appeal
