"""Metrics: small folds over streams that publish one number per replica and period as Metric events.

A metric is a function of (bus, month, quarter), the periods in ticks. One of your own:

    @metric("trades per month", "Trade events")
    def purchases(bus, month, quarter):
        \"\"\"Number of trades in the month.\"\"\"

        def step(batch, memory):
            memory["rows"] += batch.counts

        def close(tick):
            announce(bus, "purchases", tick, memory["rows"].astype(float))
            memory["rows"][:] = 0

        memory = bus.fold(Trade, "purchases", {"rows": np.zeros(bus.replicas, np.int64)}, step)
        bus.every(month, "purchases", close)

A world lists its own; it sees nothing but streams. Its memory belongs to the checkpoint, so it resumes
exactly. It announces what it measures under its own name.
"""

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from streams.batch import Array
from streams.bus import Bus
from streams.events import Metric
from streams.jit import jit


@dataclass(frozen=True)
class Measure:
    """A metric as declared: what attaches it to a bus, its name, what it says, its unit and its source."""

    install: Callable[[Bus, int, int], None]
    name: str
    says: str
    unit: str
    source: str = ""

    def __call__(self, bus: Bus, month: int, quarter: int) -> None:
        self.install(bus, month, quarter)


def metric(unit: str, source: str = "") -> Callable[[Callable[[Bus, int, int], None]], Measure]:
    """Declare a function of (bus, month, quarter) a metric in a unit; TypeError without a docstring."""

    def declare(install: Callable[[Bus, int, int], None]) -> Measure:
        says = inspect.getdoc(install) or ""
        if not says and sys.flags.optimize < 2:  # python -OO leaves none
            raise TypeError(f"metric {install.__name__}: a docstring is required")
        return Measure(install, install.__name__, says, unit, source)

    return declare


def install(bus: Bus, metrics: Iterable[Measure], month: int = 4, quarter: int = 12) -> None:
    """Attach metrics to a bus; `month` and `quarter` are periods in ticks. ValueError unless they fit."""
    if month < 1 or quarter % month:
        raise ValueError(f"metrics: month={month}, quarter={quarter} given; valid: a quarter of whole months")
    for each in metrics:
        each(bus, month, quarter)


def announce(bus: Bus, name: str, tick: int, values: Array) -> None:
    """Publish one number per replica, (R,), as the metric `name`; nan where it is not defined.

    Nothing is published of the warm-up, the ticks below 0.
    """
    if tick >= 0:
        bus.publish(Metric, tick=tick, dense=(bus.replicas,), name=name, value=values)


def ratio(above: Array, below: Array, factor: float = 1.0) -> Array:
    """(R,) factor * above / below: nan for 0 / 0, infinite for anything else over 0."""
    result = np.empty(above.size)
    _divide(above, below, factor, result)
    return result


@jit
def _divide(above, below, factor, result):
    for r in range(result.size):
        result[r] = factor * above[r] / below[r]
