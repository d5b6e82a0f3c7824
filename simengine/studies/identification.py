"""Identifiability of a world's free parameters: central differences of every fact on common noise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.calibration import Identification, assembled, effect, sides
from simengine.studies.arms import Pool
from simengine.studies.calibration import Calibration

IDENTIFY_SEED, IDENTIFY_REPLICAS = 900_002, 32
"""Noise that neither search nor report uses, and how many histories each side of a difference gets."""


def identified(
    calibration: Calibration,
    point: NDArray[np.float64],
    folder: Path,
    workers: int | None = None,
    replicas: int = IDENTIFY_REPLICAS,
    label: str = "",
) -> Identification:
    """Run two economies per parameter around a point (n,) of the unit box and compare their facts.

    `folder` keeps what has run, so that an interrupted report goes on; `label` names the progress bar.
    """
    space, names = calibration.space, calibration.space.names
    around = {name: sides(point, k) for k, name in enumerate(names)}
    arm = replace(calibration.arm({}, 0), seed=IDENTIFY_SEED, replicas=replicas)
    arms = {
        f"{name} {side}": replace(arm, config=space.settings(at))
        for name, points in around.items()
        for side, at in zip(("low", "high"), points)
    }
    with Pool(workers, folder) as pool:
        found = pool.run(arms, label, refused=True)
    columns = []
    for k, name in enumerate(names):
        low, high = found.get(f"{name} low"), found.get(f"{name} high")
        width = float(around[name][1][k] - around[name][0][k])
        columns.append(effect(low, high, width, calibration.facts) if low and high else None)
    return assembled(names, list(space.values(point).values()), columns, calibration.facts)
