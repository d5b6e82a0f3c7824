"""Pace, on a clock of our own: ticks a second as wanted, no backlog, pauses and steps."""

import pytest

from simengine.live import pace as module
from simengine.live.pace import LONGEST_WAIT, Pace


class Clock:
    """Seconds that pass only where somebody sleeps or works."""

    def __init__(self):
        self.now = 100.0

    def perf_counter(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(module, "time", found)
    return found


def driven(pace, clock, seconds, cost=0.0, tick=0):
    """Run for so many seconds, each tick costing `cost`; the tick reached."""
    end = clock.now + seconds
    while clock.now < end:
        taken = pace.ticks(tick, 4)
        tick += taken
        clock.now += taken * cost
    return tick


@pytest.mark.parametrize(("rate", "factor"), [(60, 1), (60, 10), (60, 0.1), (7, 3)])
def test_a_minute_has_as_many_ticks_as_are_wanted(clock, rate, factor):
    pace = Pace(rate, factor)
    assert driven(pace, clock, 60.0, cost=1e-4) == pytest.approx(60 * rate * factor, abs=2)
    assert pace.achieved == pytest.approx(rate * factor, rel=0.02, abs=1.0)


def test_what_cannot_be_kept_up_leaves_no_backlog(clock):
    pace = Pace(60)
    reached = driven(pace, clock, 10.0, cost=0.05)
    assert reached == pytest.approx(200, abs=2)
    assert driven(pace, clock, 10.0, tick=reached) - reached == pytest.approx(600, abs=20)


def test_a_long_tick_does_not_set_a_burst_free(clock):
    pace = Pace(100)
    tick = driven(pace, clock, 1.0)
    clock.now += 30.0
    assert driven(pace, clock, 1.0, tick=tick) - tick < 130


def test_as_fast_as_can_be_never_waits(clock):
    assert Pace().ticks(5, 4) == 4
    assert Pace(60, 0.0).ticks(5, 4) == 4
    assert clock.now == 100.0


def test_paused_it_takes_the_steps_it_was_given_and_looks_up_often(clock):
    pace = Pace()
    pace.change(paused=True)
    assert pace.ticks(0, 4) == 0
    assert clock.now == 100.0 + LONGEST_WAIT
    pace.steps = 6
    assert [pace.ticks(0, 4), pace.ticks(4, 4), pace.ticks(6, 4)] == [4, 2, 0]
    pace.change(paused=False)
    assert pace.ticks(6, 4) == 4


def test_pauses_are_left_out_of_what_was_achieved(clock):
    pace = Pace(10)
    tick = driven(pace, clock, 10.0)
    pace.change(paused=True)
    driven(pace, clock, 100.0, tick=tick)
    assert pace.told(tick)["achieved"] == pytest.approx(10.0, rel=0.02)
