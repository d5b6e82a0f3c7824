"""Flips single bits anywhere in folders of runs, studies and trainings: found, or the same comes out of them.

python tests/simengine/bit_flips.py --flips 200
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np

from analysis import Run
from analysis.calibration import Search, SearchSettings
from simengine import Recording, Scenario
from simengine.histories import watched
from simengine.learning.training import Trainer
from simengine.reporting import write_report
from simengine.studies.arms import Arm, _keep, _kept
from tests.simengine.learning.worlds import bits, log, small

FOUND, SAME, WRONG = "found", "same", "WRONG"
DAYS = 120

Seen = Callable[[Path], Any]


def begun() -> Recording:
    """A run of a small world in the current folder."""
    scenario = Scenario(world="inventory", ticks=DAYS, replicas=2, config={"shops": 3}, seed=7).checked()
    return Recording.begin(scenario, "run", checkpoint_every=30)


def finished_run() -> Path:
    """The folder of a run that is over."""
    run = begun()
    run.run()
    run.conclude()
    return run.folder


def interrupted_run() -> Path:
    """The folder of a run that was stopped halfway."""
    run = begun()
    run.run(stop=lambda: run.sim.tick >= DAYS // 2)
    return run.folder


def study() -> Path:
    """The folder of a study: kept arms, and a search in the middle."""
    folder = Path("study")
    for seed in (1, 2):
        arm = Arm("inventory", config={"shops": 3}, replicas=2, years=0.25, seed=seed)
        _keep(folder / "arms" / f"{seed}.npz", watched(arm.simulation(), arm.years))
    search = Search(np.full(3, 0.5), SearchSettings(population=4, screen=0), {"world": "inventory"})
    search.save(folder / "search.json")
    return folder


def training() -> Path:
    """The folder of a training that was stopped halfway."""
    trainer = Trainer.begin(small(iterations=3), Path("training"))
    trainer.run(lambda _: None, lambda: trainer.iteration == 2)
    trainer.close()
    return trainer.folder


def seen_of_run(folder: Path) -> Any:
    """What a finished run says: digest, series and every file of its report."""
    made = write_report(Run(folder))
    run = Run(folder)
    tables = [
        run.metrics.collect().to_dicts(),
        *(run.events(name).collect().to_dicts() for name in run.recorded),
    ]
    return (
        run.manifest["digest"],
        run.manifest["tables"],
        repr(tables),
        [(folder / name).read_bytes() for name in made],
    )


def seen_resumed(folder: Path) -> Any:
    """What an interrupted run says once it has been resumed."""
    Recording.reopen(folder).run()
    return seen_of_run(folder)


def seen_of_study(folder: Path) -> Any:
    """What a study would go on with: its arms and its search."""
    arms = [_kept(folder / "arms" / f"{seed}.npz") for seed in (1, 2)]
    lost = [seed for seed, arm in enumerate(arms, 1) if arm is None]
    if lost:
        raise ValueError(f"arms {lost}: computed again")
    search = Search.load(folder / "search.json")
    return [{n: x.tobytes() for n, x in arm.items()} for arm in arms], search.ask().tobytes(), search.about


def seen_of_training(folder: Path) -> Any:
    """What a training ends in, and the networks that it leaves."""
    trainer = Trainer.resume(folder)
    trainer.run(lambda _: None, lambda: False)
    models = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.safetensors")}
    return bits(trainer), log(trainer), {n: b for n, b in models.items() if n.startswith("models")}


KINDS: dict[str, tuple[Callable[[], Path], Seen]] = {
    "run": (finished_run, seen_of_run),
    "interrupted run": (interrupted_run, seen_resumed),
    "study": (study, seen_of_study),
    "training": (training, seen_of_training),
}


def flip(folder: Path, chance: random.Random) -> str:
    """Turn one bit of one file; where."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    file = chance.choice(files)
    data = bytearray(file.read_bytes())
    at = chance.randrange(8 * len(data))
    data[at // 8] ^= 1 << at % 8
    file.write_bytes(data)
    return f"{file.relative_to(folder)}: bit {at}"


def outcome(folder: Path, seen: Seen, expected: Any) -> str:
    """What a flipped bit comes to: found, in one line, or everything as it was."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return SAME if seen(folder) == expected else WRONG
    except ValueError as error:
        return WRONG if "\n" in str(error) else FOUND
    except Exception:
        traceback.print_exc()
        return WRONG


def flipped(kind: str, flips: int, place: Path, seed: int = 1) -> tuple[Counter[str], list[str]]:
    """How many flips came to what, and where those were that went wrong; works in the folder `place`."""
    make, seen = KINDS[kind]
    chance, found, wrong = random.Random(f"{kind} {seed}"), Counter[str](), []
    whole = make().absolute()
    expected = seen(Path(shutil.copytree(whole, place / "expected")))
    for k in range(flips):
        copy = Path(shutil.copytree(whole, place / f"flipped{k}"))
        where = flip(copy, chance)
        said = outcome(copy, seen, expected)
        found[said] += 1
        wrong += [where] if said == WRONG else []
        shutil.rmtree(copy)
    return found, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    failed = False
    for name in KINDS:
        with tempfile.TemporaryDirectory() as home, chdir(home):
            counts, places = flipped(name, given.flips, Path(home), given.seed)
        print(f"{name}: {dict(counts)}", *places, sep="\n  ", flush=True)
        failed |= bool(places)
    sys.exit(failed)
