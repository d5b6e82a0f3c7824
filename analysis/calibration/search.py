"""The search: a quasi-random screening of the box, then an evolution strategy on noise redrawn at times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from analysis.calibration.evolution import Evolution
from analysis.calibration.loss import REFUSED, Judgement
from analysis.calibration.space import CalibrationError
from streams.sealed import DamagedFile, read_json, write_json

Floats = NDArray[np.float64]

FORMAT = 1


@dataclass(frozen=True)
class SearchSettings:
    """Points a generation, generations on the same noise, screening points, first step (of the box), seed."""

    population: int = 16
    redraw: int = 6
    screen: int = 64
    step: float = 0.15
    seed: int = 1

    def __post_init__(self) -> None:
        if self.population < 4:
            raise CalibrationError(f"population = {self.population}: valid is 4 or more")
        if self.redraw < 1:
            raise CalibrationError(f"redraw = {self.redraw}: valid is 1 or more generations")
        if self.screen < 0 or self.screen & (self.screen - 1):
            raise CalibrationError(f"screen = {self.screen}: valid is 0 or a power of two")
        if not 0 < self.step <= 1:
            raise CalibrationError(f"step = {self.step}: valid is a share of the box, 0 to 1")


class Search:
    """A search from `start` (n,) in the unit box; `ask`, evaluate, `tell`, `save`, and again.

    Points of one round share a noise number: 0 while screening, another every `redraw` generations. The first
    round on new noise also evaluates the mean, before anything has been fitted to that noise: its `fresh`
    loss and score are what the search has really won. `history` holds one row per generation, `met` the means
    that met new noise; `about` says what is searched: whoever resumes must search the same.
    """

    def __init__(
        self, start: Floats, settings: SearchSettings | None = None, about: Mapping[str, Any] | None = None
    ) -> None:
        self.settings = settings or SearchSettings()
        self.about = json.loads(json.dumps(about or {}))
        self.start = np.asarray(start, dtype=np.float64)
        self.screened: list[float] = []
        self.history: list[dict[str, Any]] = []
        self.met: list[list[float]] = []
        self.evolution = Evolution(
            self.start, self.settings.step, self.settings.population, self.settings.seed
        )

    @property
    def box(self) -> Floats:
        """The screening points, (1 + screen, n): the start and a scrambled Sobol sequence; or none."""
        n, screen = len(self.start), self.settings.screen
        if not screen:
            return np.empty((0, n))
        sobol = qmc.Sobol(n, scramble=True, rng=self.settings.seed).random(screen)
        return np.vstack([self.start, sobol])

    @property
    def screening(self) -> bool:
        """Whether screening points are still to be evaluated."""
        return len(self.screened) < self.settings.screen + 1 if self.settings.screen else False

    @property
    def generation(self) -> int:
        """How many generations have been told."""
        return self.evolution.generation

    @property
    def mean(self) -> Floats:
        """The search's answer so far, (n,) in the unit box."""
        return self.evolution.mean

    @property
    def candidates(self) -> dict[str, Floats]:
        """What may be the search's answer, each (n,): noise can make its last mean worse than its start.

        The average is over the later half of the means that met new noise (Polyak and Juditsky 1992).
        """
        found = {"start": self.start}
        if self.generation:
            found["last mean"] = self.mean
        if len(self.met) > 1:
            found["average mean"] = np.mean([*self.met[len(self.met) // 2 :], self.mean.tolist()], axis=0)
        return found

    @property
    def noise(self) -> int:
        """The number of the noise this round is evaluated on."""
        return 0 if self.screening else 1 + self.generation // self.settings.redraw

    @property
    def _on_new_noise(self) -> bool:
        return self.generation % self.settings.redraw == 0

    def ask(self) -> Floats:
        """The points of this round, (k, n) in the unit box."""
        if self.screening:
            return self.box[len(self.screened) :][: self.settings.population]
        points = self.evolution.ask()
        return np.vstack([points, self.mean]) if self._on_new_noise else points

    def tell(self, judged: Sequence[Judgement]) -> None:
        """Move on, given the judgements of the points asked for, in their order."""
        if self.screening:
            self.screened += [each.loss for each in judged]
            if not self.screening:
                self.evolution.mean = self.box[int(np.argmin(self.screened))]
            return
        population = judged[: self.settings.population]
        row = {"generation": self.generation + 1, "noise": self.noise, **_summary(population)}
        fresh = judged[-1] if self._on_new_noise else REFUSED
        defined = np.isfinite(fresh.loss)
        row |= {
            "fresh_loss": fresh.loss if defined else None,
            "fresh_score": fresh.score if defined else None,
        }
        if self._on_new_noise:
            self.met.append(self.mean.tolist())
        self.evolution.tell(np.array([each.loss for each in population]))
        self.history.append(row | {"step": self.evolution.step})

    def save(self, file: Path) -> None:
        """Write all that is needed to go on, in one step: a crash leaves the old file or the new one."""
        state = {
            "format": FORMAT,
            "about": self.about,
            "settings": asdict(self.settings),
            "start": self.start.tolist(),
            "screened": self.screened,
            "evolution": self.evolution.saved(),
            "history": self.history,
            "met": self.met,
        }
        write_json(file, state, allow_nan=True)

    @classmethod
    def load(cls, file: Path) -> Search:
        """The search that was saved; CalibrationError when the file holds none."""
        try:
            state = read_json(file)
            if state["format"] != FORMAT:
                raise CalibrationError(f"{file}: format {state['format']}: valid is {FORMAT}")
            search = cls(np.array(state["start"]), SearchSettings(**state["settings"]), state["about"])
            search.screened, search.history = state["screened"], state["history"]
            search.met = state.get("met", [])
            search.evolution = Evolution.restored(state["evolution"])
        except FileNotFoundError:
            raise CalibrationError(f"{file}: not there: nothing to resume") from None
        except DamagedFile as error:
            raise CalibrationError(str(error)) from None
        except (OSError, KeyError, TypeError) as error:
            raise CalibrationError(f"{file}: no saved search ({type(error).__name__}: {error})") from None
        return search


def _summary(judged: Sequence[Judgement]) -> dict[str, Any]:
    """How many economies broke down, and the best and mean loss and score of the others, None without any."""
    sound = [each for each in judged if np.isfinite(each.loss)]
    losses, scores = [each.loss for each in sound], [each.score for each in sound]
    return {
        "refused": len(judged) - len(sound),
        "best_loss": min(losses, default=None),
        "mean_loss": float(np.mean(losses)) if sound else None,
        "best_score": max(scores, default=None),
        "mean_score": float(np.mean(scores)) if sound else None,
    }
