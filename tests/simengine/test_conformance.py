"""`check` finds what a world's author gets wrong, and says it in the author's words."""

import pytest

import simengine
from simengine.conformance import check, missing
from simengine.starter import Makers, Starter
from tests.simengine.command import called

TICKS = 30
MACROS = "simengine.worlds.macro.shocks:RateShock"


class Forgetful(Starter):
    """Remembers on itself."""

    def populate(self, sim):
        super().populate(sim)
        self.days = 0

    def sell(self, sim):
        self.days += 1
        super().sell(sim)
        self.makers.asked[:] += self.days


class Meeting(Starter):
    """Adds up over replicas."""

    def sell(self, sim):
        super().sell(sim)
        self.makers.asked[:] += self.makers.asked.sum()


class Listening(Starter):
    """Changes when somebody listens."""

    def sell(self, sim):
        super().sell(sim)
        if sim.wants(simengine.Reward):
            self.makers.asked[:] += 1.0


class Unpaid(Starter):
    """Tells of no reward."""

    def sell(self, sim):
        self.makers.asked[:] += 1.0


class Blurred(Starter):
    """Declares one feature less than it shows."""

    features = {"makers": Starter.features["makers"][:1]}


class Open(Starter):
    """Never closes its books."""

    def timetable(self):
        asked = simengine.ask(simengine.every(1), "makers")
        return simengine.decide(asked), simengine.every(1, self.sell)


@pytest.mark.parametrize(
    ("world", "name", "words"),
    [
        (Forgetful, "a checkpoint at tick 10 resumes", "state must live in Columns"),
        (Meeting, "replica 0 alone equals itself in company", "sum over agents"),
        (Listening, "all listeners change nothing", "publishing must change nothing"),
        (Unpaid, "makers are rewarded", "publish Reward with population='makers'"),
        (Blurred, "makers see what is declared", "name every number that observe gives"),
        (Open, "the books close", "give one closes=True"),
    ],
)
def test_what_is_wrong_is_found_and_said_in_the_authors_words(world, name, words):
    ticks = None if world in (Unpaid, Blurred) else TICKS
    said = [str(finding) for finding in check(world, ticks=ticks) if finding.problem]
    assert any(line.startswith(name) and words in line for line in said), said


class Crowded(Starter):
    """Has a second population, which sees nothing."""

    def populate(self, sim):
        super().populate(sim)
        self.others = sim.state.add("others", Makers(sim.R, 2, live=2))
        sim.seat("others", self.others, {"wave": 3}, policy=simengine.RulePolicy())

    def timetable(self):
        asked = (simengine.ask(simengine.every(1), name) for name in ("makers", "others"))
        return simengine.decide(*asked), simengine.every(1, self.sell, closes=True)


def test_those_who_see_something_learn_and_others_are_refused_by_name(tmp_path):
    assert [finding for finding in check(Crowded, ticks=TICKS) if finding.problem] == []
    crowded = f"{__name__}:Crowded"
    code, _, err = called("train", crowded, "--populations", "others", "--out", tmp_path / "t")
    assert code == 2
    assert "population 'others' of world 'starter': cannot learn" in err


def test_what_a_world_lacks_is_named_with_the_commands_that_need_it():
    assert missing(Starter()) == {
        "facts": "validate, calibrate",
        "mechanisms": "audit",
        "calibration": "calibrate",
        "scenarios": "run NAME",
    }


def test_shocks_and_policies_that_do_not_fit_are_refused_by_check_before_anything_runs(tmp_path):
    scenario = 'world = "simengine.starter:Starter"\nyears = 30\n'
    shock = '[[shock]]\nsize = 0.01\nstart = "20 years"\n'
    wrong = {
        shock + 'type = "rate"\n': "unknown shock 'rate': valid are demand",
        shock + f'type = "{MACROS}"\n': "unknown lever 'rate': valid are demand",
        '[policies]\nmakers = "fixed:5"\n': "an index below 5",
        '[policies]\nbakers = "rule"\n': "unknown seat 'bakers'",
        "[config]\nprise = 2.0\n": "unknown key 'prise': did you mean 'price'?",
    }
    for position, (text, said) in enumerate(wrong.items()):
        file = tmp_path / f"{position}.toml"
        file.write_text(scenario + text, encoding="utf-8")
        code, _, err = called("check", file)
        assert (code, err.count("\n")) == (2, 1)
        assert said in err, err


def test_a_world_that_says_nothing_of_what_is_seen_is_refused_by_train_before_anything_runs(tmp_path):
    code, _, err = called("train", "tests.simengine.small_world:Small", "--out", tmp_path / "t")
    assert code == 2
    assert "valid is a world with features" in err
    assert not (tmp_path / "t").exists()
