"""Goods and prices within bounds, and the conservation of goods, checked when the books close.

What firms must hold is followed apart from the columns that it is held against. What is sold is counted from
the trades as the buyers receive them, not from what sellers take out of stock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from streams.jit import jit
from streams.macro.events import MARKETS

if TYPE_CHECKING:
    from simengine.worlds.macro.world import Macro

TOLERANCE = 1e-9
"""The share of what is held, and of a month's output at full capacity, that may be missing."""

_INVESTORS = MARKETS.code("investment")


def open_stores(world: Macro) -> None:
    """Begin with what firms hold."""
    world.stores.stock[:], world.stores.capital[:] = world.firms.stock, world.firms.capital


@jit
def trade(s, replica, group, buyer, seller, quantity):
    """Take what every buyer received, one per row, from its seller; what investors bought arrives."""
    for n in range(len(quantity)):
        s.stock[replica[n], seller[n]] -= quantity[n]
        if group[n] == _INVESTORS:
            s.arrived[replica[n], buyer[n]] += quantity[n]


def renew(world: Macro) -> None:
    """A month's end: capital wears out, and what arrived becomes capital."""
    s = world.stores
    s.capital += s.arrived - world.config.firm.depreciation_monthly * s.capital
    s.arrived[:] = 0.0


def beyond_bounds(world: Macro) -> Iterator[str]:
    """The first number of each kind that is not finite or too low."""
    f, e = world.firms, world.economy
    held = {"stock": f.stock, "capital": f.capital, "durables": world.households.durables}
    for name, values in {**held, "price level": e.price_level, "rate": e.rate}.items():
        least = -1.0 if name == "rate" else 0.0
        bad = ~np.isfinite(values) | (values < least)
        if bad.any():
            where = np.argwhere(bad)[0]
            found = f"{name} of replica {where[0]} is {values[tuple(where)]}"
            yield f"{found} (must be finite and >= {least:g})"


def unexplained(world: Macro) -> Iterator[str]:
    """The first firm whose stock is not what it made less what it sold, and whose capital is unexplained."""
    f, s = world.firms, world.stores
    capacity = world.economy.output_per_capital[:, None] * f.capital
    for name, held, due in (("stock", f.stock, s.stock), ("capital", f.capital, s.capital)):
        missing = np.abs(held - due) > TOLERANCE * (np.abs(due) + np.abs(capacity))
        if missing.any():
            r, j = np.argwhere(missing)[0]
            said = f"{name} of firm {j} in replica {r} is {held[r, j]:.6g}"
            yield f"{said}: what was made, traded, worn out and lost leaves {due[r, j]:.6g}"
