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
SOURCE       document 1, HomoEconometra; its markets as in ``markets/barter``; Johanson et al. (2022) for the
             comparative statics.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.action import Action
from agents.barter.forager import NETWORKS, Brain, Senses, Worker, reward
from agents.barter.minds import Hearing, Minds, Tick
from agents.stacked import adam
from markets import barter as markets
from simengine.kernel import ask, decide, due, every
from simengine.worlds.barter import births, chance, listening, news, opening, work
from simengine.worlds.barter.config import BarterConfig, seasonal_yield, technology
from simengine.worlds.barter.shocks import SHOCKS
from simengine.worlds.barter.state import Levers
from simengine.worlds.barter.views import VIEWS
from simengine.worlds.contract import World
from streams.barter.metrics import METRICS

if TYPE_CHECKING:
    from analysis import Run

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


class Barter(World):
    """A barter society with five networks per agent and evolution; ``config`` is a `BarterConfig`."""

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
        jobs = np.arange(float(len(c.jobs)))
        self.actions = {"foragers": {"job": Action(jobs, f"job: {', '.join(job.good for job in c.jobs)}")}}

    def timetable(self) -> tuple[Any, ...]:
        """A tick of life, from broadcast to birth."""
        review = self.foragers.review
        return (
            every(1, self.broadcast),
            every(1, self.listen),
            decide(ask(due(review), "foragers", head="job")),
            due(review, self.begin_job),
            every(1, self.produce),
            every(1, self.trade),
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

    def populate(self, sim: Any) -> None:
        """Open with untrained foragers of all ages, some goods each, and tastes of their own."""
        self.foragers, self.society, self.levers = opening.open_society(self, sim)
        f = self.foragers
        self.minds = Minds(self.brain, f.genome)
        self.worker = Worker(self.minds.foragers, f.genome)
        sim.seat("foragers", f, {"job": len(self.config.jobs)}, self.observe, self.worker, (0,))

    def senses(self, sim: Any) -> Senses:
        """What all foragers sense now, flat."""
        f, year = self.foragers, 2.0 * np.pi * sim.tick / self.config.year
        rest = np.empty((*f.born.shape, 3), np.float32)
        rest[..., 0] = (sim.tick - f.born) / self.config.lifespan
        rest[..., 1], rest[..., 2] = np.cos(year), np.sin(year)
        price = np.broadcast_to(self.society.price[:, None, :], f.goods.shape)
        taste = f.taste + self.levers.liking[:, None, :]
        return self.minds.senses(f.goods, price, taste, f.practice, rest)

    def observe(self, ask: Any) -> NDArray[np.float32]:
        """Senses and signal of the foragers asked: ``(rows, senses + message)``."""
        f, at = self.foragers, (ask.replica, ask.agent)
        return np.concatenate([f.spoken_from[at], f.signal[at]], axis=1)

    def broadcast(self, sim: Any) -> None:
        """Those whose turn it is say something about themselves."""
        f = self.foragers
        sensed, said = self.minds.speak(self.senses(sim))
        self.turn = f.review <= sim.tick
        f.spoken_from[self.turn], f.message[self.turn] = sensed[self.turn], said[self.turn]
        news.tell_broadcasts(self, sim)

    def listen(self, sim: Any) -> None:
        """Those whose turn it is divide their attention among the speakers, and take in what they say."""
        f, arms = self.foragers, self.config.arms
        arm = arms.messages if sim.tick >= arms.messages_from else "true"
        self.who = listening.speakers(f.message, self.config.attended)
        whose = listening.words(arm, sim, self.config.agents)
        given = listening.given_shares(arms.attention, sim, self.who)
        self.hearing = Hearing(listening.places(self.who, whose), arm == "silent", given)
        learned = self.minds.attend(f.spoken_from, f.message, self.hearing)
        self.shares = learned if given is None else given
        signal = self.minds.listen(f.message, self.shares, self.hearing)
        f.signal[self.turn] = signal[self.turn]
        news.tell_attention(self, sim)

    def begin_job(self, sim: Any, rows: Any) -> None:
        """The jobs just chosen begin; each forager decides again after its own interval."""
        f, at = self.foragers, (rows.replica, rows.agent)
        f.review[at] = sim.tick + f.interval[at]
        f.earned[at] = 0.0

    def produce(self, sim: Any) -> None:
        """A tick's work, as hard as each finds worth it."""
        c, f, s, tech = self.config, self.foragers, self.society, self.technology
        f.effort[:] = self.minds.effort(f.spoken_from, f.signal)
        self.vigour = 1.0 - (1.0 - c.vigour_least) * np.minimum((sim.tick - f.born) / c.lifespan, 1.0)
        luck = np.exp(c.luck_sd * sim.noise.normal("luck", c.agents) - 0.5 * c.luck_sd**2)
        yields = seasonal_yield(tech, sim.tick, c.year) * np.exp(self.levers.harvest[:, tech.good])
        job = f.action[:, :, 0]
        made, self.slope = work.work(
            f.goods, f.practice, job, f.effort, self.vigour, luck, yields, tech.good, tech.recipe,
            c.practice_gain, np.float32(c.practice_rate),
        )  # fmt: skip
        output, used = work.sums_by_good(made, job, tech.good, tech.recipe)
        s.made += output
        s.used += used
        news.tell_production(self, sim, made)

    def trade(self, sim: Any) -> None:
        """All foragers declare what they like; the market clears at that, and certifies it."""
        f = self.foragers
        self.traded_with, self.endowment = self.senses(sim), f.goods.copy()
        drawn = chance.drawn_preferences(self.config, sim)
        self.declared = self.minds.declare(self.traded_with, f.signal) if drawn is None else drawn
        self.clearing = markets.clear(self.config.market, self.endowment, self.declared, self.partners)
        f.goods[:] = self.clearing.allocation
        self.society.price[:] = np.nan_to_num(self.clearing.price)
        news.tell_trade(self, sim)

    @property
    def partners(self) -> NDArray[np.int64]:
        """Whom each forager attends most, (R, N): with whom it barters where there is no market for all."""
        best = self.shares.argmax(axis=-1)[..., None]
        return np.take_along_axis(self.who, best, axis=-1)[..., 0]

    def eat(self, sim: Any) -> None:
        """Each eats a share of what it holds; of the rest a part spoils."""
        c, f, s = self.config, self.foragers, self.society
        self.ate_with = self.senses(sim)
        self.eaten = self.minds.eat(self.ate_with, f.signal) * f.goods
        kept = f.goods - self.eaten
        f.goods[:] = kept * (1.0 - c.decay)
        s.eaten += self.eaten.sum(axis=1)
        s.spoiled += (kept - f.goods).sum(axis=1)
        f.reward[:] = reward(self.eaten, self.minds.shares(self.ate_with), f.effort, c.leisure)
        f.fitness += f.reward
        stored = c.nets.discount * (f.worth * f.goods).sum(axis=2)
        f.earned += f.reward + (self.ends(sim) & self.survives(sim)) * stored
        news.tell_meals(self, sim)

    def survives(self, sim: Any) -> NDArray[np.bool_]:
        """Who is not at the end of its life, (R, N)."""
        alive: NDArray[np.bool_] = sim.tick + 1 - self.foragers.born < self.config.lifespan
        return alive

    def ends(self, sim: Any) -> NDArray[np.bool_]:
        """Whose decision ends with this tick, (R, N)."""
        last: NDArray[np.bool_] = self.foragers.review == sim.tick + 1
        return last

    def learn(self, sim: Any) -> None:
        """One lesson for all five networks of everyone, and what it is used to earning.

        Jobs teach the production network only where it chose them.
        """
        c, f, ends = self.config, self.foragers, self.ends(sim)
        surprise = np.where(ends, f.earned / f.interval - f.expected, 0.0)
        chosen = ends & (sim.seats["foragers"].policy is self.worker)
        life = Tick(
            spoken_from=f.spoken_from, traded_with=self.traded_with, ate_with=self.ate_with, slope=self.slope,
            vigour=self.vigour, job=f.action, advantage=np.where(chosen, surprise, 0.0), decided=chosen,
            worth=f.worth, survives=self.survives(sim),
        )  # fmt: skip
        kept = c.nets.discount * (1.0 - c.decay)
        lesson = self.minds.learn(life, self.hearing, kept, c.leisure, c.nets.entropy, self.market_gradient)
        f.worth[:] = lesson.worth.reshape(f.worth.shape)
        f.expected += c.nets.baseline_gain * surprise
        if c.arms.attention == "frozen":
            lesson.gradient[:, self.layout.span("social_filter")] = 0.0
            lesson.norms[NETWORKS.index("social_filter")] = 0.0
        if c.arms.learning_until is not None and sim.tick >= c.arms.learning_until:
            lesson.norms[:] = 0.0
        else:
            rows = (-1, self.layout.genes)
            adam(
                f.genome.reshape(rows), f.mean.reshape(rows), f.square.reshape(rows), f.steps.reshape(-1),
                lesson.gradient, f.alive.reshape(-1), c.nets.learning_rate, c.nets.gradient_norm,
            )  # fmt: skip
        news.tell_gradients(sim, lesson.norms)

    def market_gradient(self, upstream: NDArray[np.float64]) -> Pair:
        """Own derivatives of the market for `agents.barter.learning`, flat (R·N, goods)."""
        found = markets.own_gradient(
            self.config.market, self.clearing, self.endowment, self.declared,
            upstream.reshape(self.endowment.shape),
        )  # fmt: skip
        by_declared, by_endowment = (part.reshape(upstream.shape) for part in found)
        if self.config.arms.declarations == "random":  # what was declared is nobody's doing
            by_declared = np.zeros_like(by_declared)
        return by_declared, by_endowment

    def renew(self, sim: Any) -> None:
        """The old and the hungry die, and children take their places."""
        starved = self.eaten.sum(axis=2) < self.config.hunger
        dies = starved | ~self.survives(sim)
        news.tell_lives(self, sim, dies)
        if dies.any():
            births.replace(self, sim, dies, starved)

    def close(self, sim: Any) -> None:
        """Tick's end: the kernel checks the invariants and extends the digests."""

    def invariants(self, sim: Any) -> Iterable[str]:
        """Yield what is wrong with goods or weights; nothing when all is well."""
        f, s = self.foragers, self.society
        balance = s.opened + s.made - s.used - s.eaten - s.spoiled
        missing = np.abs(balance - f.goods.sum(axis=1)) / np.maximum(1.0, s.opened + s.made)
        for replica, good in np.argwhere(~(missing <= 1e-9))[:1]:
            found = f"{self.config.goods[good]} of replica {replica}: a share of {missing[replica, good]:.2g}"
            yield f"{found} is missing (must be below 1e-9)"
        for replica, agent, good in np.argwhere(~(f.goods >= 0.0))[:1]:
            found = f"{self.config.goods[good]} of forager {agent}, replica {replica} are "
            yield f"{found}{f.goods[replica, agent, good]} (must be 0 or more)"
        if not np.isfinite(f.genome).all():
            replica, agent, _ = np.argwhere(~np.isfinite(f.genome))[0]
            yield f"a weight of forager {agent}, replica {replica} is not finite"
