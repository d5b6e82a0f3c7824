"""What a sweep is: a scenario whose settings are varied, by which design, on which noise, to measure what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field
from scipy.stats import qmc

from analysis.calibration import nested
from analysis.inference import uniforms
from simengine.config import Config, ConfigError, field_at, leaves, merged, takes_whole
from simengine.errors import UserError, unknown
from simengine.registry import config_model, world_class
from simengine.scenarios.scenario import Record, Scenario
from simengine.shocks.schedule import Moment, ticks
from simengine.sweeps.axes import Axis, axis
from simengine.sweeps.outcomes import units_of

MOST_POINTS = 100_000
Values = dict[str, Any]
"""Varied settings by their dotted name."""


class Design(Config):
    """Which points of which settings are run, on which noise, and what is measured of each."""

    model_config = ConfigDict(validate_by_alias=True, validate_by_name=True, serialize_by_alias=True)

    design: Literal["grid", "random", "sobol"] = "grid"
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = None
    noise: Literal["common", "independent"] = "common"
    since: Moment = Field(0, alias="from")
    outcomes: list[str] = []
    set: dict[str, Any] = {}

    def axes(self) -> list[Axis]:
        """The varied settings in the order in which they are written."""
        found = [_at(name, axis, name, given) for name, given in leaves(self.set)]
        if not found:
            raise ConfigError(
                "sweep: no setting is varied: valid is --set key=lo:hi:n or key=2,4,8", ("sweep",)
            )
        return found


class Sweep(Scenario):
    """A scenario at every point of a design; its own `config` holds for all of them."""

    sweep: Design

    def checked(self) -> Self:
        """Itself, once every point has been found to be a valid run whose outcomes are known."""
        for key, nothing in (("record", Record()), ("observe", []), ("command", [])):
            if getattr(self, key) != nothing:
                raise ConfigError(f"{key}: a sweep keeps its outcomes alone: leave this out", (key,))
        if len({*self.replicas}) < len(self.replicas):
            raise ConfigError(
                "replicas: a sweep tells runs apart by number: valid is each once", ("replicas",)
            )
        points = self.points()
        if self._stride * len(points) > 2**31:
            raise ConfigError(
                f"{len(points)} points: no noise numbers are left for so many", ("sweep", "noise")
            )
        for number, scenario in enumerate(self.scenarios(points)):
            try:
                scenario.checked()
            except ConfigError as error:
                said = ", ".join(f"{name} = {value}" for name, value in points[number].items())
                raise ConfigError(f"point {number} ({said}): {error}", _source(error.path, points)) from None
        self._check_measured(self.make_world())
        return self

    def points(self) -> list[Values]:
        """The design: varied settings by name at every point."""
        design, axes = self.sweep, self.sweep.axes()
        whole = [self._whole(each) for each in axes]
        if design.design == "grid":
            return self._grid(axes, whole)
        if design.points is None:
            raise ConfigError(f"design {design.design!r}: say how many points: --points 256", ("sweep",))
        shares = self._shares(design.points, len(axes))
        columns = [_at(a.name, a.drawn, shares[:, n].tolist(), whole[n]) for n, a in enumerate(axes)]
        return [dict(zip((a.name for a in axes), row)) for row in zip(*columns, strict=True)]

    def scenarios(self, points: list[Values]) -> Iterator[Scenario]:
        """The run at each point; with independent noise no two have a replica number in common."""
        common = {name: getattr(self, name) for name in Scenario.model_fields}
        stride = self._stride
        for place, values in enumerate(points):
            settings = merged(self.config, nested(values))
            numbers = [number + place * stride for number in self.replicas]
            yield Scenario(**{**common, "config": settings, "replicas": numbers})

    def since(self) -> int:
        """The first tick that is measured."""
        return ticks(self.sweep.since, self.make_world(), "from")

    @property
    def _stride(self) -> int:
        return max(self.replicas) + 1 if self.sweep.noise == "independent" else 0

    def _grid(self, axes: list[Axis], whole: list[bool]) -> list[Values]:
        if self.sweep.points is not None:
            raise ConfigError("points: a grid has those of its axes: leave this out", ("sweep", "points"))
        size = prod(_at(each.name, lambda each=each: each.size) for each in axes)
        if size > MOST_POINTS:
            raise ConfigError(f"a grid of {size} points: valid are at most {MOST_POINTS}", ("sweep",))
        values = [_at(each.name, each.grid, whole[n]) for n, each in enumerate(axes)]
        return [dict(zip((each.name for each in axes), row)) for row in product(*values)]

    def _shares(self, count: int, axes: int) -> Any:
        """Where the points lie in the unit box, (count, axes); the seed keys them."""
        if self.sweep.design == "random":
            return uniforms((count, axes), self.seed)
        if count & (count - 1):
            raise ConfigError(f"points = {count}: valid for sobol is a power of two", ("sweep", "points"))
        return qmc.Sobol(axes, scramble=True, rng=self.seed).random(count)

    def _whole(self, each: Axis) -> bool:
        field = field_at(config_model(world_class(self.world)), each.name.split("."))
        return field is not None and takes_whole(field)

    def _check_measured(self, world: Any) -> None:
        since, until = self.since(), self.until(world.ticks_per_year)
        if not 0 <= since < until:
            raise ConfigError(
                f"from = {self.sweep.since}: valid is a moment of the run, 0 to {until - 1} ticks",
                ("sweep", "from"),
            )
        known = units_of(world)
        for name in self.sweep.outcomes:
            if name not in known:
                raise ConfigError(unknown("outcome", name, known), ("sweep", "outcomes"))


def _at(name: str, call: Any, *given: Any) -> Any:
    try:
        return call(*given)
    except UserError as error:
        raise ConfigError(str(error), ("sweep", "set", *name.split("."))) from None


def _source(path: tuple[str | int, ...], points: list[Values]) -> tuple[str | int, ...]:
    """Where in the file what a point was refused for is written: at an axis, or where the error says."""
    for name in points[0]:
        here = ("config", *name.split("."))
        if path[: len(here)] == here or (path and here[: len(path)] == path):
            return ("sweep", "set", *here[1:])
    return path
