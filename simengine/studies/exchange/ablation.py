"""Which gates of realism fall without which mechanism, on the same noise."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.exchange.gates import FACTS, judge
from analysis.exchange.statistics import STATISTICS
from analysis.tables import write_table
from simengine.config import merged
from simengine.errors import UserError, unknown
from simengine.histories import Series
from simengine.studies.arms import Arm
from simengine.studies.request import Findings, Request
from simengine.worlds.exchange.histories import DayHistory
from simengine.worlds.exchange.mechanisms import MECHANISMS

BASE = "all of them"


def carry_out(request: Request) -> Findings:
    """Run the exchange with all mechanisms and without each; write what passes each gate."""
    for name in request.names:
        if name not in MECHANISMS:
            raise UserError(unknown("mechanism", name, list(MECHANISMS)))
    with request.pool() as pool:
        found = pool.run({BASE: request.arm()}, label="base", follow=gated)  # alone: it compiles for all
        found |= pool.run(arms(request), label="ablation", refused=True, follow=gated)
    rows = [row(name, each) for name, each in found.items()]
    file = write_table(rows, request.out / "ablation.csv", request.command("study ablation exchange"))
    return Findings(text(found), (file,))


def arms(request: Request) -> dict[str, Arm]:
    """An arm without each mechanism that is asked for, all of them when none is."""
    wanted = request.names or tuple(MECHANISMS)
    return {name: request.arm(config=merged(request.config, MECHANISMS[name].off)) for name in wanted}


def gated(arm: Arm) -> Series:
    """Run an arm: which gates each replica passes, (R, gate), and its statistics, (R, 1) each."""
    sim = arm.simulation()
    seen = DayHistory(sim)
    sim.run(years=arm.years)
    histories = seen.histories()
    card = judge(histories)
    found = {"gate: " + gate.name: gate.passes[:, None].astype(float) for gate in card.gates}
    return found | {name: each.of(histories)[:, None] for name, each in STATISTICS.items()}


def row(name: str, series: Series) -> dict[str, str]:
    """A line of the table: gates passed of ten, the share of replicas at each, medians of statistics."""
    passed = np.sum([series["gate: " + gate] for gate in FACTS.gates], axis=0)
    shares = {"gate: " + gate: f"{series['gate: ' + gate].mean():.2f}" for gate in FACTS.gates}
    medians = {name: f"{np.nanmedian(series[name]):.3g}" for name in STATISTICS}
    said = {"without": name, "passed": f"{np.median(passed):g}", "least": f"{passed.min():g}"}
    return said | shares | medians


def text(found: Mapping[str, Series]) -> str:
    """What falls without each mechanism, a line each."""
    base, lines = found[BASE], []
    for name, series in found.items():
        passed = np.median(np.sum([series["gate: " + gate] for gate in FACTS.gates], axis=0))
        fallen = [
            gate for gate in FACTS.gates
            if series["gate: " + gate].mean() < base["gate: " + gate].mean() - 0.4
        ]  # fmt: skip
        falls = f", falls: {', '.join(fallen)}" if fallen else ""
        lines.append(f"without {name}: {passed:g} of {len(FACTS.gates)}{falls}")
    return "\n".join(lines)
