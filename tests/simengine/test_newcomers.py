"""Worlds as people first write them: endowed in their first row, without rewards, with one job."""

import numpy as np
import pytest

import simengine
from agents.policy import RulePolicy
from simengine import Columns, Feature, ask, column, decide, every, f8, i8
from simengine.environments import TensorEnv
from simengine.errors import UserError
from simengine.kernel import b1
from simengine.learning.plan import Plan
from simengine.learning.training import Trainer

HERE = "tests.simengine.test_newcomers:Heirs"


class People(Columns):
    """Who inherits."""

    alive: b1
    wealth: f8 = column("coins", default=np.nan)
    action: i8 = column("1", width=1)


class Heirs(simengine.World):
    """Everyone is given something in the first row, and nobody is rewarded."""

    name, ticks_per_year = "heirs", 12
    heads = {"people": {"spend": 3}}
    features = {"people": (Feature("wealth", "coins", 1.0),)}

    def populate(self, sim):
        """Nothing is theirs yet."""
        self.people = sim.state.add("people", People(sim.R, 4, live=4))
        sim.seat("people", self.people, {"spend": 3}, self.see, RulePolicy(), (1,))

    def see(self, ask):
        """What they have."""
        return self.people.wealth[ask.replica, ask.agent, None].astype(np.float32)

    def timetable(self):
        """Endowed at tick 0, asked every month."""
        return every(1, self.endow), decide(ask(every(1), "people")), every(1, self.close, closes=True)

    def endow(self, sim):
        """A coin each."""
        self.people.wealth[:] = np.nan_to_num(self.people.wealth, nan=1.0)

    def close(self, sim):
        """Nothing more."""


def test_a_world_that_endows_in_its_first_row_is_an_environment():
    env = TensorEnv(Heirs, ("people",), replicas=2, years=0.5)
    assert env.features == {"people": 1}
    steps, seen = 0, env.reset(seed=1)
    while not env.over:
        assert (seen["people"].observation == 1.0).all()
        seen, steps = env.step({"people": env.rest("people")}), steps + 1
    assert steps == 6


def test_who_is_never_rewarded_cannot_be_trained(tmp_path):
    with pytest.raises(UserError, match=r"population 'people' of world 'heirs': nothing rewards it in"):
        Trainer.begin(Plan(HERE, span_years=1.0), tmp_path / "training")
    assert not (tmp_path / "training").exists()


@pytest.mark.parametrize("goods", [("a",), ("a", "b")])
def test_a_society_with_one_job_lives_on_when_other_goods_have_vanished(goods):
    config = {"agents": 3, "goods": goods, "jobs": [{"good": "a"}], "nets": {"hidden": 2, "message": 1}}
    sim = simengine.Simulation("barter", config=config)
    sim.run(ticks=60)
    assert (sim.world.foragers.goods[:, :, 1:] == 0.0).all()


class Vandal:
    """Writes into whatever it is given."""

    needs_observation = True

    def __init__(self):
        self.kept = []

    def act(self, ask):
        """The neutral answer, and havoc where it can be wrought."""
        for name in ("alive", "replica", "agent", "mask", "neutral"):
            array = getattr(ask, name)
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
        with pytest.raises(TypeError):
            ask.heads["spend"] = None
        ask.observation[...] = np.inf
        return ask.neutral


class Open(Heirs):
    """Shows its state itself, not a copy."""

    name = "open"

    def populate(self, sim):
        """Two of what they have."""
        super().populate(sim)
        self.shown = np.ones((4, 1), np.float32)

    def see(self, ask):
        """A view of what is the world's."""
        return self.shown[:]


def test_a_policy_cannot_write_into_what_it_is_asked():
    sim = simengine.Simulation(Open(), policies={"people": Vandal()})
    sim.run(ticks=3)
    assert (sim.world.shown == 1.0).all()
