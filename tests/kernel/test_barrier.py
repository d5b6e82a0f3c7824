"""The barrier: one forward pass per policy, however the agents are scheduled."""

import numpy as np
import pytest

from agents.policy import FixedPolicy, RandomPolicy, RulePolicy
from simengine.kernel import KernelError, Simulation, ask, due, every
from simengine.kernel import decide as barrier
from tests.kernel.toy import Toy


def patient(me):
    while True:
        yield me.every(4)
        if not me.alive:
            return
        yield me.decide()


def waking(me, action):
    assert isinstance(action, tuple)
    return 4


def as_cohort(sim):
    pass


def as_processes(sim):
    for slot in range(7):
        sim.process(patient, "firms", slot)


def as_agents(sim):
    for slot in range(7):
        sim.agent("firms", slot, wake=waking)


def as_a_mixture(sim):
    sim.process(patient, "firms", 3)
    sim.agent("firms", 6, wake=waking)


SCHEDULES = [("cohort", as_cohort), ("due", as_cohort), ("none", as_processes), ("none", as_agents),
             ("cohort", as_a_mixture), ("due", as_a_mixture)]  # fmt: skip


def scheduled(asks, prepare, replicas=3):
    world = Toy(asks=asks, period=4)
    sim = Simulation(world, seed=5, replicas=replicas)
    prepare(sim)
    sim.run(until=60)
    return world, sim


@pytest.mark.parametrize(("asks", "prepare"), SCHEDULES)
def test_digests_and_forward_passes_are_the_same_however_agents_are_scheduled(asks, prepare):
    reference, expected = scheduled("cohort", as_cohort)
    world, sim = scheduled(asks, prepare)
    assert np.array_equal(sim.digests, expected.digests)
    assert sim.counts.forwards == sim.counts.barriers == expected.counts.forwards == 16
    assert world.policy.rows == reference.policy.rows
    assert world.policy.rows[0] == 21


def test_heads_asked_at_one_instant_are_merged_into_one_row():
    seen = []

    class Watching(RulePolicy):
        def act(self, ask):
            seen.append((ask.tick, ask.agent.tolist(), {h: m.tolist() for h, m in ask.asked.items()}))
            return super().act(ask)

    sim = Simulation(Toy(firms=3, start=0), policies={"firms": Watching()})
    sim.run(until=5)
    assert seen[0] == (0, [0, 1, 2], {"price": [True, False, False], "hire": [True] * 3})
    assert seen[1] == (1, [1], {"price": [True], "hire": [False]})


def test_rows_are_sorted_by_replica_and_agent():
    class Sorted(RandomPolicy):
        def act(self, ask):
            order = ask.replica.astype(np.int64) * 1000 + ask.agent
            assert (np.diff(order) > 0).all()
            return super().act(ask)

    sim = Simulation(Toy(), replicas=5, policies={"firms": Sorted()})
    sim.run(until=30)
    assert sim.counts.forwards > 20


def test_heads_not_asked_keep_their_last_answer():
    world = Toy(firms=3, start=0)
    sim = Simulation(world, policies={"firms": FixedPolicy((4, 2))})
    sim.run(until=2)
    assert world.firms.action[0, :3].tolist() == [[4, 2], [4, 2], [0, 2]]


def test_an_agent_draws_the_same_whoever_else_is_asked():
    world = Toy(asks="cohort", period=1)
    other = Toy(asks="cohort", period=1)
    sims = [Simulation(w, replicas=2, policies={"firms": RandomPolicy()}) for w in (world, other)]
    other.firms.alive[:, 2] = False
    for sim in sims:
        sim.run(until=-3)
    kept = [0, 1, 3, 4, 5, 6]
    assert np.array_equal(world.firms.action[:, kept], other.firms.action[:, kept])
    assert (other.firms.action[:, 2] == 0).all()


def test_births_and_deaths_reach_the_next_barrier():
    world = Toy(firms=3, start=0, asks="cohort", period=1)
    sim = Simulation(world)
    sim.run(until=1)
    world.firms.alive[0, 1] = False
    world.firms.review[0, 1] = 2**62
    slot = world.firms.birth(0)
    world.firms.review[0, slot] = 9
    sim.run(until=2)
    world.firms.review[0, world.firms.birth(0)] = 9
    sim.run(until=3)
    assert world.policy.rows == [3, 3, 4]


class Answering:
    """A policy whose answer and needs are given."""

    def __init__(self, answer):
        self.answer, self.needs_observation = answer, False

    def act(self, ask):
        return self.answer(ask)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            lambda ask: np.array([5, 0]),
            r"answered \[5, 0\] to agent 0 of replica 0: valid are indices below \[5, 3\]",
        ),
        (lambda ask: np.full((len(ask), 2), -1), r"answered \[-1, -1\]"),
        (lambda ask: np.zeros((len(ask), 2)), "float64: valid is int64"),
        (lambda ask: np.zeros((len(ask), 3), np.int64), r"\(7, 3\) int64: valid is int64 of shape \(7, 2\)"),
        (lambda ask: None, "answered None"),
    ],
)
def test_answers_outside_the_heads_are_refused(answer, said):
    with pytest.raises(KernelError, match=said):
        Simulation(Toy(start=0), policies={"firms": Answering(answer)}).run(until=1)


@pytest.mark.parametrize(
    ("see", "said"),
    [
        (
            lambda ask: np.full((len(ask), 2), np.nan, np.float32),
            "observation 0 of agent 0 in replica 0 is nan",
        ),
        (lambda ask: np.zeros((len(ask), 2)), "float64: valid is .7, features. float32"),
        (lambda ask: np.zeros((3, 2), np.float32), r"observe gave \(3, 2\)"),
    ],
)
def test_observations_must_be_finite_float32_rows(see, said):
    world = Toy(start=0)
    world.see = see
    with pytest.raises(KernelError, match=said):
        Simulation(world).run(until=1)


def test_the_same_ask_twice_is_an_error():
    class Twice(Toy):
        def timetable(self):
            review = self.firms.review
            return (
                barrier(ask(every(4), "firms"), ask(due(review), "firms", "price")),
                due(review, self.reprice),
            )

    with pytest.raises(KernelError, match="agent 0 of replica 0 asks twice"):
        Simulation(Twice(start=0)).run(until=1)

    class Cohorts(Toy):
        def timetable(self):
            return (barrier(ask(every(4), "firms"), ask(every(6), "firms", "hire")),)

    with pytest.raises(KernelError, match="cohort asks twice for hire"):
        Simulation(Cohorts(start=0)).run(until=1)


def test_a_process_that_asks_after_its_barrier_is_an_error():
    def eager(me):
        while True:
            yield me.sleep(4)
            yield me.decide("hire")
            yield me.decide("hire")

    sim = Simulation(Toy(start=0), scenario="eager")
    sim.process(eager, "firms", 2)
    with pytest.raises(KernelError, match=r"process of firms 2, replica 0 .*asks after its barrier"):
        sim.run(until=9)


def test_an_observing_policy_sits_at_one_seat_only():
    class TwoSeats(Toy):
        def populate(self, sim):
            super().populate(sim)
            sim.seat("others", self.firms, {"a": 1, "b": 1}, observe=self.see, policy=self.policy)

    with pytest.raises(KernelError, match="already sits at 'firms'"):
        Simulation(TwoSeats())


def test_policies_for_unknown_seats_are_refused():
    with pytest.raises(KernelError, match="unknown seat 'firm': did you mean 'firms'"):
        Simulation(Toy(), policies={"firm": RulePolicy()})
