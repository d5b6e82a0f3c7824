"""A small market for the tests of spans: traders with intervals of their own buy and sell one unit at a time.

At each tick all who are due first choose, by what was before it: those seated at the barrier by their policy,
the others by the same rule inside the span. Then, by slot, they trade, die or have a child. One tick a call
is the definition; `ticks` runs many.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from markets.flows import Flow
from markets.instruments import Instrument
from markets.ledger import Ledger
from markets.posting import BOOKED, book_one
from simengine.kernel import (
    NEVER,
    Columns,
    KernelError,
    Simulation,
    ask,
    b1,
    column,
    decide,
    due,
    every,
    f8,
    i8,
    span,
    uniform_at,
)
from simengine.kernel.noise import tick_at
from simengine.kernel.wheel import Wheel, put, take_due
from streams import col, event
from streams import f8 as e8f
from streams import i4 as e4
from streams import i8 as e8
from streams.jit import jit, leaf

DAY = 3600
CASH = (Instrument("cash", "mint", money_of=("traders",)),)
FLOWS = dict.fromkeys(("trade", "bequest"), Flow("traders", "traders"))
UNITS = 100  # of stock that each trader opens with
SELL, WAIT, BUY = range(3)
FILLS, REFUSALS, LIVES = range(3)
EMPTY = 99  # the verdict on a seller without stock


@event
class Fill:
    """One unit changes hands."""

    buyer: e4 = col("slot", "who pays")
    seller: e4 = col("slot", "who delivers")
    price: e8 = col("cent", "price paid")
    share: e8f = col("1", "price over seven, a sum of which depends on the order of its terms")


@event
class Refusal:
    """An order that books or stocks refuse."""

    trader: e4 = col("slot", "who ordered")
    verdict: e4 = col("code", "why")


@event
class Life:
    """A trader is born, or dies."""

    trader: e4 = col("slot", "who")
    change: e4 = col("1", "1 for a birth, -1 for a death")


class Traders(Columns):
    alive: b1
    due: i8 = column("tick", "when the trader acts next", default=NEVER)
    meeting: i8 = column("tick", "the same for those who are asked at the barrier", default=NEVER)
    seated: b1 = column("1", "whether the trader is asked there", default=False)
    interval: i8 = column("tick", "from act to act", default=1)
    stock: i8 = column("unit")
    fair: f8 = column("cent", "what a unit is worth to the trader", default=10_000.0)
    action: i8 = column("1", "sell, wait or buy", width=1)


class Market(Columns):
    price: i8 = column("cent", "going price", default=10_000)
    fills: i8 = column("1", "since the start")


@jit
def observed(price, fair):
    """What a trader sees."""
    return np.float32(price / fair)


@jit
def chosen(seen, u):
    """The rule: sell, wait or buy, by what is seen and a uniform."""
    lean = min(max(0.4 + 2.0 * (1.0 - np.float64(seen)), 0.05), 0.75)
    return BUY if u < lean else (WAIT if u < lean + 0.2 else SELL)


@jit
def observe(replica, agent, price, fair):
    """What each row of an ask sees, (rows, 1)."""
    out = np.empty((replica.size, 1), np.float32)
    for i in range(replica.size):
        out[i, 0] = observed(price[replica[i]], fair[replica[i], agent[i]])
    return out


@jit
def choose(seen, u):
    """The rule for each row of an ask, (rows, 1)."""
    out = np.empty((seen.shape[0], 1), np.int64)
    for i in range(seen.shape[0]):
        out[i, 0] = chosen(seen[i, 0], u[i, 0])
    return out


@leaf
def note(out, count, kind, r, tick, a, b, c):
    """One row for the streams."""
    k = count[kind, r]
    out[kind, r, k, 0], out[kind, r, k, 1], out[kind, r, k, 2], out[kind, r, k, 3] = tick, a, b, c
    count[kind, r] = k + 1


@leaf
def most(count):
    """The most rows noted of a kind in a replica."""
    found = 0
    for kind in range(count.shape[0]):
        for r in range(count.shape[1]):
            found = max(found, count[kind, r])
    return found


@leaf
def leave(t, money, cash, r, a, heir):
    """Whether a trader dies, leaving all to an heir."""
    date, meeting, _, _, stock, _, _, alive = t
    books, bequest = money[0], money[1][1]
    if not alive[r, heir] or heir == a or book_one(books, bequest, r, a, heir, cash[r, a])[0] != BOOKED:
        return False
    stock[r, heir] += stock[r, a]
    stock[r, a] = 0
    alive[r, a] = False
    date[r, a] = meeting[r, a] = NEVER
    return True


@leaf
def bear(t, money, cash, r, a):
    """The slot of a trader's child, who is like it and gets half of what it has; -1 where no slot is free."""
    _, _, seated, interval, stock, fair, action, alive = t
    for child in range(alive.shape[1]):
        if not alive[r, child]:
            break
    else:
        return -1
    if book_one(money[0], money[1][1], r, a, child, cash[r, a] // 2)[0] != BOOKED:
        return -1
    alive[r, child] = True
    seated[r, child], interval[r, child], fair[r, child] = seated[r, a], interval[r, a], fair[r, a]
    stock[r, child] = stock[r, a] // 2
    stock[r, a] -= stock[r, child]
    action[r, child, 0] = 0
    return child


@leaf
def act(t, price, money, r, a, b, tick, out, count):
    """Let a trader do what it chose with another: by how much the price moves."""
    stock, action, alive = t[4], t[6], t[7]
    side = action[r, a, 0]
    if side == WAIT or a == b or not alive[r, b]:
        return 0
    buyer, seller = (a, b) if side == BUY else (b, a)
    verdict = EMPTY
    if stock[r, seller] > 0:
        verdict, _ = book_one(money[0], money[1][0], r, buyer, seller, price)
    if verdict != BOOKED:
        note(out, count, REFUSALS, r, tick, a, verdict, 0)
        return 0
    stock[r, seller] -= 1
    stock[r, buyer] += 1
    note(out, count, FILLS, r, tick, buyer, seller, price)
    return side - WAIT


@leaf
def renew(t, bits, r, a, tick, until):
    """Give a trader its next date: the first tick that is left to later calls."""
    date, meeting, seated, interval = t[0], t[1], t[2], t[3]
    date[r, a] = tick + interval[r, a]
    put(bits, r, date[r, a], a)
    if seated[r, a]:
        meeting[r, a] = date[r, a]
        return min(until, date[r, a])
    return until


@leaf
def ticks(start, until, t, m, bits, money, cash, streams, fate, out, count, acting):
    """Run ticks from `start` until `until`, a meeting or a full buffer: the first tick that has not run."""
    date, seated, fair, action, alive = t[0], t[2], t[5], t[6], t[7]
    price, fills = m
    slots, room = date.shape[1], out.shape[2] - date.shape[1]
    tick = start
    while tick < until and most(count) <= room:
        for r in range(date.shape[0]):
            n = take_due(bits, r, date, alive, tick, acting)
            if n == 0:
                continue
            choice, partner = tick_at(streams[r, 0], tick), tick_at(streams[r, 1], tick)
            luck = tick_at(streams[r, 2], tick)
            for i in range(n):
                a = acting[i]
                if not seated[r, a]:
                    action[r, a, 0] = chosen(observed(price[r], fair[r, a]), uniform_at(choice, a))
            move, before = 0, count[FILLS, r]
            for i in range(n):
                a, u = acting[i], uniform_at(luck, acting[i])
                b = np.int64(uniform_at(partner, a) * slots)
                if u < fate and leave(t, money, cash, r, a, b):
                    note(out, count, LIVES, r, tick, a, -1, 0)
                    continue
                move += act(t, price[r], money, r, a, b, tick, out, count)
                until = renew(t, bits, r, a, tick, until)
                child = bear(t, money, cash, r, a) if u > 1.0 - fate else -1
                if child >= 0:
                    note(out, count, LIVES, r, tick, child, 1, 0)
                    until = renew(t, bits, r, child, tick, until)
            fills[r] += count[FILLS, r] - before
            price[r] = max(100, price[r] + move)
        tick += 1
    return tick


@jit
def rows_of(out, count):
    """The rows noted of one kind, for the streams: replica and tick int32, then three columns (3, rows)."""
    rows = count.sum()
    replica, tick, rest = np.empty(rows, np.int32), np.empty(rows, np.int32), np.empty((3, rows), np.int64)
    i = 0
    for r in range(count.size):
        for k in range(count[r]):
            replica[i], tick[i] = r, out[r, k, 0]
            rest[0, i], rest[1, i], rest[2, i] = out[r, k, 1], out[r, k, 2], out[r, k, 3]
            i += 1
    return replica, tick, rest


class Rule:
    """The rule, seated at the barrier."""

    needs_observation = True

    def act(self, ask: Any) -> Any:
        """Indices (rows, 1)."""
        return choose(ask.observation, ask.uniform)


class Crash:
    """Units are worth a fifth less to everybody, and the first trader acts at once."""

    name = "crash"

    def __repr__(self) -> str:
        return "Crash()"

    def start(self, world: Any, sim: Simulation, mask: Any) -> None:
        """Strike."""
        t = world.traders
        t.fair[mask] *= 0.8
        t.due[mask, 0] = np.where(t.alive[mask, 0], sim.tick, NEVER)
        t.meeting[mask, 0] = np.where(t.seated[mask, 0], t.due[mask, 0], NEVER)

    def stop(self, world: Any, sim: Simulation, mask: Any) -> None:
        """Cease."""
        world.traders.fair[mask] /= 0.8


class Exchange:
    """`traders`, of whom those with a slot that `seats` divides are asked at the barrier (0: nobody).

    `fate` is the chance, at each act, of a death and of a birth; `fails` a tick at which the span breaks
    down; `room` how many rows of a kind a call may note, at least twice the slots.
    """

    name, start = "toy_exchange", 0

    def __init__(
        self,
        traders: int = 1000,
        seats: int = 0,
        day: int = DAY,
        fate: float = 1e-5,
        policy: Any = None,
        room: int = 1 << 15,
        fails: int = -1,
        cash: int = 10_000_00,
    ) -> None:
        self.count, self.seats, self.day, self.fate, self.room = traders, seats, day, fate, room
        self.policy, self.fails, self.cash = policy or Rule(), fails, cash
        self.ticks_per_year = 250 * day
        self.config = f"{traders} traders, fate {fate}"

    def populate(self, sim: Simulation) -> None:
        """Open with intervals of 1 to 1,000 ticks."""
        n, slots, everyone = self.count, self.count + 24, np.arange(self.count)
        self.traders = t = sim.state.add("traders", Traders(sim.R, slots, live=n))
        self.market = sim.state.add("market", Market(sim.R))
        self.books = sim.state.add("books", Ledger(sim.R, {"traders": slots, "mint": 1}, CASH, FLOWS))
        self.books.endow("cash", "traders", "mint", np.full(n, self.cash, np.int64))
        t.interval[:, :n] = 1 + everyone * 1000 // n
        t.stock[:, :n] = UNITS
        t.due[:, :n] = t.interval[:, :n] - 1
        t.fair[...] = 10_000 * (1 + 0.1 * sim.noise.normal("fair", slots))
        if self.seats:
            t.seated[:, : n : self.seats] = True
            t.meeting[t.seated] = t.due[t.seated]
        sim.seat("traders", t, {"order": 3}, observe=self.see, policy=self.policy, neutral=(WAIT,))
        self.wheel = Wheel(sim.R, slots)
        self.streams = sim.noise.streams("decide/traders/order", "partner", "fate")
        self.money = self.books.compiled("trade", "bequest")
        self.cash_held = self.books.read("cash", "traders")
        self.columns = (t.due, t.meeting, t.seated, t.interval, t.stock, t.fair, t.action, t.alive)
        self.out = np.empty((3, sim.R, self.room, 4), np.int64)
        self.noted = np.zeros((3, sim.R), np.int64)
        self.acting = np.empty(slots, np.int64)

    def timetable(self) -> Any:
        """The barrier, the ticks, the close of a day."""
        return (
            decide(ask(due(self.traders.meeting), "traders")),
            span(self.trade),
            every(self.day, lambda sim: None, on=-1, closes=True),
        )

    def see(self, ask: Any) -> Any:
        """What those who are asked see, (rows, 1)."""
        return observe(ask.replica, ask.agent, self.market.price, self.traders.fair)

    def trade(self, sim: Simulation, start: int, until: int) -> int:
        """Run ticks and publish what happened."""
        breaks = start <= self.fails < until
        t, m = self.traders, (self.market.price, self.market.fills)
        self.wheel.turn_to(t.due, t.alive)
        self.noted[:] = 0
        stop: int = ticks(
            start, self.fails + 1 if breaks else until, self.columns, m, self.wheel.bits, self.money,
            self.cash_held, self.streams, self.fate, self.out, self.noted, self.acting,
        )  # fmt: skip
        self.wheel.keep(t.due, t.alive)
        self.tell(sim)
        if start <= self.fails < stop:
            raise KernelError("the floor gave way", tick=self.fails)
        return stop

    def tell(self, sim: Simulation) -> None:
        """Publish what was noted."""
        if sim.wants(Fill) and self.noted[FILLS].any():
            replica, tick, (buyer, seller, price) = rows_of(self.out[FILLS], self.noted[FILLS])
            sim.publish(
                Fill, replica=replica, ticks=tick, buyer=buyer, seller=seller, price=price, share=price / 7.0
            )
        if sim.wants(Refusal) and self.noted[REFUSALS].any():
            replica, tick, (trader, verdict, _) = rows_of(self.out[REFUSALS], self.noted[REFUSALS])
            sim.publish(Refusal, replica=replica, ticks=tick, trader=trader, verdict=verdict)
        if sim.wants(Life) and self.noted[LIVES].any():
            replica, tick, (trader, change, _) = rows_of(self.out[LIVES], self.noted[LIVES])
            sim.publish(Life, replica=replica, ticks=tick, trader=trader, change=change)

    def invariants(self, sim: Simulation) -> Any:
        """Books balance and no unit is lost."""
        yield from self.books.verify()
        if (self.traders.stock.sum(axis=1) != UNITS * self.count).any():
            yield "units of stock were lost or made"
