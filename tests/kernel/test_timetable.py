"""When rows run: periods, order inside an instant, whole ticks, due columns."""

import numpy as np
import pytest

from agents.policy import RulePolicy
from simengine.kernel import NEVER, Columns, KernelError, Simulation, ask, column, decide, due, every, i8


class Clocks(Columns):
    due: i8 = column("tick", default=NEVER)
    other: i8 = column("1")
    action: i8 = column("1", width=1)


class Rows:
    """A world whose timetable is given."""

    name, ticks_per_year, config = "rows", 48, None

    def __init__(self, rows, start=0, agents=4):
        self.rows, self.start, self.agents, self.log = rows, start, agents, []

    def populate(self, sim):
        self.clocks = sim.state.add("clocks", Clocks(sim.R, self.agents))
        sim.seat("clocks", self.clocks, {"go": 2}, policy=RulePolicy())

    def timetable(self):
        return self.rows(self)

    def invariants(self, sim):
        return ()

    def note(self, name):
        return lambda sim, *rows: self.log.append((sim.tick, name))


def ran(rows, until, start=0, opening=None):
    world = Rows(rows, start)
    sim = Simulation(world)
    if opening is not None:
        world.clocks.due[0, : len(opening)] = opening
    sim.run(until=until)
    return world.log


@pytest.mark.parametrize(
    ("period", "on", "ticks"),
    [
        (4, 0, [-8, -4, 0, 4]),
        (4, -1, [-5, -1, 3]),
        (4, 2, [-6, -2, 2]),
        (1, 0, list(range(-8, 6))),
        (48, 5, [5]),
    ],
)
def test_every_fires_where_the_calendar_says_from_negative_ticks_on(period, on, ticks):
    assert [t for t, _ in ran(lambda w: [every(period, w.note("a"), on=on)], 6, start=-8)] == ticks


def test_run_until_executes_every_instant_before_it_and_goes_on_from_there():
    world = Rows(lambda w: [every(1, w.note("a"))], start=-2)
    sim = Simulation(world)
    sim.run(until=1)
    assert (world.log[-1][0], sim.tick) == (0, 1)
    sim.run(ticks=2)
    assert (world.log[-1][0], sim.tick) == (2, 3)
    sim.run(years=1)
    assert sim.tick == 51


def test_years_are_counted_from_tick_0_when_in_warm_up():
    sim = Simulation(Rows(lambda w: [every(1, w.note("a"))], start=-48))
    sim.run(years=2)
    assert sim.tick == 96


def test_order_inside_an_instant_is_the_order_of_the_rows():
    log = ran(lambda w: [every(2, w.note("a")), every(1, w.note("b")), every(2, w.note("c"))], 5)
    assert [name for t, name in log if t == 4] == ["a", "b", "c"]
    assert [name for t, name in log if t == 3] == ["b"]


def test_due_rows_wake_whoever_the_column_says():
    seen = []

    def wake(sim, rows):
        seen.append((sim.tick, rows.agent.tolist(), rows.tick.tolist()))
        sim.state["clocks"].due[rows.replica, rows.agent] += rows.agent + 1

    ran(lambda w: [due(w.clocks.due, wake)], 8, opening=[0, 1, 0, NEVER])
    assert seen == [
        (0, [0, 2], [0, 0]), (1, [0, 1], [1, 1]), (2, [0], [2]), (3, [0, 1, 2], [3, 3, 3]), (4, [0], [4]),
        (5, [0, 1], [5, 5]), (6, [0, 2], [6, 6]), (7, [0, 1], [7, 7]),
    ]  # fmt: skip


def test_a_date_moved_by_another_row_holds():
    def advance(sim):
        sim.state["clocks"].due[0, 0] = (
            5 if sim.tick == 3 else 9 if sim.tick == 4 else sim.state["clocks"].due[0, 0]
        )

    def wake(sim, rows):
        world.log.append(sim.tick)
        sim.state["clocks"].due[0, 0] = 30

    world = Rows(lambda w: [every(1, advance), due(w.clocks.due, wake)])
    sim = Simulation(world)
    world.clocks.due[0, 0] = 20
    sim.run(until=4)
    world.clocks.due[0, 0] = 7
    sim.run(until=25)
    assert world.log == [9]


def test_a_live_agent_due_and_not_armed_again_is_an_error():
    with pytest.raises(
        KernelError, match=r"clocks\.due of agent 2 in replica 0 is 3: it is live and would never"
    ):
        ran(lambda w: [due(w.clocks.due, w.note("a"))], 8, opening=[NEVER, NEVER, 3, NEVER])


def test_an_agent_due_before_the_start_is_an_error():
    with pytest.raises(KernelError, match="valid is a tick of at least 0"):
        ran(lambda w: [due(w.clocks.due, w.note("a"))], 8, opening=[-1])


def test_each_row_is_a_simpy_process():
    world = Rows(lambda w: [every(2, lambda sim: w.log.append(sim.env.active_process))] * 3)
    Simulation(world).run(until=3)
    assert len(set(map(id, world.log))) == 3
    assert None not in world.log


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (lambda w: [every(0, w.note("a"))], "period is 0: valid is a whole number of at least 1"),
        (lambda w: [every(1.5, w.note("a"))], "period is 1.5"),
        (lambda w: [every(2, w.note("a"), on=float("nan"))], "on is nan"),
        (lambda w: [every(2)], "row 0 has no act"),
        (lambda w: [every(2, 3)], "act is 3"),
        (lambda w: [w.note("a")], "valid are every, due, decide and span"),
        (lambda w: [due(np.zeros((1, 4)), w.note("a"))], "declared int64 column"),
        (lambda w: [due(np.zeros((1, 4), np.int64), w.note("a"))], "no declared column"),
        (lambda w: [decide()], "asks nobody"),
        (lambda w: [decide(every(2))], "valid are ask"),
        (lambda w: [decide(ask(every(2, w.note("a")), "clocks"))], "no act"),
        (lambda w: [decide(ask(every(2), "clokcs"))], "did you mean 'clocks'"),
        (lambda w: [decide(ask(every(2), "clocks", head="gone"))], "unknown head 'gone'"),
    ],
)
def test_wrong_timetables_are_refused(rows, said):
    with pytest.raises(KernelError, match=said):
        Simulation(Rows(rows))


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ({}, "exactly one"),
        ({"until": 3, "ticks": 4}, "exactly one"),
        ({"until": 2.5}, r"run\(until\) is 2.5"),
        ({"until": -1}, "at least 0"),
        ({"years": 0.01}, "0.48 ticks"),
        ({"years": float("nan")}, "nan ticks"),
    ],
)
def test_wrong_goals_are_refused_and_leave_the_run_usable(goal, said):
    sim = Simulation(Rows(lambda w: [every(1, w.note("a"))]))
    with pytest.raises(KernelError, match=said):
        sim.run(**goal)
    sim.run(until=3)
    assert sim.tick == 3


def test_stop_ends_the_run_after_the_instant():
    world = Rows(
        lambda w: [every(1, lambda sim: sim.stop() if sim.tick == 4 else None), every(1, w.note("a"))]
    )
    sim = Simulation(world)
    sim.run(until=9)
    assert (sim.tick, world.log[-1]) == (5, (4, "a"))
    sim.run(until=9)
    assert [t for t, _ in world.log] == list(range(9))
