"""Same seed, same digest, whatever the process, the hash seed, the threads, observers and recording."""

import json

import pytest

from tests.simengine.command import finished

RUN = (
    "run",
    "macro",
    "--ticks",
    "48",
    "--replicas",
    "2",
    "--set",
    "warmup_years=0",
    "--policy",
    "all=random",
)


def digests(folder, *more, **environment):
    code, out, err = finished(*RUN, "--json", "--no-report", "--out", folder, *more, **environment)
    assert code == 0, err
    return json.loads(out)["digests"]


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return digests(tmp_path_factory.mktemp("runs") / "expected", PYTHONHASHSEED="0")


@pytest.mark.parametrize(
    ("more", "environment"),
    [
        ((), {"PYTHONHASHSEED": "1"}),
        ((), {"OMP_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "2", "PYTHONHASHSEED": "random"}),
        (("--record", "none"), {}),
        (("--record", "all"), {}),
        (("--observe", "tests.simengine.test_determinism:everything"), {}),
    ],
)
def test_digests_do_not_depend_on_the_process_or_on_who_watches(tmp_path, expected, more, environment):
    assert digests(tmp_path / "run", *more, **environment) == expected


def everything(sim):
    """Observe every event type, publish from inside an observer, and raise once in a while."""
    from streams.event import EVENTS
    from streams.events import Broadcast, Output

    def fail(batch):
        if batch.tick % 7 == 0:
            raise RuntimeError("slipped")

    for event in EVENTS.values():
        sim.events(event).subscribe(fail, name="fails")
    sim.events(Output).subscribe(
        lambda batch: sim.publish(Broadcast, replica=batch.replica, sector=0, agent=0, topic=0, value=1.0)
    )
    sim.events(Broadcast).subscribe(lambda batch: None)
