"""State of the exchange: every column of traders, markets and mail, declared once, with its unit.

Compiled kernels take `columns.arrays`, a bundle of the same columns.
"""

from agents.exchange.observation import PAST
from simengine.kernel import NEVER, Columns, b1, column, f8, i4, i8
from simengine.worlds.exchange.kinds import PLACES

HORIZONS = 12
"""How many horizons volatility is remembered over."""

MEMORIES = 7
"""How many horizons of past order flow makers learn from; each is four times the one before."""

STRETCH = 20
"""Ticks over which makers add up the flow."""

REACH = 40
"""Steps from the best price at which the depth of a book is measured."""

SIGN_LAGS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Trades between two signs that are compared."""

SIGNS = 1024
"""How many signs of trades are remembered; more than the longest lag."""


class Traders(Columns):
    """Everybody who trades: what kind they are, when they act, what they have in mind and in the book."""

    alive: b1
    kind: i8 = column("code", "`kinds.KINDS`")
    home: i8 = column("position", "the instrument that is traded")
    due: i8 = column("tick", "when the trader acts next", default=NEVER)
    seated: b1 = column("flag", "whether the trader is asked at the barrier", default=False)
    meeting: i8 = column("tick", "when it is asked next: the same date, of those seated", default=NEVER)
    action: i8 = column("position", "what was answered, by head of `seat.HEADS`", width=3)
    rewarded: f8 = column("currency", "wealth at the last reward")
    horizon: i8 = column("position", "over which volatility is remembered, among `HORIZONS`")
    activity: f8 = column("log", "of a pool trader's day")
    leaning: f8 = column("1", "own part of a momentum trader's sentiment")
    remaining: i8 = column("lot", "of a large order, to be traded; below 0 to be sold")
    whole: i8 = column("lot", "of it, at the beginning")
    slice: i8 = column("lot", "in which it is worked")
    begun: i8 = column("tick", "when it began")
    first: f8 = column("tick of price", "middle of the book then")
    paid: i8 = column("tick of price × lot", "for what of it has traded")
    cash_held: i8 = column("money unit", "for orders to buy that wait")
    units_held: i8 = column("lot", "for orders to sell that wait")
    place_price: i8 = column("tick of price", "of own orders that wait", width=PLACES)
    place_open: i8 = column("lot", "open of them; below 0 to sell", width=PLACES)


class Market(Columns):
    """Each instrument: its price, what it is worth, and what is measured of it during the day."""

    bid: i8 = column("tick of price", "best, at the end of the last tick")
    ask: i8 = column("tick of price")
    middle: f8 = column("tick of price", "between them; the last known where a side is empty")
    worth: f8 = column("log tick of price", "to those who know")
    last: i8 = column("tick of price", "last trade")
    closing: i8 = column("tick of price", "of the day before")
    opening: i8 = column("tick of price", "first trade of the day; 0 before it")
    high: i8 = column("tick of price")
    low: i8 = column("tick of price")
    volume: i8 = column("lot", "of the day")
    trades: i8 = column("count", "of the day")
    spread: f8 = column("tick of price", "sum over the day's ticks with two sides")
    depth: f8 = column("lot", "at both best prices, the same sum")
    open_ticks: i8 = column("count", "of these ticks")
    profile: f8 = column("lot", "shown by distance, sum over looks", width=REACH)
    looks: i8 = column("count", "of the day")
    seen: f8 = column("squared log", "daily return, by horizon", width=HORIZONS)
    usual: f8 = column("squared log", "the same over the longest")
    trend: f8 = column("log", "mean daily return of late")
    busy: f8 = column("times", "attention by horizon", width=HORIZONS)
    care: f8 = column("times", "mean of it, of makers")
    fair: f8 = column("step", "what makers think fair, at the end of the last stretch")
    flowing: f8 = column("heed", "signed trades of the present stretch, as makers heed their sizes")
    expected: f8 = column("heed", "what they expect of it")
    flow: f8 = column("heed", "mean of past stretches, by horizon", width=MEMORIES)
    power: f8 = column("squared heed", "mean square of each of them", width=MEMORIES)
    weight: f8 = column("1", "of each in what is expected", width=MEMORIES)
    sentiment: f8 = column("1", "common part of momentum traders'")
    sign: i4 = column("1", "of the latest trades, a ring", width=SIGNS)
    signs: i8 = column("count", "of trades since the opening")
    product: i8 = column("count", "sum of the day's products of signs, by lag", width=len(SIGN_LAGS))
    pairs: i8 = column("count", "how many products", width=len(SIGN_LAGS))
    path: f8 = column("log tick of price", "middle at the ends of stretches, latest first", width=PAST + 1)
    turnover: i8 = column("lot", "traded in past stretches, latest first", width=PAST)
    turning: i8 = column("lot", "traded in the present stretch")
    call_until: i8 = column("tick", "when a halted book is uncrossed", default=NEVER)
    halts: i8 = column("count", "of the day")
    fails: i8 = column("count", "of trades that could not be settled, since the opening")
    refused: i8 = column("count", "of messages, of the day")
    messages: i8 = column("count", "of the day")


WAIT = 256
"""Ticks that a message may be on its way, at most, less one."""


class Mail(Columns):
    """Messages on their way to the books; those that arrive at one tick are a list, by arrival."""

    arrival: i8 = column("tick/1024")
    trader: i8 = column("slot")
    place: i8 = column("position")
    kind: i8 = column("code")
    side: i8 = column("code")
    price: i8 = column("tick of price")
    quantity: i8 = column("lot")
    tif: i8 = column("code")
    following: i8 = column("position", "of the next in the list, or of the next free one; -1 at the end")


class Desk(Columns):
    """Where lists of mail begin: by tick of arrival, and of the free."""

    first: i8 = column("position", default=-1, width=WAIT)
    free: i8 = column("position")
    lost: i8 = column("count", "of messages for which there was no room, since the opening")


class Levers(Columns):
    """What shocks pull; each is 0 while nothing strikes."""

    news: f8 = column("log", "to become known at the next tick", width="instruments")
    program: f8 = column("lot", "to be bought in slices; below 0 to be sold", width="instruments")
    at_once: f8 = column("lot", "to be bought in one order; below 0 to be sold", width="instruments")
    activity: f8 = column("share", "of a kind's usual activity, added; -1: withdrawn", width="kinds")
    latency: f8 = column("tick", "added to every message's way")
    tax: f8 = column("parts per million", "added to what takers pay")
