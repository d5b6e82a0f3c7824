"""Replicas step together and stay apart."""

import numpy as np
import pytest

from simengine.kernel import KernelError, Simulation, SimulationFailed
from tests.kernel.toy import Repricing, Toy

UNTIL = 100


def digests(replicas, **declared):
    sim = Simulation(Toy(), seed=3, replicas=replicas, **declared)
    sim.run(until=UNTIL)
    return sim.digests


def test_a_replica_alone_equals_the_same_replica_among_64():
    company = digests(64)
    assert len(set(company.tolist())) == 64
    for number in (0, 17, 63):
        assert digests([number])[0] == company[number]


def test_a_repeated_replica_number_is_a_second_arm():
    assert np.array_equal(digests([0, 1, 0, 1]), np.tile(digests(2), 2))


def test_seeds_differ_and_repeat():
    assert np.array_equal(digests(2), digests(2))
    sim = Simulation(Toy(), seed=4, replicas=2)
    sim.run(until=UNTIL)
    assert not (sim.digests == digests(2)).any()


def test_a_disturbed_replica_leaves_the_others_untouched():
    world = Toy()
    sim = Simulation(world, seed=3, replicas=5)
    sim.run(until=30)
    world.firms.price[2] += 1
    world.firms.alive[2, 3] = False
    sim.run(until=UNTIL)
    assert (sim.digests == digests(5)).tolist() == [True, True, False, True, True]


def test_listeners_change_no_digest_and_batches_are_built_for_them_alone():
    plain = Simulation(Toy(), seed=3, replicas=3)
    plain.run(until=UNTIL)
    assert plain.counts.batches == 0
    heard, sim = [], Simulation(Toy(), seed=3, replicas=3)
    sim.events(Repricing).subscribe(heard.append)
    sim.run(until=UNTIL)
    assert sim.counts.batches == len(heard) > 50
    assert [batch.tick for batch in heard] == sorted(batch.tick for batch in heard)
    assert np.array_equal(sim.digests, plain.digests)


def test_one_hash_stands_for_all_replicas():
    sim = Simulation(Toy(), seed=3, replicas=2)
    assert len(sim.digest) == 32
    before = sim.digest
    sim.run(until=UNTIL)
    assert sim.digest != before


@pytest.mark.parametrize("replicas", [0, [], [-1], [1.5], 2.0, True, "3"])
def test_wrong_replicas_are_refused(replicas):
    with pytest.raises(KernelError, match="replica"):
        Simulation(Toy(), replicas=replicas)


def sabotaged(act, replicas=1, **declared):
    world = Toy()
    world.sabotage = lambda sim: act(sim) if sim.tick == 6 else None
    sim = Simulation(world, seed=9, replicas=replicas, **declared)
    return world, sim


class Odd(Exception):
    """Built from two arguments, which SimPy's copy does not give it."""

    def __init__(self, what, replica):
        super().__init__(f"{what} is odd")
        self.replica = replica


def stumble(sim):
    raise Odd("all this", 1)


def test_a_raising_phase_fails_the_run_for_good_and_says_how_to_rerun_it():
    world, sim = sabotaged(
        stumble,
        [4, 8],
        scenario="crisis.toml",
        rerun=lambda tick: f"simengine run crisis.toml --ticks {tick + 1}",
    )
    with pytest.raises(SimulationFailed) as caught:
        sim.run(until=20)
    assert str(caught.value) == (
        "crisis.toml failed at tick 6 in Toy.trade (seed 9, replica 8): Odd: all this is odd; "
        "rerun: simengine run crisis.toml --ticks 7"
    )
    failure = caught.value
    assert (failure.scenario, failure.seed, failure.number, failure.tick) == ("crisis.toml", 9, 8, 6)
    assert type(failure.__cause__) is Odd
    for attempt in (lambda: sim.run(until=20), lambda: sim.checkpoint("never")):
        with pytest.raises(SimulationFailed, match="tick 6"):
            attempt()
    assert world.log[-1] == 6


def test_a_broken_invariant_fails_the_run_when_the_books_close():
    _, sim = sabotaged(lambda sim: sim.state["firms"].price.__isub__(10_000))
    with pytest.raises(
        SimulationFailed, match=r"at tick 7 in Toy\.settle .*invariant broken: a price is negative"
    ):
        sim.run(until=20)


def test_an_interrupt_in_the_middle_of_an_instant_passes_and_spoils_the_run():
    def interrupt(sim):
        raise KeyboardInterrupt

    _, sim = sabotaged(interrupt)
    with pytest.raises(KeyboardInterrupt):
        sim.run(until=20)
    with pytest.raises(SimulationFailed):
        sim.run(until=20)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda sim: sim.env.timeout(0.5), "delay of Timeout in ticks is 0.5"),
        (lambda sim: sim.env.timeout(float("nan")), "delay of Timeout in ticks is nan"),
        (lambda sim: sim.env.timeout(float("inf")), "delay of Timeout in ticks is inf"),
        (lambda sim: sim.env.timeout(2.0), "delay of Timeout in ticks is 2.0"),
        (
            lambda sim: sim.env.schedule_at(sim.env.event(), 1, 5),
            "Event at tick 5: valid is now, 6",
        ),
        (lambda sim: sim.run(until=30), "inside instant 6"),
        (lambda sim: sim.checkpoint("never"), "inside instant 6"),
    ],
)
def test_what_may_not_happen_inside_an_instant_is_refused(act, said):
    _, sim = sabotaged(act)
    with pytest.raises(KernelError, match=said):
        sim.run(until=20)


def test_events_that_never_let_time_pass_are_capped(monkeypatch):
    def chatter(env):
        while True:
            yield env.timeout(0)

    monkeypatch.setattr("simengine.kernel.simulation.EVENTS_PER_INSTANT", 1000)
    _, sim = sabotaged(lambda sim: sim.env.process(chatter(sim.env)))
    with pytest.raises(KernelError, match="more than 1000 events in one instant"):
        sim.run(until=20)
