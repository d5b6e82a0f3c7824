"""Workers with shares of the replicas: to the bit the training of one process."""

import shutil

import numpy as np
import pytest

from simengine.errors import UserError
from simengine.kernel import SimulationFailed
from simengine.learning import training
from simengine.learning.distributed import Crew, shares
from simengine.learning.training import Trainer
from tests.simengine.learning.local_workers import LocalWorkers, by_local
from tests.simengine.learning.worlds import Poisoned, bits, log, small


def watch(trainer):
    """Nobody looks."""


def never():
    return False


def after(iterations, trainer):
    return lambda: trainer.iteration >= iterations


def ended(plan, folder, **how):
    """A training from beginning to end."""
    trainer = Trainer.begin(plan, folder, **how)
    assert trainer.run(watch, never)
    return trainer


def digests(trainer):
    """The digest of every replica, wherever it is simulated."""
    return np.concatenate([worker.economies.sim.digests for worker in trainer.collector.workers.workers])


def assert_alike(crew, whole):
    """Learners, log and economies of a crew's training are those of one process."""
    assert bits(crew) == bits(whole)
    assert log(crew) == log(whole)
    assert digests(crew).tobytes() == whole.collector.sim.digests.tobytes()
    for name, pupil in crew.pupils.items():
        assert pupil.forward.passed.rows == whole.pupils[name].forward.passed.rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Five replicas in one process, six iterations in two episodes."""
    return ended(small(replicas=5), tmp_path_factory.mktemp("whole"))


def test_shares_are_consecutive_and_as_even_as_can_be():
    assert shares(5, 2) == [range(0, 2), range(2, 5)]
    assert shares(64, 3) == [range(0, 21), range(21, 42), range(42, 64)]
    assert shares(3, 3) == [range(0, 1), range(1, 2), range(2, 3)]


@pytest.mark.parametrize("count", [0, 6])
def test_more_workers_than_replicas_or_none_are_refused_in_one_line(count, tmp_path):
    folder = tmp_path / "training"
    with pytest.raises(UserError, match=f"^{count} workers for 5 replicas: valid is 1 to 5$"):
        Trainer.begin(small(replicas=5), folder, collect_by=by_local(count))
    assert not folder.exists()


def test_workers_are_let_go_where_a_training_cannot_begin(tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    hired = []

    def collect_by(plan, pupils):
        hired.append(by_local(2)(plan, pupils))
        return hired[0]

    with pytest.raises(UserError, match="not empty"):
        Trainer.begin(small(), tmp_path, collect_by=collect_by)
    assert hired[0].workers.closed


def test_a_recording_of_all_replicas_is_not_shared_among_workers():
    plan = small(world="macro", config={}, populations=("banks",), policies={"firms": "recorded:run"})
    with pytest.raises(UserError, match=r"^policy firms='recorded:run': replays all replicas: valid is one"):
        Crew(plan, {}, 2, LocalWorkers)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_any_number_of_workers_gives_the_bits_of_one_process(count, whole, tmp_path):
    assert_alike(ended(small(replicas=5), tmp_path, collect_by=by_local(count)), whole)


def test_two_workers_train_the_macro_world_to_the_bits_of_one_process(tmp_path):
    plan = small(
        world="macro", config={}, replicas=3, iterations=3, spans=2, span_years=0.5,
        settings={"all": {"epochs": 1}},
    )  # fmt: skip
    alone = ended(plan, tmp_path / "alone")
    crew = ended(plan, tmp_path / "crew", collect_by=by_local(2))
    assert len(crew.pupils) == 5
    assert_alike(crew, alone)


@pytest.mark.parametrize("stops", [(1,), (3,), (1, 4)])
def test_a_training_by_workers_is_resumed_to_the_same_bits(stops, whole, tmp_path):
    trainer = Trainer.begin(small(replicas=5), tmp_path, collect_by=by_local(2))
    for stop in stops:
        assert not trainer.run(watch, after(stop, trainer))
        trainer = Trainer.resume(tmp_path, by_local(2))
        assert trainer.iteration == stop
    assert trainer.run(watch, never)
    assert_alike(trainer, whole)


def test_every_share_has_a_checkpoint_of_its_own_and_a_damaged_one_spoils_its_iteration(whole, tmp_path):
    trainer = Trainer.begin(small(replicas=5), tmp_path, collect_by=by_local(2))
    trainer.run(watch, after(2, trainer))
    trainer.run(watch, after(3, trainer))
    written = tmp_path / training.CHECKPOINTS / "iteration000003"
    assert sorted(path.name for path in written.iterdir()) == ["replicas0-1", "replicas2-4"]
    shutil.rmtree(written / "replicas2-4")
    with pytest.warns(UserWarning, match="passed over: iteration000003: no valid checkpoint"):
        resumed = Trainer.resume(tmp_path, by_local(2))
    assert resumed.iteration == 2
    assert resumed.run(watch, never)
    assert_alike(resumed, whole)


def test_a_checkpoint_that_this_process_cannot_see_is_refused(tmp_path):
    class Elsewhere(LocalWorkers):
        def all(self, method, *given):
            return [] if method == "checkpoint" else super().all(method, *given)

    def collect_by(plan, pupils):
        return Crew(plan, pupils, 2, Elsewhere)

    trainer = Trainer.begin(small(), tmp_path, collect_by=collect_by)
    trainer.iterate()
    with pytest.raises(UserError, match="valid is a folder on a disk that all machines share") as refused:
        trainer.checkpoint()
    assert "replicas0-0: written by a worker and not to be seen here" in str(refused.value)


def test_a_failure_in_a_share_is_that_of_the_run_and_says_which_replica_it_means(tmp_path, monkeypatch):
    plan = small(world="tests.simengine.learning.worlds:Poisoned", replicas=2)
    trainer = Trainer.begin(plan, tmp_path, collect_by=by_local(2))
    trainer.iterate()
    tick = trainer.collector.workers.workers[0].economies.sim.tick
    poison = {"site": "observation", "tick": tick + 2, "row": 1, "column": 0, "bad": np.inf}
    before = bits(trainer)
    monkeypatch.setattr(Poisoned, "poison", poison)
    monkeypatch.setattr(trainer.collector.workers, "workers", trainer.collector.workers.workers[1:])
    with pytest.raises(SimulationFailed, match="valid is a finite number") as failed:
        trainer.run(watch, never)
    assert str(failed.value).endswith("(what is replica 0 here is number 1)")
    assert failed.value.tick >= tick + 2
    assert trainer.manifest["status"] == "failed"
    assert bits(trainer) == before
