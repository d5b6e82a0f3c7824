"""What a span costs: the toy market of 1,000 traders, CPU time of one thread.

python -m tests.kernel.measure_spans

Counts and digests are what tests hold; times depend on the machine, so each row is the best of several runs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from simengine.kernel import Simulation
from streams.recorder import Recorder
from tests.kernel.toy_market import DAY, Exchange, Fill

TICKS = 250 * DAY
SECONDS = 0.6
MICROSECONDS = 20.0
CUTS = (1000, 100, 10)


def opened(replicas: int = 1, **market: Any) -> Simulation:
    """A market whose kernels are compiled."""
    sim = Simulation(Exchange(**market), seed=1, replicas=replicas)
    sim.run(until=10)
    return sim


def seconds(make: Callable[[], Simulation], run: Callable[[Simulation], None], times: int) -> float:
    """The least CPU time of several runs, in seconds."""
    best = np.inf
    for _ in range(times):
        sim = make()
        began = time.process_time()
        run(sim)
        best = min(best, time.process_time() - began)
    return float(best)


def to(until: int) -> Callable[[Simulation], None]:
    """Run in as few calls as may be."""
    return lambda sim: sim.run(until=until)


def pieces(until: int, length: int) -> Callable[[Simulation], None]:
    """Run in pieces of one length."""
    cuts = [*range(10 + length, until, length), until]
    return lambda sim: [sim.run(until=cut) for cut in cuts] and None


def watched(replicas: int, watch: Callable[[Simulation], Any]) -> Callable[[], Simulation]:
    """A market with an observer."""

    def make() -> Simulation:
        sim = opened(replicas)
        watch(sim)
        return sim

    return make


def add(batch: Any, memory: dict[str, Any]) -> None:
    """A fold."""
    batch.add("share", memory["share"])


def folded(whole: bool) -> Callable[[Simulation], Any]:
    """A fold of fills."""
    return lambda sim: sim.fold(Fill, "share", {"share": np.zeros(sim.R)}, add, whole=whole)


def timer(sim: Simulation) -> None:
    """An observer's timer at every tick: one tick a call."""
    sim.bus.every(1, "timer", lambda tick: None)


def rows(times: int, folder: Path) -> list[tuple[str, float, int]]:
    """What was measured: a label, CPU seconds, ticks."""
    day, few = 10 + 10 * DAY, 10 + 3000
    table = [("one span a day", seconds(opened, to(10 + TICKS), times), TICKS)]
    for length in CUTS:
        spent = seconds(opened, pieces(10 + 100 * length, length), times)
        table.append((f"cut every {length} ticks", spent, 100 * length))
    table.append(("one tick a call", seconds(watched(1, timer), to(few), times), 3000))
    watching = {
        "with a whole fold": folded(True),
        "with the recorder": lambda sim: Recorder(folder, sim.bus),
        "with a fold told tick by tick": folded(False),
    }
    for label, watch in watching.items():
        table.append((label, seconds(watched(1, watch), to(day), times), 10 * DAY))
    seated = seconds(lambda: opened(seats=10), to(10 + DAY), times)
    table.append(("every tenth trader at the barrier", seated, DAY))
    table.append(("64 replicas, each", seconds(lambda: opened(64), to(10 + DAY), times) / 64, DAY))
    return table


def main(given: list[str] | None = None) -> int:
    """Print the table; 1 where a year or a call costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="runs of which the best counts")
    times = parser.parse_args(given).times
    with tempfile.TemporaryDirectory() as folder:
        table = rows(times, Path(folder))
    for label, spent, ticks in table:
        print(f"{label:34} {spent:7.3f} s  {spent / ticks * 1e6:7.2f} µs a tick")
    spent, call = table[0][1], table[1 + len(CUTS)][1] / 3000 * 1e6
    print(
        f"{TICKS:,} ticks: {spent:.2f} s (at most {SECONDS}); a call: {call:.1f} µs (at most {MICROSECONDS})"
    )
    return int(spent > SECONDS or call > MICROSECONDS)


if __name__ == "__main__":
    sys.exit(main())
