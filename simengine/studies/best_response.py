"""A best-response check: one sector learns on against the others as they have learned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tqdm import tqdm

from simengine.learning.manifest import TRAINING
from simengine.learning.plan import Plan
from simengine.learning.training import MODELS, Trainer
from simengine.policies import SUFFIX
from simengine.studies.arms import Arm


def further(
    sector: str, networks: Mapping[str, Path], arm: Arm, iterations: int, out: Path, **size: Any
) -> Path:
    """Train `sector` on from its network in `arm`'s economy, the others frozen; return its new weights file.

    Of the iterations the network that does best on held-out noise is kept. A training that was interrupted
    goes on in its folder under `out`, one that is over is not repeated. `size` are more fields of the plan.
    """
    plan = Plan(
        world=arm.world,
        populations=(sector,),
        iterations=iterations,
        seed=arm.seed,
        policies={name: str(path) for name, path in networks.items() if name != sector},
        start={sector: str(networks[sector])},
        config=arm.config,
        **size,
    )
    folder = out / f"{sector}-{_key(plan, networks, arm)}"
    began = (folder / TRAINING).is_file()
    trainer = Trainer.resume(folder) if began else Trainer.begin(plan, folder)
    if not trainer.done:
        label = f"{sector.replace('_', ' ')} further"
        with tqdm(total=iterations, initial=trainer.iteration, desc=label, unit="iteration") as bar:
            trainer.run(lambda _: bar.update(), lambda: False)
    return folder / MODELS / f"{sector}{SUFFIX}"


def _key(plan: Plan, networks: Mapping[str, Path], arm: Arm) -> str:
    """Eight hexadecimal digits of the plan, the networks as they stand and the code."""
    digest = blake2b(json.dumps(asdict(plan), sort_keys=True, default=str).encode(), digest_size=4)
    digest.update(arm.key.encode())
    for path in networks.values():
        digest.update(path.read_bytes())
    return digest.hexdigest()
