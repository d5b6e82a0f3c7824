"""Forecast back-test: the macro economy initialised on each origin of a US sample, against AR(1) and VAR(1).

How it is initialised. One ensemble of histories is run; at each origin the simulated quarters whose state is
nearest to the observed one stand for the economy there, and their futures are its forecast
(`macro.analogues`). The other way, writing unemployment, rates and expectations into the opening, sets
what is observed and leaves the rest, staffs, stocks, debts and habits, at rest: the first forecasts would
then be the transient from a state to which no history leads. Growth and inflation enter the state as means of
two quarters, for the CPI is noisier than the economy's deflator. On held-out simulated histories anything
from 100 analogues to all of them did equally well, so their share was not fitted to the US.

What it knows. Deviations are from the sample's means up to the origin; AR(1) and VAR(1) are estimated up to
it. Data are of one late vintage (`statsmodels.datasets.macrodata`, 1959Q1 to 2009Q3), so nobody forecasts in
real time. The economy's own parameters were chosen to meet US moments of 1960 to 2019: a look-ahead that
AR(1) and VAR(1) do not have.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from analysis.figures import save
from analysis.macro.analogues import Analogues, observations
from analysis.macro.backtest import AHEAD, AR1, DRAWS, Backtest, pooled, run_backtest, text
from analysis.macro.figures.forecast import forecast_figure
from analysis.tables import write_table
from simengine.errors import UserError
from simengine.kernel.noise import Noise
from simengine.studies.request import Findings, Request

FIRST_ORIGIN = 1975.0  # the last quarter known at the first origin
HELD_OUT = 8  # one simulated history in so many is forecast by the others
EARLIEST, SPACING = 44, 8  # first origin in a held-out history and quarters between origins
SHORTEST_YEARS = 12.0  # the first origin of a held-out history comes after eleven
LOOK_AHEAD = (
    "data of one late vintage; the economy's parameters were chosen to meet US moments of 1960 to 2019, "
    "a look-ahead that AR(1) and VAR(1) do not have"
)
US, OWN = "US 1959-2009", "own histories, held out"


def carry_out(request: Request) -> Findings:
    """Run the ensemble, forecast the US and some of its own histories, and write table and figure."""
    if request.names:
        raise UserError(f"study forecast {request.names[0]!r}: this study has no parts")
    if request.years < SHORTEST_YEARS:
        raise UserError(
            f"--years {request.years:g}: forecasts learn from histories of {SHORTEST_YEARS:g} years or more"
        )
    dates, observed = us_quarters()
    with request.pool() as pool:
        series = pool.run({"ensemble": request.arm()}, label="forecast")["ensemble"]
    names = ("gdp", "price_level", "unemployment_rate", "policy_rate")
    histories = observations(*(series[name] for name in names))
    first = int(np.argmax(dates >= FIRST_ORIGIN))
    origins = range(first, len(dates) - max(AHEAD))
    us = run_backtest(observed, Analogues.of(histories, AHEAD), origins)
    own = held_out(histories)
    drawn = Noise(request.seed, [0])
    rows = []
    for label, test in ((US, us), (OWN, own)):
        uniforms = drawn.uniform(label, DRAWS * len(test.origins)).reshape(DRAWS, -1)
        rows += test.rows(label, uniforms)
    table = write_table(rows, request.out / "forecast.csv", request.command("study forecast"))
    figure = save(forecast_figure(us, rows, dates, observed), request.out / "forecast.png")
    return Findings(_text(rows, us, own), (table, figure))


def us_quarters() -> tuple[Any, Any]:
    """Quarters as years, 1974.75 being the fourth of 1974, and US observations (quarter, 4)."""
    try:
        data = import_module("statsmodels.datasets").macrodata.load_pandas().data
    except ImportError:
        raise UserError(
            "study forecast: statsmodels, whose macrodata is the US sample, is not installed: "
            "pip install statsmodels"
        ) from None
    dates = data["year"].to_numpy() + (data["quarter"].to_numpy() - 1.0) / 4.0
    columns = (data[name].to_numpy() for name in ("realgdp", "cpi", "unemp", "tbilrate"))
    return dates[1:], observations(*columns)


def held_out(histories: Any) -> Backtest:
    """The same test on simulated histories that the analogues leave out: how good it can be at best."""
    apart = max(1, len(histories) // HELD_OUT)
    analogues = Analogues.of(histories[apart:], AHEAD)
    origins = range(
        min(EARLIEST, histories.shape[1] - max(AHEAD) - 1), histories.shape[1] - max(AHEAD), SPACING
    )
    return pooled([run_backtest(history, analogues, origins) for history in histories[:apart]])


def _text(rows: list[dict[str, Any]], us: Backtest, own: Backtest) -> str:
    lines = [f"{US}: {len(us.origins)} origins", text([r for r in rows if r["data"] == US], us), ""]
    lines.append(f"against AR(1) on {len(own.origins)} origins of {OWN}: what the method can do at best")
    for row in rows:
        if row["data"] == OWN and row["against"] == AR1:
            found = f"{row['value']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
            lines.append(f"{row['variable']:<12}{row['quarters']:>3} quarters  {row['score']}  {found}")
    return "\n".join([*lines, "", LOOK_AHEAD])
