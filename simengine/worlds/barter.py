"""A barter society: agents who broadcast, attend, produce, trade, eat, age, breed and die.

POPULATIONS  foragers (50), each with five networks of its own and heritable tastes.
MARKETS      barter of all goods at once (Walrasian by default; also bargaining, pairwise or none), certified at
             every clearing: gap to the optimum, excess demand, least gain.
TIMETABLE    a tick: broadcast, social filter, jobs, production, trade, consumption, learning, then decay, death
             and birth. Foragers decide on messages, attention and jobs every ``interval`` ticks of their own.
CONSERVED    goods to 1e-9: opened with + made − used − eaten − spoiled = held; a dead forager's goods go to the
             one born in its place; the number of foragers.
LEARNED      all five networks, during life, by gradients of one's own reward: messages (by the listeners'
             rewards), attention, jobs (score function) and effort, declared preferences (through the market),
             the share eaten. Weights and tastes are inherited: genes by crossover and mutation.
ASSUMED      technology, seasons, luck, practice that makes better, vigour that falls with age, decay, hunger,
             lifespan, utility Π(1 + c)^w, one market for all at declared preferences, replacement of the dead at
             once, parents drawn by reward per tick, the architecture, and that untrained agents are sincere,
             even-handed and eat most of what they hold.
REWARD       utility of a tick; what is kept counts at what it was worth last tick.
SOURCE       document 1, HomoEconometra; its markets as in ``markets/barter``; Johanson et al. (2022) for the
             comparative statics.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from agents.action import Action
from agents.forager import NETWORKS, Brain, Foragers, Senses, Worker, reward
from agents.forager_learning import Lesson, Life, learn
from agents.stacked import adam
from markets import barter as markets
from simengine.kernel import ask, decide, due, every
from simengine.worlds import barter_births, barter_listening, barter_news, barter_opening, barter_work
from simengine.worlds.barter_config import BarterConfig, seasonal_yield, technology

FILTER = NETWORKS.index("social_filter")


class Barter:
    """The barter society; the data sheet is its module's docstring, ``config`` a `BarterConfig`."""

    name = "barter"
    reporter = "analysis.society.report:write_report"
    metrics = ()
    start = 0

    def __init__(self, config: BarterConfig | None = None) -> None:
        self.config = c = config or BarterConfig()
        self.ticks_per_year = c.year
        self.technology = technology(c)
        self.brains = Foragers(Brain(len(c.goods), len(c.jobs), c.nets.message, c.nets.hidden))
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

    def populate(self, sim: Any) -> None:
        """Open with untrained foragers of all ages, some goods each, and tastes of their own."""
        barter_opening.open_society(self, sim)
        f = self.foragers
        self.genome = f.genome.reshape(-1, f.genome.shape[2])
        self.nets = self.brains.layout.nets(torch.from_numpy(self.genome))
        sim.seat(
            "foragers", f, {"job": len(self.config.jobs)}, self.observe, Worker(self.brains, f.genome), (0,)
        )

    # -- what they know ---------------------------------------------------------------------------

    def senses(self, sim: Any, goods: NDArray[np.float64]) -> Senses:
        """What all foragers sense with such goods (R, N, goods) in hand, flat (R·N, ·)."""
        f, year = self.foragers, 2.0 * np.pi * sim.tick / self.config.year
        rest = np.empty((*f.born.shape, 3), np.float32)
        rest[..., 0] = (sim.tick - f.born) / self.config.lifespan
        rest[..., 1], rest[..., 2] = np.cos(year), np.sin(year)
        price = np.broadcast_to(self.society.price[:, None, :], goods.shape)
        return Senses(flat(goods), flat(price), self.taste(), flat(f.practice), flat(rest))

    def taste(self) -> torch.Tensor:
        """True tastes, shares (R·N, goods)."""
        return torch.softmax(flat(self.foragers.taste), dim=-1)

    def observe(self, ask: Any) -> NDArray[np.float32]:
        """Senses and signal of the foragers asked: ``(rows, senses + message)``."""
        f, at = self.foragers, (ask.replica, ask.agent)
        return np.concatenate([f.spoken_from[at], f.signal[at]], axis=1)

    def intervals(self, sim: Any) -> NDArray[np.int64]:
        """Keyed ticks between two decisions for whoever is born now, (R, N)."""
        c = self.config
        luck = sim.noise.uniform("interval", c.agents)
        return c.interval_least + (luck * (c.interval_most - c.interval_least + 1)).astype(np.int64)

    # -- a tick, phase by phase --------------------------------------------------------------------

    def broadcast(self, sim: Any) -> None:
        """Those whose turn it is say something about themselves."""
        f = self.foragers
        senses = self.senses(sim, f.goods).tensor()
        with torch.no_grad():
            said = self.brains.speak(self.nets, senses)
        self.turn = f.alive & (f.review <= sim.tick)
        f.spoken_from[self.turn] = senses.numpy().reshape(f.spoken_from.shape)[self.turn]
        f.message[self.turn] = said.numpy().reshape(f.message.shape)[self.turn]
        barter_news.tell_broadcasts(self, sim)

    def listen(self, sim: Any) -> None:
        """Those whose turn it is divide their attention among the speakers, and take in what they say."""
        f, arms = self.foragers, self.config.arms
        arm = arms.messages if sim.tick >= arms.messages_from else "true"
        self.who = barter_listening.speakers(f.message, self.config.attended)
        self.whose, self.silent = barter_listening.words(arm, sim, self.config.agents), arm == "silent"
        message = torch.from_numpy(f.message.reshape(-1, f.message.shape[2]))
        with torch.no_grad():
            heard = self.heard(message)
            spoken_from = torch.from_numpy(f.spoken_from.reshape(len(message), -1))
            learned = self.brains.attend(self.nets, spoken_from, message, heard)
            self.shares = barter_listening.shares_in(arms.attention, sim, learned, self.who)
            signal = signal_of(self.shares, heard)
        f.signal[self.turn] = signal.numpy().reshape(f.signal.shape)[self.turn]
        barter_news.tell_attention(self, sim)

    def heard(self, message: torch.Tensor) -> torch.Tensor:
        """Of the messages of all, (R·N, message), those that reach each one."""
        return barter_listening.heard(message, self.who, self.whose, self.silent)

    def begin_job(self, sim: Any, rows: Any) -> None:
        """The jobs just chosen begin; each forager decides again after its own interval."""
        f, at = self.foragers, (rows.replica, rows.agent)
        f.review[at] = sim.tick + f.interval[at]
        f.earned[at] = 0.0

    def produce(self, sim: Any) -> None:
        """A tick's work, as hard as each finds worth it."""
        c, f, s = self.config, self.foragers, self.society
        with torch.no_grad():
            _, effort = self.brains.work(self.nets, flat(f.spoken_from), flat(f.signal))
        f.effort[:] = effort.numpy().reshape(f.effort.shape)
        self.vigour = 1.0 - (1.0 - c.vigour_least) * np.minimum((sim.tick - f.born) / c.lifespan, 1.0)
        luck = np.exp(c.luck_sd * sim.noise.normal("luck", c.agents) - 0.5 * c.luck_sd**2)
        tech, job = self.technology, f.action[:, :, 0]
        made, self.slope = barter_work.work(
            f.goods, f.practice, job, f.effort, self.vigour, luck, seasonal_yield(tech, sim.tick, c.year),
            tech.good, tech.recipe, c.practice_gain, np.float32(c.practice_rate),
        )  # fmt: skip
        output, used = barter_work.sums_by_good(made, job, tech.good, tech.recipe)
        s.made += output
        s.used += used
        barter_news.tell_production(self, sim, made)

    def trade(self, sim: Any) -> None:
        """All foragers declare what they like; the market clears at that, and certifies it."""
        f = self.foragers
        self.traded_with = self.senses(sim, f.goods)
        with torch.no_grad():
            declared = self.brains.declare(
                self.nets, self.traded_with.tensor(), flat(f.signal), self.traded_with.taste
            )
        self.endowment = f.goods.copy()
        self.declared = shares(declared.numpy().reshape(f.goods.shape))
        self.clearing = markets.clear(self.config.market, self.endowment, self.declared, self.partners)
        f.goods[:] = self.clearing.allocation
        self.society.price[:] = np.nan_to_num(self.clearing.price)
        barter_news.tell_trade(self, sim)

    @property
    def partners(self) -> NDArray[np.int64]:
        """Whom each forager attends most, (R, N): with whom it barters where there is no market for all."""
        best = self.shares.numpy().reshape(self.who.shape).argmax(axis=-1)[..., None]
        return np.take_along_axis(self.who, best, axis=-1)[..., 0]

    def eat(self, sim: Any) -> None:
        """Each eats a share of what it holds; of the rest a part spoils."""
        c, f, s = self.config, self.foragers, self.society
        self.ate_with = self.senses(sim, f.goods)
        with torch.no_grad():
            part = self.brains.eat(self.nets, self.ate_with.tensor(), flat(f.signal))
        self.eaten = part.numpy().reshape(f.goods.shape).astype(np.float64) * f.goods
        kept = f.goods - self.eaten
        f.goods[:] = kept * (1.0 - c.decay)
        s.eaten += self.eaten.sum(axis=1)
        s.spoiled += (kept - f.goods).sum(axis=1)
        utility = reward(flat(self.eaten), self.ate_with.taste, flat(f.effort), c.leisure)
        f.reward[:] = utility.numpy().reshape(f.reward.shape)
        f.fitness += f.reward
        stored = c.nets.discount * (f.worth * f.goods).sum(axis=2)
        f.earned += f.reward + self.survives(sim) * stored
        barter_news.tell_meals(self, sim)

    def survives(self, sim: Any) -> NDArray[np.bool_]:
        """Who is not at the end of its life, (R, N)."""
        alive: NDArray[np.bool_] = sim.tick + 1 - self.foragers.born < self.config.lifespan
        return alive

    def learn(self, sim: Any) -> None:
        """One lesson for all five networks of everyone, and what it is used to earning."""
        c, f = self.config, self.foragers
        ends = f.review == sim.tick + 1
        per_tick = f.earned / f.interval
        lesson = learn(
            self.brains, self.genome, self._life(sim, ends, per_tick), c.leisure, c.nets.entropy, self.market_gradient
        )  # fmt: skip
        f.worth[:] = lesson.worth.reshape(f.worth.shape)
        f.expected += np.where(ends, c.nets.baseline_gain * (per_tick - f.expected), 0.0)
        if c.arms.attention == "frozen":
            lesson.gradient[:, self.brains.layout.span("social_filter")] = 0.0
            lesson.norms[FILTER] = 0.0
        self._finite(lesson)
        if c.arms.learning_until is None or sim.tick < c.arms.learning_until:
            moments = (x.reshape(self.genome.shape) for x in (f.mean, f.square))
            everyone = f.alive.reshape(-1)
            adam(self.genome, *moments, f.steps.reshape(-1), lesson.gradient, everyone,
                 c.nets.learning_rate, c.nets.gradient_norm)  # fmt: skip
        barter_news.tell_gradients(sim, lesson.norms)

    def _life(self, sim: Any, ends: NDArray[np.bool_], per_tick: NDArray[np.float64]) -> Life:
        c, f = self.config, self.foragers
        given = self.shares if c.arms.attention in ("uniform", "random") else None
        return Life(
            spoken_from=flat(f.spoken_from),
            listen=self.heard,
            hear=lambda shares, heard: signal_of(shares if given is None else given, heard),
            traded_with=self.traded_with,
            ate_with=self.ate_with,
            slope=flat(self.slope),
            vigour=flat(self.vigour),
            job=torch.from_numpy(f.action.reshape(-1)),
            advantage=flat(np.where(ends, per_tick - f.expected, 0.0)),
            decided=flat(ends),
            worth=flat(f.worth),
            kept=c.nets.discount * (1.0 - c.decay),
            survives=flat(self.survives(sim)),
        )

    def market_gradient(self, upstream: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Own derivatives of the market for `agents.forager_learning`, flat (R·N, goods)."""
        shape = self.endowment.shape
        found = markets.own_gradient(
            self.config.market, self.clearing, self.endowment, self.declared, upstream.reshape(shape)
        )
        return found[0].reshape(upstream.shape), found[1].reshape(upstream.shape)

    def _finite(self, lesson: Lesson) -> None:
        wrong = np.argwhere(~np.isfinite(lesson.norms))
        if wrong.size:
            network, row = (int(i) for i in wrong[0])
            replica, agent = divmod(row, self.config.agents)
            raise ValueError(
                f"gradient of {NETWORKS[network]} of forager {agent} in replica {replica} is "
                f"{lesson.norms[network, row]}: valid is a finite number"
            )

    def renew(self, sim: Any) -> None:
        """The old and the hungry die, and children take their places."""
        starved = self.eaten.sum(axis=2) < self.config.hunger
        dies = starved | ~self.survives(sim)
        barter_news.tell_lives(self, sim, dies)
        if dies.any():
            barter_births.replace(self, sim, dies, starved)

    def close(self, sim: Any) -> None:
        """Tick's end: the kernel checks the invariants and extends the digests."""

    def invariants(self, sim: Any) -> Iterable[str]:
        """Yield what is wrong with goods, weights or the market; nothing when all is well."""
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


def flat(array: NDArray[Any]) -> torch.Tensor:
    """An array (R, N, …) as a tensor (R·N, …); numbers as float32."""
    rows = np.ascontiguousarray(array).reshape(array.shape[0] * array.shape[1], *array.shape[2:])
    return torch.from_numpy(rows if rows.dtype == np.bool_ else rows.astype(np.float32, copy=False))


def signal_of(shares: torch.Tensor, heard: torch.Tensor) -> torch.Tensor:
    """What is heard, weighted by attention: (R·N, message)."""
    return torch.bmm(shares.unsqueeze(1), heard).squeeze(1)


def shares(weights: NDArray[np.float32]) -> NDArray[np.float64]:
    """Weights (…, goods) as float64 that sum to 1."""
    exact = weights.astype(np.float64)
    return exact / exact.sum(axis=-1, keepdims=True)
