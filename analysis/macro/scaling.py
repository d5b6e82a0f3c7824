"""What changes with the size of an economy: facts met, volatility and its parts, inequality.

The granular rule (Gabaix 2011): independent shocks of standard deviation σ to the productivity of firms move
GDP by σ·√H, with H the Herfindahl index of their sales. It is held against histories in which nothing but
firms' shocks and the luck of meetings moves, less the variance of those with luck alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.filters import hp_cycle
from analysis.macro.facts import FACTS
from analysis.macro.wealth import wealth_gini_target
from analysis.scorecard import Scorecard, score_series
from analysis.statistics import sd, slope

Floats = NDArray[np.float64]

WHOLE, QUIET, LUCK = "whole", "no common shocks", "luck of meetings only"
QUIET_ZIPF, LUCK_ZIPF = "no common shocks, Zipf", "luck of meetings only, Zipf"
ARMS = (WHOLE, QUIET, LUCK, QUIET_ZIPF, LUCK_ZIPF)
FATES = {  # met at the smallest size, met at the largest, the same at all
    (True, True, True): "met at every size",
    (True, False, False): "lost with size",
    (False, True, False): "gained with size",
    (True, True, False): "lost in between",
    (False, False, False): "met in between only",
    (False, False, True): "met at no size",
}
MEASURES = {"gdp_growth_sd_q": "sd of quarterly GDP growth, %", "gdp_hp_sd": "sd of the HP cycle of GDP, %"}


class Estimate(NamedTuple):
    """A number and its standard error over replicas."""

    value: float
    se: float

    def __str__(self) -> str:
        if not np.isfinite(self.value):
            return "not defined"
        return f"{self.value:.2f} ± {self.se:.2f}" if self.se > 0 else f"{self.value:.2f}"


def jackknife(statistic: Callable[[Floats], float], samples: Floats) -> Estimate:
    """A statistic of the mean over replicas of `(replica, ...)`, and its jackknife error.

    Source: Efron and Stein (1981).
    """
    replicas = len(samples)
    without = (samples.sum(axis=0) - samples) / (replicas - 1)
    values = np.array([statistic(each) for each in without])
    error = np.sqrt((replicas - 1) * np.mean((values - values.mean()) ** 2))
    return Estimate(float(statistic(samples.mean(axis=0))), float(error))


def herfindahl(sizes: ArrayLike) -> Floats:
    """The sum of squared shares along the last axis: 1/n for n equal firms, 1 for a monopoly."""
    x = np.asarray(sizes, dtype=np.float64)
    share = x / x.sum(axis=-1, keepdims=True)
    return np.square(share).sum(axis=-1)


def quarterly_growth_sd(sd_monthly: float, rho_monthly: float) -> float:
    """The sd of the change between quarterly means of a monthly AR(1), in the unit of `sd_monthly`."""
    rho = rho_monthly
    weights = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0  # of the lags of two means of three months
    lags = np.arange(-2, 3)
    scale = sd_monthly**2 / (1.0 - rho**2)
    same, next_to = (scale * float(weights @ rho ** np.abs(lags + shift)) for shift in (0, 3))
    return float(np.sqrt(2.0 * (same - next_to)))


@dataclass(frozen=True)
class Size:
    """One size: its scorecard, final wealth Ginis (replica,), and by arm the variances of `MEASURES`.

    `variances` hold (replica, measure), %²; `herfindahl` is that of opening sales, in the world's own size
    law and in Zipf's.
    """

    firms: int
    households: int
    card: Scorecard
    ginis: Floats
    variances: Mapping[str, Floats]
    herfindahl: tuple[float, float]

    @classmethod
    def of(
        cls, firms: int, households: int, arms: Mapping[str, Mapping[str, Floats]], h: tuple[float, float]
    ) -> Size:
        """Measure the arms of one size; `arms` maps `ARMS` to series (replica, quarter)."""
        whole = arms[WHOLE]
        variances = {name: _variances(arms[name]["gdp"]) for name in ARMS}
        return cls(firms, households, score_series(whole, FACTS), whole["gini_wealth"][:, -1], variances, h)

    @property
    def gini_z(self) -> float:
        """The distance of the mean Gini from the US mean at this size, in sds of a US sample so large."""
        mean, spread = wealth_gini_target(self.households)
        return (float(self.ginis.mean()) - mean) / spread

    def spread(self, arm: str, measure: int, less: str | None = None) -> Estimate:
        """The root of the mean variance of an arm, less that of another: 0 where that is larger."""
        samples = self.variances[arm][:, measure]
        if less is not None:
            samples = samples - self.variances[less][:, measure]
        return jackknife(lambda mean: float(np.sqrt(np.maximum(mean, 0.0))), samples)


def _variances(gdp: Floats) -> Floats:
    y = 100.0 * np.log(gdp)
    return np.stack([sd(np.diff(y)) ** 2, sd(hp_cycle(y)) ** 2], axis=1)


@dataclass(frozen=True)
class Scaling:
    """All sizes, in order, and the sd of a quarter's growth of a firm's own productivity, %."""

    sizes: Sequence[Size]
    shock_sd: float

    def granular_elasticity(self, measure: int, zipf: bool = False) -> Estimate:
        """The slope of log firm-driven sd on log √H over the sizes: 1 by the rule."""
        loud, luck = (QUIET_ZIPF, LUCK_ZIPF) if zipf else (QUIET, LUCK)
        parts = [s.variances[loud][:, measure] - s.variances[luck][:, measure] for s in self.sizes]
        root = np.array([0.5 * np.log(s.herfindahl[zipf]) for s in self.sizes])
        return jackknife(lambda mean: _log_slope(mean, root), np.stack(parts, axis=1))

    def granular_share(self) -> Estimate:
        """The firm-driven sd of GDP growth as a share of σ·√H, over all sizes and both size laws."""
        laws = ((QUIET, LUCK), (QUIET_ZIPF, LUCK_ZIPF))
        shares = [
            (s.variances[loud][:, 0] - s.variances[luck][:, 0]) / (self.shock_sd**2 * s.herfindahl[law])
            for s in self.sizes
            for law, (loud, luck) in enumerate(laws)
        ]
        return jackknife(lambda mean: float(np.sqrt(np.maximum(mean.mean(), 0.0))), np.stack(shares, axis=1))

    def elasticity(self, arm: str, measure: int) -> Estimate:
        """The slope of log sd on log firms: −.5 where everything averages out, 0 where nothing does."""
        samples = np.stack([s.variances[arm][:, measure] for s in self.sizes], axis=1)
        firms = np.log([s.firms for s in self.sizes])
        return jackknife(lambda mean: _log_slope(mean, firms), samples)

    @cached_property
    def pass_shares(self) -> dict[str, Floats]:
        """The share of histories that meet each fact, by size: name -> (size,)."""
        names = [row.name for row in self.sizes[0].card.rows]
        return {n: np.array([s.card.rows[i].pass_share for s in self.sizes]) for i, n in enumerate(names)}

    @property
    def fates(self) -> dict[str, list[str]]:
        """Facts by what becomes of them from the smallest size to the largest; half of histories decide."""
        found: dict[str, list[str]] = {fate: [] for fate in FATES.values()}
        for name, shares in self.pass_shares.items():
            met = shares >= 0.5
            steady = bool(met.all() or not met.any())
            found[FATES[bool(met[0]), bool(met[-1]), steady]].append(name)
        return found

    def volatility(self, size: Size, measure: int) -> dict[str, Estimate]:
        """The parts of one size's volatility, %, by their names in the table."""
        rule, rule_zipf = (self.shock_sd * h**0.5 for h in size.herfindahl)
        parts = {
            "whole": size.spread(WHOLE, measure),
            "from common shocks": size.spread(WHOLE, measure, less=QUIET),
            "without common shocks": size.spread(QUIET, measure),
            "luck of meetings": size.spread(LUCK, measure),
            "firms' shocks": size.spread(QUIET, measure, less=LUCK),
            "firms' shocks, Zipf sizes": size.spread(QUIET_ZIPF, measure, less=LUCK_ZIPF),
        }
        if measure == 0:
            parts |= {"rule σ√H": Estimate(rule, 0.0), "rule σ√H, Zipf sizes": Estimate(rule_zipf, 0.0)}
        return parts

    def rows(self) -> list[dict[str, object]]:
        """Every number of the study: firms, quantity, value and its standard error (empty where exact)."""
        found: list[dict[str, object]] = []

        def add(size: Size, quantity: str, value: float, se: float | None = None) -> None:
            error = "" if se is None or not np.isfinite(se) or se == 0 else f"{se:.4g}"
            found.append({"firms": size.firms, "quantity": quantity, "value": f"{value:.4g}", "se": error})

        for size in self.sizes:
            add(size, "score, %", size.card.score, size.card.se)
            for measure, label in enumerate(MEASURES.values()):
                for part, estimate in self.volatility(size, measure).items():
                    add(size, f"{label}: {part}", *estimate)
            add(size, "Herfindahl index", size.herfindahl[0])
            add(size, "Herfindahl index, Zipf sizes", size.herfindahl[1])
            mean, spread = wealth_gini_target(size.households)
            add(size, "wealth Gini", *_mean(size.ginis))
            add(size, "wealth Gini, US mean at this size", mean)
            add(size, "wealth Gini, US sd at this size", spread)
        for name, shares in self.pass_shares.items():
            for size, share in zip(self.sizes, shares, strict=True):
                add(size, f"histories that meet {name}, %", 100 * float(share))
        return found

    def text(self) -> str:
        """The study as a table, one column a size, then the elasticities and the fates of the facts."""
        columns = [self._column(size) for size in self.sizes]
        lines = [
            f"{rows[0][0]:<36}" + "".join(f"{cell:>16}" for _, cell in rows)
            for rows in zip(*columns, strict=True)
        ]
        lines += ["", f"σ = {self.shock_sd:.2f} %: sd of a quarter's growth of a firm's own productivity"]
        for measure, label in enumerate(MEASURES.values()):
            lines += self._slopes(measure, label.removesuffix(", %"))
        share = self.granular_share()
        lines.append(f"firms' shocks reach GDP growth with {share} of σ√H, over all sizes and both size laws")
        for fate, names in self.fates.items():
            lines.append(f"{fate} ({len(names)}): {', '.join(names) or 'none'}")
        return "\n".join(lines)

    def _column(self, size: Size) -> list[tuple[str, str]]:
        """The labels of the table and their cells for one size."""
        mean, spread = wealth_gini_target(size.households)
        error = "" if size.card.se is None else f" ± {size.card.se:.1f}"
        cells = [
            ("firms", str(size.firms)),
            ("households", str(size.households)),
            ("score, %", f"{size.card.score:.1f}{error}"),
        ]
        for measure, label in enumerate(MEASURES.values()):
            cells.append((label, ""))
            for part, estimate in self.volatility(size, measure).items():
                cells.append((f"  {part}", str(estimate)))
        return [
            *cells,
            ("Herfindahl index", f"{size.herfindahl[0]:.4f}"),
            ("Herfindahl index, Zipf sizes", f"{size.herfindahl[1]:.4f}"),
            ("wealth Gini", f"{size.ginis.mean():.3f} ± {_mean(size.ginis).se:.3f}"),
            ("US at this size, ± sd of a sample", f"{mean:.3f} ± {spread:.3f}"),
            ("distance in these sds", f"{size.gini_z:+.1f}"),
        ]

    def _slopes(self, measure: int, label: str) -> list[str]:
        own, zipf = (self.granular_elasticity(measure, law) for law in (False, True))
        return [
            f"{label}: firms' shocks go with √H to the power {own}, Zipf sizes {zipf} (the rule says 1);",
            f"  with the number of firms to the power {self.elasticity(WHOLE, measure)} in all, "
            f"{self.elasticity(LUCK, measure)} the luck of meetings (averaging out says −0.5)",
        ]


def _log_slope(variances: Floats, x: Floats) -> float:
    """The slope of log sd on x, NaN when a variance is not positive or there is one size only."""
    if len(x) < 2 or (variances <= 0).any():
        return float("nan")
    return float(slope(0.5 * np.log(variances), x))


def _mean(values: Floats) -> Estimate:
    return Estimate(float(values.mean()), float(sd(values) / np.sqrt(len(values))))
