"""What the agents of the macro world are rewarded for, once a month, as the stream `Reward`.

All rewards are near zero or one at rest. Nobody is paid for following a rule: the central bank is judged by
inflation, the output gap and the steadiness of its rate, and never sees or meets the rate of a Taylor rule.

households    u(c) - v(h): CRRA utility of the month's purchases relative to trend consumption per household,
              less the disutility of work offered (MaCurdy 1981, JPE 89).
firms         profit after interest and depreciation over what a firm of its size earns at rest, less strain:
              squared logs of hours and utilisation relative to normal. Failure ends a life.
banks         dividends over a hundredth of trend GDP per bank. Failure ends a life.
government    the households' mean utility, less the squared gap of public debt.
central_bank  -[(inflation - target)^2 + weight gap^2 + weight (last change of the rate)^2], in points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.macro.household import LABOUR, WORK
from simengine.worlds.macro.authorities import debt_months, debt_target, inflation, trend_gdp
from streams.events import Reward

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro

POPULATIONS = ("households", "firms", "banks", "government", "central_bank")
LEAST_CONSUMPTION = 0.05  # of the reference: utility is bounded below
BANK_SHARE = 0.01  # of monthly trend GDP per bank, the unit of its dividends


def publish_rewards(world: Macro, sim: Simulation) -> None:
    """Publish one `Reward` batch per population for the month that ends, of the replicas that are read."""
    if not sim.wants(Reward):
        return
    read = sim.bus.reach(Reward)
    some = slice(read.start, read.stop)
    utility = household_utility(world, some)
    amounts = {
        "households": utility,
        "firms": firm_reward(world, some),
        "banks": bank_reward(world)[some],
        "government": government_reward(world, some, utility),
        "central_bank": central_bank_reward(world)[some],
    }
    for name in POPULATIONS:
        amount, columns = amounts[name], getattr(world, name)
        ended = columns.failed[some].copy() if name in ("firms", "banks") else False
        sim.publish(
            Reward, replica=read, dense=amount.shape, population=name, amount=amount, ended=ended
        )  # fmt: skip


def household_utility(world: Macro, some: slice) -> Any:
    """Each household's utility of the month, `(replica, household)`, in some replicas."""
    h, e, w = world.households, world.economy, world.config.rewards
    reference = e.private_output_rest * (e.trend / world.opening_trend) / world.config.households
    units = (h.month_purse[some] - h.purse[some]) / e.price_level[some, None]
    relative = np.maximum(units / reference[some, None], LEAST_CONSUMPTION)
    curve = 1.0 - w.risk_aversion
    utility = np.log(relative) if curve == 0.0 else (relative**curve - 1.0) / curve
    power = 1.0 + 1.0 / w.frisch_elasticity
    toil = (w.disutility * LABOUR**power / power)[h.action[some, :, WORK]]
    return utility - np.where(h.employer[some] >= 0, toil, 0.0)


def firm_reward(world: Macro, some: slice) -> Any:
    """Each firm's profit relative to rest less its strain, `(replica, firm)`, in some replicas."""
    f, e, c = world.firms, world.economy, world.config
    level = e.price_level[some, None]
    worn = c.firm.depreciation_monthly * f.capital[some] * level
    profit = f.surplus[some] - f.owed[some] + f.earned[some] - worn
    normal = (e.profit_rest * (e.trend / world.opening_trend))[some, None] * level
    strain = np.log(f.hours[some]) ** 2 + (f.utilisation[some] - c.firm.utilisation_normal) ** 2
    return profit / (normal * f.size[some]) - c.rewards.strain * strain


def bank_reward(world: Macro) -> Any:
    """Each bank's dividend of the month, `(replica, bank)`, in hundredths of trend GDP per bank."""
    unit = BANK_SHARE * trend_gdp(world) / world.config.banks
    return world.banks.dividend / unit[:, None]


def government_reward(world: Macro, some: slice, utility: Any) -> Any:
    """Mean household utility less the cost of a debt off its target, `(replica, 1)`, in some replicas."""
    gap = (debt_months(world) - debt_target(world))[some]
    return (utility.mean(axis=1) - world.config.rewards.debt * gap**2)[:, None]


def central_bank_loss(world: Macro) -> Any:
    """Return `(inflation - target)^2 + weight gap^2`, `(replica,)` squared points, steadiness apart."""
    e, w = world.economy, world.config.rewards
    missed = inflation(e) - world.config.trend.inflation_target_annual
    return 1e4 * (missed**2 + w.output_gap * e.output_gap**2)


def central_bank_reward(world: Macro) -> Any:
    """Less the loss of the month and of an unsteady rate, `(replica, 1)` squared points."""
    cb, steadiness = world.central_bank, world.config.rewards.rate_change
    return -(central_bank_loss(world) + 1e4 * steadiness * cb.rate_change[:, 0] ** 2)[:, None]
