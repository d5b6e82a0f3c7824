"""Arms of a study: variants of an economy on the same noise, run side by side and kept for the next time."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from simengine.claims import Claim
from simengine.errors import NoOpening, UserError
from simengine.histories import Series, watched
from simengine.policies import cast_in, weights_behind
from simengine.registry import world_class
from simengine.simulation import Simulation
from simengine.studies.sources import source_digest
from simengine.workers import Processes, carried_out
from streams.sealed import DamagedFile, unsealed, write_sealed


@dataclass(frozen=True)
class Arm:
    """One variant of a world; arms of equal `seed` and `replicas` share their noise.

    `config` is nested settings by name, `shocks` are short forms such as `"rate:+0.01@5y..6y"`, `policies` as
    for `Simulation`: who is not named is of the world's cast.
    """

    world: str
    config: Mapping[str, Any] = field(default_factory=dict)
    shocks: tuple[str, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1
    replicas: int | str = 32
    years: float = 25.0

    @property
    def key(self) -> str:
        """Sixteen hexadecimal digits that name this arm as run by the code and the networks as they stand."""
        text = json.dumps(asdict(self), sort_keys=True, default=str) + source_digest(self.world)
        digest, cls = blake2b(text.encode(), digest_size=8), world_class(self.world)
        for population, spec in sorted(cast_in(cls, self.policies).items()):
            for path in weights_behind(spec, population, cls):
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def simulation(self) -> Simulation:
        """This arm as a simulation that has not run."""
        stated = {name: getattr(self, name) for name in ("world", "seed", "replicas", "policies", "config")}
        return Simulation(**stated, shocks=self.shocks)


def histories(arm: Arm) -> Series:
    """Run an arm and return its series, each `(replica, period)`."""
    return watched(arm.simulation(), arm.years)


Follow = Callable[[Arm], Series]


class Pool:
    """Worker processes that run arms: `with Pool() as pool: found = pool.run({"base": Arm(world), ...})`.

    `workers` defaults to the number of processors. What `folder` keeps of an interrupted study is not run
    again, unless the code or the arm has changed since.
    """

    def __init__(self, workers: int | None = None, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder else None
        self._workers = Processes(workers)

    def __enter__(self) -> Pool:
        self._claim = Claim(self.folder) if self.folder else None
        return self

    def __exit__(self, *error: object) -> None:
        self._workers.close()
        if self._claim is not None:
            self._claim.release()

    def run(
        self, arms: Mapping[str, Arm], label: str = "", refused: bool = False, follow: Follow = histories
    ) -> dict[str, Series]:
        """The series of every arm by name; `label` names the progress bar, none without it.

        With `refused`, an arm whose economy breaks down is left out instead of raising. `follow`, a function
        of a module, runs an arm and returns what is to be known of it.
        """
        files = {name: self._file(arm, follow) for name, arm in arms.items()}
        found = {name: kept for name, file in files.items() if (kept := _kept(file))}
        names = [name for name in arms if name not in found]
        answers = carried_out(self._workers, follow, [arms[name] for name in names])
        for position, answer in tqdm(answers, desc=label, total=len(names), unit="arm", disable=not label):
            if answer.error is None:
                found[names[position]] = answer.value
                _keep(files[names[position]], answer.value)
            elif not refused or not _a_verdict(answer.error):
                raise answer.error
        return {name: found[name] for name in arms if name in found}

    def _file(self, arm: Arm, follow: Follow) -> Path | None:
        followed = "" if follow is histories else f"-{follow.__name__}"
        return self.folder / f"{arm.key}{followed}.npz" if self.folder else None


def _a_verdict(error: Exception) -> bool:
    """Whether an economy broke down or has no opening; a slip in a setting is no verdict on it."""
    broke_down = isinstance(error, (AssertionError, ArithmeticError, ValueError))
    return isinstance(error, NoOpening) or (broke_down and not isinstance(error, UserError))


def _kept(path: Path | None) -> Series | None:
    """The series kept in a file; None where there are none, or, with a warning, where they are damaged."""
    if path is None or not path.is_file():
        return None
    try:
        with np.load(io.BytesIO(unsealed(path))) as file:
            return dict(file)
    except DamagedFile as error:
        warnings.warn(f"{error}: computed again", stacklevel=3)
        return None


def _keep(path: Path | None, series: Series) -> None:
    if path is not None:
        buffer = io.BytesIO()
        np.savez(buffer, **series)  # type: ignore[arg-type]
        write_sealed(path, buffer.getvalue())
