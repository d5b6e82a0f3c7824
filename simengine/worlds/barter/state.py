"""State of the barter society: what a forager is, what all share and have made, and what shocks pull."""

from simengine.kernel import Columns, b1, column, f4, f8, i4, i8
from simengine.kernel.state import NEVER


class Foragers(Columns):
    """One slot is one forager; whoever is born takes the slot of one that died."""

    alive: b1
    identity: i8 = column("number", "unique in its replica", default=-1)
    mother: i8 = column("number", "identity of a parent", default=-1)
    father: i8 = column("number", "identity of the other parent", default=-1)
    born: i8 = column("tick")
    interval: i8 = column("tick", "between two decisions", default=1)
    review: i8 = column("tick", "when it decides next", default=NEVER)
    goods: f8 = column("goods", "held", width="goods")
    taste: f8 = column("logit", "heritable exponents of utility, before softmax", width="goods")
    worth: f8 = column("utility per good", "before trade, as last measured", width="goods")
    practice: f4 = column("share", "of late in each job", width="jobs")
    action: i8 = column("position", "job", width=1)
    effort: f8 = column("share", "of full effort")
    marginal: f8 = column("goods", "that full effort would have made more, per unit of it", width="goods")
    declared: f8 = column("share", "preferences declared to the market", width="goods")
    endowment: f8 = column("goods", "brought to the market", width="goods")
    allocation: f8 = column("goods", "taken home from the market", width="goods")
    eaten: f8 = column("share", "eaten of each good taken home", width="goods")
    reward: f8 = column("utility", "of the tick")
    earned: f8 = column("utility", "since the last decision")
    expected: f8 = column("utility per tick", "what it is used to")
    fitness: f8 = column("utility", "since birth")
    spoken_from: f4 = column("number", "senses when it last spoke", width="senses")
    message: f4 = column("number", "last said, from -1 to 1", width="message")
    attended: i4 = column("slot", "whom it listens to, ascending", width="attended")
    attention: f4 = column("share", "given to each of them", width="attended")
    signal: f4 = column("number", "last heard, weighted by attention", width="message")
    genome: f4 = column("number", "weights of the five networks", width="genes")
    mean: f4 = column("number", "first moment of the gradient (Adam)", width="genes")
    square: f4 = column("number", "second moment of the gradient (Adam)", width="genes")
    steps: i8 = column("1", "of learning")


class Society(Columns):
    """What all foragers of a replica share, and the accounts of its goods."""

    price: f8 = column("relative price", "of the last market; the prices sum to 1", width="goods")
    earlier: f8 = column("relative price", "of the market before", width="goods")
    made: f8 = column("goods", "since the opening", width="goods")
    used: f8 = column("goods", "as inputs, since the opening", width="goods")
    eaten: f8 = column("goods", "since the opening", width="goods")
    spoiled: f8 = column("goods", "since the opening", width="goods")
    opened: f8 = column("goods", "at the opening", width="goods")
    born: i8 = column("number", "identities given so far")


class Levers(Columns):
    """What shocks pull; each is 0 while nothing strikes."""

    harvest: f8 = column("log", "on what work yields that makes the good", width="goods")
    liking: f8 = column("logit", "on everyone's taste for the good", width="goods")
