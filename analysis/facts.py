"""The 50 stylised facts of the macro economy, computed from quarterly series.

Definitions and US values live in `data/us_macro_facts.csv`; here each fact gets its unit, the US
series behind it and the expression that computes it. Real series are 100·log levels, `cycle` is the
two-sided HP(1600) cycle, rates are in percentage points and filtered in levels.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.cycles import recessions
from analysis.filters import hp_cycle
from analysis.run import NoReport
from analysis.statistics import autocorrelation, correlation, relative_sd, sd, skewness, slope

Floats = NDArray[np.float64]

# What each series is in the US data (FRED-QD panel: agency, series).
SOURCES = {
    "gdp": "BEA, real GDP (GDPC1)",
    "consumption": "BEA, real personal consumption (PCECC96)",
    "fixed_investment": "BEA, real private fixed investment (FPIx)",
    "government": "BEA, real government consumption and investment (GCEC1)",
    "inventory_change_share": "BEA, change in private inventories as % of GDP (A014RE1Q156NBEA)",
    "hours": "BLS, hours of all persons, nonfarm business (HOANBS)",
    "productivity": "BLS, real output per hour, nonfarm business (OPHNFB)",
    "real_wage": "BLS, real compensation per hour, nonfarm business (COMPRNFB)",
    "nominal_wage": "BLS, average hourly earnings",
    "vacancies": "Conference Board and BLS, help-wanted index (HWIx)",
    "unemployment_rate": "BLS, civilian unemployment rate (UNRATE)",
    "price_level": "BEA, GDP price index (GDPCTPI)",
    "policy_rate": "Federal Reserve, effective federal funds rate (FEDFUNDS)",
    "lending_spread": "Moody's and Federal Reserve, Baa yield over the 10-year Treasury (BAA10YM)",
    "bank_loans": "Federal Reserve, business, consumer and real-estate loans, deflated",
    "household_debt": "Federal Reserve, liabilities of households, deflated (TLBSHNOx)",
    "household_net_worth": "Federal Reserve, net worth of households, deflated (TNWBSHNOx)",
    "capacity_utilisation": "Federal Reserve, capacity utilisation, manufacturing (CUMFNS)",
    "tax_receipts": "BEA, federal receipts, deflated (FGRECPTx)",
    "disposable_income": "BEA, real disposable personal income (DPIC96)",
}


class TooShort(NoReport):
    """Histories of less than three years: no facts can be computed from them."""


class Panel:
    """Quarterly series of R histories: name -> (R, Q), with the transformations the facts are made of."""

    def __init__(self, series: Mapping[str, ArrayLike]) -> None:
        missing = [name for name in SOURCES if name not in series]
        if missing:
            raise ValueError(f"facts: series {', '.join(missing)} missing, needed are {', '.join(SOURCES)}")
        self.levels = {name: np.atleast_2d(np.asarray(series[name], dtype=np.float64)) for name in SOURCES}
        shapes = {name: values.shape for name, values in self.levels.items()}
        self.replicas, self.quarters = shapes["gdp"]
        wrong = [f"{name} {shape}" for name, shape in shapes.items() if shape != shapes["gdp"]]
        if wrong:
            raise ValueError(f"facts: {wrong[0]} differs from gdp {shapes['gdp']}, all must be (R, Q)")
        if self.quarters < 12:
            raise TooShort(f"facts: {self.quarters} quarters, at least 12 are needed")
        self._cycles: dict[str, Floats] = {}

    def rate(self, name: str) -> Floats:
        """The series as it is, in percent: (R, Q)."""
        return self.levels[name]

    def log(self, name: str) -> Floats:
        """100·log of the series, NaN where it is not positive: (R, Q)."""
        level = self.levels[name]
        return 100.0 * np.log(np.where(level > 0, level, np.nan))

    def growth(self, name: str, quarters: int = 1) -> Floats:
        """The change of 100·log over some quarters, not annualised: (R, Q − quarters)."""
        y = self.log(name)
        return y[:, quarters:] - y[:, :-quarters]

    def change(self, name: str, quarters: int) -> Floats:
        """The change of a rate over some quarters, pp: (R, Q − quarters)."""
        x = self.levels[name]
        return x[:, quarters:] - x[:, :-quarters]

    @property
    def inflation(self) -> Floats:
        """Quarter-on-quarter inflation of the price level, % a year: (R, Q − 1)."""
        return 4.0 * self.growth("price_level")

    def cycle(self, name: str) -> Floats:
        """The HP cycle of 100·log of the series, % of trend: (R, Q)."""
        if name not in self._cycles:
            self._cycles[name] = hp_cycle(self.log(name))
        return self._cycles[name]

    def rate_cycle(self, name: str) -> Floats:
        """The HP cycle of a rate, pp: (R, Q)."""
        return hp_cycle(self.levels[name])

    @cached_property
    def depths(self) -> list[Floats]:
        """Log changes from peak to trough of the recessions of each history, %: R arrays."""
        return [np.array([r.change for r in recessions(y)]) for y in self.log("gdp")]


@dataclass(frozen=True)
class Fact:
    """One statistic of a history: its unit, the series it is about and how a Panel gives it, (R,)."""

    unit: str
    series: str
    statistic: Callable[[Panel], Floats]

    @property
    def source(self) -> str:
        """The agency and the US series of the target."""
        return SOURCES[self.series]


def _relative(series: str) -> Fact:
    return Fact("ratio", series, lambda p: relative_sd(p.cycle(series), p.cycle("gdp")))


def _with_gdp(series: str) -> Fact:
    return Fact("correlation", series, lambda p: correlation(p.cycle(series), p.cycle("gdp")))


def _rate_with_gdp(series: str) -> Fact:
    return Fact("correlation", series, lambda p: correlation(p.rate_cycle(series), p.cycle("gdp")))


def _mean(series: str, unit: str = "%") -> Fact:
    return Fact(unit, series, lambda p: p.rate(series).mean(axis=1))


def _sd(series: str, unit: str = "pp") -> Fact:
    return Fact(unit, series, lambda p: sd(p.rate(series)))


def _ac1(series: str) -> Fact:
    return Fact("autocorrelation", series, lambda p: autocorrelation(p.rate(series)))


def _mean_depth(panel: Panel) -> Floats:
    """Mean depth; NaN without a recession, as in the bootstrap (p95 −0.52 although over 5 % had none)."""
    return np.array([d.mean() if len(d) else np.nan for d in panel.depths])


def _worst_depth(panel: Panel) -> Floats:
    """Deepest recession; 0 without one, as in the bootstrap (its p95 is 0.00)."""
    return np.array([d.min(initial=0.0) for d in panel.depths])


def _recessions_per_100(panel: Panel) -> Floats:
    return np.array([100.0 * len(d) / panel.quarters for d in panel.depths])


FACTS: dict[str, Fact] = {
    "gdp_growth_mean": Fact("% a year", "gdp", lambda p: 4.0 * p.growth("gdp").mean(axis=1)),
    "gdp_growth_sd_q": Fact("%", "gdp", lambda p: sd(p.growth("gdp"))),
    "gdp_growth_sd_yoy": Fact("%", "gdp", lambda p: sd(p.growth("gdp", 4))),
    "gdp_hp_sd": Fact("%", "gdp", lambda p: sd(p.cycle("gdp"))),
    "gdp_growth_ac1": Fact("autocorrelation", "gdp", lambda p: autocorrelation(p.growth("gdp"))),
    "gdp_hp_ac1": Fact("autocorrelation", "gdp", lambda p: autocorrelation(p.cycle("gdp"))),
    "gdp_growth_skew": Fact("skewness", "gdp", lambda p: skewness(p.growth("gdp"))),
    "rec_depth": Fact("%", "gdp", _mean_depth),
    "rec_worst": Fact("%", "gdp", _worst_depth),
    "rec_per_100q": Fact("per 100 quarters", "gdp", _recessions_per_100),
    "relsd_c": _relative("consumption"),
    "corr_c_y": _with_gdp("consumption"),
    "relsd_fi": _relative("fixed_investment"),
    "corr_fi_y": _with_gdp("fixed_investment"),
    "relsd_g": _relative("government"),
    "corr_g_y": _with_gdp("government"),
    "relsd_h": _relative("hours"),
    "corr_h_y": _with_gdp("hours"),
    "corr_lp_y": _with_gdp("productivity"),
    "relsd_w": _relative("real_wage"),
    "relsd_v": _relative("vacancies"),
    "corr_v_y": _with_gdp("vacancies"),
    "inv_gdp_share_sd": _sd("inventory_change_share", "% of GDP"),
    "u_mean": _mean("unemployment_rate"),
    "u_sd": _sd("unemployment_rate"),
    "u_ac1": _ac1("unemployment_rate"),
    "corr_u_y": _rate_with_gdp("unemployment_rate"),
    "okun_diff": Fact(
        "pp per %", "unemployment_rate", lambda p: slope(p.change("unemployment_rate", 4), p.growth("gdp", 4))
    ),
    "beveridge": Fact(
        "correlation",
        "vacancies",
        lambda p: correlation(p.cycle("vacancies"), p.rate_cycle("unemployment_rate")),
    ),
    "infl_mean": Fact("% a year", "price_level", lambda p: p.inflation.mean(axis=1)),
    "infl_sd": Fact("pp", "price_level", lambda p: sd(p.growth("price_level", 4))),
    "infl_ac1": Fact("autocorrelation", "price_level", lambda p: autocorrelation(p.inflation)),
    "corr_infl_y": Fact(
        "correlation", "price_level", lambda p: correlation(hp_cycle(p.inflation), p.cycle("gdp")[:, 1:])
    ),
    "phillips_corr": Fact(
        "correlation",
        "price_level",
        lambda p: correlation(p.growth("price_level", 4), p.rate("unemployment_rate")[:, 4:]),
    ),
    "wage_phillips": Fact(
        "correlation",
        "nominal_wage",
        lambda p: correlation(p.growth("nominal_wage", 4), p.rate("unemployment_rate")[:, 4:]),
    ),
    "wage_infl_sd": Fact("pp", "nominal_wage", lambda p: sd(p.growth("nominal_wage", 4))),
    "ff_mean": _mean("policy_rate"),
    "ff_sd": _sd("policy_rate"),
    "ff_ac1": _ac1("policy_rate"),
    "corr_ff_y": _rate_with_gdp("policy_rate"),
    "baa_mean": _mean("lending_spread", "pp"),
    "corr_baa_y": _rate_with_gdp("lending_spread"),
    "corr_loans_y": _with_gdp("bank_loans"),
    "corr_loans_y_lag2": Fact(
        "correlation",
        "bank_loans",
        lambda p: correlation(p.cycle("bank_loans")[:, 2:], p.cycle("gdp")[:, :-2]),
    ),
    "relsd_hhdebt": _relative("household_debt"),
    "corr_nw_y": _with_gdp("household_net_worth"),
    "cu_mean": _mean("capacity_utilisation"),
    "corr_rev_y": _with_gdp("tax_receipts"),
    "relsd_dpi": _relative("disposable_income"),
    "corr_lp_h": Fact(
        "correlation", "productivity", lambda p: correlation(p.cycle("productivity"), p.cycle("hours"))
    ),
}


def measure(series: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    """Return every fact of every history: name -> (R,), NaN where it is not defined.

    `series` maps the column names of `series.parquet` to arrays (R, Q), or (Q,) for one history.
    """
    panel = Panel(series)
    return {name: fact.statistic(panel) for name, fact in FACTS.items()}


@dataclass(frozen=True)
class Target:
    """What the US data say of one fact: one row of `data/us_macro_facts.csv`."""

    name: str
    definition: str
    us: float
    sd: float
    p5: float
    p95: float
    us_1960_84: float
    us_1985_2019: float

    @property
    def halfwidth(self) -> float:
        """Half the width of the band a history must fall in: 1.96 standard deviations over 100 quarters."""
        return 1.96 * self.sd


@cache
def targets() -> dict[str, Target]:
    """Return the US targets by fact name, in the order of the file."""
    text = files("analysis.macro").joinpath("data/us_macro_facts.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Target(
            name=row["name"],
            definition=row["definition"],
            us=float(row["us_1960_2019"]),
            sd=float(row["sd_100q"]),
            p5=float(row["p5_100q"]),
            p95=float(row["p95_100q"]),
            us_1960_84=float(row["us_1960_84"]),
            us_1985_2019=float(row["us_1985_2019"]),
        )
        for row in csv.DictReader(text.splitlines())
    }
