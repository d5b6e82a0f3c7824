"""Ticks a second wanted and achieved, of one run of each world side by side.

python -m tests.simengine.realtime_study --seconds 600
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.simengine.kill_resume import manifest, start

GROWTH = ("inflation_target", "productivity_growth", "labour_force_growth")
WORLDS = {
    "macro": [word for name in GROWTH for word in ("--set", f"trend.{name}_annual=0")],
    "barter": [],
    "inventory": [],
}
"""Each with what lets it run for so long: money that grows leaves 64 bits."""

RATE = 60


def study(seconds: float) -> dict[str, float]:
    """Ticks a second achieved by each world that is to do `RATE` for so many seconds, after its warm-up."""
    with tempfile.TemporaryDirectory() as place:
        running = {}
        for world, settings in WORLDS.items():
            length = ("--ticks", round(RATE * seconds), "--realtime", RATE, "--out", Path(place) / world)
            running[world] = start("run", world, *settings, *length)
        for world, process in running.items():
            error = process.communicate()[1]
            assert process.returncode == 0, f"{world}: {error.decode()}"
        return {world: manifest(Path(place) / world)["pace"]["achieved"] for world in WORLDS}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    given = parser.parse_args()
    found = study(given.seconds)
    for world, achieved in found.items():
        print(f"{world}: {achieved:.2f} of {RATE} ticks a second ({100 * (achieved / RATE - 1):+.2f} %)")
    sys.exit(any(abs(achieved / RATE - 1) > 0.01 for achieved in found.values()))
