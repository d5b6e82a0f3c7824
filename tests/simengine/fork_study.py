"""Forks at random ticks beside their parents, and runs as they stood beside runs that stopped there.

python -m tests.simengine.fork_study --forks 200 --travels 50
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from simengine import Scenario, Simulation
from simengine.forks import fork, travel
from simengine.live.steering import Live
from simengine.recording import Recording

PARENTS = {
    "macro": {
        "years": 2, "config": {"warmup_years": 1},
        "command": ["seat firms=random@20", "shock rate:+0.01@30..50#half", "play central_bank/0@40..70#1",
                    "set cost=0.01@60", "seat firms=learned@80"],
    },
    "barter": {"ticks": 60, "config": {"agents": 12},
               "command": ["seat foragers.effort=random@20", "shock harvest:-0.5,good=0@30..50#half"]},
    "inventory": {"ticks": 200, "command": ["play shops/3@20..120#1", "seat shops=random@100"]},
}  # fmt: skip
"""Parents that are told things; whoever plays leaves every third decision to the rule."""


def desk(questions):
    """Whoever plays: the lowest choice of every head, and every third time the rule."""
    return [dict.fromkeys(each.heads, 0) if each.tick % 3 else None for each in questions]


def parents(folder: Path) -> dict[str, Recording]:
    """One run of each world, with a checkpoint every so often, all of which stay."""
    found = {}
    for name, told in PARENTS.items():
        scenario = Scenario(world=name, seed=5, replicas=[0, 1], **told).checked()
        run = Recording.begin(scenario, folder / name, checkpoint_every=16, keep=None, live=Live(desk=desk))
        assert run.run()
        found[name] = run
    return found


def stopped(run: Recording, tick: int, folder: Path) -> str:
    """The digest of the same scenario that ends at a tick."""
    scenario = run.scenario.model_copy(update={"years": None, "ticks": tick}).checked()
    short = Recording.begin(scenario, folder, live=Live(desk=desk))
    assert short.run()
    return short.sim.digest


def study(forks: int, travels: int, seed: int = 1) -> tuple[int, int, int]:
    """How many forks, forks in memory and travels came out otherwise than they should."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        known = parents(Path(place))
        other = twins = elsewhere = 0
        for number in range(forks):
            run = known[[*known][number % len(known)]]
            at = chance.randrange(run.until)
            branch = fork(run.folder, at, Path(place) / f"fork-{number}")
            branch.run()
            same = all(branch.manifest[key] == run.manifest[key] for key in ("digest", "digests", "tables"))
            other += not same
        for number in range(travels):
            run = known[[*known][number % len(known)]]
            at = chance.randrange(1, run.until)
            there: Simulation = travel(run.folder, at)
            elsewhere += there.digest != stopped(run, at, Path(place) / f"stopped-{number}")
            twin = there.fork()
            twin.run(until=run.until)
            twins += twin.digest != run.manifest["digest"]
    return other, twins, elsewhere


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forks", type=int, default=200)
    parser.add_argument("--travels", type=int, default=50)
    given = parser.parse_args()
    other, twins, elsewhere = study(given.forks, given.travels)
    print(f"{given.forks} forks: {other} differ from their parents")
    print(f"{given.travels} travels: {elsewhere} differ from a run that stopped there")
    print(f"{given.travels} forks in memory: {twins} differ from the run they came from")
    sys.exit(bool(other or twins or elsewhere))
