"""`bench`: what a world costs in CPU time, by part, at several numbers of replicas."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.options import Policies
from simengine.cli.run import policies_in
from simengine.cli.say import as_json, say, table
from simengine.errors import UserError
from simengine.registry import DEFAULT_WORLD
from simengine.typed import whole

if TYPE_CHECKING:
    from simengine.metering import Meter, MeteredSimulation

PARTS = ("world", "policies", "kernel", "barriers", "digests", "streams", "observers")


def bench(
    world: Annotated[str, typer.Argument(help="A world.")] = DEFAULT_WORLD,
    years: Annotated[float, typer.Option(help="Recorded years per measurement.")] = 25.0,
    replicas: Annotated[
        str, typer.Option("--replicas", "-r", help="Numbers of replicas to measure.")
    ] = "1,64",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the configuration.")
    ] = None,
    policy: Policies = None,
    repeats: Annotated[
        int, typer.Option(help="Also time bare and recorded runs in turn, this often: medians.", min=0)
    ] = 0,
    start: Annotated[
        bool, typer.Option("--start", help="Also time a fresh command of one year, as often.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure speed with metrics and default recording on, on one thread."""
    counts = [whole(count) or 0 for count in replicas.split(",")]
    if min(counts) < 1:
        raise UserError(f"--replicas {replicas!r}: write counts such as 1,64")
    from simengine.cli.speed import speeds, starts
    from simengine.config import overrides

    chosen = {"config": overrides(setting or []), "policies": policies_in(policy or [])}
    measured(world, chosen, 1, 1.0)
    found = [measured(world, chosen, count, years) for count in counts]
    for each in found if repeats else ():
        each |= speeds(world, chosen, each["replicas"], years, repeats)
        if start:
            each |= starts(world, setting or [], policy or [], each["replicas"], repeats)
    if json:
        as_json(found)
        return
    say(f"{world}, {years:g} years and warm-up, metrics and default recording on, CPU time on one thread")
    table(columns(found))


def measured(world: str, chosen: dict[str, Any], replicas: int, years: float) -> dict[str, Any]:
    """One run: CPU seconds, counts, and the share of each part in percent of the time."""
    from simengine.metering import Meter, meter_kernel

    meter = Meter()
    with tempfile.TemporaryDirectory() as place, meter_kernel(meter):
        sim, seconds = carried_out(meter, world, chosen, replicas, years, Path(place))
    months = (sim.tick - sim.start) * 12 / sim.world.ticks_per_year
    scale, counts = seconds / sum(meter.seconds.values()), sim.counts
    spent = {part: scale * meter.seconds[part] for part in PARTS}
    return {
        "replicas": replicas,
        "cpu_seconds": seconds,
        "agents": sim.agents,
        "agent_months_per_second": sim.agents * replicas * months / seconds,
        **sim.counted(),
        **{f"{part}_percent": 100 * spent[part] / seconds for part in PARTS},
        "microseconds_per_row": 1e6 * spent["kernel"] / max(1, counts.rows + counts.barriers),
        "microseconds_per_forward": 1e6 * spent["barriers"] / max(1, counts.forwards),
        "microseconds_per_batch": 1e6 * spent["streams"] / max(1, counts.batches),
    }


def carried_out(
    meter: Meter, world: str, chosen: dict[str, Any], replicas: int, years: float, place: Path
) -> tuple[MeteredSimulation, float]:
    """The simulation at its end, and the CPU seconds it took with metrics and default recording."""
    from simengine.metering import MeteredSimulation, meter_streams
    from simengine.scenarios.scenario import make_world
    from streams import metrics
    from streams.bus import Bus
    from streams.recorder import Recorder

    bus = Bus(replicas=replicas)
    meter_streams(bus, meter)
    made = make_world(world, chosen["config"])
    sim = MeteredSimulation(made, meter, replicas=replicas, policies=chosen["policies"], bus=bus)
    metrics.install(bus, sim.world.metrics, *sim.world.periods())
    recorder = Recorder(place, bus, numbers=sim.numbers)
    worked = time.process_time()
    meter.start()
    sim.run(years=years)
    meter.timed("observers", recorder.seal)()
    meter.switch("kernel")
    return sim, time.process_time() - worked


def columns(found: list[dict[str, Any]]) -> list[list[str]]:
    """One line per quantity, one column per number of replicas."""
    rows = []
    for key in found[0]:
        cells = [
            f"{run[key]:>14,.4g}" if isinstance(run[key], float) else f"{run[key]:>14,}" for run in found
        ]
        rows.append([key.replace("_", " "), *cells])
    return rows
