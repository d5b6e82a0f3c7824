"""Sweeps of many runs, killed and gone on with, and over three nodes of which one dies: tables compared.

python -m tests.simengine.kill_sweep --points 1000 --kills 2
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAID = {True: "equal", False: "DIFFERENT"}
TABLES = ("sweep.csv", "sweep.parquet")
WORLDS = {
    "inventory": ("--set", "price=6:10", "--set", "order_cost=2:20", "--set", "shops=4:16", "--ticks", "56"),
    "macro": ("--set", "household.habit_monthly=.5:.9", "--ticks", "12", "--set", "warmup_years=0"),
}


def start(*arguments: object, **environment: str) -> subprocess.Popen:
    """A simengine command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "simengine", "sweep", *map(str, arguments), "--quiet"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
    )


def asked(world: str, points: int) -> tuple[str, ...]:
    """A random design of so many points, one run each."""
    return (world, *WORLDS[world], "--design", "random", "--points", str(points), "-r", "1", "--seed", "3")


def finished(process: subprocess.Popen) -> None:
    """Wait for a command that must succeed."""
    error = process.communicate()[1]
    assert process.returncode == 0, error.decode()


def done(folder: Path) -> int:
    """How many points are on disk that have not failed."""
    path = folder / "results.jsonl"
    return path.read_bytes().count(b',""]') if path.exists() else 0


def when(folder: Path, points: float, process: subprocess.Popen) -> bool:
    """Wait until so many points are on disk; false where the command ended before."""
    while process.poll() is None:
        if done(folder) >= points:
            return True
        time.sleep(0.05)
    return False


def same(folder: Path, whole: Path) -> bool:
    """Whether two sweeps ended in the same bytes."""
    return all((folder / name).read_bytes() == (whole / name).read_bytes() for name in TABLES)


def killed(world: str, points: int, kills: int, folder: Path) -> int:
    """A sweep killed and resumed until it is finished; how many kills struck."""
    struck, process = 0, start(*asked(world, points), "--out", folder)
    for kill in range(kills):
        if when(folder, points * (kill + 1) / (kills + 1), process):
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            struck += 1
            process = start("--resume", folder)
    finished(process)
    return struck


def on_a_cluster(world: str, points: int, folder: Path) -> int:
    """A sweep over three nodes of this machine, one killed when a third is done: points done by then."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        cluster.wait_for_nodes()
        process = start(*asked(world, points), "--ray", 3, "--out", folder, RAY_ADDRESS=cluster.address)
        assert when(folder, points / 3, process), process.communicate()[1].decode()
        before = done(folder)
        cluster.remove_node(nodes[0], allow_graceful=False)
        finished(process)
        return before
    finally:
        cluster.shutdown()


def study(world: str, points: int, kills: int, ray: bool) -> bool:
    """Print what was killed when and what it took; whether every table is that of the uninterrupted sweep."""
    sound = True
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        began = time.perf_counter()
        finished(start(*asked(world, points), "--out", whole))
        print(f"{world}: {points} runs in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        struck = killed(world, points, kills, Path(place) / "killed")
        equal = same(Path(place) / "killed", whole)
        sound &= equal and struck == kills
        took = time.perf_counter() - began
        print(f"{world}: killed -9 {struck} times, in {took:.0f} s: {SAID[equal]} bytes", flush=True)
        if ray:
            began = time.perf_counter()
            before = on_a_cluster(world, points, Path(place) / "ray")
            equal = same(Path(place) / "ray", whole)
            sound &= equal
            print(
                f"{world}: three Ray nodes, one killed after {before} runs, in "
                f"{time.perf_counter() - began:.0f} s: {SAID[equal]} bytes",
                flush=True,
            )
    return sound


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--world", choices=WORLDS, default="inventory")
    given = parser.parse_args()
    has_ray = find_spec("ray") is not None
    if not has_ray:
        print("Ray is not installed: pip install 'simengine-econ[ray]' to sweep over three nodes too")
    sys.exit(not study(given.world, given.points, given.kills, has_ray))
