"""Same seed, same digest, whatever the process, the hash seed, the threads, observers and recording."""

import json

import pytest

from streams.event import EVENTS, col, declared, event, f8
from streams.events import Reward
from tests.simengine.command import finished

RUN = ("--ticks", "48", "--replicas", "2", "--policy", "all=random")
WORLDS = {
    "macro": ("run", "macro", *RUN, "--set", "warmup_years=0"),
    "barter": ("run", "barter", *RUN, "--set", "agents=12", "--set", "lifespan=20"),
}


def digests(world, folder, *more, **environment):
    code, out, err = finished(*WORLDS[world], "--json", "--no-report", "--out", folder, *more, **environment)
    assert code == 0, err
    return json.loads(out)["digests"]


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return request.param


@pytest.fixture(scope="module")
def expected(world, tmp_path_factory):
    return digests(world, tmp_path_factory.mktemp("runs") / "expected", PYTHONHASHSEED="0")


@pytest.mark.parametrize(
    ("more", "environment"),
    [
        ((), {"PYTHONHASHSEED": "1"}),
        ((), {"OMP_NUM_THREADS": "4,2", "NUMBA_NUM_THREADS": "2", "PYTHONHASHSEED": "random"}),
        (("--record", "none"), {}),
        (("--record", "all"), {}),
        (("--observe", "tests.simengine.test_determinism:everything"), {}),
    ],
)
def test_digests_do_not_depend_on_the_process_or_on_who_watches(world, tmp_path, expected, more, environment):
    assert digests(world, tmp_path / "run", *more, **environment) == expected


@event
class Echo:
    """What an observer publishes."""

    value: f8 = col("number", "of no meaning")


def everything(sim):
    """Observe every event type, publish from inside an observer, and raise once in a while."""

    def fail(batch):
        if batch.tick % 7 == 0:
            raise RuntimeError("slipped")

    by_name = {declared(event).name: event for event in EVENTS.values()}  # a world's own come last
    for kind in by_name.values():
        sim.events(kind).subscribe(fail, name="fails")
    sim.events(Reward).subscribe(lambda batch: sim.publish(Echo, replica=batch.replica, value=1.0))
