"""The conformance check passes a sound world and names what is wrong with others."""

import numpy as np

from simengine.kernel.conformance import check
from tests.kernel.toy import Repricing, Toy


def problems(world):
    return {finding.name: finding.problem for finding in check(world) if finding.problem}


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
