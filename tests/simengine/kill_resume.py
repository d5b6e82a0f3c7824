"""Kills runs with SIGKILL at random moments, resumes them, and compares every digest and every file.

python tests/simengine/kill_resume.py --kills 50
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "macro": ("run", "macro", "--years", "20", "--replicas", "4", "--set", "warmup_years=1"),
    "barter": ("run", "barter", "--years", "10", "--replicas", "4", "--set", "agents=20"),
}


def start(*arguments: object) -> subprocess.Popen:
    """A simengine command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "simengine", *map(str, arguments), "--quiet", "--no-report"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def manifest(folder: Path) -> dict:
    """The manifest of a run folder, empty when there is none yet."""
    path = folder / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {}


def whole(command: tuple[str, ...], folder: Path) -> tuple[dict, float]:
    """An undisturbed run: what must come out, and how long it was at work."""
    process = start(*command, "--out", folder)
    error = process.communicate()[1]
    assert process.returncode == 0, error.decode()
    found = manifest(folder)
    return found, found["seconds"]


def wait_until_begun(process: subprocess.Popen, folder: Path) -> None:
    """Wait for the first manifest, which stands before the first instant."""
    while process.poll() is None and not manifest(folder):
        time.sleep(0.002)


def disturbed(
    command: tuple[str, ...], folder: Path, seconds: float, kills: int, chance: random.Random
) -> int:
    """A run killed up to `kills` times and resumed until it is finished; returns how many kills struck."""
    struck = 0
    process = start(*command, "--out", folder)
    wait_until_begun(process, folder)
    while True:
        if struck < kills:
            time.sleep(chance.uniform(0.0, seconds))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                struck += 1
        error = process.communicate()[1]
        if manifest(folder).get("status") == "finished":
            return struck
        assert process.returncode in (0, -signal.SIGKILL), error.decode()
        process = start("resume", folder)
        time.sleep(0.5 if struck < kills else 0.0)


def same(found: dict, expected: dict) -> bool:
    """Equal digests, segments and tables: every bit that was recorded."""
    return all(found[key] == expected[key] for key in ("digest", "digests", "segments", "tables"))


def study(command: tuple[str, ...], kills: int, per_run: int = 3, seed: int = 1) -> tuple[int, int]:
    """How many kills struck, and how many of the runs they struck came out different."""
    chance, struck, wrong, count = random.Random(seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as place:
        whole(command, Path(place) / "compiles")  # so that the next one tells how long a run is at work
        expected, seconds = whole(command, Path(place) / "whole")
        while struck < kills:
            folder = Path(place) / f"killed-{count}"
            struck += disturbed(command, folder, seconds, min(per_run, kills - struck), chance)
            wrong += not same(manifest(folder), expected)
            count += 1
    return struck, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wrong = 0
    for name, asked in COMMANDS.items():
        total, different = study(asked, given.kills, seed=given.seed)
        print(f"{name}: {total} kills, {different} runs with another digest or another file", flush=True)
        wrong += different
    sys.exit(bool(wrong))
