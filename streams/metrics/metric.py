"""What every metric does when it knows its number."""

import numpy as np

from streams.batch import Array
from streams.bus import Bus
from streams.events import METRICS, Metric
from streams.jit import jit


def announce(bus: Bus, name: str, tick: int, values: Array) -> None:
    """Publish one number per replica, (R,), as the metric `name`; nan where it is not defined.

    Nothing is published of the warm-up, the ticks below 0.
    """
    if tick >= 0:
        bus.publish(Metric, tick=tick, dense=(bus.replicas,), name=METRICS.code(name), value=values)


def ratio(above: Array, below: Array, factor: float = 1.0) -> Array:
    """(R,) factor * above / below: nan for 0 / 0, infinite for anything else over 0."""
    result = np.empty(above.size)
    _divide(above, below, factor, result)
    return result


@jit
def _divide(above, below, factor, result):
    for r in range(result.size):
        result[r] = factor * above[r] / below[r]
