"""Agents with a calendar of their own: generators, wake functions, raw SimPy events."""

import pytest

from simengine.kernel import KernelError, Simulation
from tests.kernel.toy import Toy


def quiet(start=0, **declared):
    return Simulation(Toy(start=start, asks="none"), seed=2, **declared)


def test_a_process_sleeps_decides_and_remembers():
    seen = []

    def life(me):
        while True:
            yield me.sleep(3)
            action = yield me.decide("price")
            me.memory["count"] = me.memory.get("count", 0) + 1
            seen.append((me.tick, me.replica, me.alive, action, me.memory["count"]))

    sim = quiet(replicas=2)
    sim.process(life, "firms", 4)
    sim.run(until=8)
    assert [(tick, replica, alive, count) for tick, replica, alive, _, count in seen] == [
        (3, 0, True, 1), (3, 1, True, 1), (6, 0, True, 2), (6, 1, True, 2),
    ]  # fmt: skip
    assert all(action in range(5) for *_, action, _ in seen)


def test_an_action_reaches_the_process_before_the_next_row():
    order = []

    def life(me):
        while True:
            yield me.every(2)
            yield me.decide()
            order.append("process")

    sim = quiet()
    sim.world.sabotage = lambda sim: order.append(sim.tick)
    sim.process(life, "firms", 0)
    sim.run(until=3)
    assert order == ["process", 0, 1, "process", 2]


def test_wake_says_when_to_be_asked_next():
    asked = []

    def wake(me, action):
        asked.append((me.tick, action))
        return 2 if me.tick < 5 else 10

    sim = quiet()
    sim.agent("firms", 1, wake=wake, heads=("hire",), first=1)
    sim.run(until=30)
    assert [tick for tick, _ in asked] == [1, 3, 5, 15, 25]
    assert all(isinstance(action, int) for _, action in asked)


def test_agents_who_die_are_woken_no_more():
    asked = []
    sim = quiet(replicas=2)
    sim.agent("firms", 1, wake=lambda me, action: asked.append((me.tick, me.replica)) or 2)
    sim.run(until=3)
    sim.world.firms.alive[0, 1] = False
    sim.world.firms.review[0, 1] = 2**62
    sim.run(until=6)
    assert asked == [(0, 0), (0, 1), (2, 0), (2, 1), (4, 1)]


def test_raw_simpy_events_meet_within_an_instant():
    said = []

    def speaker(me):
        while True:
            yield me.sleep(2)
            me.sim.bell.succeed(me.tick)

    def listener(me):
        while True:
            said.append((yield me.sim.bell))
            me.sim.bell = me.sim.env.event()

    sim = quiet()
    sim.bell = sim.env.event()
    sim.process(listener, "firms", 0)
    sim.process(speaker, "firms", 1)
    sim.run(until=7)
    assert said == [2, 4, 6]


def loops(what):
    def life(me):
        while True:
            yield what(me)

    return life


@pytest.mark.parametrize(
    ("life", "said"),
    [
        (loops(lambda me: me.sleep(0)), "sleep of process of firms 2, replica 0 in ticks is 0"),
        (loops(lambda me: me.sleep(1.5)), "ticks is 1.5"),
        (loops(lambda me: me.sleep(float("nan"))), "ticks is nan"),
        (loops(lambda me: me.decide("hier")), "did you mean 'hire'"),
        (loops(lambda me: (me.sleep(2), me.sleep(3))[1]), "did not yield it"),
        (lambda me: None, "no generator function"),
        (loops(lambda me: 3), "Invalid yield value"),
        (loops(lambda me: 1 / 0), "ZeroDivisionError: division by zero"),
    ],
)
def test_a_wrong_process_fails_the_run_by_name(life, said):
    sim = quiet()
    sim.process(life, "firms", 2)
    with pytest.raises(KernelError, match=said):
        sim.run(until=9)


def test_a_dead_agent_cannot_decide():
    sim = quiet()
    sim.process(loops(lambda me: me.decide()), "firms", 8)
    with pytest.raises(KernelError, match="agent 8 of replica 0 asks but is not alive"):
        sim.run(until=2)


def test_a_slot_has_one_calendar_and_processes_come_before_the_run():
    sim = quiet()
    sim.agent("firms", 1, wake=lambda me, action: 1)
    with pytest.raises(KernelError, match="slot 1 of firms: valid is a slot below 10 without a process"):
        sim.agent("firms", 1, wake=lambda me, action: 1)
    with pytest.raises(KernelError, match="slot 10 of firms"):
        sim.agent("firms", 10, wake=lambda me, action: 1)
    with pytest.raises(KernelError, match="unknown seat 'firm'"):
        sim.agent("firm", 1, wake=lambda me, action: 1)
    sim.run(until=1)
    with pytest.raises(KernelError, match="valid is before the first run"):
        sim.agent("firms", 2, wake=lambda me, action: 1)
