"""A world for all that can be learned: heads of every kind, items, two barriers a tick, and a cue to keep."""

from typing import Annotated

import numpy as np
from pydantic import Field

from agents.observation import Feature, Items
from agents.policy import RulePolicy
from simengine.config import Config
from simengine.kernel import (
    Categorical,
    Columns,
    Real,
    Simplex,
    Tokens,
    ask,
    b1,
    column,
    decide,
    every,
    f8,
    i8,
)
from simengine.worlds.contract import World
from streams.events import Reward

LIFE, CUES, OFFERS = 4, 3, 3
OWN = (*(Feature(f"cue {k}", "1") for k in range(CUES)), Feature("last day", "1"), Feature("taste", "share"))
HEADS = {
    "recalled": Categorical(CUES),
    "basket": Simplex(2),
    "word": Tokens(3, 2),
    "bid": Real(0.0, 1.0),
}
BEST = 1.0 + 1.0 / LIFE
"""The best mean reward of a day."""
BEST_FORGETFUL = 1.0 + 1.0 / CUES / LIFE
"""The best of whoever remembers nothing."""


class GuildConfig(Config):
    """How many apprentices there are."""

    apprentices: Annotated[int, Field(ge=1)] = 16


class Apprentices(Columns):
    """The apprentices' columns."""

    alive: b1
    cue: i8 = column("index", "shown on the first of four days, asked on the last")
    taste: f8 = column("share", "of the first thing")
    offer: f8 = column("coin", "of the day", width=OFFERS)
    offers: i8 = column("1", "how many there are")
    action: i8 = column("1", "the cue recalled", width=1)
    basket: f8 = column("share", width=2)
    word: i8 = column("symbol", width=2)
    bid: f8 = column("coin")


class Guild(World):
    """Apprentices that live four days, each paid for itself.

    A day pays 1 less the squared distance of the bid to the best offer and of the basket to the taste, a half
    for each symbol of the word that says whether the taste is above a half less one; the last pays 1 for the
    cue of the first.
    """

    name, start, ticks_per_year = "guild", 0, 12
    features = {"apprentices": {"own": OWN, "offers": Items((Feature("price", "coin"),), OFFERS)}}

    def __init__(self, config: GuildConfig | None = None) -> None:
        self.config = config or GuildConfig()

    def populate(self, sim):
        count = self.config.apprentices
        self.people = sim.state.add("apprentices", Apprentices(sim.R, count, live=count, key="people"))
        sim.seat("apprentices", self.people, HEADS, self.observe, RulePolicy())

    def timetable(self):
        day = every(1)
        return (
            every(1, self.dawn),
            decide(ask(day, "apprentices", ("recalled", "basket", "word"))),
            decide(ask(day, "apprentices", "bid")),
            every(1, self.pay),
            every(LIFE, self.close, on=-1, closes=True),
        )

    def dawn(self, sim):
        """New cues for the newly born, tastes and offers for all."""
        p, n = self.people, self.config.apprentices
        if sim.tick % LIFE == 0:
            p.cue[...] = (CUES * sim.noise.uniform("cue", n)).astype(int)
        p.taste[...] = 0.1 + 0.8 * sim.noise.uniform("taste", n)
        p.offers[...] = 1 + (OFFERS * sim.noise.uniform("offers", n)).astype(int)
        there = np.arange(OFFERS) < p.offers[..., None]
        p.offer[...] = there * sim.noise.uniform("offer", n * OFFERS).reshape(p.offer.shape)

    def observe(self, ask):
        """A cue on the first day, offers as many as there are."""
        p, at = self.people, (ask.replica, ask.agent)
        own = np.zeros((len(ask), len(OWN)), np.float32)
        if ask.tick % LIFE == 0:
            own[np.arange(len(ask)), p.cue[at]] = 1.0
        own[:, CUES], own[:, CUES + 1] = ask.tick % LIFE == LIFE - 1, p.taste[at]
        most = int(p.offers[at].max(initial=0))  # room for who is asked, and for no more
        return {
            "own": own,
            "offers": p.offer[at][:, :most, None].astype(np.float32),
            "offers_mask": np.arange(most) < p.offers[at][:, None],
        }

    def pay(self, sim):
        """The day's reward; on the last day lives end and memories with them."""
        p, last = self.people, sim.tick % LIFE == LIFE - 1
        word = np.where(p.taste > 0.5, 2, 0)[..., None] == p.word
        earned = word.mean(axis=-1) - (p.bid - p.offer.max(axis=-1)) ** 2 - (p.basket[..., 0] - p.taste) ** 2
        earned += last * (p.action[..., 0] == p.cue)
        if sim.wants(Reward):
            sim.publish(Reward, dense=earned.shape, population="apprentices", amount=earned, ended=last)
        if last:
            sim.forget("apprentices", np.ones(earned.shape, np.bool_))

    def close(self, sim):
        """The kernel checks the invariants."""

    def invariants(self, sim):
        """Nothing can be wrong with bids and words."""
        return ()
