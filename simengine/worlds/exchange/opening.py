"""The first instant of an exchange: who is there, what they own, and the floor as compiled code sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from markets.flows import Flow
from markets.instruments import Instrument
from markets.ledger import Ledger
from markets.order_answers import buffers
from markets.order_book import OrderBooks
from markets.order_messages import MESSAGE
from simengine.worlds.exchange.config import ExchangeConfig
from simengine.worlds.exchange.floor import WORDS, Floor
from simengine.worlds.exchange.kinds import FAST, KINDS, MAKERS, MOMENTUM, PARENTS, POOL
from simengine.worlds.exchange.seat import USUAL
from simengine.worlds.exchange.state import HORIZONS, Desk, Levers, Mail, Market, Traders
from simengine.worlds.exchange.units import TICK

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.exchange.world import Exchange

DEEP = 20
"""Makers and others who turn over much own so many times what others do."""

FLOWS = {
    "trade": Flow("traders", "traders", claim="shares"),
    "fee": Flow("traders", "house"),
    "lend": Flow("house", "traders", claim="loans"),
    "repay": Flow("traders", "house", claim="loans"),
}


def instruments(config: ExchangeConfig) -> tuple[Instrument, ...]:
    """Money, loans against it, and the shares that are traded."""
    shares = (
        Instrument(f"share {n}", "issuers", unit=f"share {n}", kind="shares")
        for n in range(config.instruments)
    )
    return (
        Instrument("cash", "mint", unit="1e-8", money_of=("traders", "house")),
        Instrument("loans", "traders", unit="1e-8"),
        *shares,
    )


def crowd(config: ExchangeConfig) -> tuple[np.ndarray, np.ndarray]:
    """Kind and home instrument of every trader, (traders,) each: by instrument, then by kind."""
    counts = [getattr(config.traders, name) for name in KINDS]
    kinds = np.repeat(np.arange(len(KINDS)), counts)
    return np.tile(kinds, config.instruments), np.repeat(np.arange(config.instruments), len(kinds))


def open_exchange(world: Exchange, sim: Simulation) -> None:
    """Fill the world with traders, money and units, empty books, and no mail."""
    c = world.config
    kind, home = crowd(c)
    n, replicas = len(kind), sim.R
    t = world.traders = sim.state.add("traders", Traders(replicas, n, live=n, key="traders"))
    t.kind[:], t.home[:] = kind, home
    t.horizon[:] = sim.noise.uniform("horizon", n) * HORIZONS
    t.leaning[:] = sim.noise.normal("leaning", n)
    pace = np.array([getattr(c.pace, name) for name in KINDS])
    t.due[:] = sim.tick + sim.noise.uniform("first", n) * np.minimum(pace[kind], 1000.0) * (kind != MAKERS)
    t.seated[:] = np.isin(kind, [KINDS.index(name) for name in c.seated])
    t.meeting[t.seated] = t.due[t.seated]
    t.action[..., 0] = USUAL
    _open_markets(world, sim, c)
    world.mail = sim.state.add("mail", Mail(replicas, letters(n), key="traders"))
    world.desk = sim.state.add("desk", Desk(replicas))
    world.levers = sim.state.add(
        "levers", Levers(replicas, instruments=c.instruments, kinds=len(KINDS))
    )
    world.mail.following[:] = np.arange(1, world.mail.capacity + 1)
    world.mail.following[:, -1] = -1
    world.orders = sim.state.add("orders", order_books(c, replicas, n))
    units = opening_units(c, kind)
    world.books = sim.state.add("books", ledger(c, replicas, n, home, units))
    world.opening_units = units


def letters(traders: int) -> int:
    """Room for messages on their way: all places of a crowd."""
    return max(1024, traders * 2)


def order_books(c: ExchangeConfig, replicas: int, traders: int) -> OrderBooks:
    """Empty books under the rules of the venue."""
    books = OrderBooks(replicas, c.instruments, max(64, traders * 2), c.venue.levels)
    v = c.venue
    for name, value in {
        "tick": v.step, "reference": opening_price(c), "collar_bp": v.collar_bp, "band_bp": v.band_bp,
        "static_bp": v.static_bp, "taker_ppm": v.taker_ppm,
    }.items():  # fmt: skip
        books.rules[name] = value
    return books


def opening_price(c: ExchangeConfig) -> int:
    """The first price in ticks, a multiple of the step."""
    return max(1, round(c.price * 10_000 / c.venue.step)) * c.venue.step


def opening_units(c: ExchangeConfig, kind: np.ndarray) -> np.ndarray:
    """What each trader owns of its instrument at the opening, lots (traders,): half of its wealth."""
    own = round(c.wealth * 10_000 / 2 / opening_price(c))
    return own * np.where(np.isin(kind, (MAKERS, FAST, PARENTS, MOMENTUM, POOL)), DEEP, 1)


def ledger(c: ExchangeConfig, replicas: int, traders: int, home: np.ndarray, units: np.ndarray) -> Ledger:
    """The books of money and units, with what everybody owns at the opening."""
    sectors = {"traders": traders, "house": 1, "mint": 1, "issuers": 1}
    books = Ledger(replicas, sectors, instruments(c), FLOWS)
    money = units * opening_price(c) * TICK
    books.endow("cash", "traders", "mint", money)
    books.endow("cash", "house", "mint", np.array([money.sum() // 10]))
    for s in range(c.instruments):
        books.endow(f"share {s}", "traders", "issuers", np.where(home == s, units, 0))
    return books


def _open_markets(world: Exchange, sim: Simulation, c: ExchangeConfig) -> None:
    k = world.market = sim.state.add("market", Market(sim.R, c.instruments, live=c.instruments))
    price = opening_price(c)
    k.last[:] = k.closing[:] = price
    k.middle[:], k.fair[:] = price, price / c.venue.step
    k.worth[:] = np.log(price)
    k.busy[:] = k.care[:] = k.power[:] = 1.0
    k.seen[:] = k.usual[:] = c.attention.usual**2


def floor(world: Exchange, sim: Simulation, rows: int) -> Floor:
    """The floor of a populated world, with room for `rows` notes of a kind in a replica."""
    c, n = world.config, world.traders.capacity
    kind, home = crowd(c)
    symbols = c.instruments
    parents, brokers = np.zeros((sim.R, symbols, 2), np.int64), np.zeros(symbols, np.int64)
    for s in range(symbols):
        passive = np.flatnonzero((kind == POOL) & (home == s))
        brokers[s] = passive[0] if passive.size else np.flatnonzero(home == s)[-1]
        of = np.flatnonzero((kind == PARENTS) & (home == s))
        parents[:, s] = (of[0], of[-1] + 1) if of.size else (0, 0)
    kept = world.books.chart.kind("shares")
    units = world.books.balance[:, kept.start : kept.stop, :n]
    accounts, routes = world.books.compiled(*FLOWS)
    columns = {
        "traders": world.traders.arrays,
        "market": world.market.arrays,
        "mail": world.mail.arrays,
        "desk": world.desk.arrays,
        "levers": world.levers.arrays,
        "books": world.orders.memory,
        "answers": buffers(4096),
        "ledger": accounts,
        "routes": routes,
        "cash": world.books.read("cash", "traders"),
        "loans": world.books.read("loans", "traders"),
        "units": units,
        "opening_units": world.opening_units.astype(np.int64),
        "parents": parents,
        "brokers": brokers,
        "pace": np.array([getattr(c.pace, name) for name in KINDS]),
        "message": np.zeros(1, MESSAGE),
        "notes": np.zeros((5, sim.R, rows, WORDS), np.int64),
        "noted": np.zeros((5, sim.R), np.int64),
        "wanted": np.zeros(5, np.bool_),
        "streams": sim.noise.streams("decide/traders", "news"),
    }
    return Floor(*(columns[name] for name in Floor._fields))
