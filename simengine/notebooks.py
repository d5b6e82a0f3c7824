"""What notebooks show of a simulation or a run: a small table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.simulation import Simulation


def table_of(sim: Simulation, more: Mapping[str, Any] | None = None) -> str:
    """A table in HTML: world, time, replicas, who decides what by which policy, shocks, digest."""
    seats = {
        f"{name} ({seat.columns.capacity})": f"{', '.join(seat.heads)}: {sim.deciders[name]}"
        for name, seat in sim.seats.items()
    }
    shocks = {f"shock at {strike.tick}": repr(strike.shock) for strike in sim.strikes}
    return table(
        {
            "world": sim.world.name,
            "time": f"tick {sim.tick}, {sim.world.calendar.text(sim.tick)}",
            "replicas": f"{sim.R}, seed {sim.seed}",
            **seats,
            **shocks,
            "digest": sim.digest,
            **(more or {}),
        }
    )


def table(rows: Mapping[str, Any]) -> str:
    """Names and what stands beside them as an HTML table."""
    lines = (f"<tr><th>{escape(name)}</th><td>{escape(str(said))}</td></tr>" for name, said in rows.items())
    return f"<table>{''.join(lines)}</table>"
