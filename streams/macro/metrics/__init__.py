"""Metrics of the macro economy, from its streams alone; each file lists its own in `METRICS`."""

from streams.macro.metrics import activity, inequality, lending, money, prices

METRICS = (
    *activity.METRICS,
    *prices.METRICS,
    *inequality.METRICS,
    *lending.METRICS,
    *money.METRICS,
)
"""Every metric of the macro economy."""
