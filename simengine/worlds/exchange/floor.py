"""The trading floor as compiled code sees it: state, books and ledger in one bundle of bundles."""

from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from simengine.worlds.exchange.config import ExchangeConfig
from streams.bundle import Bundle

TRADE, FEE, LEND, REPAY = range(4)
"""Routes of the ledger, in the order of `opening.FLOWS`."""

TRADES, ORDERS, QUOTES, LARGE, HALTS = range(5)
"""Kinds of rows that a span notes for the streams."""

WORDS = 10


class Habits(NamedTuple):
    """Settings as compiled code reads them."""

    day: int
    step: int
    scale: int
    halt: int
    program_lots: int
    latency: float
    rhythm: float
    pace_share: float
    value_width: float
    value_anchor: float
    value_lots: float
    noise_taking: float
    noise_median: float
    noise_spread: float
    noise_lots: float
    parent_rate: float
    parent_tail: float
    parent_least: float
    parent_most: float
    parent_slice: float
    parent_spread: float
    maker_half: float
    maker_apart: float
    maker_lots: float
    maker_skew: float
    maker_impact: float
    maker_yielding: float
    maker_concavity: float
    maker_learning: float
    fast_edge: float
    fast_most: float
    fund_aggression: float
    fund_most: float
    fund_step: float
    momentum_gain: float
    momentum_common: float
    momentum_lots: float
    pool_share: float
    pool_lots: float
    news_sd: float
    news_chance: float
    news_common: float


HABITS = np.dtype(list(get_type_hints(Habits).items()), align=True)


def habits(config: ExchangeConfig, day: int, scale: int) -> NDArray[Any]:
    """The settings of a configuration, one record; `scale`: money units of a tick of price of a lot."""
    c, b = config, config.behaviour
    venue = {"step": c.venue.step, "halt": c.venue.halt_ticks, "latency": c.venue.latency_ticks}
    heed = {name: getattr(c.attention, name) for name in ("rhythm", "pace_share")}
    news = {
        "news_sd": c.news_daily / c.news_count**0.5,
        "news_chance": c.news_count / day,
        "news_common": c.common_news,
    }
    own = {name: getattr(b, name) for name in Habits._fields if hasattr(b, name)}
    every: dict[str, Any] = {"day": day, "scale": scale, **venue, **heed, **news, **own}
    return np.array([tuple(every[name] for name in Habits._fields)], HABITS)


class Floor(
    Bundle,
    fields=(
        "traders", "market", "mail", "desk", "levers", "books", "answers", "ledger", "routes", "cash",
        "loans", "units", "opening_units", "parents", "brokers", "pace", "message", "notes", "noted",
        "wanted", "streams",
    ),
):  # fmt: skip
    """Everything a tick touches: bundles of columns, of the books and of the ledger.

    `cash` and `loans` (R, traders) in money units, `units` (R, instruments, traders) in lots are views of the
    ledger, whose `routes` are those of `opening.FLOWS`; `opening_units` (traders,) what each began with;
    `parents` (R, instruments, 2) the slots of those who work large orders, `brokers` (instruments,) of those
    who trade what shocks order; `pace` (kinds,) mean ticks between decisions; `notes` (kinds, R, rows,
    words).
    """

    traders: Any
    market: Any
    mail: Any
    desk: Any
    levers: Any
    books: Any
    answers: Any
    ledger: Any
    routes: NDArray[Any]
    cash: NDArray[np.int64]
    loans: NDArray[np.int64]
    units: NDArray[np.int64]
    opening_units: NDArray[np.int64]
    parents: NDArray[np.int64]
    brokers: NDArray[np.int64]
    pace: NDArray[np.float64]
    message: NDArray[Any]
    notes: NDArray[np.int64]
    noted: NDArray[np.int64]
    wanted: NDArray[np.bool_]
    streams: NDArray[np.uint64]
