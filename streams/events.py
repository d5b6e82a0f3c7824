"""The event types of every world: rewards, decisions, shocks and metrics, in columns with units.

A world declares types of its own in the same way, in its wing: `streams/macro/events.py`.
"""

from streams.event import Labels, col, event, f8, flag, i1, i2, i4

METRICS = Labels(grows=True)
SHOCKS = Labels(grows=True)
POPULATIONS = Labels(grows=True)


@event
class Shock:
    """A disturbance of the world that begins or ends in some replicas."""

    name: i2 = col("code", "which shock", SHOCKS)
    size: f8 = col("number", "strength, in the unit of the shock")
    phase: i1 = col("code", "begins or ends", ["start", "end"])


@event
class Metric:
    """One measured number of the economy, published by a metric."""

    name: i2 = col("code", "which metric", METRICS)
    value: f8 = col("number", "in the unit of the metric; nan where it is not defined")


@event
class Reward:
    """What every agent of one population earned since the last batch: a snapshot (replica, agent)."""

    population: i2 = col("code", "whose reward", POPULATIONS)
    amount: f8 = col("number", "in the unit that the world's data sheet gives")
    ended: flag = col("flag", "the agent's life ended here: what follows belongs to another")


@event
class Decision:
    """What agents chose at a barrier: one row per agent and head asked."""

    population: i2 = col("code", "who decides", POPULATIONS)
    agent: i4 = col("slot", "which of them")
    head: i1 = col("position", "among the heads of the population")
    action: i2 = col("index", "chosen in the action table of the head")
