"""Tasks on Ray, where it is installed: workers that die lose nothing, and errors come home."""

import pytest

from simengine.errors import UserError
from simengine.workers import WorkerDied, carried_out
from simengine.workers.cluster import Cluster
from tests.simengine.workers.tasks import deadly, doubled, refusing

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'simengine-econ[ray]' to run this")


def test_tasks_outlive_ray_workers_and_a_cluster_that_ran_before_goes_on(tmp_path):
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        with pytest.raises(UserError, match=r"^--ray 3: Ray has 2 processors: valid is one each$"):
            Cluster(3)
        cluster = Cluster()
        assert cluster.room == 2
        tasks = [(number, deaths, tmp_path) for number, deaths in enumerate([0, 2, 9, 1])]
        found = dict(carried_out(cluster, deadly, tasks))
        assert {n: found[n].value for n in (0, 1, 3)} == {0: 0, 1: 2, 3: 6}
        assert isinstance(found[2].error, WorkerDied)
        found = dict(carried_out(cluster, refusing, [1, 2]))
        assert [str(found[n].error) for n in (0, 1)] == ["one is refused", "Odd: two words"]
        answers = carried_out(cluster, doubled, range(50))
        next(answers)
        answers.close()
        assert [answer.value for _, answer in carried_out(cluster, doubled, [4])] == [8]
        cluster.close()
        assert ray.is_initialized()
    finally:
        ray.shutdown()
