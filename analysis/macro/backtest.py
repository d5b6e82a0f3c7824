"""A back-test: simulated economies conditioned on each origin of a real sample, against AR(1) and VAR(1).

At every origin all means, scalings and parameters come from the quarters up to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.forecasting import (
    Normal,
    Ratio,
    diebold_mariano,
    ensemble_crps,
    forecast_ar1,
    forecast_var1,
    interval,
    moving_blocks,
    normal_crps,
    relative,
)
from analysis.inference import discoveries
from analysis.macro.analogues import VARIABLES, Analogues

Floats = NDArray[np.float64]

AGENTS, AR1, VAR1 = "agents", "AR(1)", "VAR(1)"
RIVALS = (AR1, VAR1)
SCORES = ("RMSE", "CRPS")
AHEAD = tuple(range(1, 9))  # quarters that are forecast
REPORTED = (1, 2, 4, 8)
FAN = (10, 25, 50, 75, 90)  # percentiles of the ensemble
DRAWS = 2000
ALPHA = 0.05  # of a single comparison, and of false discoveries among all of them


@dataclass(frozen=True)
class Backtest:
    """Forecasts and outcomes: everything (origin, horizon, variable), horizons `AHEAD`, in % a year.

    `origins` are the last known quarters, `every` quarters apart; `fans` (percentile, origin, horizon,
    variable) are the agents' `FAN`.
    """

    origins: NDArray[np.int64]
    every: int
    outcomes: Floats
    means: Mapping[str, Floats]
    crps: Mapping[str, Floats]
    fans: Floats

    def losses(self, model: str, score: str, horizon: int, variable: str) -> Floats:
        """Squared errors or CRPS of a model at a horizon in quarters, (origin,)."""
        at = slice(None), AHEAD.index(horizon), VARIABLES.index(variable)
        if score == "CRPS":
            return self.crps[model][at]
        return (self.means[model][at] - self.outcomes[at]) ** 2

    def coverage(self, horizon: int, variable: str) -> float:
        """The share of outcomes between the agents' 10th and 90th percentiles: .8 when well calibrated."""
        at = slice(None), AHEAD.index(horizon), VARIABLES.index(variable)
        inside = (self.fans[0][at] <= self.outcomes[at]) & (self.outcomes[at] <= self.fans[-1][at])
        return float(inside.mean())

    def score(self, model: str, score: str, horizon: int, variable: str, uniforms: Floats) -> Ratio:
        """A model's RMSE or mean CRPS with its bootstrap interval."""
        losses = self.losses(model, score, horizon, variable)
        return interval(losses, self._positions(horizon, uniforms), root=score == "RMSE")

    def ratio(self, rival: str, score: str, horizon: int, variable: str, uniforms: Floats) -> Ratio:
        """The agents' score as a share of a rival's, its bootstrap interval, Diebold and Mariano's p."""
        mine, other = (self.losses(model, score, horizon, variable) for model in (AGENTS, rival))
        found = relative(mine, other, self._positions(horizon, uniforms), root=score == "RMSE")
        return found._replace(p=diebold_mariano(mine, other, -(-horizon // self.every))[1])

    def _positions(self, horizon: int, uniforms: Floats) -> NDArray[np.int64]:
        """Resampled origins in blocks of twice the horizon, a year at least."""
        return moving_blocks(uniforms, len(self.origins), -(-max(4, 2 * horizon) // self.every))

    def rows(self, label: str, uniforms: Floats) -> list[dict[str, Any]]:
        """Every score of every model, then every ratio, with intervals; `label` says on which data."""
        found = []
        for variable in VARIABLES:
            for horizon in REPORTED:
                for score in SCORES:
                    cases = [(m, "", self.score(m, score, horizon, variable, uniforms)) for m in self.means]
                    cases += [(AGENTS, r, self.ratio(r, score, horizon, variable, uniforms)) for r in RIVALS]
                    for model, against, ratio in cases:
                        row = {
                            "data": label,
                            "variable": variable,
                            "quarters": horizon,
                            "score": score,
                            "model": model,
                            "against": against,
                        }
                        found.append(row | _rounded(ratio))
        return found


def _rounded(ratio: Ratio) -> dict[str, Any]:
    """The fields of a ratio to three decimals, empty where they are not defined."""
    return {name: round(x, 3) if np.isfinite(x) else "" for name, x in ratio._asdict().items()}


def run_backtest(observed: Floats, analogues: Analogues, origins: Sequence[int]) -> Backtest:
    """Forecast `VARIABLES` of one history (quarter, 4); an origin is the index of its last known quarter."""
    every = int(np.diff(origins).min()) if len(origins) > 1 else 1
    outcomes, fans = [], []
    means: dict[str, list[Floats]] = {AGENTS: [], AR1: [], VAR1: []}
    crps: dict[str, list[Floats]] = {AGENTS: [], AR1: [], VAR1: []}
    wanted = len(VARIABLES)
    for origin in origins:
        past = observed[: origin + 1]
        truth = observed[[origin + h for h in AHEAD], :wanted]
        mean = past.mean(axis=0)
        members = mean[:wanted] + analogues.forecast(past - mean)
        outcomes.append(truth)
        fans.append(np.percentile(members, FAN, axis=0))
        means[AGENTS].append(members.mean(axis=0))
        crps[AGENTS].append(ensemble_crps(members, truth))
        for name, fit in ((AR1, forecast_ar1), (VAR1, forecast_var1)):
            normal = Normal(*(part[:, :wanted] for part in fit(past, AHEAD)))
            means[name].append(normal.mean)
            crps[name].append(normal_crps(normal.mean, normal.sd, truth))
    return Backtest(
        np.asarray(origins, dtype=np.int64),
        every,
        np.array(outcomes),
        {name: np.array(values) for name, values in means.items()},
        {name: np.array(values) for name, values in crps.items()},
        np.stack(fans, axis=1),
    )


def pooled(tests: Sequence[Backtest]) -> Backtest:
    """Several histories' back-tests as one, their origins one after the other."""
    return Backtest(
        np.concatenate([test.origins for test in tests]),
        tests[0].every,
        np.concatenate([test.outcomes for test in tests]),
        {name: np.concatenate([test.means[name] for test in tests]) for name in tests[0].means},
        {name: np.concatenate([test.crps[name] for test in tests]) for name in tests[0].crps},
        np.concatenate([test.fans for test in tests], axis=1),
    )


def text(rows: Sequence[Mapping[str, Any]], test: Backtest) -> str:
    """The ratios as a table, those where the agents do worst first, then scores and coverage."""
    covered = [f"{v} {', '.join(f'{test.coverage(h, v):.2f}' for h in REPORTED)}" for v in VARIABLES]
    quarters = ", ".join(map(str, REPORTED))
    return "\n".join(
        [
            *_ratio_lines(rows),
            "below 1 the agents are better · [95 %, block bootstrap] · p of Diebold and Mariano, * below .05",
            _chance(rows),
            "",
            *_score_lines(rows),
            f"outcomes inside the agents' 80 % interval at {quarters} quarters: {'; '.join(covered)}",
        ]
    )


def _chance(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many ratios would differ from 1 by chance, how many do, and how many are findings."""
    p = np.array([row["p"] for row in rows if row["p"] != ""], dtype=np.float64)
    return (
        f"{len(p)} comparisons: {ALPHA * len(p):.1f} would have p below .05 by chance, {(p < ALPHA).sum()} "
        f"do, and {discoveries(p, ALPHA).sum()} are findings at a false-discovery rate of 5 % "
        "(Benjamini and Hochberg)"
    )


def _ratio_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    keys = [(v, h, rival) for v in VARIABLES for h in REPORTED for rival in RIVALS]
    keys.sort(key=lambda key: -_of(rows, key, "CRPS")["value"])
    lines = [f"{'agents against':<15}{'variable':<13}{'quarters':>8}" + "".join(f"{s:>30}" for s in SCORES)]
    for key in keys:
        cells = "".join(f"{_cell(_of(rows, key, score)):>30}" for score in SCORES)
        lines.append(f"{key[2]:<15}{key[0]:<13}{key[1]:>8}{cells}")
    return lines


def _score_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    models = (AGENTS, *RIVALS)
    lines = [f"{'score, % a year':<24}{'quarters':>8}" + "".join(f"{model:>22}" for model in models)]
    for key in ((variable, horizon, "") for variable in VARIABLES for horizon in REPORTED):
        for score in SCORES:
            cells = "".join(f"{_cell(_of(rows, key, score, model)):>22}" for model in models)
            lines.append(f"{f'{score} of {key[0]}':<24}{key[1]:>8}{cells}")
    return lines


def _of(
    rows: Sequence[Mapping[str, Any]], key: tuple[str, int, str], score: str, model: str = AGENTS
) -> Mapping[str, Any]:
    """The row of a variable, horizon and rival (or none), a score and a model."""
    wanted = (*key, score, model)
    names = ("variable", "quarters", "against", "score", "model")
    return next(row for row in rows if tuple(row[name] for name in names) == wanted)


def _cell(row: Mapping[str, Any]) -> str:
    p = row["p"]
    said = "" if p == "" else f" p {p:.2f}{'*' if p < ALPHA else ' '}"
    return f"{row['value']:.2f} [{row['low']:.2f}, {row['high']:.2f}]{said}"
