"""An exchange: makers, noise, value, momentum and fast traders, funds and large orders on matched books.

POPULATIONS  traders of eight kinds on each instrument: value (600; a reservation price), noise (250),
             parents (40; large orders in slices), makers (10; three layers a side), fast (10; take what is
             stale), funds (20; leveraged value), momentum (60), pool (100; passive at the middle).
MARKETS      a price-time book for each instrument, with collars, bands, halts and call auctions; a pool off
             the book at the middle; a ledger that settles every trade at once, both legs or neither.
TIMETABLE    a tick is 1/60 s of exchange time, a day 3,600 ticks, a year 250 days: calendar time is scaled.
             In a tick: news, decisions of all who are due by what was before, messages that arrive, settled
             one after the other. At a day's end: what is told of it, and tomorrow's attention.
CONSERVED    money and units of every instrument, to the last one; loans against money.
REWARD       the change of a trader's wealth at last prices, currency, every `reward_ticks`.
LEARNED      what order flow follows past flow over many horizons, by makers (least mean squares, while it
             runs). So signs of trades may be remembered and prices are not.
ASSUMED      everything else that a trader does: that makers move what they think fair by a constant for each
             trade that surprises them, hardly by its size, which makes impact concave; how care and activity
             follow volatility, with horizons, cap and asymmetry, which makes clusters; numbers of slices
             (Pareto), which make signs last; layers of quotes, which make the hump; news of constant size and
             rate, normal; a common sentiment; that traders never leave.
SHOCKS       news, program and fat_finger (orders of many lots), activity of a kind, latency, tax.
SOURCE       Document 5's exchange. Latent order books: Toth et al. (2011); attention over many horizons:
             Müller et al. (1997); leverage: Thurner, Farmer and Geanakoplos (2012).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.exchange.observation import FEATURES
from agents.policy import RulePolicy
from markets.ledger import Ledger
from markets.order_book import OrderBooks
from simengine.kernel import Calendar, ask, decide, due, every, span
from simengine.kernel.wheel import Wheel
from simengine.worlds.contract import World
from simengine.worlds.exchange import opening
from simengine.worlds.exchange.config import ExchangeConfig
from simengine.worlds.exchange.day import tell_day, turn_day
from simengine.worlds.exchange.floor import habits
from simengine.worlds.exchange.seat import ACTIONS, HEADS, NEUTRAL, observe, reward
from simengine.worlds.exchange.shocks import SHOCKS
from simengine.worlds.exchange.state import Desk, Levers, Mail, Market, Traders
from simengine.worlds.exchange.tell import ask_wanted, tell
from simengine.worlds.exchange.ticks import ROOM, ticks
from simengine.worlds.exchange.units import DAY, TICK, YEAR
from simengine.worlds.exchange.views import VIEWS
from simengine.worlds.exchange.wealth import tell_wealth, wealth
from streams.exchange.metrics import METRICS

if TYPE_CHECKING:
    from analysis import Facts, Run
    from simengine.kernel import Simulation

ROWS = 1 << 18
"""Notes of a kind, in all replicas together, before a span is cut."""


class Exchange(World):
    """Traders of many kinds on order books; `config` is an `ExchangeConfig`."""

    name = "exchange"
    ticks_per_year = YEAR
    calendar = Calendar(
        {"second": 60, "day": DAY, "week": 5 * DAY, "month": 25 * DAY, "quarter": 50 * DAY, "year": YEAR}
    )
    measured = ("1 day", "1 day")
    features = {"traders": FEATURES}
    actions = {"traders": ACTIONS}
    metrics = METRICS
    shocks = SHOCKS
    scenarios = Path(__file__).parent / "scenarios"
    views = VIEWS
    traders: Traders
    market: Market
    mail: Mail
    desk: Desk
    levers: Levers
    orders: OrderBooks
    opening_units: np.ndarray

    def __init__(self, config: ExchangeConfig | None = None) -> None:
        self.config = config or ExchangeConfig()

    def timetable(self) -> tuple[Any, ...]:
        """Those seated are asked, ticks run up to the next who are, rewards are paid, a day ends."""
        return (
            decide(ask(due(self.traders.meeting), "traders")),
            span(self.trade),
            every(self.config.reward_ticks, lambda sim: reward(self, sim), on=-1),
            every(DAY, self.end_day, on=-1, closes=True),
        )

    def populate(self, sim: Simulation) -> None:
        """Open with everybody there, and empty books."""
        opening.open_exchange(self, sim)
        self.books: Ledger
        rows = max(2 * ROOM, ROWS // sim.R)
        self.floor = opening.floor(self, sim, rows)
        self.habits = habits(self.config, DAY, TICK)
        self.wheel = Wheel(sim.R, self.traders.capacity)
        self.traders.rewarded[:] = wealth(self)
        sim.seat(
            "traders", self.traders, HEADS, lambda asked: observe(self, asked), RulePolicy(), NEUTRAL
        )
        self.acting = np.empty(self.traders.capacity, np.int64)

    def trade(self, sim: Simulation, start: int, until: int) -> int:
        """Run ticks and tell what happened."""
        t = self.traders
        self.wheel.turn_to(t.due, t.alive)
        self.orders.rules["taker_ppm"] = self.config.venue.taker_ppm + self.levers.tax.repeat(
            self.config.instruments
        )
        ask_wanted(sim, self.floor)
        stop: int = ticks(self.floor, self.habits, self.wheel.bits, self.acting, start, until)
        self.wheel.keep(t.due, t.alive)
        tell(sim, self.floor)
        return stop

    def end_day(self, sim: Simulation) -> None:
        """The day is told, the next one begins."""
        tell_day(self, sim)
        tell_wealth(self, sim)
        turn_day(self, sim)

    @classmethod
    def facts(cls) -> Facts:
        """Ten gates, from windows of real series and from papers."""
        from analysis.exchange.gates import FACTS

        return FACTS

    @classmethod
    def report(cls, run: Run) -> list[str]:
        """Write what happened, the gates and the figures into `report.html`, and the figures as files."""
        from analysis.exchange.report import write_report

        return write_report(run)

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Yield what is wrong with the books; nothing when all is well."""
        yield from self.books.verify()
        k = self.market
        for r, s in np.argwhere(k.fails > 0)[:1]:
            yield f"instrument {s}, replica {r}: {k.fails[r, s]} trades could not be settled (must be 0)"
        for r in np.flatnonzero(self.desk.lost)[:1]:
            yield f"replica {r}: {self.desk.lost[r]} messages were lost on their way (must be 0)"
