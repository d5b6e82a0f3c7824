"""Impact by fork: the same market with and without one large order, pair by pair on the same noise.

A broker buys, or sells, some lots in slices, in one of two replicas that are equal to the bit until then.
What the price does in one and not in the other is the order's doing, whatever else happens: no regression of
prices on orders that react to them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.inference import paired
from analysis.tables import write_table
from simengine.errors import UserError
from simengine.kernel import Strike
from simengine.simulation import Simulation
from simengine.studies.request import Findings, Request
from simengine.typed import whole
from simengine.worlds.exchange.shocks import ProgramShock
from simengine.worlds.exchange.units import DAY

SIZES = (50, 100, 200, 400, 800, 1600)
HORIZONS = {"minute": 60, "sixth of a day": DAY // 6, "day": DAY}
"""After the order has begun: exchange time of 60 ticks a second is scaled, so that a day is 3,600."""

BEGIN = 2 * DAY + DAY // 3
"""By then the books are as they usually are."""


def carry_out(request: Request) -> Findings:
    """Measure the impact of orders of the sizes asked for (`names`, lots) and write a table."""
    sizes = [_size(name) for name in request.names] or list(SIZES)
    rows = [row for size in sizes for row in measured(request, size)]
    command = request.command("study impact")
    table = write_table(rows, request.out / "impact.csv", command)
    return Findings(text(rows, request.replicas), (table,))


def measured(request: Request, lots: int) -> list[dict[str, Any]]:
    """The mean impact of an order, basis points in its direction, with its 95 % interval, by horizon."""
    control, treated = paths(request, lots)
    found = paired(np.zeros_like(control), 1e4 * (treated - control))
    return [
        {
            "lots": lots, "after": name, "impact_bp": float(found.mean[h]), "low": float(found.low[h]),
            "high": float(found.high[h]), "pairs": int(found.pairs[h]),
        }
        for h, name in enumerate(HORIZONS)
    ]  # fmt: skip


def paths(request: Request, lots: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log prices (horizons, pairs) without and with the order; odd pairs sell, and are turned round."""
    pairs = np.arange(request.replicas)
    treated = (pairs + len(pairs)).tolist()
    orders = (
        Strike(BEGIN, ProgramShock(float(sign * lots)), None, tuple(treated[odd::2]))
        for odd, sign in enumerate((1, -1))
    )
    numbers = pairs.tolist() * 2
    sim = Simulation(request.world, request.seed, numbers, "rule", config=request.config, shocks=orders)
    logs = []
    for ticks in HORIZONS.values():
        sim.run(until=BEGIN + ticks)
        logs.append(np.log(sim.world.market.middle[:, 0]).reshape(2, -1))  # type: ignore[attr-defined]
    direction = np.where(pairs % 2 == 0, 1.0, -1.0)
    both = np.stack(logs, axis=1) * direction
    return both[0], both[1]


def text(rows: list[dict[str, Any]], pairs: int) -> str:
    """The table in words, and how impact grows with size."""
    lines = [f"impact of one order, basis points, {pairs} pairs: mean [95 %]", ""]
    for after in HORIZONS:
        own = [row for row in rows if row["after"] == after]
        lines += [f"after a {after}"] + [
            f"  {row['lots']:>6} lots  {row['impact_bp']:6.1f} [{row['low']:.1f}, {row['high']:.1f}]"
            for row in own
        ]
        told = [row for row in own if row["low"] > 0]
        if len(told) > 2:
            size, impact = (np.log([row[name] for row in told]) for name in ("lots", "impact_bp"))
            slope = np.polyfit(size, impact, 1)[0]
            lines.append(f"  grows with the power {slope:.2f} of size, where it is told from 0")
    return "\n".join(lines)


def _size(name: str) -> int:
    size = whole(name)
    if size is None or not 1 <= size <= 100_000:
        raise UserError(f"study impact {name!r}: sizes are lots from 1 to 100000, such as 100 or 800")
    return size
