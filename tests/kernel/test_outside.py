"""Seats answered from outside: the clock stops at the barrier and goes on in the same instant."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.policy import FixedPolicy, RandomPolicy, RulePolicy
from simengine.kernel import KernelError, Simulation, SimulationFailed, ask, decide, every
from tests.kernel.test_barrier import SCHEDULES, as_a_mixture
from tests.kernel.toy import HEADS, NEUTRAL, Repricing, SeededPolicy, Toy

UNTIL = 60


def stepped(sim, policies, until=UNTIL):
    """Run a simulation whose barriers are answered here by what the policies would say."""
    while asks := sim.advance(until, outside=policies):
        for seat, asked in asks.items():
            sim.answer(seat, policies[seat].act(asked))
    return sim


@pytest.mark.parametrize(("asks", "prepare"), SCHEDULES)
@pytest.mark.parametrize("kind", [SeededPolicy, RandomPolicy, lambda: FixedPolicy((4, 2)), RulePolicy])
def test_a_run_answered_from_outside_equals_one_with_the_policy_inside(asks, prepare, kind):
    inside = Simulation(Toy(asks=asks, period=4), seed=5, replicas=3, policies={"firms": kind()})
    outside = Simulation(Toy(asks=asks, period=4), seed=5, replicas=3, policies={"firms": RulePolicy()})
    for sim in (inside, outside):
        prepare(sim)
    inside.run(until=UNTIL)
    stepped(outside, {"firms": kind()})
    assert np.array_equal(outside.digests, inside.digests)
    assert outside.counted() == inside.counted()


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=8))
def test_a_run_may_change_sides_at_any_instant(pieces):
    plain, mixed = (Simulation(Toy(), seed=2, replicas=2) for _ in range(2))
    for ticks, outside in pieces:
        plain.run(ticks=ticks)
        if outside:
            stepped(mixed, {"firms": mixed.world.policy}, mixed.tick + ticks)
        else:
            mixed.run(ticks=ticks)
    assert mixed.tick == plain.tick
    assert np.array_equal(mixed.digests, plain.digests)
    assert mixed.world.policy.rows == plain.world.policy.rows
    assert mixed.counted() == plain.counted()


def test_the_first_ask_stands_in_the_middle_of_its_instant():
    world = Toy(firms=3, start=0)
    sim = Simulation(world, replicas=2)
    asked = sim.advance(9, outside=("firms",))["firms"]
    assert (sim.tick, asked.tick, len(asked)) == (0, 0, 6)
    assert asked.observation.tolist() == [[100.0, 10.0]] * 6
    assert {head: mask.tolist() for head, mask in asked.asked.items()} == {
        "price": [True, False, False] * 2,
        "hire": [True] * 6,
    }
    assert world.log == []
    sim.answer("firms", np.tile(np.array([4, 2]), (6, 1)))
    assert sim.advance(9, outside=("firms",))["firms"].tick == 1
    assert world.log == [0]
    assert world.firms.price[:, 0].tolist() == [102, 102]
    assert world.firms.staff[:, :3].tolist() == [[11] * 3] * 2


def test_a_policy_that_looks_at_nothing_is_shown_nothing_but_the_outside_is():
    sim = Simulation(Toy(start=0), policies={"firms": RulePolicy()})
    assert sim.advance(1, outside=("firms",))["firms"].observation.shape == (7, 2)


def test_listeners_see_the_same_events_in_the_same_order():
    def heard(sim):
        seen = []
        sim.events(Repricing).subscribe(
            lambda batch: seen.append((batch.tick, batch.firm.tolist(), batch.price.tolist()))
        )
        return seen

    plain, outside = (Simulation(Toy(), seed=4, replicas=2) for _ in range(2))
    expected, found = heard(plain), heard(outside)
    plain.run(until=UNTIL)
    stepped(outside, {"firms": SeededPolicy()})
    assert found == expected
    assert len(found) > 30


class TwoSeats(Toy):
    """Firms and a shadow of them that decide at one barrier, and bosses that decide at an earlier one."""

    def populate(self, sim):
        super().populate(sim)
        for name in ("shadows", "bosses"):
            columns = sim.state.add(name, type(self.firms)(sim.R, 2, live=2))
            sim.seat(name, columns, HEADS, observe=self.see, policy=RulePolicy(), neutral=NEUTRAL)

    def timetable(self):
        return (
            decide(ask(every(8), "bosses")),
            decide(ask(every(4), "shadows"), ask(every(4), "firms")),
            *super().timetable()[2:],
        )


def test_seats_of_one_barrier_are_asked_together_and_barriers_one_after_another():
    sim = Simulation(TwoSeats(start=0), seed=1)
    met = []
    while asks := sim.advance(9, outside=("firms", "bosses", "shadows")):
        met.append((sim.tick, list(asks)))
        for seat in reversed(asks):
            sim.answer(seat, np.array(NEUTRAL))
    assert met == [
        *[(0, ["bosses"]), (0, ["shadows", "firms"]), (4, ["shadows", "firms"])],
        *[(8, ["bosses"]), (8, ["shadows", "firms"])],
    ]
    neutral = Simulation(TwoSeats(start=0), seed=1, policies={"firms": RulePolicy()})
    neutral.run(until=9)
    assert sim.digest == neutral.digest


def test_seats_that_are_not_outside_keep_their_policies():
    inside = Simulation(TwoSeats(start=0), seed=1)
    inside.run(until=UNTIL)
    outside = stepped(Simulation(TwoSeats(start=0), seed=1), {"shadows": RulePolicy()})
    assert outside.digest == inside.digest
    assert outside.world.policy.rows == inside.world.policy.rows


def test_run_finishes_an_instant_that_waits_with_the_policies_inside():
    plain, sim = (Simulation(Toy(), seed=3) for _ in range(2))
    plain.run(until=20)
    sim.answer("firms", sim.world.policy.act(sim.advance(20, outside=("firms",))["firms"]))
    sim.run(until=20)
    assert (sim.tick, sim.digest) == (20, plain.digest)


def test_stop_ends_stepping_at_the_end_of_the_instant():
    plain, sim = (Simulation(Toy(), seed=3) for _ in range(2))
    plain.run(until=9)

    def at_eight(sim):
        if sim.tick == 8:
            sim.stop()

    sim.world.sabotage = at_eight
    stepped(sim, {"firms": sim.world.policy})
    assert (sim.tick, sim.digest) == (9, plain.digest)


def waiting():
    """A simulation that waits for an answer at tick 0."""
    sim = Simulation(Toy(start=0))
    sim.advance(9, outside=("firms",))
    return sim


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda sim: sim.checkpoint("never"), "checkpoint inside instant 0"),
        (lambda sim: sim.run(until=9), "tick 0 waits for an answer to firms"),
        (lambda sim: sim.advance(9, outside=("firms",)), "tick 0 waits for an answer to firms"),
        (lambda sim: sim.run(until=0), r"run\(until\) is 0: valid is a whole number of at least 1"),
        (lambda sim: sim.run(ticks=0), r"run\(ticks\) is 0: valid is a whole number of at least 1"),
        (lambda sim: sim.run(years=0), "is 0 ticks"),
        (lambda sim: sim.answer("banks", np.array(NEUTRAL)), "answer at tick 0: unknown open ask 'banks'"),
        (lambda sim: sim.answer("firms", np.array([5, 0])), r"the outside of firms answered \[5, 0\]"),
        (lambda sim: sim.answer("firms", np.zeros((3, 2), np.int64)), r"\(3, 2\) int64: valid is int64 of"),
        (lambda sim: sim.advance(9, outside=("firm",)), "unknown seat 'firm': did you mean 'firms'"),
    ],
)
def test_what_may_not_happen_while_an_instant_waits_is_refused_and_spoils_nothing(act, said):
    plain, sim = Simulation(Toy(start=0)), waiting()
    with pytest.raises(KernelError, match=said):
        act(sim)
    sim.answer("firms", sim.world.policy.act(sim._asked["firms"]))
    stepped(sim, {"firms": sim.world.policy})
    plain.run(until=UNTIL)
    assert sim.digest == plain.digest


def test_what_fails_after_an_answer_is_reported_as_in_any_run():
    sim = waiting()

    def broken(sim):
        raise ArithmeticError("the ground gave way")

    sim.world.sabotage = broken
    sim.answer("firms", np.array(NEUTRAL))
    with pytest.raises(SimulationFailed, match=r"toy failed at tick 0 in Toy.trade .*the ground gave way"):
        sim.advance(9, outside=("firms",))
    with pytest.raises(SimulationFailed, match="the ground gave way"):
        sim.advance(9, outside=("firms",))


def test_a_shock_declared_while_an_instant_waits_strikes_at_the_next_at_the_earliest():
    struck = []

    class Note:
        def start(self, world, sim, mask):
            struck.append(sim.tick)

        def stop(self, world, sim, mask):
            struck.append(-sim.tick)

    sim = waiting()
    with pytest.raises(KernelError, match="at least 1"):
        sim.at(0, Note())
    sim.at(1, Note())
    sim.answer("firms", np.array(NEUTRAL))
    stepped(sim, {"firms": RulePolicy()}, until=3)
    assert struck == [1]


def test_processes_get_their_answer_in_the_same_instant():
    got = []

    def patient(me):
        while True:
            yield me.every(4)
            action = yield me.decide("price")
            got.append((me.tick, action))

    sim = Simulation(Toy(start=0, asks="none"))
    sim.process(patient, "firms", 2)
    answers = iter((4, 1))
    while asks := sim.advance(8, outside=("firms",)):
        sim.answer("firms", np.array([next(answers), 1]))
        assert len(asks["firms"]) == 7
    assert got == [(0, 4), (4, 1)]


def test_a_mixture_of_cohorts_and_processes_resumes_from_a_checkpoint_between_two_steps(tmp_path):
    def prepared():
        sim = Simulation(Toy(asks="cohort", period=4), seed=5)
        as_a_mixture(sim)
        return sim

    whole = stepped(prepared(), {"firms": RandomPolicy()})
    first = stepped(prepared(), {"firms": RandomPolicy()}, until=21)
    first.checkpoint(tmp_path)
    resumed = prepared()
    resumed.restore(tmp_path)
    assert stepped(resumed, {"firms": RandomPolicy()}).digest == whole.digest


def test_looking_shows_everyone_alive_and_changes_nothing():
    plain, sim = (Simulation(Toy(), seed=3, replicas=2) for _ in range(2))
    plain.run(until=40)
    sim.run(until=30)
    seen = sim.look("firms")
    alive = np.argwhere(sim.world.firms.alive).tolist()
    assert np.stack([seen.replica, seen.agent], axis=1).tolist() == alive
    assert not any(mask.any() for mask in seen.asked.values())
    assert seen.observation[:, 0].tolist() == sim.world.firms.price[sim.world.firms.alive].tolist()
    sim.run(until=40)
    assert sim.digest == plain.digest
