"""A span: how far a call may run, what it may publish and draw, and what it is refused."""

import numpy as np
import pytest
from reactivex import operators as ops

from simengine.kernel import (
    NEVER,
    KernelError,
    Simulation,
    SimulationFailed,
    Strike,
    ask,
    decide,
    due,
    every,
    span,
)
from simengine.kernel.noise import tick_at, uniform_at
from streams import col, event, i8
from tests.kernel.test_timetable import Rows


@event
class Step:
    """A tick that has run."""

    value: i8 = col("number")


class Quake:
    """A shock that does nothing."""

    name = "quake"

    def start(self, world, sim, mask):
        """Strike."""

    def stop(self, world, sim, mask):
        """Cease."""


def spanned(rows, until=10, prepare=lambda sim: None, act=None, longest=4096, **given):
    """The calls of a span beside other rows, as (start, until)."""
    calls = []

    def run(sim, start, until):
        calls.append((start, until))
        return act(sim, start, until) if act else until

    world = Rows(lambda world: rows(world, span(run, longest)))
    sim = Simulation(world, **given)
    prepare(sim)
    sim.run(until=until)
    return calls


def publishes(sim, start, until):
    """Publish what is true of each tick, for each replica."""
    ticks = np.arange(start, until)
    replica = np.repeat(np.arange(sim.R), len(ticks))
    sim.publish(Step, replica=replica, ticks=np.tile(ticks, sim.R), value=np.tile(ticks**2, sim.R))
    return until


def alone(world, row):
    return [row]


def test_a_span_alone_runs_to_the_goal_of_the_run_in_one_call():
    assert spanned(alone) == [(0, 10)]
    assert spanned(alone, longest=4) == [(0, 4), (4, 8), (8, 10)]


def test_a_span_ends_where_another_row_is_due_before_it_or_after_it():
    assert spanned(lambda w, row: [every(4, w.note("a")), row]) == [(0, 4), (4, 8), (8, 10)]
    assert spanned(lambda w, row: [row, every(4, w.note("a"))]) == [
        (0, 1),
        (1, 4),
        (4, 5),
        (5, 8),
        (8, 9),
        (9, 10),
    ]
    assert spanned(lambda w, row: [decide(ask(every(7, on=3), "clocks")), row]) == [(0, 3), (3, 10)]


def test_a_span_ends_at_dates_that_rows_before_it_have_just_moved():
    def wake(sim, rows):
        sim.state["clocks"].due[rows.replica, rows.agent] += 3

    def open_at(sim):
        sim.state["clocks"].due[0, 1] = 2

    calls = spanned(lambda w, row: [due(w.clocks.due, wake), row], prepare=open_at)
    assert calls == [(0, 2), (2, 5), (5, 8), (8, 10)]


def test_a_span_that_makes_a_row_due_earlier_returns_there():
    def act(sim, start, until):
        sim.state["clocks"].due[0, 0] = NEVER if start != 3 else 6
        return until if start != 3 else 6

    def rest(sim, rows):
        sim.state["clocks"].due[rows.replica, rows.agent] = NEVER

    rows = [(0, 3), (3, 10), (6, 10)]
    assert (
        spanned(
            lambda w, row: [due(w.clocks.due, rest), row], act=act, prepare=lambda sim: sim.at(3, Quake())
        )
        == rows
    )


def test_a_span_that_runs_past_a_date_it_has_made_is_an_error():
    def act(sim, start, until):
        sim.state["clocks"].due[0, 2] = start + 1
        return until

    with pytest.raises(
        SimulationFailed, match=r"due of agent 2 in replica 0 is 1: it is live and would never"
    ):
        spanned(lambda w, row: [due(w.clocks.due, w.note("a")), row], act=act)


def test_a_span_ends_where_a_shock_strikes_or_ceases():
    assert spanned(alone, shocks=[Strike(3, Quake(), 7)]) == [(0, 3), (3, 7), (7, 10)]


def test_a_span_ends_where_a_process_wakes():
    def nap(me):
        while True:
            yield me.sleep(4)

    def prepare(sim):
        sim.process(nap, "clocks", 2)

    assert spanned(alone, prepare=prepare) == [(0, 4), (4, 8), (8, 10)]


def test_a_span_ends_where_an_observers_timer_is_due():
    told = []

    def prepare(sim):
        sim.bus.every(4, "period", lambda tick: told.append(("period", sim.tick)))
        sim.events(Step).pipe(ops.buffer_with_time(6)).subscribe(
            lambda batches: told.append((len(batches), sim.tick))
        )

    assert spanned(alone, prepare=prepare, act=publishes) == [(0, 4), (4, 6), (6, 8), (8, 10)]
    assert told == [("period", 4), (6, 6), ("period", 8)]


def test_a_timer_that_an_observer_starts_while_it_is_told_is_on_time():
    told = []

    def prepare(sim):
        pipe = sim.events(Step).pipe(ops.filter(lambda batch: batch.tick == 2), ops.delay(3))
        pipe.subscribe(lambda batch: told.append((batch.tick, sim.tick)))

    assert spanned(alone, prepare=prepare, act=publishes) == [(0, 10)]
    assert told == [(2, 5)]


def test_those_who_listen_are_told_tick_by_tick_and_those_who_ask_get_the_whole():
    told, whole = [], []

    def prepare(sim):
        sim.events(Step).subscribe(lambda batch: told.append((sim.tick, batch.tick, batch.value.tolist())))
        sim.events(Step, whole=True).subscribe(lambda batch: whole.append((sim.tick, batch.ticks.tolist())))

    assert spanned(alone, until=3, prepare=prepare, act=publishes, replicas=2) == [(0, 3)]
    assert told == [(0, 0, [0, 0]), (1, 1, [1, 1]), (2, 2, [4, 4])]
    assert whole == [(2, [0, 1, 2, 0, 1, 2])]


def test_stop_ends_the_run_with_the_span_and_what_follows_is_equal():
    calls = []

    def run(sim, start, until):
        calls.append((start, until))
        if start == 4:
            sim.stop()
        return until

    sim = Simulation(Rows(lambda w: [span(run), every(4, w.note("a"))]))
    sim.run(until=12)
    assert (sim.tick, calls[-1]) == (5, (4, 5))
    sim.run(until=12)
    assert calls[-2:] == [(8, 9), (9, 12)]


def test_a_draw_inside_a_span_names_its_tick_and_equals_the_draw_of_that_instant():
    drawn = {}

    def act(sim, start, until):
        streams = sim.noise.streams("one", "two")
        for tick in range(start, until):
            expected = sim.noise.uniform("two", 5, tick=tick)
            drawn[tick] = [uniform_at(np.uint64(tick_at(key, tick)), 4) for key in streams[:, 1]]
            assert drawn[tick] == expected[:, 4].tolist()
        return until

    spanned(alone, act=act, replicas=3)
    assert len({u for each in drawn.values() for u in each}) == 30

    with pytest.raises(SimulationFailed, match=r"noise 'one' inside a span: valid is with tick="):
        spanned(alone, act=lambda sim, start, until: sim.noise.key("one"))


def test_a_draw_after_a_span_is_one_of_the_present_instant_again():
    seen = []
    spanned(lambda w, row: [row, every(3, lambda sim: seen.append(sim.noise.uniform("x", 1)[0, 0]), on=-1)])
    noise = Simulation(Rows(lambda w: [])).noise
    assert seen == [noise.uniform("x", 1, tick=tick)[0, 0] for tick in (2, 5, 8)]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda sim, start, until: start, r"what the span at tick 0 returned is 0: .* at least 1"),
        (lambda sim, start, until: None, "returned is None"),
        (lambda sim, start, until: until + 1, "ran to 11: valid is at most 10"),
        (
            lambda sim, start, until: sim.publish(Step, replica=0, value=3),
            "Step of the span over ticks 0 to 9: it has one tick; valid is ticks=",
        ),
        (
            lambda sim, start, until: [publishes(sim, start, until) for _ in "ab"],
            "published twice; valid is one batch",
        ),
        (
            lambda sim, start, until: sim.publish(Step, replica=[0, 0], ticks=[9, 10], value=3),
            "tick of row 1 is 10; valid: inside the span",
        ),
        (
            lambda sim, start, until: sim.publish(Step, replica=[0, 0], ticks=[4, 3], value=3),
            "tick of row 1 is 3; .* ascending within a replica",
        ),
        (lambda sim, start, until: publishes(sim, start, until) - 1, "published by a span over ticks 0 to 8"),
        (lambda sim, start, until: sim.at(9, Quake()) or until, "tick is 9: valid is .* at least 10"),
    ],
)  # fmt: skip
def test_what_a_span_must_not_do_is_refused(act, said):
    with pytest.raises(SimulationFailed, match=said):
        spanned(alone, act=act, prepare=lambda sim: sim.events(Step).subscribe(print))


def test_ticks_outside_a_span_are_refused():
    act = lambda sim: publishes(sim, 0, 2)  # noqa: E731
    sim = Simulation(Rows(lambda w: [every(1, act)]))
    sim.events(Step).subscribe(print)
    with pytest.raises(SimulationFailed, match="valid is ticks= inside a span, and nowhere else"):
        sim.run(until=2)


def test_an_observer_cannot_have_a_shock_strike_where_the_span_has_been():
    refused = []

    def prepare(sim):
        def strike(batch):
            try:
                sim.at(batch.tick + 1, Quake())
            except KernelError as error:
                refused.append(str(error))

        sim.events(Step).subscribe(strike)

    spanned(alone, until=6, prepare=prepare, act=publishes)
    assert len(refused) == 5
    assert "tick is 1: valid is a whole number of at least 6" in refused[0]


def test_two_spans_and_a_span_of_nothing_are_refused():
    with pytest.raises(KernelError, match="two spans, which would cut each other"):
        spanned(lambda w, row: [row, row])
    with pytest.raises(KernelError, match=r"span\(...\): act is 3"):
        span(3)
    with pytest.raises(KernelError, match="longest is 0"):
        span(print, 0)


def test_a_failure_without_a_tick_is_one_of_the_first_tick_of_its_call():
    def act(sim, start, until):
        publishes(sim, start, until)
        if until > 5:
            raise ValueError("the floor gave way")
        return until

    told = []
    with pytest.raises(SimulationFailed, match="failed at tick 4 in") as failed:
        spanned(
            alone,
            act=act,
            longest=4,
            prepare=lambda sim: sim.events(Step).subscribe(lambda b: told.append(b.tick)),
        )
    assert failed.value.tick == 4
    assert told == [0, 1, 2, 3]
