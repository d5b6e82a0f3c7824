"""The event types of every world: rewards, decisions, shocks and metrics, in columns with units.

A world declares types of its own in the same way, in its wing: `streams/macro/events.py`.
"""

from streams.event import Labels, col, event, f8, flag, i1, i2, i4, i8

METRICS = Labels(grows=True)
SHOCKS = Labels(grows=True)
POPULATIONS = Labels(grows=True)
FLOWS = Labels(grows=True)
INSTRUMENTS = Labels(grows=True)


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
    """What agents chose at a barrier, of heads that choose by index: one row per agent and index asked."""

    population: i2 = col("code", "who decides", POPULATIONS)
    agent: i4 = col("slot", "which of them")
    ordinal: i1 = col("count", "barriers of the population earlier in the instant")
    head: i2 = col("position", "among the heads of the population")
    position: i2 = col("position", "within the head; 0 where it chooses one index")
    action: i4 = col("index", "chosen in the action table of the head, or a symbol")


@event
class RealDecision:
    """What agents chose at a barrier, of heads that choose real numbers: one row per agent and number."""

    population: i2 = col("code", "who decides", POPULATIONS)
    agent: i4 = col("slot", "which of them")
    ordinal: i1 = col("count", "barriers of the population earlier in the instant")
    head: i2 = col("position", "among the heads of the population")
    position: i2 = col("position", "within the head; 0 where it chooses one number")
    value: f8 = col("number", "chosen, in the unit of the head")


@event
class Stock:
    """What stood in an account when the log of postings began: a claim above 0, a debt below."""

    instrument: i2 = col("code", "which instrument", INSTRUMENTS)
    account: i4 = col("position", "among the accounts of the books")
    amount: i8 = col("unit of the instrument", "the balance")


@event
class Posting:
    """A transfer that was booked, in the order of booking."""

    flow: i2 = col("code", "which flow", FLOWS)
    payer: i4 = col("slot", "who pays")
    payee: i4 = col("slot", "who is paid")
    amount: i8 = col("unit of the currency", "what is paid")
    units: i8 = col("unit of the instrument", "what is delivered of a claim with a unit of its own")
    instrument: i4 = col("position", "among the kinds of claim of the flow")
    currency: i4 = col("position", "among the currencies of the flow")
