"""Scale: the same economy with 20 to 500 firms. Which facts survive, and how volatility falls with size.

Every size has five households a firm and five banks. Beside the whole economy run one without common shocks,
one that also lacks the firms' own shocks, and both again with firm sizes after Zipf's law: by the granular
rule concentration matters, not numbers, and only another size law tells the two apart.
"""

from __future__ import annotations

from typing import Any

from analysis.figures import save
from analysis.macro.figures.scale import scale_figure
from analysis.macro.scaling import (
    ARMS,
    LUCK,
    LUCK_ZIPF,
    QUIET,
    QUIET_ZIPF,
    WHOLE,
    Scaling,
    Size,
    herfindahl,
    quarterly_growth_sd,
)
from analysis.tables import write_table
from simengine.config import merged
from simengine.errors import UserError
from simengine.simulation import Simulation
from simengine.studies.arms import Arm
from simengine.studies.request import Findings, Request
from simengine.typed import whole

SIZES = (20, 50, 100, 500)
HOUSEHOLDS_PER_FIRM = 5

_QUIET: dict[str, Any] = {"luck": {"aggregate": 0.0}}
_LUCK = {"luck": {"aggregate": 0.0, "firm_productivity_sd_monthly": 0.0, "firm_demand_sd_monthly": 0.0}}
_ZIPF = {"firm": {"size_exponent": 1.0}}
DIFFERENCES = {
    WHOLE: {},
    QUIET: _QUIET,
    LUCK: _LUCK,
    QUIET_ZIPF: _QUIET | _ZIPF,
    LUCK_ZIPF: _LUCK | _ZIPF,
}
"""Arm -> what sets it apart from the configuration asked for."""


def carry_out(request: Request) -> Findings:
    """Run all arms at the sizes asked for (`names`, such as 20 or 500) and write table and figure."""
    sizes = [_size(name) for name in request.names] or list(SIZES)
    arms = {f"{firms} firms, {name}": _arm(request, firms, name) for firms in sizes for name in ARMS}
    with request.pool() as pool:
        series = pool.run(arms, label="scale")
    found = []
    for firms in sizes:
        measured = {name: series[f"{firms} firms, {name}"] for name in ARMS}
        own, zipf = (_opening_herfindahl(_arm(request, firms, name)) for name in (QUIET, QUIET_ZIPF))
        found.append(Size.of(firms, HOUSEHOLDS_PER_FIRM * firms, measured, (own, zipf)))
    scaling = Scaling(found, _shock_sd(_arm(request, sizes[0], WHOLE)))
    command = request.command("study scale")
    table = write_table(scaling.rows(), request.out / "scale.csv", command)
    return Findings(scaling.text(), (table, save(scale_figure(scaling), request.out / "scale.png")))


def _size(name: str) -> int:
    size = whole(name)
    if size is None or not 4 <= size <= 5000:
        raise UserError(f"study scale {name!r}: sizes are numbers of firms from 4 to 5000, such as 20 or 500")
    return size


def _arm(request: Request, firms: int, name: str) -> Arm:
    sized = {"firms": firms, "households": HOUSEHOLDS_PER_FIRM * firms}
    return request.arm(config=merged(merged(request.config, DIFFERENCES[name]), sized))


def _opening_herfindahl(arm: Arm) -> float:
    """The Herfindahl index of opening sales, a mean of four histories: staffs' skills are drawn by lot."""
    firms = Simulation(arm.world, arm.seed, 4, arm.policies, arm.config).state["firms"]
    return float(herfindahl(firms.size).mean())


def _shock_sd(arm: Arm) -> float:
    """The sd of a quarter's growth of a firm's productivity, %, in the configuration of an arm."""
    luck = Simulation(arm.world, policies=arm.policies, config=arm.config).world.config.luck
    monthly = luck.firm_productivity_sd_monthly * luck.individual
    return 100.0 * quarterly_growth_sd(monthly, luck.firm_productivity_rho_monthly)
