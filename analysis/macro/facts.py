"""The 50 stylised facts of the macro economy, computed from quarterly series, with their US values.

Definitions and US values live in `data/us_macro_facts.csv`; here each fact gets its unit, the US
series behind it and the expression that computes it. Real series are 100·log levels, `cycle` is the
two-sided HP(1600) cycle, rates are in percentage points and filtered in levels.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.comparison import Derived
from analysis.cycles import recessions
from analysis.facts import Fact, Facts, Panel, Target, Typed, Varying
from analysis.filters import hp_cycle
from analysis.macro.words import WORDS
from analysis.statistics import autocorrelation, correlation, relative_sd, sd, skewness, slope

Floats = NDArray[np.float64]

DATA = Path(str(files("analysis.macro").joinpath("data")))
WINDOWS = {"us_1960_84": "US 1960–84", "us_1985_2019": "US 1985–2019"}
FAMILIES = {
    "gdp_growth_mean": "GDP",
    "rec_depth": "recessions",
    "relsd_c": "demand",
    "relsd_h": "labour",
    "inv_gdp_share_sd": "inventories",
    "u_mean": "unemployment",
    "infl_mean": "prices and wages",
    "ff_mean": "rates",
    "corr_loans_y": "credit and wealth",
    "cu_mean": "other",
}
ASSUMED = {
    "gdp_growth_mean": Typed("trend.productivity_growth_annual", 100.0),
    "infl_mean": Typed("trend.inflation_target_annual", 100.0),
    "ff_mean": Typed("trend.neutral_real_rate_annual", 100.0),
    "u_mean": Typed("trend.unemployment_natural", 100.0),
    "cu_mean": Typed("firm.utilisation_normal", 100.0),
    "baa_mean": Typed("bank.spread_base_annual", 100.0),
    "relsd_g": Typed("disturbances.government_sd", shock="government_shock"),
    "corr_g_y": Typed("disturbances.government_sd", shock="government_shock"),
}
RESPONSES = {
    "gdp": "Real GDP",
    "consumption": "Consumption",
    "fixed_investment": "Fixed investment",
    "unemployment_rate": "Unemployment",
    "inflation": "Inflation",
    "price_level": "Price level",
    "policy_rate": "Policy rate",
    "lending_spread": "Lending spread",
    "bank_loans": "Bank loans, real",
}

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


class Economy(Panel):
    """Quarterly series of R economies."""

    @property
    def inflation(self) -> Floats:
        """Quarter-on-quarter inflation of the price level, % a year: (R, Q − 1)."""
        return 4.0 * self.growth("price_level")

    @cached_property
    def depths(self) -> list[Floats]:
        """Log changes from peak to trough of the recessions of each history, %: R arrays."""
        return [np.array([r.change for r in recessions(y)]) for y in self.log("gdp")]


def inflation(price_level: Floats) -> Floats:
    """Quarter-on-quarter inflation, % a year, 0 in the first quarter where there is none yet: (R, Q)."""
    prices = 400.0 * np.log(price_level)
    return np.diff(prices, axis=1, prepend=prices[:, :1])


def economy(series: Mapping[str, ArrayLike]) -> Economy:
    """Quarterly series (R, Q) with the transformations that facts are made of."""
    return Economy(series, tuple(SOURCES))


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


def _mean_depth(panel: Economy) -> Floats:
    """Mean depth; NaN without a recession, as in the bootstrap (p95 −0.52 although over 5 % had none)."""
    return np.array([d.mean() if len(d) else np.nan for d in panel.depths])


def _worst_depth(panel: Economy) -> Floats:
    """Deepest recession; 0 without one, as in the bootstrap (its p95 is 0.00)."""
    return np.array([d.min(initial=0.0) for d in panel.depths])


def _recessions_per_100(panel: Economy) -> Floats:
    return np.array([100.0 * len(d) / panel.periods for d in panel.depths])


STATISTICS: dict[str, Fact] = {
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


def _targets() -> dict[str, Target]:
    """The US values by fact, in the order of `us_macro_facts.csv`."""
    rows = csv.DictReader((DATA / "us_macro_facts.csv").read_text(encoding="utf-8").splitlines())
    return {
        row["name"]: Target(
            name=row["name"],
            definition=row["definition"],
            real=float(row["us_1960_2019"]),
            sd=float(row["sd_100q"]),
            p5=float(row["p5_100q"]),
            p95=float(row["p95_100q"]),
            windows={window: float(row[window]) for window in WINDOWS},
            words=WORDS[row["name"]],
        )
        for row in rows
    }


FACTS = Facts(
    reference="US",
    facts=STATISTICS,
    targets=_targets(),
    sources=SOURCES,
    varying=Varying("gdp", "GDP"),
    panel=Economy,
    windows=WINDOWS,
    families=FAMILIES,
    assumed=ASSUMED,
    derived={"inflation": Derived("% a year", "price_level", inflation)},
    responses=RESPONSES,
    control=DATA / "controls.json",
    audit=DATA,
)
"""The macro economy's facts with their US values."""
