"""One process writes to a folder at a time, and a number is given once."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from simengine import Recording, Scenario, UserError
from simengine.claims import LOCK, Claim, Numbered, claimed
from simengine.learning.training import Trainer
from streams import segments
from tests.simengine.command import SMALL, called
from tests.simengine.learning.worlds import small

SHORT = Scenario(world=SMALL, ticks=12)


def test_a_number_is_given_once_however_many_ask_at_a_time(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(claimed, [Numbered("s[1]", tmp_path)] * 24))
    assert sorted(claim.folder.name for claim in claims) == [f"s[1]-{n:03d}" for n in range(1, 25)]


def test_a_folder_is_claimed_by_one_and_free_once_it_lets_go(tmp_path):
    first = claimed(tmp_path / "a")
    for again in (claimed, Claim):
        with pytest.raises(UserError, match="another process is writing here: valid is one at a time"):
            again(tmp_path / "a")
    first.release()
    first.release()
    with claimed(tmp_path / "a") as second, second, pytest.raises(UserError):
        Claim(tmp_path / "a")


def test_a_claim_ends_with_its_owner(tmp_path):
    first = Claim(tmp_path)
    with pytest.raises(UserError):
        Claim(tmp_path)
    del first
    Claim(tmp_path)


HOLD = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held'); input()"


def test_a_claim_ends_when_its_process_is_killed(tmp_path):
    held = [sys.executable, "-u", "-c", HOLD, tmp_path / LOCK]
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(UserError, match="another process"):
            Claim(tmp_path)
        process.kill()
    Claim(tmp_path)


def test_a_run_that_goes_on_is_not_resumed_nor_reported_by_another(tmp_path):
    first = Recording.begin(SHORT, tmp_path / "a")
    said = f"error: {tmp_path / 'a'}: another process is writing here: valid is one at a time\n"
    for command in ("resume", "report"):
        assert called(command, tmp_path / "a") == (2, "", said)
    first.run(stop=lambda: first.sim.tick >= 4)
    assert Recording.reopen(tmp_path / "a").run()


def test_a_training_that_goes_on_is_not_resumed_by_another(tmp_path):
    first = Trainer.begin(small(), tmp_path / "a")
    with pytest.raises(UserError, match="another process is writing here"):
        Trainer.resume(tmp_path / "a")
    first.run(lambda trainer: None, lambda: True)
    assert not Trainer.resume(tmp_path / "a").done


def test_a_folder_that_is_no_run_is_not_written_to(tmp_path):
    assert called("resume", tmp_path)[0] == 2
    assert called("train", "--resume", tmp_path)[0] == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EMFILE, errno.EROFS, errno.EACCES])
def test_what_the_system_refuses_while_a_run_records_is_one_line(tmp_path, monkeypatch, number):
    def full(file, data):
        raise OSError(number, os.strerror(number), str(file))

    monkeypatch.setattr(segments, "write_whole", full)
    code, _, err = called("run", SMALL, "--ticks", 12, "--quiet", "--out", tmp_path / "a")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("error: ")
    assert os.strerror(number) in err
    assert "a fault in the program" not in err


def test_a_report_of_a_folder_that_cannot_be_written_to_says_so(tmp_path, monkeypatch):
    Recording.begin(SHORT, tmp_path / "a").run()

    def read_only(path, *flags):
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(os, "open", read_only)
    code, _, err = called("report", tmp_path / "a")
    said = f"error: {tmp_path / 'a'}: cannot be made or written to: Read-only file system\n"
    assert (code, err) == (2, said)
