"""Tasks among workers: a bounded number at a time, none lost with a worker, none computed after a stop."""

import os
import signal
import subprocess
import sys
import time

import pytest

from simengine.workers import Processes, WorkerDied, carried_out
from streams.notices import compiling
from tests.simengine.command import ROOT
from tests.simengine.workers.compiled import answer
from tests.simengine.workers.scripted import Scripted
from tests.simengine.workers.tasks import deadly, doubled, refusing


@pytest.mark.parametrize("room", [1, 2, 5])
def test_every_task_is_answered_once_and_no_more_are_handed_out_than_there_is_room_for(room):
    workers = Scripted(room, deaths={0: 2, 6: 1, 7: 2})
    found = list(carried_out(workers, doubled, range(8)))
    assert sorted((position, answer.value) for position, answer in found) == [(n, 2 * n) for n in range(8)]
    assert workers.most == room
    assert not workers.dropped


def test_a_task_that_kills_every_worker_is_told_and_the_others_are_answered():
    found = dict(carried_out(Scripted(deaths={1: 9}), doubled, range(4)))
    assert isinstance(found[1].error, WorkerDied)
    assert [found[n].value for n in (0, 2, 3)] == [0, 4, 6]


def test_after_a_stop_what_is_with_the_workers_is_awaited_and_nothing_more_handed_out():
    found = []
    for position, _ in carried_out(Scripted(3), doubled, range(50), stop=lambda: bool(found)):
        found.append(position)
    assert len(found) == 3


def test_who_leaves_early_drops_what_is_with_the_workers():
    workers = Scripted(3)
    answers = carried_out(workers, doubled, range(50))
    next(answers)
    answers.close()
    assert workers.dropped


def test_processes_that_are_killed_lose_nothing_and_errors_come_home(tmp_path):
    workers = Processes(2)
    tasks = [(number, deaths, tmp_path) for number, deaths in enumerate([0, 2, 0, 9, 0, 1])]
    found = dict(carried_out(workers, deadly, tasks))
    assert {n: found[n].value for n in (0, 1, 2, 4, 5)} == {0: 0, 1: 2, 2: 4, 4: 8, 5: 10}
    assert isinstance(found[3].error, WorkerDied)
    found = dict(carried_out(workers, refusing, range(3)))
    assert "pickle" in str(found[0].error)
    assert type(found[1].error) is ValueError
    assert str(found[1].error) == "one is refused"
    assert str(found[2].error) == "Odd: two words"
    for worker in workers._idle:
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.join()
    assert [answer.value for _, answer in carried_out(workers, doubled, [4])] == [8]
    answers = carried_out(workers, time.sleep, [0, 600])
    next(answers)
    answers.close()
    workers.close()
    assert not workers._idle
    assert not workers._busy


PARENT = """
import time
from simengine.workers import Processes, carried_out
if __name__ == "__main__":
    workers = Processes(1)
    next(carried_out(workers, time.sleep, [0]))
    print(workers._idle[0].process.pid, flush=True)
    time.sleep(600)
"""


def test_processes_end_when_their_parent_is_killed(tmp_path):
    file = tmp_path / "parent.py"
    file.write_text(PARENT)
    places = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    parent = subprocess.Popen(
        [sys.executable, file], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": places}, text=True
    )
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(1000):
        if not alive(child):
            break
        time.sleep(0.01)
    assert not alive(child)


def alive(pid):
    """Whether a process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_whoever_waits_for_workers_hears_what_they_compile(monkeypatch, tmp_path):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path))
    heard = []
    monkeypatch.setattr(compiling, "listeners", [heard.append])
    workers = Processes(1)
    try:
        found = {place: answer.value for place, answer in carried_out(workers, answer, [2, 3])}
    finally:
        workers.close()
    assert (found, heard) == ({0: 4, 1: 6}, ["twice"])
