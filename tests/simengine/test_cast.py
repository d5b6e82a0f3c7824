"""Who decides: the cast that the world declares, everywhere the same, and rules by one word."""

import json

import numpy as np
import pytest

from agents.policy import RulePolicy
from simengine.environments import TensorEnv
from simengine.kernel.timetable import ask, decide, every
from simengine.policies import cast_in, ruled, who_decides
from simengine.scenarios import read
from simengine.simulation import Simulation
from simengine.studies.arms import Arm
from simengine.studies.request import Request
from tests.simengine.command import called
from tests.simengine.small_world import Small, Walkers

TICKS = 24
CAST = "tests.simengine.test_cast:Cast"


class Cast(Small):
    """Walkers who decide by chance, and their leaders, too, unless told otherwise."""

    name = "cast"
    cast = {"walkers": "random", "leaders": "fixed:2"}

    def populate(self, sim):
        super().populate(sim)
        self.leaders = sim.state.add("leaders", Walkers(sim.R, 1, live=1))
        see = lambda ask: np.zeros((len(ask), 1), np.float32)  # noqa: E731
        sim.seat("leaders", self.leaders, {"step": 3}, see, RulePolicy(), (1,))

    def timetable(self):
        return (decide(ask(every(4), "leaders")), *super().timetable())


def digest(policies=None):
    sim = Simulation(Cast(), seed=1, policies=policies)
    sim.run(ticks=TICKS + 12)
    return sim.digest


def run(tmp_path, *words):
    code, out, err = called("run", *words, "--ticks", TICKS, "--seed", 1, "--json", "--out", tmp_path / "run")
    assert code == 0, err
    return json.loads(out)


def test_without_a_word_the_cast_decides_wherever_it_is_run(tmp_path):
    (tmp_path / "bare.toml").write_text(f'world = "{CAST}"\n')
    expected = digest(Cast.cast)
    arm = Arm(CAST, seed=1, replicas=1).simulation()
    env = TensorEnv(CAST, ("leaders",), years=0.5)
    env.reset(seed=1)
    while not env.over:
        env.step({"leaders": env.rest("leaders")})
    arm.run(ticks=TICKS + 12)
    assert {digest(), digest({}), arm.digest, env.sim.digest} == {expected}
    assert run(tmp_path / "a", CAST)["digest"] == expected
    assert run(tmp_path / "b", tmp_path / "bare.toml")["digest"] == expected
    assert digest("rule") != expected


@pytest.mark.parametrize("words", [("--policy", "rule"), ("--policy", "all=rule")])
def test_rules_are_one_word_away(tmp_path, words):
    (tmp_path / "rule.toml").write_text(f'world = "{CAST}"\npolicies = "rule"\n')
    expected = digest({"walkers": "rule", "leaders": "rule"})
    assert digest("rule") == digest({"all": "rule"}) == digest(ruled(Cast)) == expected
    assert run(tmp_path / "a", CAST, *words)["digest"] == expected
    assert read(tmp_path / "rule.toml").policies == {"all": "rule"}
    arm = Request(CAST, tmp_path, replicas=1, seed=1).arm().simulation()
    arm.run(ticks=TICKS + 12)
    assert arm.digest == expected


def test_who_is_not_named_stays_as_cast():
    assert cast_in(Cast, {"leaders": "rule"}) == {"walkers": "random", "leaders": "rule"}
    assert cast_in(Cast, {"all": "rule", "leaders": "random"}) == {"all": "rule", "leaders": "random"}
    assert ruled(Cast, {"leaders": "random"}) == {"walkers": "rule", "leaders": "random"}
    assert digest({"leaders": "fixed:2"}) == digest()


def test_a_run_says_who_decides(tmp_path):
    found = run(tmp_path, CAST, "--policy", "leaders.step=random")
    said = {"walkers": "random", "leaders": "fixed:2", "leaders.step": "random"}
    assert found["deciders"] == found["scenario"]["policies"] == said
    code, out, _ = called("run", CAST, "--ticks", 4, "--policy", "rule", "--out", tmp_path / "said")
    assert code == 0
    assert "who decides: rules (walkers, leaders)" in out
    assert "who decides: chance (walkers); fixed:2 (leaders)" in repr(Simulation(Cast()))


def test_who_decides_in_words():
    deciders = {"central_bank": "learned", "firms": "rule", "banks": "learned", "firms.price": "random"}
    said = who_decides(deciders)
    assert said == "learned networks (central bank, banks); rules (firms); chance (firms.price)"
    assert who_decides({}) == "nobody"
