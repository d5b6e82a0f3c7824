"""Makers decide every morning how much to make; what nobody buys by the evening is thrown away."""

import numpy as np

import simengine as se

GOODS = np.array([10.0, 20.0, 30.0, 40.0, 50.0])


@se.event
class Day:
    """A maker's day: a snapshot (replica, agent)."""

    made: se.f8 = se.col("goods", "in the morning")
    sold: se.f8 = se.col("goods", "by the evening")


@se.metric("share", "Day events")
def waste(bus, month, quarter):
    """The share of the day's goods that nobody buys."""

    def step(batch, memory):
        se.announce(bus, "waste", batch.tick, 1.0 - batch.total("sold") / batch.total("made"))

    bus.fold(Day, "waste", {}, step)


class Makers(se.Columns):
    """What is remembered of each maker."""

    alive: se.b1
    asked: se.f8 = se.column("goods", "that customers came for yesterday", default=30.0)
    action: se.i8 = se.column("1", "how much to make: a place in GOODS", width=1)


class Levers(se.Columns):
    """What shocks move."""

    demand: se.f8 = se.column("log", "of customers over what is usual")


class DemandShock(se.Shock):
    """More customers, or fewer, while it lasts."""

    name, lever, unit = "demand", "demand", "log"


class Starter(se.World):
    """Makers with customers of their own, more of them every seventh day."""

    name = "starter"
    ticks_per_year = 336
    metrics = (waste,)
    shocks = (DemandShock,)
    features = {"makers": (se.Feature("asked for yesterday", "goods"), se.Feature("market day", "0 or 1"))}
    actions = {"makers": {"make": se.Action(GOODS, "goods")}}

    class Config(se.Config):
        """Its settings: default, unit, limits."""

        makers: int = se.setting(10, "agents", ge=1)
        price: float = se.setting(3.0, "dollar", ge=0.0)
        cost: float = se.setting(1.0, "dollar", ge=0.0)

    def populate(self, sim):
        """Who there is, what they decide and who decides it; the rule makes 30 goods."""
        self.levers = sim.state.add("levers", Levers(sim.R))
        self.makers = sim.state.add("makers", Makers(sim.R, self.config.makers, live=self.config.makers))
        sim.seat("makers", self.makers, {"make": GOODS.size}, self.observe, se.RulePolicy(), neutral=(2,))

    def timetable(self):
        """What happens when: a tick is a day, and every evening the books close."""
        return se.decide(se.ask(se.every(1), "makers")), se.every(1, self.sell, closes=True)

    def observe(self, ask):
        """What those who are asked see: (rows, features)."""
        asked = self.makers.asked[ask.replica, ask.agent]
        return np.stack([asked, np.full(len(ask), ask.tick % 7 == 6)], axis=1).astype(np.float32)

    def sell(self, sim):
        """A day: customers come, buy what is there, and the makers are paid."""
        usual = (45.0 if sim.tick % 7 == 6 else 25.0) * np.exp(self.levers.demand)[:, None]
        self.makers.asked[:] = usual * np.exp(0.2 * sim.noise.normal("customers", self.config.makers))
        made = GOODS[self.makers.action[:, :, 0]]
        sold = np.minimum(made, self.makers.asked)
        profit = self.config.price * sold - self.config.cost * made
        sim.publish(Day, dense=made.shape, made=made, sold=sold)
        sim.publish(se.Reward, dense=made.shape, population="makers", amount=profit, ended=False)

    def invariants(self, sim):
        """Asked for when the books close: what is wrong, nothing when all is well."""
        if not (self.makers.asked > 0.0).all():
            yield "a maker has no customers"

    @classmethod
    def report(cls, run):
        """The plain report, and a figure of its own: what is made and sold on each day of the week."""
        import polars as pl
        from matplotlib.figure import Figure

        from analysis.figures import save

        week = run.events(Day).group_by(pl.col("tick") % 7).mean().sort("tick").collect()
        figure = Figure()
        axes = figure.subplots(subplot_kw={"xlabel": "day of the week", "ylabel": "goods a maker"})
        axes.plot(week["tick"], week["made"], label="made")
        axes.plot(week["tick"], week["sold"], label="sold")
        axes.legend()
        save(figure, run.path / "figures" / "week.png")
        return [*super().report(run), "figures/week.png"]


def test_it_keeps_its_promises():
    """What `simengine check` asks, for pytest."""
    assert [str(finding) for finding in se.check(Starter) if finding.problem] == []


def test_more_customers_leave_less_to_throw_away():
    """A known answer: two arms on the same noise, the second with a shock."""
    sim = se.Simulation(Starter(), replicas="0,0", shocks=["demand:0.5@0#half"])
    found = sim.history(years=1)["waste"].mean(axis=1)
    assert found[1] < found[0]
