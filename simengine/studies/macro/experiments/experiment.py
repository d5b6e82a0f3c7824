"""What an experiment is: arms from shipped scenarios, and what their series show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.comparison import Effect
from analysis.inference import Interval, paired
from analysis.macro.transmission import TWO_YEARS, average
from simengine.config import merged
from simengine.histories import Series
from simengine.scenarios import read, shipped
from simengine.shocks import Strike
from simengine.studies.arms import Arm
from simengine.studies.request import START, Request

Floats = NDArray[np.float64]

AFTER = 20  # quarters shown after it


@dataclass(frozen=True)
class Measured:
    """One number of an experiment: a mean over histories, or over pairs of them, with its 95 % interval."""

    measure: str
    arm: str
    unit: str
    found: Interval

    def row(self) -> dict[str, object]:
        """It as a row of the table that is kept."""
        bounds = {name: round(float(getattr(self.found, name)), 4) for name in ("mean", "low", "high")}
        return {"measure": self.measure, "arm": self.arm, "unit": self.unit, **bounds}


@dataclass(frozen=True)
class Shown:
    """What an experiment shows: a figure, a paragraph whose numbers were measured, and those numbers."""

    figure: Figure
    paragraph: str
    measured: list[Measured]


@dataclass(frozen=True)
class Experiment:
    """A question, the arms that answer it, and how their series are read."""

    title: str
    arms: Callable[[Request], dict[str, Arm]]
    show: Callable[[Mapping[str, Series], Request], Shown]


def scenario_arm(name: str, request: Request, only: Collection[str] | None = None) -> Arm:
    """A shipped scenario as an arm of the study's size, on its noise, hit in every replica.

    `only` names the shocks that strike, all of the scenario's without it; the study's settings give way to
    the scenario's, and its length to a shorter one.
    """
    scenario = read(shipped()[name])
    world = scenario.make_world()
    struck = [block.strike(world) for block in scenario.shock if only is None or block.type in only]
    return request.arm(
        config=merged(request.config, scenario.config),
        policies=scenario.policies,
        shocks=tuple(short_form(shock) for shock in struck),
        years=min(request.years, scenario.years or request.years),
    )


def short_form(strike: Strike) -> str:
    """A shock as the command line writes it, for all replicas: `rate:0.01@240..288`."""
    shock = strike.shock
    more = [f",{field.name}={getattr(shock, field.name)}" for field in fields(shock) if field.name != "size"]
    end = "" if strike.until is None else f"..{strike.until}"
    return f"{shock.name}:{shock.size!r}{''.join(more)}@{strike.tick}{end}"


def over(values: Floats) -> Interval:
    """The mean over histories (R,) and its interval."""
    return paired(0.0, values)


def after(effect: Effect) -> Floats:
    """The paths of an effect (P, Q) from the quarter of the strike on, as far as figures show."""
    return effect.paths[:, START : START + AFTER + 1]


def early(effect: Effect, quarters: int = TWO_YEARS) -> Interval:
    """The mean of an effect over the first quarters after the strike."""
    return average(effect, START, quarters)


def early_by_pair(effect: Effect, quarters: int = TWO_YEARS) -> Floats:
    """The same for each pair of histories, (P,)."""
    return np.asarray(effect.paths[:, START : START + quarters].mean(axis=1))


def at(effect: Effect, quarter: int) -> Interval:
    """An effect so many quarters after the strike."""
    return over(effect.paths[:, START + quarter])


def unit(effect: Effect) -> str:
    """The unit of an effect as the axis of a figure says it."""
    return "pp" if effect.unit == "pp" else "% of the baseline"


def deepest(effect: Effect) -> int:
    """How many quarters after the strike the mean effect is lowest."""
    return int(effect.mean[START : START + AFTER + 1].argmin())
