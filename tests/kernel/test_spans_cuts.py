"""A span is cut anywhere: digests, folds, observers, recorded bytes, failures and decisions stay the same."""

import itertools
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.forward import Forward
from agents.networks import SHAPES, ActorCritic
from agents.neural import NeuralPolicy
from agents.yardsticks import Yardstick
from simengine.kernel import Simulation, newest
from streams import recorder as recording
from tests.kernel.toy_market import WAIT, Exchange, Rule
from tests.kernel.watched_market import CHECKPOINT, DAY, END, SEGMENT, SMALL, Watched

CUTS = st.lists(st.integers(1, END - 1), max_size=40)
WHOLE: dict = {}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def small_segments(monkeypatch):
    monkeypatch.setattr(recording, "SEGMENT_ROWS", SEGMENT)


@pytest.fixture
def fresh(tmp_path):
    """A folder of its own for each run."""
    numbers = itertools.count()
    return lambda: tmp_path / f"run{next(numbers)}"


def ran(folder, cuts=(), **market):
    """What came out of a run with a checkpoint, and what observers saw."""
    watched = Watched(folder, **market).run(CHECKPOINT, cuts).checkpoint().run(END, cuts)
    return watched.outcome() | {"log": watched.log, "alive": watched.world.traders.alive.sum(axis=1).tolist()}


def network():
    """A real network at the barrier, whose logits differ a lot from row to row."""
    made = ActorCritic(1, {"order": 3}, (WAIT,), SHAPES["small"], seed=1)
    with torch.no_grad():
        made.policy.weight.mul_(100.0)
    forward = Forward(made)
    forward.load(made, Yardstick(1, 1e8))
    return NeuralPolicy(forward)


def test_the_market_is_lively_enough_to_tell_cuts_apart(fresh):
    watched = Watched(fresh(), timers=False).run(END)
    segments = watched.outcome()["segments"]
    rows = {
        name: sum(s["rows"] for s in segments if s["event"] == name) for name in ("Fill", "Refusal", "Life")
    }
    assert watched.sim.counts.instants < END / 10
    assert rows["Fill"] > 5 * SEGMENT
    assert rows["Refusal"] > SEGMENT
    assert rows["Life"] > 20
    assert len(watched.log) > 100


@pytest.mark.parametrize("timers", [False, True])
@pytest.mark.parametrize("seats", [0, 1, 3])
@pytest.mark.parametrize("replicas", [1, [4, 0, 4]])
def test_one_tick_a_call_is_the_definition(fresh, timers, seats, replicas):
    given = {"timers": timers, "seats": seats, "replicas": replicas}
    assert ran(fresh(), **given) == ran(fresh(), range(END), **given)


@settings(max_examples=25)
@given(cuts=CUTS, timers=st.booleans(), seats=st.sampled_from([0, 2]), room=st.integers(170, 400))
def test_random_cuts_change_nothing_that_is_seen_recorded_or_remembered(
    tmp_path_factory, cuts, timers, seats, room
):
    given = {"timers": timers, "seats": seats}
    if (timers, seats) not in WHOLE:
        WHOLE[timers, seats] = ran(tmp_path_factory.mktemp("whole"), **given)
    assert ran(tmp_path_factory.mktemp("cut"), cuts, room=room, **given) == WHOLE[timers, seats]


@pytest.mark.parametrize("seats", [1, 2, 5])
def test_a_rule_inside_a_span_decides_as_it_does_at_the_barrier(seats):
    def economy(seats):
        world = Exchange(**SMALL, seats=seats)
        sim = Simulation(world, seed=3, replicas=2)
        sim.run(until=END)
        t = world.traders
        kept = (
            t.alive,
            t.due,
            t.interval,
            t.stock,
            t.fair,
            t.action,
            world.market.price,
            world.books.balance,
        )
        return sim.counts.barriers, [array.tolist() for array in kept]

    barriers, seated = economy(seats)
    assert barriers > 20
    assert seated == economy(0)[1]


def test_a_network_at_the_barrier_beside_the_span_decides_the_same_wherever_it_is_cut(fresh):
    given = {"seats": 2, "timers": False}
    whole = ran(fresh(), policy=network(), **given)
    assert whole == ran(fresh(), range(1, END, 3), policy=network(), **given)
    assert whole["digest"] != ran(fresh(), **given)["digest"]


def test_who_answers_from_outside_meets_the_same_market_between_its_spans():
    def market():
        return Simulation(Exchange(**SMALL, seats=2), seed=3, replicas=2)

    inside, outside = market(), market()
    inside.run(until=END)
    while asked := outside.advance(END, ["traders"]):
        outside.answer("traders", Rule().act(asked["traders"]))
    assert outside.tick == END
    assert outside.digest == inside.digest


def test_a_replica_alone_equals_itself_in_company_inside_a_span():
    def digests(numbers):
        sim = Simulation(Exchange(**SMALL, seats=2), seed=3, replicas=numbers)
        sim.run(until=END)
        return sim.digests.tolist()

    assert digests([7]) == digests([2, 7, 5])[1:2]


@settings(max_examples=6)
@given(cuts=CUTS, fails=st.integers(CHECKPOINT, END - 1))
def test_a_span_that_breaks_down_has_told_the_ticks_before_and_nothing_of_that_one(
    tmp_path_factory, cuts, fails
):
    def failed(cuts):
        watched = Watched(tmp_path_factory.mktemp("failed"), fails=fails)
        failure = watched.fail(cuts)
        assert failure.tick == watched.sim.tick == fails
        return str(failure), watched.log, watched.outcome()

    definition = failed(range(END))
    assert failed(cuts) == definition
    assert failed(()) == definition
    before = Watched(tmp_path_factory.mktemp("before")).run(fails)
    assert before.log == definition[1]
    assert before.outcome()["segments"] == definition[2]["segments"]


@pytest.mark.parametrize("cuts", [(), (170, 171, 172, 300)])
def test_a_run_resumed_from_a_checkpoint_inside_a_span_ends_like_an_undisturbed_one(fresh, cuts):
    folder = fresh()
    Watched(folder).run(CHECKPOINT, cuts).checkpoint().run(CHECKPOINT + 60).outcome()
    resumed = Watched(folder, resume=True)
    assert resumed.sim.tick == CHECKPOINT
    resumed = resumed.run(END, cuts).outcome()
    whole = Watched(fresh()).run(CHECKPOINT).checkpoint().run(END).outcome()
    assert resumed == whole


def test_a_run_killed_inside_a_span_resumes_to_the_same_bytes(fresh):
    killed, whole = fresh(), fresh()
    program = "import sys; from tests.kernel.watched_market import run_until_killed as run; run(sys.argv[1])"
    process = subprocess.Popen([sys.executable, "-c", program, killed], cwd=ROOT)
    try:
        while len(list((killed / "checkpoints").glob("tick*"))) < 3:
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    until = newest(killed / "checkpoints").tick + 2 * DAY
    resumed = Watched(killed, resume=True).days(until).outcome()
    assert resumed == Watched(whole).days(until).outcome()
    for segment in resumed["segments"]:
        assert (killed / segment["file"]).read_bytes() == (whole / segment["file"]).read_bytes()
