"""What a study is asked for and what it hands back; `simengine study` stands on either side of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simengine.config import leaves
from simengine.policies import ruled
from simengine.registry import imported, world_class
from simengine.studies.arms import Arm, Pool

STRIKE_YEAR = 5
"""The year in which studies and shipped scenarios let their shocks strike."""

START = 4 * STRIKE_YEAR
"""The same as a quarter."""


@dataclass(frozen=True)
class Request:
    """Which world a study is of, how large it is to be, on which noise, and where its files go.

    `names` are the parts of the study to carry out, all of them when empty; `config` holds settings of the
    world, in every arm.
    """

    world: str
    out: Path
    replicas: int = 48
    years: float = 10.0
    seed: int = 1
    workers: int | None = None
    names: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)

    def arm(self, **differs: Any) -> Arm:
        """An arm of this size and noise, under the world's rules; `differs` is what sets it apart."""
        shared = ("world", "config", "replicas", "years", "seed")
        policies = ruled(world_class(self.world), differs.pop("policies", None))
        return Arm(**{**{name: getattr(self, name) for name in shared}, "policies": policies, **differs})

    def command(self, verb: str) -> str:
        """The command that repeats this study; `verb` comes before its parts, such as "study scale"."""
        size = f"--seed {self.seed} --replicas {self.replicas} --years {self.years:g}"
        settings = [f"--set {path}={value}" for path, value in leaves(self.config)]
        return " ".join(["python -m simengine", verb, *self.names, size, *settings])

    def pool(self) -> Pool:
        """The processes that run the arms; they keep what is done in `out`/arms, so that a study resumes."""
        return Pool(self.workers, self.out / "arms")


def deferred(path: str) -> Callable[..., Findings]:
    """The function `module:name`, imported when it is called: only what is carried out loads pictures."""

    def carry_out(*arguments: Any) -> Findings:
        found: Findings = imported(path, "study")(*arguments)
        return found

    return carry_out


@dataclass(frozen=True)
class Findings:
    """What a study found: a text for the terminal and the files it wrote."""

    text: str
    files: tuple[Path, ...]
