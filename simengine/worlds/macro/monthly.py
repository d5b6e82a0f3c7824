"""The macro world month by month: the series of a run, collected from its streams while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.errors import UserError
from streams.event import declared
from streams.macro.events import Wealth
from streams.macro.series import QuarterToDate

if TYPE_CHECKING:
    from simengine.kernel import Simulation

SINCE_QUARTER = ("gdp", "consumption", "investment", "final_sales", "final_spending")
COLUMNS = tuple(declared(QuarterToDate).columns)


class MonthlyHistory:
    """Watches a simulation of the macro world from its first whole quarter after the warm-up on.

    `history = MonthlyHistory(sim)` before the run, `history.arrays()` after it.
    """

    def __init__(self, sim: Simulation) -> None:
        self._months: list[dict[str, NDArray[Any]]] = []
        self._wealth: NDArray[np.int64] | None = None
        sim.bus.listen(QuarterToDate, self._keep)
        sim.bus.listen(Wealth, self._keep_wealth)

    def _keep(self, batch: Any) -> None:
        if batch.tick >= 0 and (self._months or batch.months[0] == 1):
            self._months.append({name: np.array(getattr(batch, name)) for name in COLUMNS})

    def _keep_wealth(self, batch: Any) -> None:
        if batch.tick >= 0:
            self._wealth = batch.grid("amount")

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """The months so far, (R, M) by name, and `wealth` (R, N) in dollars at the last quarter's end.

        Opening dollars a month: `gdp`, `consumption`, `investment`, and `bank_loans` at the month's end;
        `price_level` (opening 100) is the deflator of final sales; `unemployment` in %, `policy_rate` in % a
        year. UserError before the first quarter is over.
        """
        if self._wealth is None or not self._months:
            raise UserError("monthly history: no quarter is over yet, run for one or more")
        kept = {name: np.stack([month[name] for month in self._months], axis=1) for name in COLUMNS}
        flow = {name: _by_month(kept[name], kept["months"]) for name in SINCE_QUARTER}
        level = flow["final_spending"] / flow["final_sales"]
        return {
            "gdp": flow["gdp"],
            "consumption": flow["consumption"],
            "investment": flow["investment"],
            "price_level": 100.0 * level,
            "unemployment": kept["unemployment_rate"],
            "policy_rate": kept["policy_rate"],
            "bank_loans": kept["bank_loans"] / level,
            "wealth": self._wealth / 100.0,
        }


def _by_month(total: NDArray[np.float64], months: NDArray[np.int32]) -> NDArray[np.float64]:
    """What each month adds to totals (R, M) that begin anew where `months` is 1."""
    before = np.zeros_like(total)
    before[:, 1:] = np.where(months[:, 1:] == 1, 0.0, total[:, :-1])
    return total - before
