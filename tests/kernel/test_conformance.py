"""The conformance check passes a sound world and names what is wrong with others."""

import numpy as np

from simengine.kernel.conformance import check
from tests.kernel.toy import Repricing, Toy
from tests.kernel.toy_market import FILLS, Exchange
from tests.kernel.watched_market import END, SMALL

CUT = "a run cut at random ticks "


def problems(world, ticks=None):
    return {finding.name: finding.problem for finding in check(world, ticks=ticks) if finding.problem}


def test_the_toy_conforms():
    assert problems(Toy) == {}
    assert problems(Toy(firms=4)) == {}


class Sequential(Toy):
    """Draws from a sequential generator shared by replicas."""

    def populate(self, sim):
        super().populate(sim)
        self.rng = np.random.default_rng(0)

    def trade(self, sim):
        self.firms.luck[:, :, 0] += self.rng.normal(size=self.firms.price.shape)
        super().trade(sim)


class Forgetful(Toy):
    """Keeps state in an attribute."""

    days = 0

    def trade(self, sim):
        self.days += 1
        self.bank.paid += self.days
        super().trade(sim)


class Scalar(Toy):
    """Writes an `if` that holds for one replica."""

    def trade(self, sim):
        if self.firms.price[0, 0] > 100:
            self.bank.paid += 1
        super().trade(sim)


class Attentive(Toy):
    """Behaves otherwise when somebody listens."""

    def reprice(self, sim, rows):
        super().reprice(sim, rows)
        self.bank.paid += sim.wants(Repricing)


class Broken(Toy):
    """Does not run."""

    def trade(self, sim):
        raise ValueError("no trade today")


def test_a_sequential_generator_is_found():
    assert "replica 1 alone equals itself in company" in problems(Sequential)


def test_state_outside_the_columns_is_found():
    assert list(problems(Forgetful)) == [
        "a checkpoint at tick 12 resumes to the same digests",
        "a checkpoint at tick 29 resumes to the same digests",
    ]


def test_a_scalar_condition_is_found():
    assert "replicas may stand in any order" in problems(Scalar)


def test_a_world_that_minds_its_listeners_is_found():
    assert "all listeners change nothing" in problems(Attentive)


def test_a_world_that_fails_is_reported_with_its_error():
    assert "no trade today" in problems(Broken)["it runs"]


class Hasty(Exchange):
    """Does something at each call of its span, however many ticks it runs."""

    def trade(self, sim, start, until):
        self.market.fills += 1
        return super().trade(sim, start, until)


class Brief(Exchange):
    """Tells of the first trade of a call only."""

    def tell(self, sim):
        self.noted[FILLS] = np.minimum(self.noted[FILLS], 1)
        super().tell(sim)


def test_a_market_in_one_span_conforms():
    assert problems(lambda: Exchange(**SMALL, seats=3), END) == {}


def test_a_span_whose_calls_leave_traces_is_found():
    assert CUT + "gives the same digests" in problems(lambda: Hasty(**SMALL), END)


def test_a_span_that_tells_other_things_when_cut_is_found():
    assert problems(lambda: Brief(**SMALL), END) == {
        CUT + "tells the same events": "events of type Fill are others"
    }
