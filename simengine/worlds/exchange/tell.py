"""What happened inside a span, told to the streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simengine.worlds.exchange.floor import HALTS, LARGE, ORDERS, QUOTES, TRADES, Floor
from simengine.worlds.exchange.notes import rows_of
from streams.exchange.events import Halt, Order, Parent, Quote, Trade

if TYPE_CHECKING:
    from simengine.kernel import Simulation

EVENTS = {TRADES: Trade, ORDERS: Order, QUOTES: Quote, LARGE: Parent, HALTS: Halt}


def ask_wanted(sim: Simulation, f: Floor) -> None:
    """Note which kinds of rows somebody wants, before a span begins."""
    for kind, event in EVENTS.items():
        f.wanted[kind] = sim.wants(event)
    f.noted[:] = 0


def tell(sim: Simulation, f: Floor) -> None:
    """Publish what a span has noted."""
    for kind, event in EVENTS.items():
        if f.noted[kind].any():
            replica, ticks, words = rows_of(f.notes[kind], f.noted[kind])
            sim.publish(event, replica=replica, ticks=ticks, **COLUMNS[kind](words))


def _trades(w: Any) -> dict[str, Any]:
    return {
        "instrument": w[0].astype(np.int32), "price": w[1], "quantity": w[2],
        "buyer": w[3].astype(np.int32), "seller": w[4].astype(np.int32), "side": w[5].astype(np.int8),
        "taker": w[6], "maker": w[7],
    }  # fmt: skip


def _orders(w: Any) -> dict[str, Any]:
    return {
        "instrument": w[0].astype(np.int32), "trader": w[1].astype(np.int32), "number": w[2],
        "kind": w[3].astype(np.int8), "side": w[4].astype(np.int8), "price": w[5], "quantity": w[6],
        "status": w[7].astype(np.int8), "reason": w[8].astype(np.int8),
    }  # fmt: skip


def _quotes(w: Any) -> dict[str, Any]:
    return {
        "instrument": w[0].astype(np.int32), "bid": w[1], "bid_quantity": w[2], "ask": w[3],
        "ask_quantity": w[4],
    }  # fmt: skip


def _large(w: Any) -> dict[str, Any]:
    return {
        "instrument": w[0].astype(np.int32), "trader": w[1].astype(np.int32), "side": w[2].astype(np.int8),
        "quantity": w[3], "begun": w[4], "first": w[5] / 2.0, "last": w[6] / 2.0, "paid": w[7] / w[3],
    }  # fmt: skip


def _halts(w: Any) -> dict[str, Any]:
    return {"instrument": w[0].astype(np.int32), "phase": w[1].astype(np.int8), "price": w[2]}


COLUMNS = {TRADES: _trades, ORDERS: _orders, QUOTES: _quotes, LARGE: _large, HALTS: _halts}
