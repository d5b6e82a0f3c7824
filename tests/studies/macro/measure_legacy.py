"""Prints the legacy score of rules, networks and random decisions on the same noise: `make study-legacy`."""

from __future__ import annotations

from simengine.studies.arms import Arm
from simengine.studies.macro.legacy import measured

REPLICAS, SEED = 16, 11  # no calibration has used this seed

if __name__ == "__main__":
    for policy in ("rule", "random", "untrained", "learned"):
        found = measured(Arm("macro", policies={"all": policy}, replicas=REPLICAS, seed=SEED))
        print(f"every population: {policy}\n{found.text()}\n")
