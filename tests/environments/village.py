"""A world of diggers in which every reward, birth and death is known beforehand."""

from __future__ import annotations

import numpy as np

from agents.policy import RulePolicy
from simengine.kernel import NEVER, Columns, Simulation, ask, b1, column, decide, due, every, i8
from simengine.worlds.contract import World
from streams.events import Reward

HEADS = {"dig": 3, "talk": 2}
DIES, REPLACED, BORN, VANISHES = "dies", "replaced", "born", "vanishes"
FATES = {5: [(0, 2, DIES)], 6: [(0, 1, REPLACED)], 9: [(0, 3, BORN)], 21: [(0, 2, BORN)], 30: [(0, 0, DIES)]}


class Villagers(Columns):
    """Who digs."""

    alive: b1
    gold: i8 = column("nugget")
    chat: i8 = column("tick", "when to talk next", default=NEVER)
    action: i8 = column("1", width=2)


class Village(World):
    """Everyone decides monthly how much to dig each week, slot 0 at ticks 2, 10, 18 … also whether to talk.

    What is dug is earned in the same week. `fates` are (replica, slot, what) by tick, after the week's work.
    """

    name, start, ticks_per_year, config = "village", -4, 48, None

    def __init__(self, fates=FATES, slots=4, live=3):
        self.fates, self.slots, self.live = fates, slots, live

    def populate(self, sim: Simulation) -> None:
        self.villagers = sim.state.add("villagers", Villagers(sim.R, self.slots, live=self.live))
        self.villagers.chat[:, 0] = 2
        self.elders = sim.state.add("elders", Villagers(sim.R, 1, live=1))
        neutral, rule = (1, 0), RulePolicy()
        sim.seat("villagers", self.villagers, HEADS, self.see, rule, neutral)
        sim.seat("elders", self.elders, HEADS, self.see, rule, neutral)
        sim.seat("strangers", self.elders, HEADS, None, rule, neutral)

    def timetable(self):
        return (
            decide(ask(every(8), "elders", "talk")),
            decide(ask(every(4), "villagers", "dig"), ask(due(self.villagers.chat), "villagers", "talk")),
            due(self.villagers.chat, self.talk),
            every(1, self.work),
            every(4, self.close, on=-1, closes=True),
        )

    def see(self, ask):
        weather = ask._noise.uniform("weather", 1)[ask.replica, 0]
        return np.stack([ask.agent, np.full(len(ask), ask.tick), weather], axis=1).astype(np.float32)

    def talk(self, sim, rows):
        self.villagers.chat[rows.replica, rows.agent] += 8

    def work(self, sim):
        v = self.villagers
        dug = v.action[:, :, 0] * v.alive
        v.gold += dug
        ended = np.zeros(v.alive.shape, np.bool_)
        for replica, slot, what in self.fates.get(sim.tick, ()):
            ended[replica, slot] = what in (DIES, REPLACED)
            v.alive[replica, slot] = what in (REPLACED, BORN)
            v.chat[replica, slot] = v.chat[replica, slot] if what == REPLACED else NEVER
        sim.publish(
            Reward, dense=v.alive.shape, population="villagers", amount=dug.astype(float), ended=ended
        )

    def close(self, sim):
        pass

    def invariants(self, sim):
        return ()
