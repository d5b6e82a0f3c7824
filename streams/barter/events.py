"""What the barter society tells its observers; goods and jobs are numbered as configured."""

from streams.event import Labels, col, event, f4, f8, i1, i2, i4, i8

CAUSES = Labels(["age", "hunger"])
NETWORKS = Labels(["broadcast", "social_filter", "production", "trading", "consumption"])


@event
class Broadcast:
    """The messages of those who spoke: one row per speaker and number said."""

    agent: i4 = col("slot", "who speaks")
    topic: i2 = col("position", "in the message")
    value: f4 = col("number", "what is said, from -1 to 1")


@event
class Attention:
    """How a listener divides its attention: one row per listener and speaker; shares sum to 1."""

    listener: i4 = col("slot", "who listens")
    speaker: i4 = col("slot", "who is heard")
    share: f4 = col("share", "of the listener's attention")


@event
class Production:
    """A tick's work: a snapshot (replica, agent)."""

    job: i2 = col("position", "in the list of jobs")
    effort: f8 = col("share", "of full effort")
    amount: f8 = col("goods", "made of the job's good")


@event
class Trade:
    """One good changing hands.

    In a market of all with all nobody meets anybody: there givers and receivers are joined in their order.
    """

    giver: i4 = col("slot", "who gives")
    receiver: i4 = col("slot", "who gets")
    good: i2 = col("position", "in the list of goods")
    amount: f8 = col("goods", "how much")
    price: f8 = col("relative price", "of a unit; the prices of all goods sum to 1, nan where there are none")


@event
class Clearing:
    """The certificate of a market: a snapshot, one row per replica."""

    gap: f8 = col("share", "Frank-Wolfe gap to the optimum, relative")
    excess: f8 = col("share", "largest excess demand, relative to supply")
    least_gain: f8 = col("log utility", "least gain of an agent by its declared preferences")
    captured: f8 = col("share", "of the surplus that trade could bring by declared preferences")
    distance: f8 = col("share", "from the Walrasian allocation, relative to that of the endowment")
    mrs_dispersion: f8 = col("sd", "of log marginal rates of substitution after trade, by true utility")
    losers: i4 = col("agents", "who value what they hold less after trade than before, as declared")
    converged: i1 = col("flag", "whether the certificate holds")


@event
class Price:
    """The relative prices of a market: one row per good with a price."""

    good: i2 = col("position", "in the list of goods")
    price: f8 = col("relative price", "the prices of all goods sum to 1")


@event
class Consumption:
    """What was eaten: one row per agent and good."""

    agent: i4 = col("slot", "who eats")
    good: i2 = col("position", "in the list of goods")
    amount: f8 = col("goods", "how much")


@event
class Holding:
    """What agents hold before trade, after it, and when the tick ends: one row per agent and good."""

    agent: i4 = col("slot", "who holds")
    good: i2 = col("position", "in the list of goods")
    before: f8 = col("goods", "before trade")
    after: f8 = col("goods", "after trade")
    kept: f8 = col("goods", "after meals and decay")


@event
class Forager:
    """Who lives: a snapshot (replica, agent) at the end of meals, before death and birth."""

    identity: i8 = col("number", "unique in its history")
    age: i4 = col("tick", "since birth")
    reward: f8 = col("utility", "of this tick")
    fitness: f8 = col("utility", "mean reward per tick of its life")


@event
class Birth:
    """A forager born into the place of one that died."""

    agent: i4 = col("slot", "where")
    identity: i8 = col("number", "of the newborn")
    mother: i8 = col("number", "identity of one parent")
    father: i8 = col("number", "identity of the other parent")
    elder: i8 = col("number", "identity of whom it learned to speak and listen from; -1 for nobody")


@event
class Death:
    """A forager that dies; what it held goes to whoever is born in its place."""

    agent: i4 = col("slot", "where")
    identity: i8 = col("number", "of the dead")
    age: i4 = col("tick", "reached")
    fitness: f8 = col("utility", "mean reward per tick of its life")
    cause: i1 = col("code", "why", CAUSES)


@event
class Taste:
    """The share of each good in the tastes of those who live: one row per agent and good."""

    agent: i4 = col("slot", "whose")
    good: i2 = col("position", "in the list of goods")
    share: f8 = col("share", "exponent of the good in its utility")


@event
class GradientFlow:
    """The gradient-flow audit: how many of the living learned with a network in this tick."""

    network: i1 = col("code", "which network", NETWORKS)
    share: f8 = col("share", "of living agents with a gradient other than 0")
    norm: f8 = col("number", "mean Euclidean norm of the gradient")
