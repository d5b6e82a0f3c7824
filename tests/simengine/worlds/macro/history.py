"""Runs of the macro world as arrays, for tests."""

from typing import Any

import numpy as np

from simengine import Simulation
from streams.macro.series import QuarterlyAccounts

REST = {"luck": {"aggregate": 0.0, "individual": 0.0, "matching": 0.0}, "warmup_years": 0}
LUCK_OF_MATCHING = {"luck": {"aggregate": 0.0, "individual": 0.0, "matching": 1.0}, "warmup_years": 0}
COLUMNS = tuple(QuarterlyAccounts.__event__.columns)


def simulate(
    config: Any = None, years: float = 25, prepare: Any = None, **declared: Any
) -> tuple[Any, dict[str, Any]]:
    """Run the macro world, under rules where nothing is said; it and its series `(replica, quarter)`."""
    sim = Simulation("macro", config=config or {}, **{"policies": "rule", **declared})
    quarters: list[dict[str, Any]] = []

    def keep(batch: Any) -> None:
        if batch.tick >= 0:
            quarters.append({name: np.array(getattr(batch, name)) for name in COLUMNS})

    sim.events(QuarterlyAccounts).subscribe(keep)
    if prepare is not None:
        prepare(sim)
    sim.run(years=years)
    return sim, {name: np.stack([row[name] for row in quarters], axis=1) for name in COLUMNS}


def growth(series: Any) -> Any:
    """Annualised quarterly growth in percent."""
    return 400.0 * np.diff(np.log(series), axis=1)
