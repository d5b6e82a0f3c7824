"""Runs that are told random commands and killed with SIGKILL at random moments, then planned again.

Each run is shocked, has levers set, policies and networks seated, agents played and dropped, and is paused,
while it is killed and resumed. Its journal in a fresh folder must give the same digest and tables, and its
postings the same books. python tests/simengine/live_kills.py --runs 50
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from analysis import Run
from simengine.claims import held
from simengine.errors import UserError
from simengine.live.inbox import questions, tell
from simengine.postings import rebuilt
from simengine.worlds.macro import world as macro
from tests.simengine.kill_resume import manifest, start

POSTINGS = ("--record", "postings")
WORLDS = {
    "macro": (
        ("run", "macro", "--years", "2", "--replicas", "2", "--set", "warmup_years=1", *POSTINGS),
        [
            "shock rate:+0.01@now..+1y#1", "shock confidence:-0.05", "set cost=0.01#0",
            "set rate=0.005@+1q",
            "seat firms=random", "seat firms=rule", "seat central_bank=taylor1993", "seat banks=learned",
            f"seat firms={macro.Macro.models}/together/firms.safetensors",
            "play central_bank/0@now..+6m#0", "play banks/2@now..+2m",
            "drop firms/3@now..+1y", "drop banks/1",
        ],
    ),
    "inventory": (
        ("run", "inventory", "--years", "12", "--replicas", "2"),
        ["play shops/2@now..+5#1", "drop shops/4@now..+1m", "seat shops=random", "seat shops=rule",
         "seat shops=fixed:4"],
    ),
}  # fmt: skip
PACES = ["pause", "go", "step 3", "speed 0", "speed 50"]


class Player(threading.Thread):
    """Answers what is asked in a folder, now and then too late or not at all."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(daemon=True)
        self.folder, self.chance, self.over = folder, random.Random(seed), False

    def run(self) -> None:
        while not self.over:
            try:
                asked = questions(self.folder)
            except ValueError:
                asked = []
            for each in asked:
                if self.chance.random() < 0.7:
                    head = self.chance.choice([*each["heads"]])
                    who = f"{each['population']}/{each['agent']}#{each['replica']}"
                    attempt(self.folder, f"answer {who} {head}={self.chance.randrange(3)}")
            time.sleep(0.01)


def attempt(folder: Path, line: str) -> None:
    """Tell a run something, whatever becomes of it."""
    try:
        tell(folder, line, seconds=0.3)
    except (UserError, OSError, ValueError):
        return


def driven(command: tuple[str, ...], lines: list[str], folder: Path, seed: int) -> int:
    """One run told commands and killed until it is finished; how often it was killed."""
    chance, struck = random.Random(seed), 0
    kills, lines_left = chance.randrange(1, 4), chance.randrange(10, 40)
    live = ("--deadline", "0.2", "--realtime", "60", "--speed", "4")
    player = Player(folder, seed)
    process = start(*command, "--out", folder, "--checkpoint-every", "1q", *live)
    player.start()
    while True:
        doomed = None
        while process.poll() is None:
            at_work = held(folder) and manifest(folder)
            if at_work and doomed is None:
                doomed = time.monotonic() + chance.uniform(0.5, 6.0)
            if doomed is not None and struck < kills and time.monotonic() > doomed:
                process.send_signal(signal.SIGKILL)
                struck += 1
                break
            if at_work and lines_left > 0:
                attempt(folder, chance.choice([*lines, *lines, *PACES]))
                lines_left -= 1
            elif struck >= kills:
                attempt(folder, "go")
                attempt(folder, "speed 0")
            time.sleep(chance.uniform(0.0, 0.2))
        error = process.communicate()[1]
        if manifest(folder).get("status") == "finished":
            player.over = True
            return struck
        assert process.returncode in (0, 130, -signal.SIGKILL), error.decode()
        known = manifest(folder)
        again = ("resume", folder) if known else (*command, "--out", folder)
        process = start(*again, *live)


def planned(command: tuple[str, ...], folder: Path, again: Path) -> tuple[dict, dict]:
    """Manifests of a run and of the one that its journal plans."""
    journal = folder / "commands.jsonl"
    told = ("--commands", journal) if journal.exists() else ()
    process = start(*command, "--out", again, *told, "--checkpoint-every", "1q")
    error = process.communicate()[1]
    assert process.returncode == 0, error.decode()
    return manifest(folder), manifest(again)


def study(runs: int, seed: int = 1) -> tuple[int, int, int, int]:
    """Kills, commands, runs that came out otherwise than planned, books that could not be rebuilt."""
    kills = told = other = wrong = 0
    with tempfile.TemporaryDirectory() as place:
        for number in range(runs):
            name = [*WORLDS][number % len(WORLDS)]
            command, lines = WORLDS[name]
            folder, again = Path(place) / f"live-{number}", Path(place) / f"planned-{number}"
            kills += driven(command, lines, folder, seed * 1000 + number)
            found, expected = planned(command, folder, again)
            told += found["commands"]
            same = all(found[key] == expected[key] for key in ("digest", "digests", "tables"))
            other += not same
            if "fingerprints" in found:
                wrong += int(rebuilt(Run(folder)).fingerprint[0]) != found["fingerprints"][0]
            came = "equal" if same else "OTHER"
            print(f"{number} {name}: {found['commands']} commands, {came}", flush=True)
    return kills, told, other, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    kills, told, other, wrong = study(given.runs, given.seed)
    print(f"{given.runs} runs, {kills} kills, {told} commands")
    print(f"{other} not as planned, {wrong} with other books")
    sys.exit(bool(other or wrong))
