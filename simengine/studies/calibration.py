"""Calibration of a world: the search of `analysis.calibration` with economies run in processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from analysis import Facts
from analysis.calibration import (
    REFUSED,
    Judgement,
    Search,
    SearchSettings,
    Space,
    judge,
    nested,
    space_of,
)
from simengine.config import settings_in
from simengine.errors import UserError
from simengine.histories import Series
from simengine.policies import ruled
from simengine.registry import facts_of, world_class
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm, Pool
from simengine.toml import read_toml

Floats = NDArray[np.float64]

STATE = "search.json"
REPORT_SEED, REPORT_REPLICAS = 900_001, 64
"""Noise that no search ever sees: the reported score is measured on it."""

CHOICE_SEED = 900_003
"""Noise on which a search's answer is chosen among its candidates."""

RECENT = 4
"""Noise numbers, the last ones of a search, on which the score on the calibration's own seeds is taken."""


@dataclass(frozen=True)
class Calibration:
    """What is calibrated: a world in a space, on histories of some years; noise k has seed `seed` + k."""

    space: Space
    world: str
    replicas: int = 10
    years: float = 25.0
    seed: int = 1000

    def __post_init__(self) -> None:
        self._defaults()
        for free in self.space.free:
            for bound in (free.low, free.high):
                make_world(self.world, nested({free.name: bound}, self.space.config))

    @property
    def start(self) -> Floats:
        """Where the search begins, (n,) in the unit box: the space's own start, else the world's values."""
        return self.space.start(self._defaults())

    @property
    def facts(self) -> Facts:
        """What the world is held against; UserError where it has nothing."""
        return facts_of(self.world)

    def judge(self, series: Series) -> Judgement:
        """What the series (R, Q) of an economy are worth."""
        return judge(series, self.facts, self.space.plausible)

    def _defaults(self) -> dict[str, float]:
        config = make_world(self.world, self.space.config).config
        found = {}
        for name in self.space.names:
            here = config
            for step in name.split("."):
                if not hasattr(here, step):
                    raise UserError(f"free.{name}: the world {self.world!r} has no such setting")
                here = getattr(here, step)
            if not isinstance(here, (int, float)) or isinstance(here, bool):
                raise UserError(f"free.{name}: not a number in the world {self.world!r} but {here!r}")
            found[name] = float(here)
        return found

    @property
    def about(self) -> dict[str, Any]:
        """What must be the same for a search to be resumed."""
        ranges = {free.name: [free.low, free.high, free.scale] for free in self.space.free}
        return {
            "world": self.world,
            "replicas": self.replicas,
            "years": self.years,
            "seed": self.seed,
            "config": dict(self.space.config),
            **ranges,
            "names": list(ranges),
        }

    def arm(self, settings: Mapping[str, Any], noise: int) -> Arm:
        """The economy with these settings on noise `noise`."""
        return Arm(
            config=settings,
            world=self.world,
            policies=ruled(world_class(self.world)),
            seed=self.seed + noise,
            replicas=self.replicas,
            years=self.years,
        )

    def judged(self, pool: Pool, points: Floats, noise: int) -> list[Judgement]:
        """Run the economies at points (k, n) of the unit box on the same noise and judge them, in order."""
        arms = {str(k): self.arm(self.space.settings(point), noise) for k, point in enumerate(points)}
        found = pool.run(arms, refused=True)
        if not found:
            raise UserError(f"calibration: all {len(arms)} economies broke down on seed {self.seed + noise}")
        return [self.judge(found[k]) if k in found else REFUSED for k in arms]

    def answer(self, pool: Pool, candidates: Mapping[str, Floats]) -> str:
        """Which of the points (n,) is best on noise that neither search nor report uses."""
        arms = {name: self._judging(point, CHOICE_SEED) for name, point in candidates.items()}
        found = pool.run(arms, refused=True)
        losses = {name: self.judge(series).loss for name, series in found.items()}
        if not losses:
            raise UserError(f"calibration: every answer broke down on seed {CHOICE_SEED}")
        return min(losses, key=lambda name: losses[name])

    def _judging(self, point: Floats, seed: int) -> Arm:
        return Arm(
            config=self.space.settings(point),
            world=self.world,
            policies=ruled(world_class(self.world)),
            seed=seed,
            replicas=REPORT_REPLICAS,
            years=self.years,
        )

    def validated(
        self, pool: Pool, point: Floats, noises: Sequence[int]
    ) -> tuple[list[Judgement], Judgement]:
        """Judge one point (n,) on each of the search's noises, and on `REPORT_SEED`, which no search sees."""
        settings = self.space.settings(point)
        arms = {str(noise): self.arm(settings, noise) for noise in noises}
        arms["report"] = self._judging(point, REPORT_SEED)
        found = pool.run(arms)
        own = [self.judge(found[str(noise)]) for noise in noises]
        return own, self.judge(found["report"])


def searched(
    calibration: Calibration,
    search: Search,
    pool: Pool,
    folder: Path,
    enough: Callable[[Search], bool],
    bar: tqdm[Any],
) -> None:
    """Search until `enough`, asked between rounds; the state is saved in `folder` after every round."""
    folder.mkdir(parents=True, exist_ok=True)
    while not enough(search):
        screening = search.screening
        search.tell(calibration.judged(pool, search.ask(), search.noise))
        search.save(folder / STATE)
        bar.set_description_str(
            "screening" if screening else f"generation {search.generation}", refresh=False
        )
        bar.set_postfix_str(progress(search), refresh=False)
        bar.update(0 if screening else 1)


def progress(search: Search) -> str:
    """Where a search stands, in one line: losses are about the facts missed, scores in %.

    `fresh` is the mean's score on noise it had not been fitted to.
    """
    if not search.history:
        return f"{len(search.screened)} points, best loss {min(search.screened, default=float('nan')):.2f}"
    last = search.history[-1]
    if last["best_loss"] is None:
        return "all refused"
    said = f"loss {last['best_loss']:.2f}, score {last['best_score']:.1f} % (mean {last['mean_score']:.1f})"
    fresh = [row["fresh_score"] for row in search.history if row["fresh_score"] is not None]
    return said + (f"; fresh {fresh[-1]:.1f}" if fresh else "")


def opened(folder: Path, calibration: Calibration, settings: SearchSettings, resume: bool) -> Search:
    """A new search, or with `resume` the one saved in `folder`; UserError when that differs."""
    file, about = folder / STATE, calibration.about
    if not resume:
        if file.exists():
            raise UserError(f"{folder}: holds a search already: valid is --resume, or another --out")
        return Search(calibration.start, settings, about)
    search = Search.load(file)
    for what, now in about.items():
        if (before := search.about.get(what, now)) != now:
            raise UserError(
                f"{file}: another {what}: {str(before)[:60]}, now {str(now)[:60]}: valid is the same"
            )
    return search


def default_space(world: str) -> Space:
    """The space that comes with a world; UserError when none does."""
    path = world_class(world).calibration
    if path is None:
        raise UserError(f"{world}: no space comes with this world: name one with --space FILE")
    return read_space(path)


def read_space(path: str | Path) -> Space:
    """The space in a TOML file; UserError or CalibrationError names the file and what is wrong in it."""
    return space_of(read_toml(path, "space")[1], path)


def starting_from(space: Space, file: Path) -> Space:
    """The space with its `start` values taken from a TOML of settings, where that has them.

    CalibrationError for a value outside its range.
    """
    settings = settings_in(file)
    rows = []
    for free in space.free:
        here: Any = settings
        for step in free.name.split("."):
            here = here.get(step) if isinstance(here, Mapping) else None
        rows.append(free if here is None else replace(free, start=here))
    return replace(space, free=tuple(rows))
