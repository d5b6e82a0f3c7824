"""Sums that several metrics read: each is one fold, added to a bus by the first metric that asks for it."""

import numpy as np

from streams.batch import Array, Batch, sum_stretch
from streams.bus import Bus, Memory
from streams.jit import jit
from streams.macro.events import (
    BANKS,
    CONSUMPTION,
    FIRMS,
    HOUSEHOLDS,
    Balance,
    Default,
    Income,
    Loan,
    Repayment,
    Trade,
)

NEVER = -(2**62)


def monthly_trade(bus: Bus, month: int) -> Memory:
    """What was traded in the current month: arrays (R,), valid while `is_of(memory, tick, month)`.

    `all` and `amount` are the money paid on all markets and for consumption (cent), `quantity` the goods
    consumed; `moments` (3, R) are of the month's last tick the quantity, times the price, times its square.
    """

    def step(batch: Batch, memory: Memory) -> None:
        now = batch.tick // month
        if now != memory["month"][0]:
            for sums in memory.values():
                sums.fill(0)
            memory["month"][0] = now
        into = (memory["all"], memory["amount"], memory["quantity"])
        _add_trades(batch.market, batch.amount, batch.quantity, batch.bounds, *into)
        if (batch.tick + 1) % month == 0:
            _add_moments(batch.market, batch.quantity, batch.price, batch.bounds, memory["moments"])

    def install() -> Memory:
        empty: Memory = {name: np.zeros(bus.replicas, np.int64) for name in ("all", "amount")}
        empty |= {"quantity": np.zeros(bus.replicas), "moments": np.zeros((3, bus.replicas))}
        return bus.fold(Trade, "monthly_trade", empty | {"month": np.full(1, NEVER)}, step)

    return bus.shared("monthly_trade", install)


def is_of(memory: Memory, tick: int, month: int) -> bool:
    """Whether the sums of `monthly_trade` are of the month of `tick`; not if nothing was traded in it."""
    return bool(memory["month"][0] == tick // month)


@jit
def _add_trades(market, amount, quantity, bounds, everything, spent, bought):
    """Add the money of all trades, and the money and the goods of consumption, by replica."""
    goods = np.empty(amount.size)
    for r in range(spent.size):
        n, paid, consumed = 0, 0, 0
        for i in range(bounds[r], bounds[r + 1]):
            paid += amount[i]
            if market[i] == CONSUMPTION:
                consumed += amount[i]
                goods[n] = quantity[i]
                n += 1
        everything[r] += paid
        spent[r] += consumed
        bought[r] += sum_stretch(goods, 0, n)


@jit
def _add_moments(market, quantity, price, bounds, moments):
    """Add the quantity of consumption, that times the price, and times its square, by replica."""
    for r in range(moments.shape[1]):
        for i in range(bounds[r], bounds[r + 1]):
            if market[i] == CONSUMPTION:
                spent = quantity[i] * price[i]
                moments[0, r] += quantity[i]
                moments[1, r] += spent
                moments[2, r] += spent * price[i]


def quarterly_income(bus: Bus, quarter: int) -> Memory:
    """What every household earned in the current quarter: `amount` (R, N) in cents, while it `is_of` it."""

    def step(batch: Batch, memory: Memory) -> None:
        now = batch.tick // quarter
        if now != memory["quarter"][0]:
            memory["amount"] = np.zeros_like(batch.grid("amount"))
            memory["quarter"][0] = now
        memory["amount"] += batch.grid("amount")

    def install() -> Memory:
        return bus.fold(Income, "quarterly_income", {"quarter": np.full(1, NEVER)}, step)

    return bus.shared("quarterly_income", install)


def deposits(bus: Bus) -> Memory:
    """Deposits of households and of firms at the latest Balance events: `held` (2, R) in cents."""

    def step(batch: Batch, memory: Memory) -> None:
        for row, sector in enumerate((HOUSEHOLDS, FIRMS)):
            _replace(memory["held"][row], batch, "deposits", sector)

    def install() -> Memory:
        return bus.fold(Balance, "deposits", {"held": np.zeros((2, bus.replicas), np.int64)}, step)

    return bus.shared("deposits", install)


def bank_loans(bus: Bus) -> Memory:
    """Loans outstanding, `stock` (R,) in cents, and what was ever written off, `lost` (R,).

    The stock is that of the banks in Balance events, and since the latest of them Loan - Repayment - Default.
    """

    def step(batch: Batch, memory: Memory) -> None:
        stock = memory["stock"]
        if batch.event is Balance:
            _replace(stock, batch, "loans", BANKS)
        elif batch.event is Loan:
            batch.add("amount", stock)
        elif batch.event is Repayment:
            stock -= batch.total("amount")
        else:
            stock -= batch.total("loss")
            batch.add("loss", memory["lost"])

    def install() -> Memory:
        empty = {name: np.zeros(bus.replicas, np.int64) for name in ("stock", "lost")}
        return bus.fold((Loan, Repayment, Default, Balance), "bank_loans", empty, step)

    return bus.shared("bank_loans", install)


def _replace(totals: Array, batch: Batch, column: str, sector: int) -> None:
    """Write a sector's total by replica, if the batch has rows of it."""
    only = batch.only("sector")
    if only == sector:
        totals[:] = batch.total(column)
    elif only is None and (mine := batch.sector == sector).any():
        totals[:] = batch.total(column, mine)
