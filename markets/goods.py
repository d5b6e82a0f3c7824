"""The goods market: posted prices, one supplier a visit, rationing, a second round.

Every order names a seller, a fallback and the cents it wants to spend at posted prices. A seller short of
stock serves all its buyers in the same proportion; what it could not serve goes once to the fallback, which
again serves everybody in the same proportion out of what it has left. Nothing is sold that is not in stock,
and a buyer pays exactly `amount = price * quantity`. Source: the rationing of Caiani et al. (2016), JEDC
69, section 3.
"""

from typing import NamedTuple

import numpy as np

from streams.jit import jit
from streams.whole import whole


class Fills(NamedTuple):
    """What a clearing did, as long-form rows sorted by (replica, order), and totals per firm.

    `offsets` (replicas * groups + 1) cuts the rows into those of each group of orders in each replica.
    Amounts and prices are cents (int64), quantities units of the good.
    """

    offsets: np.ndarray
    replica: np.ndarray
    group: np.ndarray  # int8
    buyer: np.ndarray
    seller: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    amount: np.ndarray
    demanded: np.ndarray  # (replica, firm) units ordered in the first round
    sold: np.ndarray  # (replica, firm) units
    revenue: np.ndarray  # (replica, firm) cents
    paid: np.ndarray  # (replica, order) cents
    received: np.ndarray  # (replica, order) units


def blank_orders(replicas: int, orders: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Empty `(seller, fallback, spend)` arrays `(replica, order)` to write orders into."""
    shape = (replicas, orders)
    return np.zeros(shape, np.int32), np.full(shape, -1, np.int32), np.zeros(shape, np.int64)


@jit
def visit_suppliers(suppliers, budget, left, attraction, week, first, seller, fallback, spend):
    """Write one order per buyer into the order arrays, from order position `first` on.

    Every week a buyer visits one of its K `suppliers` (replica, buyer, K) in rotation and spends there that
    supplier's share of K quarter-months of its monthly `budget` (replica, buyer), never more than it has
    `left`. Shares are proportional to `attraction` (replica, firm), a logit demand; the next supplier is
    the fallback.
    """
    replicas, buyers, visits = suppliers.shape
    for r in range(replicas):
        slot = week % visits
        for i in range(buyers):
            total = 0.0
            for k in range(visits):
                total += attraction[r, suppliers[r, i, k]]
            following = slot + 1 if slot + 1 < visits else 0  # cheaper than a remainder
            chosen = suppliers[r, i, slot]
            cents = budget[r, i] * (attraction[r, chosen] / total) * (visits / 4.0)
            seller[r, first + i] = chosen
            fallback[r, first + i] = suppliers[r, i, following]
            spend[r, first + i] = min(whole(np.rint(cents), "an order of goods"), left[r, i])
            slot = following


@jit
def clear_goods(seller, fallback, spend, price, stock, buyer, groups):
    """The `Fills` of one clearing.

    `seller`, `fallback` (replica, order) firm slots, fallback -1 for none; `spend` (replica, order)
    cents; `price` (replica, firm) cents a unit; `stock` (replica, firm) units, read only; `buyer`
    (order,) int32, the slot of who places each order; `groups` ascending order positions that start each
    group, closed by the number of orders.
    """
    replicas, orders = spend.shape
    firms = price.shape[1]
    first = np.zeros((replicas, orders), np.int64)
    second = np.zeros((replicas, orders), np.int64)
    demanded = np.zeros((replicas, firms))
    sold = np.zeros((replicas, firms))
    revenue = np.zeros((replicas, firms), np.int64)
    paid = np.zeros((replicas, orders), np.int64)
    received = np.zeros((replicas, orders))
    wanted = np.empty(firms)
    for r in range(replicas):
        for k in range(orders):
            if spend[r, k] > 0:
                demanded[r, seller[r, k]] += spend[r, k] / price[r, seller[r, k]]
        wanted[:] = 0.0
        for k in range(orders):
            if spend[r, k] > 0:
                j = seller[r, k]
                first[r, k] = served(spend[r, k], stock[r, j], demanded[r, j])
                missing = spend[r, k] - first[r, k]
                if missing > 0 and fallback[r, k] >= 0:
                    wanted[fallback[r, k]] += missing / price[r, fallback[r, k]]
                book(r, k, j, first[r, k], price, sold, revenue, paid, received)
        for k in range(orders):
            j = fallback[r, k]
            missing = spend[r, k] - first[r, k]
            if missing > 0 and j >= 0:
                left = max(stock[r, j] - min(stock[r, j], demanded[r, j]), 0.0)
                second[r, k] = served(missing, left, wanted[j])
                book(r, k, j, second[r, k], price, sold, revenue, paid, received)
    columns = rows(seller, fallback, first, second, price, buyer, groups)
    return Fills(*columns, demanded, sold, revenue, paid, received)


@jit
def served(spend, stock, demanded):
    """The cents of an order that a seller with `stock` for `demanded` units serves."""
    if demanded <= stock:
        return spend
    return whole(np.floor(spend * (stock / demanded)), "what a seller serves")


@jit
def book(r, k, j, amount, price, sold, revenue, paid, received):
    """Add one sale of `amount` cents by firm `j` to order `k` to the totals."""
    quantity = amount / price[r, j]
    sold[r, j] += quantity
    revenue[r, j] += amount
    paid[r, k] += amount
    received[r, k] += quantity


@jit
def rows(seller, fallback, first, second, price, buyer, groups):
    """The non-zero sales as long-form columns, sorted by replica and order."""
    replicas, orders = first.shape
    total = 0
    for r in range(replicas):
        for k in range(orders):
            total += (first[r, k] > 0) + (second[r, k] > 0)
    offsets = np.zeros(replicas * (len(groups) - 1) + 1, np.int64)
    replica, group = np.empty(total, np.int32), np.empty(total, np.int8)
    who, to = np.empty(total, np.int32), np.empty(total, np.int32)
    quantity, unit, amount = np.empty(total), np.empty(total, np.int64), np.empty(total, np.int64)
    n = 0
    for r in range(replicas):
        for g in range(len(groups) - 1):
            for k in range(groups[g], groups[g + 1]):
                for part in range(2):
                    cents = first[r, k] if part == 0 else second[r, k]
                    if cents > 0:
                        j = seller[r, k] if part == 0 else fallback[r, k]
                        replica[n], group[n], who[n], to[n] = r, g, buyer[k], j
                        quantity[n], unit[n], amount[n] = cents / price[r, j], price[r, j], cents
                        n += 1
            offsets[r * (len(groups) - 1) + g + 1] = n
    return offsets, replica, group, who, to, quantity, unit, amount


@jit
def choose_suppliers(cumulative, u):
    """Distinct firm slots `(replica, buyer, K)` (int32), drawn by `cumulative` sizes.

    `cumulative` (replica, firm) running sums of the sizes; `u` (replica, buyer, K) uniforms. A firm drawn
    twice is replaced by the next one in the ring. Raises ValueError when there are fewer than K firms.
    """
    chosen = np.empty(u.shape, np.int32)
    firms = cumulative.shape[1]
    if u.shape[2] > firms:
        raise ValueError("a buyer cannot have more suppliers than there are firms")
    for r in range(u.shape[0]):
        for i in range(u.shape[1]):
            for k in range(u.shape[2]):
                j = np.searchsorted(cumulative[r], u[r, i, k] * cumulative[r, -1])
                while taken(chosen[r, i], k, j):
                    j = (j + 1) % firms
                chosen[r, i, k] = j
    return chosen


@jit
def taken(row, count, value):
    """Whether `value` is among the first `count` entries of `row`."""
    return (row[:count] == value).any()


@jit
def spread_demand(suppliers, budget, attraction):
    """The demand `(replica, firm)` of buyers who spread `budget` over `suppliers` by appeal."""
    demand = np.zeros(attraction.shape)
    for r in range(suppliers.shape[0]):
        for i in range(suppliers.shape[1]):
            total = 0.0
            for k in range(suppliers.shape[2]):
                total += attraction[r, suppliers[r, i, k]]
            for k in range(suppliers.shape[2]):
                j = suppliers[r, i, k]
                demand[r, j] += budget[r, i] * attraction[r, j] / total
    return demand
