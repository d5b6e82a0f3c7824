"""`bench`: what a world costs in CPU time, by part, at several numbers of replicas."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from simengine.cli.say import as_json, say, table
from simengine.errors import UserError

PARTS = ("world", "policies", "kernel", "barriers", "streams", "observers")


def bench(
    world: Annotated[str, typer.Argument(help="A world.")] = "macro",
    years: Annotated[float, typer.Option(help="Recorded years per measurement.")] = 25.0,
    replicas: Annotated[
        str, typer.Option("--replicas", "-r", help="Numbers of replicas to measure.")
    ] = "1,64",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the configuration.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure speed with metrics and default recording on, on one thread."""
    counts = replicas.split(",")
    if not all(count.strip().isdigit() and int(count) > 0 for count in counts):
        raise UserError(f"--replicas {replicas!r}: write counts such as 1,64")
    from simengine.config import overrides

    config = overrides(setting or [])
    measured(world, config, 1, 1.0)
    found = [measured(world, config, int(count), years) for count in counts]
    if json:
        as_json(found)
        return
    say(f"{world}, {years:g} years and warm-up, metrics and default recording on, CPU time on one thread")
    table(columns(found))


def measured(world: str, config: dict[str, Any], replicas: int, years: float) -> dict[str, Any]:
    """One run: CPU seconds, counts, and the share of each part in percent of the time."""
    from simengine.kernel.barrier import Barrier, Seat
    from simengine.metering import Meter, MeteredWorld, meter_streams
    from simengine.scenarios.scenario import make_world
    from simengine.simulation import Simulation
    from streams import metrics
    from streams.bus import Bus
    from streams.recorder import Recorder

    meter, answer = Meter(), Barrier.answer
    bus = Bus(replicas=replicas)
    meter_streams(bus, meter)
    with tempfile.TemporaryDirectory() as place:
        sim = Simulation(MeteredWorld(make_world(world, config), meter), replicas=replicas, bus=bus)
        year = sim.world.ticks_per_year
        metrics.install(bus, month=max(1, year // 12), quarter=max(1, year // 4))
        recorder = Recorder(Path(place), bus, replicas=[0], numbers=sim.numbers)
        seats = [seat for seat in vars(sim).get("_seats", {}).values() if isinstance(seat, Seat)]
        for seat in seats:
            seat.policy.act = meter.timed("policies", seat.policy.act)
            seat.observe = meter.timed("world", seat.observe) if seat.observe else None
        Barrier.answer = meter.timed("barriers", answer)  # type: ignore[method-assign]
        try:
            worked = time.process_time()
            meter.start()
            sim.run(years=years)
            meter.part = meter.switch("observers")
            recorder.seal()
            meter.switch("kernel")
            seconds = time.process_time() - worked
        finally:
            Barrier.answer = answer  # type: ignore[method-assign]
    agents = int(sum(np.sum(seat.columns.alive) for seat in seats))
    months = (sim.tick - sim.start) * 12 / year
    total = sum(meter.seconds.values())
    shares = {part: 100 * meter.seconds[part] / total for part in PARTS}
    return {
        "replicas": replicas,
        "cpu_seconds": seconds,
        "agents": agents // replicas,
        "agent_months_per_second": agents * months / seconds,
        **sim.counted(),
        **{f"{part}_percent": share for part, share in shares.items()},
        "microseconds_per_row": 1e6 * meter.seconds["kernel"] / max(1, sim.counts.rows + sim.counts.barriers),
        "microseconds_per_barrier": 1e6 * meter.seconds["barriers"] / max(1, sim.counts.forwards),
        "microseconds_per_batch": 1e6 * meter.seconds["streams"] / max(1, sim.counts.batches),
    }


def columns(found: list[dict[str, Any]]) -> list[list[str]]:
    """One line per quantity, one column per number of replicas."""
    return [
        [
            key.replace("_", " "),
            *(f"{run[key]:>14,.4g}" if isinstance(run[key], float) else f"{run[key]:>14,}" for run in found),
        ]
        for key in found[0]
    ]
