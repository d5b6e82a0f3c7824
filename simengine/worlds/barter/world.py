"""A barter society: agents who broadcast, attend, produce, trade, eat, age, breed and die.

POPULATIONS  foragers (50), each with five networks of its own and heritable tastes.
MARKETS      barter of all goods at once (Walrasian by default; also bargaining, pairwise or none), certified
             at every clearing: gap to the optimum, excess demand, least gain.
TIMETABLE    a tick: broadcast, social filter, jobs, production, trade, consumption, learning, then decay,
             death and birth. Foragers decide on messages, attention and jobs at intervals of their own.
CONSERVED    goods to 1e-9: opened with + made − used − eaten − spoiled = held; a dead forager's goods go to
             the one born in its place; the number of foragers.
LEARNED      all five networks, during life, by gradients of one's own reward: messages (by the listeners'
             rewards), attention, jobs (score function) and effort, declared preferences (through the
             market), the share eaten. Weights and tastes are inherited, genes by crossover and mutation.
ASSUMED      technology, seasons, luck, practice that makes better, vigour that falls with age, decay, hunger,
             lifespan, utility Π(1 + c)^w, one market for all at declared preferences, replacement of the
             dead at once, parents drawn by reward per tick, the architecture, and that untrained agents are
             sincere, even-handed and eat most of what they hold.
SHOCKS       harvest (what work yields that makes a good), taste (for a good).
REWARD       utility of a tick; what is kept counts at what it was worth last tick.
SOURCE       "HomoEconometra", a proposal for a society of learning foragers; its markets as in
             `markets/barter`; Johanson et al. (2022) for the comparative statics.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.action import Action
from agents.barter.forager import Brain, reward
from agents.barter.minds import Minds
from agents.policy import ByHead
from markets import barter as markets
from simengine.kernel import ask, decide, due, every
from simengine.worlds.barter import births, lessons, listening, news, opening, work
from simengine.worlds.barter.chance import control
from simengine.worlds.barter.config import BarterConfig, seasonal_yield, technology
from simengine.worlds.barter.heads import heads, wanted
from simengine.worlds.barter.observe import features, hearing, liked, observed, senses
from simengine.worlds.barter.shocks import SHOCKS
from simengine.worlds.barter.state import Levers
from simengine.worlds.barter.views import VIEWS
from simengine.worlds.contract import World
from streams.barter.metrics import METRICS

if TYPE_CHECKING:
    from analysis import Run
    from simengine.kernel import Rows, Simulation


CRUMBS = 1e-20
"""Goods of all foragers together that are too few to have a price: they spoil."""


class Barter(World):
    """A barter society with five networks per agent and evolution; `config` is a `BarterConfig`."""

    name = "barter"
    levers: Levers
    metrics = METRICS
    shocks = SHOCKS
    views = VIEWS

    def __init__(self, config: BarterConfig | None = None) -> None:
        self.config = c = config or BarterConfig()
        self.ticks_per_year = c.year
        self.technology = technology(c)
        self.brain = Brain(len(c.goods), len(c.jobs), c.nets.message, c.nets.hidden)
        self.layout = self.brain.layout
        self.features = {"foragers": features(c)}
        jobs = np.arange(float(len(c.jobs)))
        self.actions = {"foragers": {"job": Action(jobs, f"job: {', '.join(job.good for job in c.jobs)}")}}

    def timetable(self) -> tuple[Any, ...]:
        """A tick of life, from broadcast to birth."""
        review = self.foragers.review
        return (
            every(1, self.sense),
            decide(ask(due(review), "foragers", head="message")),
            every(1, self.broadcast),
            decide(ask(every(1), "foragers", head="attention")),
            every(1, self.listen),
            decide(ask(due(review), "foragers", head="job"), ask(every(1), "foragers", head="effort")),
            due(review, self.begin_job),
            every(1, self.produce),
            decide(ask(every(1), "foragers", head="declared")),
            every(1, self.trade),
            decide(ask(every(1), "foragers", head="eaten")),
            every(1, self.eat),
            every(1, self.learn),
            every(1, self.renew),
            every(1, self.close, closes=True),
        )

    @classmethod
    def report(cls, run: Run) -> list[str]:
        """Write the figures and the page of a run."""
        from analysis.barter.report import write_report

        return write_report(run)

    def populate(self, sim: Simulation) -> None:
        """Open with untrained foragers of all ages, some goods each, and tastes of their own."""
        self.foragers, self.society, self.levers = opening.open_society(self, sim)
        f = self.foragers
        self.minds = Minds(self.brain, f.genome)
        self.control = control(self.config, sim.noise)
        own = ByHead(self.minds, self.control) if self.control else self.minds
        sim.seat("foragers", f, heads(self.config), lambda ask: observed(self, sim, ask), own)

    def turn(self, sim: Simulation) -> NDArray[np.bool_]:
        """Whose turn it is to decide anew on message, signal and job, (R, N)."""
        comes: NDArray[np.bool_] = self.foragers.review <= sim.tick
        return comes

    def sense(self, sim: Simulation) -> None:
        """Those whose turn it is look at themselves and the world."""
        f, turn = self.foragers, self.turn(sim)
        sensed = senses(self, sim.tick, f.goods, self.society.price).tensor()
        f.spoken_from[turn] = self.minds.grid(sensed)[turn]

    def broadcast(self, sim: Simulation) -> None:
        """What was said is said to all; each listens to some."""
        self.foragers.attended[:] = listening.speakers(self.foragers.message, self.config.attended)
        news.tell_broadcasts(self, sim)

    def listen(self, sim: Simulation) -> None:
        """Those whose turn it is take in what is said, as they attend to it."""
        f, turn = self.foragers, self.turn(sim)
        f.signal[turn] = self.minds.signal(f.message, f.attention, hearing(self, sim))[turn]
        news.tell_attention(self, sim)

    def begin_job(self, sim: Simulation, rows: Rows) -> None:
        """The jobs just chosen begin; each forager decides again after its own interval."""
        f, at = self.foragers, (rows.replica, rows.agent)
        f.review[at] = sim.tick + f.interval[at]
        f.earned[at] = 0.0

    def vigour(self, sim: Simulation) -> NDArray[np.float64]:
        """The share of its effort that counts, (R, N): it falls with age."""
        c, age = self.config, sim.tick - self.foragers.born
        return 1.0 - (1.0 - c.vigour_least) * np.minimum(age / c.lifespan, 1.0)

    def produce(self, sim: Simulation) -> None:
        """A tick's work, as hard as each finds worth it."""
        c, f, s, tech = self.config, self.foragers, self.society, self.technology
        luck = np.exp(c.luck_sd * sim.noise.normal("luck", c.agents) - 0.5 * c.luck_sd**2)
        yields = seasonal_yield(tech, sim.tick, c.year) * np.exp(self.levers.harvest[:, tech.good])
        job = sim.seats["foragers"].chosen("job")
        made, f.marginal[:] = work.work(
            f.goods, f.practice, job, f.effort, self.vigour(sim), luck, yields, tech.good, tech.recipe,
            c.practice_gain, np.float32(c.practice_rate),
        )  # fmt: skip
        output, used = work.sums_by_good(made, job, tech.good, tech.recipe)
        s.made += output
        s.used += used
        news.tell_production(self, sim, job, made)

    def trade(self, sim: Simulation) -> None:
        """The market clears at what all foragers have declared to like, and certifies it."""
        f, s = self.foragers, self.society
        f.endowment[:], s.earlier[:] = f.goods, s.price
        partners = listening.partners(f.attended, f.attention)
        clearing = markets.clear(self.config.market, f.endowment, wanted(f.declared), partners)
        f.allocation[:] = f.goods[:] = clearing.allocation
        s.price[:] = np.nan_to_num(clearing.price)
        news.tell_trade(self, sim, clearing)

    def eat(self, sim: Simulation) -> None:
        """Each eats a share of what it holds; of the rest a part spoils."""
        c, f, s = self.config, self.foragers, self.society
        eaten = f.eaten * f.allocation
        kept = f.allocation - eaten
        f.goods[:] = kept * (1.0 - c.decay)
        f.goods[:] *= f.goods.sum(axis=1, keepdims=True) > CRUMBS
        s.eaten += eaten.sum(axis=1)
        s.spoiled += (kept - f.goods).sum(axis=1)
        f.reward[:] = reward(eaten, self.tastes(), f.effort, c.leisure)
        f.fitness += f.reward
        stored = c.nets.discount * (f.worth * f.goods).sum(axis=2)
        f.earned += f.reward + (self.ends(sim) & self.survives(sim)) * stored
        news.tell_meals(self, sim, eaten)

    def tastes(self) -> NDArray[np.float64]:
        """True shares of the goods in everyone's taste, (R, N, goods)."""
        return self.minds.grid(self.minds.tastes(liked(self))).astype(np.float64)

    def survives(self, sim: Simulation) -> NDArray[np.bool_]:
        """Who is not at the end of its life, (R, N)."""
        alive: NDArray[np.bool_] = sim.tick + 1 - self.foragers.born < self.config.lifespan
        return alive

    def ends(self, sim: Simulation) -> NDArray[np.bool_]:
        """Whose decision ends with this tick, (R, N)."""
        last: NDArray[np.bool_] = self.foragers.review == sim.tick + 1
        return last

    def learn(self, sim: Simulation) -> None:
        """Everyone learns from the tick: see `simengine.worlds.barter.lessons`."""
        lessons.learn(self, sim)

    def renew(self, sim: Simulation) -> None:
        """The old and the hungry die, and children take their places."""
        f = self.foragers
        starved = (f.eaten * f.allocation).sum(axis=2) < self.config.hunger
        dies = starved | ~self.survives(sim)
        news.tell_lives(self, sim, dies)
        if dies.any():
            births.replace(self, sim, dies, starved)

    def close(self, sim: Simulation) -> None:
        """Tick's end: the kernel checks the invariants and extends the digests."""

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Yield what is wrong with goods; nothing when all is well."""
        f, s = self.foragers, self.society
        balance = s.opened + s.made - s.used - s.eaten - s.spoiled
        missing = np.abs(balance - f.goods.sum(axis=1)) / np.maximum(1.0, s.opened + s.made)
        for replica, good in np.argwhere(~(missing <= 1e-9))[:1]:
            found = f"{self.config.goods[good]} of replica {replica}: a share of {missing[replica, good]:.2g}"
            yield f"{found} is missing (must be below 1e-9)"
        for replica, agent, good in np.argwhere(~(f.goods >= 0.0))[:1]:
            found = f"{self.config.goods[good]} of forager {agent}, replica {replica} are "
            yield f"{found}{f.goods[replica, agent, good]} (must be 0 or more)"
