"""A stock-flow-consistent macro economy with monetary policy.

POPULATIONS  households (100), firms (20), banks (5), a government, a central bank.
MARKETS      labour (search and matching), credit (rationed by bank capital), goods (posted prices, rationed).
TIMETABLE    goods weekly; labour, credit, wages and interest monthly; monetary policy eight times a year;
             price reviews at each firm's own dates; taxes quarterly. Four weeks are a month, 48 a year.
CONSERVED    every cent (double-entry ledger, residual 0); what every firm holds of the good, in stock and as
             capital, to 1e-9 of what was made, sold, delivered, worn out and lost; GDP counted in three ways.
LEARNED      where a network decides, how far each decision leaves the rule, by what the agent observes
             (`observe.py`): prices, staffing and orders of capital of firms; spending, borrowing and
             hours of households; spreads, margins and lending of banks; purchases, benefits and taxes; the
             policy rate. The networks that are shipped decide unless a run names other policies, such as
             the rules.
ASSUMED      the Taylor rule, Calvo prices, staggered wages with an unemployment slope, buffer-stock and
             hand-to-mouth consumption, durables that adjust slowly, indexation of prices and wages between
             resets, the matching function, vacancies and recruiting that follow gaps in staff, hours and
             effort that meet the rest, the inventory target, the accelerator and time to build, share prices
             that follow profits, target debts of households and firms, payout shares, the banks' risk and
             capital pricing and rationing, failure by distance to default, bank rescue, discouraged search,
             fiscal rules, partly anchored expectations, the exogenous processes, the trend. Of learning: what
             each population observes, its action table around the rule, what it is rewarded for
             (`rewards.py`; no reward names a rule), one network for all its members, and a cost of
             every nat by which a policy leaves the rule (`learning.py`).
MECHANISMS   `mechanisms.py` lists them by name, each with its source and how to switch it off; what each
             does to the facts is what `python -m simengine audit macro` measures.
SOURCE       the comments of `config.py` and the equations' references in `agents` and `markets`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.macro import bank, central_bank, firm, government, household
from agents.policy import RulePolicy
from markets import credit, goods, labor
from markets.ledger import Ledger
from simengine.kernel import ask, decide, due, every
from simengine.worlds.contract import World
from simengine.worlds.macro import (
    accounts,
    authorities,
    failure,
    funding,
    news,
    payday,
    populate,
    state,
    steps,
    stores,
)
from simengine.worlds.macro.accounts import count_month, open_quarter, publish_quarter
from simengine.worlds.macro.actions import ACTIONS, REACTIONS
from simengine.worlds.macro.config import MacroConfig, params
from simengine.worlds.macro.disturbances import DISTURBANCES, disturb
from simengine.worlds.macro.flows import INSTRUMENTS
from simengine.worlds.macro.learning import LEARNING
from simengine.worlds.macro.lending import lend
from simengine.worlds.macro.mechanisms import MECHANISMS
from simengine.worlds.macro.observe import FEATURES, observers
from simengine.worlds.macro.opening import solve
from simengine.worlds.macro.refusal import open_or_refuse
from simengine.worlds.macro.rewards import publish_rewards
from simengine.worlds.macro.scale import monthly_drift, monthly_growth, opening_trend, years_that_fit
from simengine.worlds.macro.shocks import SHOCKS
from simengine.worlds.macro.views import VIEWS
from streams.macro import events as ev
from streams.macro.metrics import METRICS

if TYPE_CHECKING:
    from analysis import Facts, Run
    from simengine.kernel import Rows, Simulation

HERE = Path(__file__).parent
WEEK, MONTH, MEETING, QUARTER, YEAR = 1, 4, 6, 12, 48
AGENTS = {
    "central_bank": central_bank,
    "government": government,
    "banks": bank,
    "households": household,
    "firms": firm,
}


class Macro(World):
    """A stock-flow-consistent macro economy with monetary policy.

    The data sheet is its module's docstring, `config` a `MacroConfig`.
    """

    name = "macro"
    levers: state.Levers
    books: Ledger
    metrics = METRICS
    shocks = SHOCKS
    views = VIEWS
    mechanisms = MECHANISMS
    scenarios = HERE / "scenarios"
    models = HERE / "models"
    calibration = HERE / "calibration.toml"
    cast = dict.fromkeys(AGENTS, "learned")
    ticks_per_year = YEAR
    instruments = INSTRUMENTS
    heads = {name: agent.HEADS for name, agent in AGENTS.items()}
    features = FEATURES
    learning = LEARNING
    rules = {"central_bank": tuple(central_bank.RULES)}
    actions = ACTIONS
    reactions = REACTIONS

    def __init__(self, config: MacroConfig | None = None) -> None:
        self.config = config or MacroConfig()
        self.start = -self.config.warmup_years * YEAR
        self.params = params(self.config)
        self.opening_trend = opening_trend(self.config)
        self.growth, self.drift = monthly_growth(self.config), monthly_drift(self.config)
        self.years_most = years_that_fit(self.config)

    def timetable(self) -> tuple[Any, ...]:
        """The economy at a glance: who decides and what happens when, in the order of an instant."""
        review = self.firms.review
        return (
            every(QUARTER, self.open_quarter),
            every(MONTH, self.disturb),
            decide(ask(every(MEETING), "central_bank")),
            every(MEETING, self.set_rate),
            decide(
                ask(every(QUARTER), "government"),
                ask(every(MONTH), "banks"),
                ask(every(MONTH), "households"),
                ask(every(MONTH), "firms", head=("hire", "invest")),
                ask(due(review), "firms", head="price"),
            ),
            due(review, self.reprice),
            every(MONTH, self.plan),
            every(MONTH, self.clear_credit),
            every(MONTH, self.clear_labor),
            every(WEEK, self.produce),
            every(WEEK, self.clear_goods),
            every(MONTH, self.pay, on=-1),
            every(MONTH, self.distribute, on=-1),
            every(QUARTER, self.collect_taxes, on=-1),
            every(MONTH, self.resolve_failures, on=-1),
            every(MONTH, self.settle, on=-1),
            every(MONTH, self.reward, on=-1),
            every(QUARTER, self.account, on=-1),
            every(MONTH, self.close, on=-1, closes=True),
        )

    @classmethod
    def facts(cls) -> Facts:
        """Fifty stylised facts with their US values."""
        from analysis.macro.facts import FACTS

        return FACTS

    @classmethod
    def report(cls, run: Run) -> list[str]:
        """Write the scorecard, the figures and the page of a run."""
        from analysis.macro.report import write_report

        return write_report(run)

    def populate(self, sim: Simulation) -> None:
        """Open at the rest point; UserError naming the settings with which there is none."""
        open_or_refuse(self, sim)

    def open(self, sim: Simulation) -> None:
        """Declare the state, open at the rest point, seat the policies."""
        c = self.config
        self._declare(sim)
        rest = solve(c, sim.noise)
        everyone = np.nonzero(self.firms.alive)
        wait = self._next_reviews(sim, *(rows.astype(np.int32) for rows in everyone)) - 1
        spell = sim.noise.uniform("opening.spell", c.households)
        populate.open_economy(self.economy, c, rest)
        populate.open_households(self.households, c, rest, spell)
        populate.open_firms(self.firms, c, rest, wait.reshape(sim.R, c.firms))
        stores.open_stores(self)
        self.books = sim.state.add("books", populate.open_books(c, rest))
        populate.open_institutions(self, rest)
        self.homes = {name: np.ascontiguousarray(self.books.home(name)) for name in ("households", "firms")}
        self.slots = {name: np.arange(n, dtype=np.int32) for name, n in self.books.chart.size.items()}
        self.rho, self.innovation_sd, self.luck_sd = populate.luck(c)
        observe = observers(self)
        for name, agent in AGENTS.items():
            columns = getattr(self, name)
            columns.action[:] = agent.NEUTRAL
            sim.seat(name, columns, agent.HEADS, observe[name], RulePolicy(), agent.NEUTRAL)

    def _declare(self, sim: Simulation) -> None:
        """Add every population's columns to the state."""
        c, R, add, visits = self.config, sim.R, sim.state.add, self.config.firm.suppliers
        households = state.Households(R, c.households, live=c.households, key="households", visits=visits)
        self.economy = add("economy", state.Economy(R))
        self.households = add("households", households)
        self.firms = add("firms", state.Firms(R, c.firms, live=c.firms, key="firms", visits=visits))
        self.stores = add("stores", state.Stores(R, c.firms, key="firms"))
        self.banks = add("banks", state.Banks(R, c.banks, live=c.banks, key="banks"))
        self.central_bank = add("central_bank", state.CentralBank(R, 1, live=1))
        self.government = add("government", state.Government(R, 1, live=1))
        self.levers = add("levers", state.Levers(R))
        self.accounts = add("accounts", state.Accounts(R))

    def _next_reviews(self, sim: Simulation, replica: Any, agent: Any) -> Any:
        """When the firms of the given rows look at their prices next."""
        mean = self.config.firm.review_months_mean * MONTH
        return steps.draw_reviews(sim.noise.key("review"), replica, agent, sim.tick, mean)

    def open_quarter(self, sim: Simulation) -> None:
        """Quarter's start: the accounts begin anew."""
        open_quarter(self)

    def disturb(self, sim: Simulation) -> None:
        """Month's start: processes, trend, indexation, expectations."""
        c, e, f = self.config, self.economy.arrays, self.firms.arrays
        shocks = self.innovation_sd * sim.noise.normal("disturbances", len(self.innovation_sd))
        luck = self.luck_sd * sim.noise.normal("luck", 2 * c.firms)
        common, own = np.split(self.rho, [len(DISTURBANCES)])
        disturb(e, self.levers, shocks, common)
        target = c.trend.inflation_target_annual
        steps.advance_trend(e, f, luck, own, self.growth, target, self.params.expectations)

    def set_rate(self, sim: Simulation) -> None:
        """A meeting: the rule's rate, the policy's residual, shocks, the floor."""
        authorities.set_rate(self, sim)

    def reprice(self, sim: Simulation, rows: Rows) -> None:
        """The firms under review post a new price and draw the date of their next review."""
        f, e = self.firms.arrays, self.economy.arrays
        new = firm.reset_price(f, e, rows.replica, rows.agent, self.params.firm)
        old = f.price[rows.replica, rows.agent]
        f.price[rows.replica, rows.agent] = new
        f.review[rows.replica, rows.agent] = self._next_reviews(sim, rows.replica, rows.agent)
        if sim.wants(ev.PriceChange):
            sim.publish(ev.PriceChange, replica=rows.replica, firm=rows.agent, old=old, new=new)

    def plan(self, sim: Simulation) -> None:
        """Contracts fall due; banks set spreads, households budgets, firms plans, the state its purse."""
        c, e, h, f = self.config, self.economy.arrays, self.households.arrays, self.firms.arrays
        b, books = self.banks.arrays, self.books
        home = self.homes
        slack = steps.client_slack(f, home["firms"], c.banks, c.firm.utilisation_normal)
        capital, lent = books.net_worth("banks"), books.read("loans", "banks")
        bank.set_spreads(b, e, capital, lent, slack, self.params.bank)
        deposits, loans = books.read("deposits", "households"), self.debts("households")
        cash, debt = books.read("deposits", "firms"), self.debts("firms")
        risk = steps.risk_premium(f, e, debt, c.firm.leverage_premium_annual)
        none = np.zeros(h.purse.shape)
        repaid = c.household.amortisation_monthly, c.firm.amortisation_monthly
        steps.accrue(h, deposits, loans, home["households"], b, e, none, repaid[0])
        steps.accrue(f, cash, debt, home["firms"], b, e, risk, repaid[1])
        granted = {name: np.take_along_axis(self.banks.granted, home[name], axis=1) for name in home}
        gains = h.equity_share * accounts.capital_gains(self)[:, None]
        household.budget(
            h, e, deposits, loans, granted["households"], gains,
            self.growth, self.drift - 1.0, self.params.household,
        )  # fmt: skip
        firm.plan(f, e, self.growth, e.output_per_capital, self.params.firm)
        orders = np.zeros(f.purse.shape)
        if c.luck.individual > 0.0:
            orders = sim.noise.uniform("orders", c.firms)
        firm.invest(f, e, cash, granted["firms"], self.growth, orders, self.params.firm)
        steps.attract(f, e, c.firm.demand_elasticity)
        authorities.set_budget(self)

    def debts(self, sector: str) -> Any:
        """What each household or firm owes its bank, `(replica, agent)` cents >= 0."""
        return -self.books.read("loans", sector)

    def clear_credit(self, sim: Simulation) -> None:
        """Applications meet bank capital; loans create deposits."""
        c, books, home = self.config, self.books, self.homes
        loans, debt = self.debts("households"), self.debts("firms")
        h, f, e = self.households.arrays, self.firms.arrays, self.economy.arrays
        grown, p = self.drift - 1.0, self.params
        asked = {
            "households": household.apply_for_loans(h, e, loans, grown, p.household),
            "firms": firm.apply_for_loans(f, e, debt, self.growth, grown, p.firm),
        }
        applied = sum(credit.sum_by_bank(asked[name], home[name], c.banks) for name in asked)
        capital, lent = books.net_worth("banks"), books.read("loans", "banks")
        risk, limits = bank.RISK[sim.seats["banks"].chosen("risk")], c.bank
        self.banks.granted[:] = credit.availability(
            capital, lent, applied, risk,
            limits.capital_minimum, limits.capital_cushion, limits.availability_floor,
        )  # fmt: skip
        for name in asked:
            lend(self, sim, name, credit.grant(asked[name], home[name], self.banks.granted))

    def clear_labor(self, sim: Simulation) -> None:
        """Wages are reset, jobs end and begin, hours and pay of the month are set."""
        c, e = self.config, self.economy.arrays
        h, f = self.households.arrays, self.firms.arrays
        if c.luck.individual > 0.0:
            firm.reset_wages(f, e, sim.noise.uniform("wages", c.firms), self.params.firm)
        steps.count_staff(h, f)
        if c.luck.matching > 0.0:
            searching = h.employer < 0
            hazard = firm.separation_hazard(f, self.params.labor)
            luck = sim.noise.uniform("separations", c.households + 1)
            overstaffed = hazard > c.labor.separation_monthly * f.heads
            # Separations carried over are not to be filled yet: hires answer those that were made.
            e.match_carry[:] += e.separation_carry
            gone = labor.separate(h.employer, hazard, e.separation_carry, luck)
            e.match_carry[:] -= e.separation_carry
            h.employer[gone[0], gone[2]] = labor.UNEMPLOYED
            h.spell[gone[0], gone[2]] = 0
            steps.count_staff(h, f)
            posted, intensity = firm.recruit(f, self.params.labor)
            luck = sim.noise.uniform("matches", 2 * c.households + 1)
            taken = labor.match(searching, posted, intensity, e.match_efficiency, e.match_carry, luck)
            h.employer[taken[0], taken[2]] = taken[1]
            e.vacancies[:] = posted.sum(axis=1)
            news.tell_jobs(self, sim, gone, taken, overstaffed)
            steps.count_staff(h, f)
        firm.produce_plan(f, e, e.output_per_capital, self.params.firm)
        e.output_gap[:] = authorities.output_gap(self)
        steps.payroll(h, f, e)
        e.unemployment[:] = labor.counted(
            (h.employer < 0).mean(axis=1), e.natural_rate, c.labor.participation_slope
        )
        surprise = e.unemployment - e.unemployment_smooth
        e.unemployment_smooth[:] += c.expectations.unemployment_gain_monthly * surprise

    def produce(self, sim: Simulation) -> None:
        """A week's output goes into stock at cost."""
        steps.produce(self.firms.arrays, self.accounts.arrays, sim.tick % MONTH)
        self.stores.stock += 0.25 * self.firms.output

    def clear_goods(self, sim: Simulation) -> None:
        """Households, investors and the state shop; the market serves and rations; money moves."""
        h, f, e = self.households.arrays, self.firms.arrays, self.economy.arrays
        a, books, c = self.accounts.arrays, self.books, self.config
        seller, fallback, spend = goods.blank_orders(sim.R, c.households + 2 * c.firms)
        groups = np.array([0, c.households, c.households + c.firms, c.households + 2 * c.firms])
        orders = (seller, fallback, spend)
        for first, buyers in ((groups[0], h), (groups[1], f)):
            goods.visit_suppliers(
                buyers.suppliers, buyers.month_purse, buyers.purse, f.attraction, sim.tick, first, *orders
            )
        government.order_publicly(f.size, e.public_month_purse, e.public_purse, groups[2], *orders)
        buyer = np.concatenate([self.slots["households"], self.slots["firms"], np.zeros(c.firms, np.int32)])
        fills = goods.clear_goods(seller, fallback, spend, f.price, f.stock, buyer, groups)
        steps.book_sales(f, a, fills.demanded, fills.sold, fills.revenue)
        steps.book_purchases(h, f, e, a, fills.paid, fills.received)
        stores.trade(self.stores.arrays, *fills[1:6])
        flows = ("consumption", "investment", "public_purchases")
        books.post(flows, fills.replica, fills.buyer, fills.seller, fills.amount, offsets=fills.offsets)
        news.tell_trades(sim, fills)

    def pay(self, sim: Simulation) -> None:
        """Month's end: credit lines, wages, benefits, interest, instalments."""
        payday.pay(self, sim)

    def distribute(self, sim: Simulation) -> None:
        """Month's end: dividends, wear and renewal of capital, taxes due, permanent incomes."""
        payday.distribute(self, sim)

    def collect_taxes(self, sim: Simulation) -> None:
        """Quarter's end: taxes due are paid as far as deposits go; the rest stays due."""
        payday.collect_taxes(self)

    def resolve_failures(self, sim: Simulation) -> None:
        """Month's end: who is insolvent fails at the cost of a named bank, and starts again."""
        failure.fail_firms(self, sim)
        failure.fail_households(self, sim)
        failure.fail_banks(self, sim)

    def settle(self, sim: Simulation) -> None:
        """Month's end: interest on bills and reserves; the treasury and the banks' reserves are squared."""
        funding.settle(self)
        count_month(self, sim)

    def reward(self, sim: Simulation) -> None:
        """Month's end: what everyone is paid for, for whoever learns or judges."""
        publish_rewards(self, sim)

    def account(self, sim: Simulation) -> None:
        """Quarter's end: GDP in three ways, the series, snapshots of sectors."""
        publish_quarter(self, sim)

    def close(self, sim: Simulation) -> None:
        """The month's counters are cleared; the kernel checks the invariants and extends the digests."""
        f = self.firms
        for counter in (f.revenue, f.surplus, f.delivered):
            counter[...] = 0

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Yield what is wrong with the books, the goods or the prices; nothing when all is well."""
        yield from self.books.verify()
        yield from self.books.check_settled()
        yield from stores.beyond_bounds(self)
        yield from stores.unexplained(self)
