"""The event types of an exchange: trades, quotes and orders tick by tick, and each day's summary."""

from streams.event import Labels, col, event, f8, i1, i2, i4, i8

SIDES = Labels(["buy", "sell", "auction", "negotiated"])
TRADERS = Labels(
    ["value", "noise", "parents", "makers", "fast", "funds", "momentum", "pool"]
)
KINDS = Labels(["limit", "market", "stop", "stop limit", "cancel", "replace", "call", "uncross"])
STATUSES = Labels(["resting", "pending", "done", "killed", "cancelled", "rejected", "replaced", "accepted"])


@event
class Trade:
    """Lots of an instrument change hands."""

    instrument: i4 = col("position", "among the instruments")
    price: i8 = col("tick", "paid for a lot's unit, in ticks of .0001")
    quantity: i8 = col("lot", "traded")
    buyer: i4 = col("slot", "who pays, among the traders")
    seller: i4 = col("slot", "who delivers")
    side: i1 = col("code", "who took: the buyer, the seller, nobody", SIDES)
    taker: i8 = col("number", "of the order that took, the buyer's in an auction; -1 off the book")
    maker: i8 = col("number", "of the order that waited, the seller's in an auction; -1 off the book")


@event
class Quote:
    """The best prices of a book at the end of a tick in which they changed; 0 where a side is empty."""

    instrument: i4 = col("position", "among the instruments")
    bid: i8 = col("tick", "best price to buy")
    bid_quantity: i8 = col("lot", "shown there")
    ask: i8 = col("tick", "best price to sell")
    ask_quantity: i8 = col("lot", "shown there")


@event
class Order:
    """What a trader said to a book, and what came of it by the end of the message."""

    instrument: i4 = col("position", "among the instruments")
    trader: i4 = col("slot", "who sent it")
    number: i8 = col("number", "of the order, unique among the live")
    kind: i1 = col("code", "what was wanted", KINDS)
    side: i1 = col("code", "buy or sell", SIDES)
    price: i8 = col("tick", "the limit; 0 without")
    quantity: i8 = col("lot", "wanted")
    status: i1 = col("code", "what came of it", STATUSES)
    reason: i1 = col("code", "why it was refused or ended; 0 if it was not")


@event
class Bar:
    """A day of an instrument."""

    instrument: i4 = col("position", "among the instruments")
    opening: i8 = col("tick", "first price")
    high: i8 = col("tick", "highest price")
    low: i8 = col("tick", "lowest price")
    closing: i8 = col("tick", "last price")
    volume: i8 = col("lot", "traded")
    trades: i8 = col("count", "how many")
    value: f8 = col("tick", "what the instrument is worth at the close, to those who know")
    spread: f8 = col("tick", "between best prices, mean over ticks")
    depth: f8 = col("lot", "shown at both best prices, mean over ticks")


@event
class Wealth:
    """What traders own at the close, at last prices, less what they owe: a snapshot (replica, trader)."""

    kind: i1 = col("code", "of trader", TRADERS)
    amount: f8 = col("currency", "money and units less loans")
    units: i8 = col("lot", "of the trader's own instrument")


@event
class Profile:
    """How many lots a day's book shows at a distance from the best price of their side: mean over looks."""

    instrument: i4 = col("position", "among the instruments")
    distance: i2 = col("tick", "from the best price")
    quantity: f8 = col("lot", "shown on both sides")


@event
class Signs:
    """How the signs of a day's trades (1 bought, -1 sold) agree with those some trades earlier."""

    instrument: i4 = col("position", "among the instruments")
    lag: i4 = col("trade", "how much earlier")
    product: i8 = col("count", "sum of the products of signs")
    pairs: i8 = col("count", "how many products")


@event
class Parent:
    """A large order has been worked in slices until nothing was left of it."""

    instrument: i4 = col("position", "among the instruments")
    trader: i4 = col("slot", "whose it was")
    side: i1 = col("code", "buy or sell", SIDES)
    quantity: i8 = col("lot", "of the whole")
    begun: i8 = col("tick of time", "when it began")
    first: f8 = col("tick", "middle of best prices when it began")
    last: f8 = col("tick", "the same when it ended")
    paid: f8 = col("tick", "mean price of its trades")


@event
class Halt:
    """A book goes to a call phase, or back to continuous trading."""

    instrument: i4 = col("position", "among the instruments")
    phase: i1 = col("code", "which begins", ["continuous", "call"])
    price: i8 = col("tick", "last price")


@event
class News:
    """Something becomes known that changes what an instrument is worth."""

    instrument: i4 = col("position", "among the instruments")
    change: f8 = col("log", "of what it is worth")
