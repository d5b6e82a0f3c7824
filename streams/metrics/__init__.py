"""Metrics: small folds over streams that publish one number per replica and period as Metric events.

A metric is a function of (bus, month, quarter), the periods in ticks. One of your own is like those here:

    def purchases(bus, month, quarter):
        \"\"\"Number of trades in the month. Unit: trades per month. Source: Trade events.\"\"\"

        def step(batch, memory):
            memory["rows"] += batch.counts

        def close(tick):
            announce(bus, "purchases", tick, memory["rows"].astype(float))
            memory["rows"][:] = 0

        memory = bus.fold(Trade, "purchases", {"rows": np.zeros(bus.replicas, np.int64)}, step)
        bus.every(month, "purchases", close)

    metrics.install(bus, names=["gdp", purchases])

A metric sees nothing but streams. Its memory belongs to the checkpoint, so it resumes exactly.
"""

from collections.abc import Callable, Iterable

from streams.bus import Bus
from streams.metrics.activity import gdp, unemployment
from streams.metrics.inequality import gini_income, gini_wealth
from streams.metrics.lending import credit, default_rate
from streams.metrics.metric import announce
from streams.metrics.money import liquidity_index, velocity
from streams.metrics.prices import inflation, price_dispersion, price_index

Measure = Callable[[Bus, int, int], None]

SHIPPED: dict[str, Measure] = {
    metric.__name__: metric
    for metric in (
        gdp,
        price_index,
        inflation,
        unemployment,
        gini_wealth,
        gini_income,
        credit,
        default_rate,
        liquidity_index,
        velocity,
        price_dispersion,
    )
}

__all__ = ["SHIPPED", "announce", "install"]


def install(
    bus: Bus, names: Iterable[str | Measure] | None = None, month: int = 4, quarter: int = 12
) -> None:
    """Attach metrics to a bus: all that are shipped, or those given by name or as functions.

    `month` and `quarter` are periods in ticks. ValueError for a name that does not exist.
    """
    if month < 1 or quarter % month:
        raise ValueError(f"metrics: month={month}, quarter={quarter} given; valid: a quarter of whole months")
    for metric in SHIPPED if names is None else names:
        if isinstance(metric, str):
            if metric not in SHIPPED:
                raise ValueError(f"metric {metric!r} does not exist; valid: {', '.join(SHIPPED)}")
            metric = SHIPPED[metric]
        metric(bus, month, quarter)
