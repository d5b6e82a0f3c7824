"""Books built again from recorded postings are the books that the run kept, to the cent."""

import json

import numpy as np
import pytest

from analysis import Run
from markets import Ledger
from simengine import Scenario, UserError
from simengine.forks import travel
from simengine.postings import rebuilt
from simengine.recording import Recording
from tests.simengine.command import called

SHORT = {"warmup_years": 1}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Of three histories of macro the first and the last are recorded, across a checkpoint."""
    folder = tmp_path_factory.mktemp("postings") / "run"
    record = {"events": "none", "postings": True, "replicas": [0, 2]}
    told = {"world": "macro", "ticks": 20, "replicas": 3, "config": SHORT, "policies": {"all": "rule"}}
    recording = Recording.begin(Scenario(**told, record=record).checked(), folder, checkpoint_every=8)
    recording.run(stop=lambda: recording.sim.tick >= 12)
    recording = Recording.reopen(folder)
    assert recording.run()
    return Run(folder), recording.sim.world.books


def test_equal_balances_and_fingerprints(run):
    recorded, kept = run
    books = rebuilt(recorded)
    assert np.array_equal(books.balance, kept.balance[[0, 2]])
    assert books.fingerprint.tolist() == [recorded.manifest["fingerprints"][at] for at in (0, 2)]
    assert books.verify() == []


@pytest.mark.parametrize("tick", [1, 7, 12])
def test_books_of_an_earlier_day(run, tick):
    recorded, _ = run
    then = travel(recorded.path, tick).world.books
    assert np.array_equal(rebuilt(recorded, tick).balance, then.balance[[0, 2]])


def test_a_posting_that_is_missing_shows(run, monkeypatch):
    recorded, kept = run
    frame = recorded.events("Posting").collect()
    without = frame.filter(frame["amount"] != frame["amount"].max()).lazy()
    told = Run.events
    monkeypatch.setattr(
        Run, "events", lambda self, event: without if event.__name__ == "Posting" else told(self, event)
    )
    try:
        differs = not np.array_equal(rebuilt(recorded).balance, kept.balance[[0, 2]])
    except ValueError:  # somebody can no longer pay
        differs = True
    assert differs


def test_the_command_prints_the_balance_sheet(run):
    recorded, kept = run
    code, out, err = called("books", recorded.path, "--replica", "1")
    assert (code, err) == (0, "")
    assert kept.matrix(2).table() in out
    assert out.endswith(f"fingerprint {kept.fingerprint[2]}\n")
    assert called("books", recorded.path, "--replica", "2")[0] == 2


def test_what_cannot_be_is_refused(tmp_path):
    assert "keeps no books" in called("run", "inventory", "--record", "postings", "--out", tmp_path / "a")[2]
    both = ("--record", "postings", "--record", "every=4")
    assert "valid is 1 with postings" in called("run", "macro", *both, "--out", tmp_path / "a")[2]
    assert not (tmp_path / "a").exists()
    scenario = Scenario(world="inventory", ticks=7).checked()
    Recording.begin(scenario, tmp_path / "b").run()
    with pytest.raises(UserError, match="no postings are recorded there"):
        rebuilt(Run(tmp_path / "b"))


def test_books_that_are_watched_are_not_handed_to_compiled_code_nor_opened_unbalanced(run):
    _, kept = run
    assert isinstance(kept, Ledger)
    with pytest.raises(ValueError, match="the books are watched"):
        kept.compiled("wages")
    with pytest.raises(ValueError, match="sum to 0"):
        kept.reopen(kept.balance + 1)


def test_a_run_can_be_read_while_it_goes_on_and_its_bits_are_the_same(tmp_path):
    from simengine.live.steering import Live

    scenario = Scenario(world="inventory", ticks=84).checked()
    seen = []

    def look(sim):
        manifest = json.loads((tmp_path / "open" / "manifest.json").read_text())
        seen.append((manifest["status"], Run(tmp_path / "open").rows("Sales") if manifest["segments"] else 0))

    watched = Recording.begin(scenario, tmp_path / "open", live=Live(seal_seconds=0.0))
    watched.run(look)
    plain = Recording.begin(scenario, tmp_path / "plain")
    plain.run()
    assert seen == [("running", 32 * 28 * n) for n in range(3)]
    assert watched.sim.digest == plain.sim.digest
    assert watched.manifest["tables"] == plain.manifest["tables"]
