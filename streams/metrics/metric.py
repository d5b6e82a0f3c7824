"""What every metric does when it knows its number."""

from typing import Any

from streams.batch import Array
from streams.bus import Bus
from streams.events import METRICS, Metric


def announce(bus: Bus, name: str, tick: int, values: Array | Any) -> None:
    """Publish one number per replica, (R,), as the metric `name`; nan where it is not defined.

    Nothing is published of the warm-up, the ticks below 0.
    """
    if tick >= 0:
        bus.publish(Metric, tick=tick, dense=(bus.replicas,), name=METRICS.code(name), value=values)
