"""What a run costs bare and recorded, and what a command costs to start: medians of runs in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any


def speeds(world: str, chosen: dict[str, Any], replicas: int, years: float, repeats: int) -> dict[str, float]:
    """Agent-months per CPU second bare and recorded, and the share of the time that recording takes."""
    runs = [
        [_run(world, chosen, replicas, years, recorded) for recorded in (False, True)] for _ in range(repeats)
    ]
    bare, recorded = (median(seconds for seconds, _ in kind) for kind in zip(*runs))
    months = runs[0][0][1]
    return {
        "bare_agent_months_per_second": months / bare,
        "recorded_agent_months_per_second": months / recorded,
        "recording_share_of_time": 1.0 - bare / recorded,
    }


def _run(
    world: str, chosen: dict[str, Any], replicas: int, years: float, recorded: bool
) -> tuple[float, float]:
    """CPU seconds and agent-months of a run, with nobody watching or metrics and default recording."""
    from simengine.simulation import Simulation
    from streams.recorder import Recorder

    sim = Simulation(world, replicas=replicas, **chosen)
    with tempfile.TemporaryDirectory() as place:
        seal: Callable[[], Any] = list
        if recorded:
            sim.measure()
            seal = Recorder(Path(place), sim.bus, numbers=sim.numbers).seal
        worked = time.process_time()
        sim.run(years=years)
        seal()
        worked = time.process_time() - worked
    agents = sum(int(seat.columns.alive.sum()) for seat in sim.seats.values())
    return worked, agents * (sim.tick - sim.start) * 12 / sim.world.ticks_per_year


def starts(
    world: str, settings: list[str], policies: list[str], replicas: int, repeats: int
) -> dict[str, float]:
    """CPU seconds of a process of its own that runs a world for a year and records it, without a report."""
    words = [word for setting in settings for word in ("--set", setting)]
    words += [word for policy in policies for word in ("--policy", policy)]

    def run() -> float:
        before = os.times()
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(
                [
                    *(sys.executable, "-m", "simengine", "run", world, *words, "--replicas", str(replicas)),
                    *("--years", "1", "--quiet", "--no-report", "--out", str(Path(place, "run"))),
                ],
                check=True,
            )
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])  # of children, in the program and in the system

    return {"command_of_one_year_cpu_seconds": median(run() for _ in range(repeats))}
