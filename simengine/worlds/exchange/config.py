"""What one may set of an exchange, every value with its unit."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from simengine.config import Config, setting

Kind = Literal["value", "noise", "parents", "makers", "fast", "funds", "momentum", "pool"]
Listed = BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given)
Count = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
NonNegative = Annotated[float, Field(ge=0.0)]


class Population(Config):
    """How many traders of each kind there are, on each instrument."""

    value: Count = setting(600, "traders", says="hold a reservation price, place it, revise it")
    noise: Count = setting(250, "traders")
    parents: Count = setting(40, "traders", says="work large orders in slices")
    makers: Count = setting(10, "traders")
    fast: Count = setting(10, "traders", says="take by the imbalance of the book")
    funds: Count = setting(20, "traders", says="value investors who borrow")
    momentum: Count = setting(60, "traders")
    pool: Count = setting(100, "traders", says="wait passively at the middle for large orders")


class Pace(Config):
    """Mean ticks between two decisions of a trader at usual attention."""

    value: Positive = setting(600.0, "ticks")
    noise: Positive = setting(300.0, "ticks")
    parents: Positive = setting(15.0, "ticks")
    makers: Positive = setting(8.0, "ticks")
    fast: Positive = setting(10.0, "ticks")
    funds: Positive = setting(900.0, "ticks")
    momentum: Positive = setting(600.0, "ticks")
    pool: Positive = setting(900.0, "ticks")


class Attention(Config):
    """How activity follows volatility that was seen."""

    gain: NonNegative = setting(0.8, "1", says="activity per volatility, both relative to the usual")
    cap: Positive = setting(1.75, "times usual activity")
    asymmetry: NonNegative = setting(0.3, "1", says="more of it after prices fell")
    pace_share: Share = setting(0.15, "share", says="of attention that traders give by acting more often")
    horizon_least: Positive = setting(3.0, "days")
    horizon_most: Positive = setting(250.0, "days")
    usual: Positive = setting(0.011, "log", says="volatility of a day that is usual at the opening")
    usual_days: Positive = setting(1000.0, "days", says="over which usual volatility is learned")
    rhythm: Share = setting(0.3, "share", says="how much busier the ends of a day are than its mean")


class Behaviour(Config):
    """What the kinds do."""

    value_width: Positive = setting(0.006, "log", says="scale of reservation prices around beliefs")
    value_anchor: Share = setting(0.02, "share", says="of the distance to what it is worth in a belief")
    value_lots: Positive = setting(4.0, "lots")
    noise_taking: Share = setting(0.15, "share", says="of market orders")
    noise_median: Positive = setting(4.0, "steps", says="distance of limit orders from the middle")
    noise_spread: Positive = setting(0.8, "log", says="of that distance")
    noise_lots: Positive = setting(3.0, "lots")
    parent_rate: Positive = setting(0.009, "per decision", says="chance to begin a large order")
    parent_tail: Positive = setting(1.5, "1", "Gabaix et al. (2003)", says="of the sizes of large orders")
    parent_least: Positive = setting(3.0, "slices")
    parent_most: Positive = setting(1000.0, "slices")
    parent_slice: Positive = setting(4.0, "lots", says="median over large orders of the size of their slices")
    parent_spread: NonNegative = setting(0.8, "log", says="of that size")
    maker_half: Positive = setting(2.5, "steps", says="from what it thinks fair to its first layer")
    maker_apart: Positive = setting(2.0, "steps", says="between layers")
    maker_lots: Positive = setting(5.0, "lots", says="of the first layer; twice and three times that behind")
    maker_skew: NonNegative = setting(0.02, "steps per lot", says="away from inventory")
    maker_impact: NonNegative = setting(1.9, "steps", says="that a lot of unexpected flow moves what is fair")
    maker_yielding: Share = setting(0.002, "share", says="of the way from fair to the price, a stretch")
    maker_concavity: Positive = setting(0.15, "1", says="power of a trade's size by which it is heeded")
    maker_learning: NonNegative = setting(0.01, "1", says="of the flow to come, by least mean squares")
    fast_edge: NonNegative = setting(4.0, "steps", says="beyond what is fair at which an order is stale")
    fast_most: Positive = setting(100.0, "lots", says="of inventory")
    fund_aggression: NonNegative = setting(8.0, "per log of mispricing")
    fund_most: Positive = setting(3.0, "times equity")
    fund_step: Positive = setting(30.0, "lots", says="of an order, once it wants so many more or less")
    momentum_gain: NonNegative = setting(40.0, "per log of the trend")
    momentum_common: Share = setting(0.5, "share", says="of sentiment that all have in common")
    momentum_days: Positive = setting(5.0, "days", says="over which a trend is seen")
    momentum_lots: Positive = setting(3.0, "lots")
    pool_share: Share = setting(0.3, "share", says="of turns at which a large order is met")
    pool_lots: Positive = setting(8.0, "lots")
    program_lots: Annotated[int, Field(ge=1, le=100_000)] = setting(
        20, "lots a tick", says="in which a shock's order is worked off"
    )
    pool_sd: NonNegative = setting(0.5, "log", says="of a pool trader's activity of a day")
    pool_days: Positive = setting(3.0, "days", says="over which that is remembered")


class Venue(Config):
    """How orders are matched and cleared."""

    step: Annotated[int, Field(ge=1, le=10_000)] = setting(100, "ticks of .0001", says="between two prices")
    levels: Annotated[int, Field(ge=8, le=65_536)] = setting(2048, "prices", says="room a side of a book")
    collar_bp: Annotated[int, Field(ge=0, le=10_000)] = setting(500, "basis points", says="of market orders")
    band_bp: Annotated[int, Field(ge=0, le=10_000)] = setting(
        0, "basis points", says="from the last trade, beyond which a book is halted; 0: never"
    )
    static_bp: Annotated[int, Field(ge=0, le=10_000)] = setting(
        0, "basis points", says="the same from the last auction"
    )
    halt_ticks: Annotated[int, Field(ge=1, le=3600)] = setting(300, "ticks", says="of a call after a halt")
    taker_ppm: Annotated[int, Field(ge=0, le=10_000)] = setting(0, "parts per million")
    latency_ticks: Annotated[float, Field(ge=0.0, le=60.0)] = setting(
        2.0, "ticks", says="mean from decision to arrival; makers and fast traders need less than one"
    )


class ExchangeConfig(Config):
    """Sizes and habits; a tick is 1/60 s of exchange time, a day 3,600 ticks, a year 250 days."""

    instruments: Annotated[int, Field(ge=1, le=200)] = setting(1, "instruments")
    price: Annotated[float, Field(ge=1.0, le=10_000.0)] = setting(100.0, "currency", says="at the opening")
    news_daily: NonNegative = setting(0.008, "log", says="sd of what becomes known of an instrument in a day")
    news_count: Positive = setting(4.0, "a day", says="how many pieces it comes in")
    common_news: Share = setting(0.5, "share", says="of the variance of news, common to all instruments")
    wealth: Positive = setting(100_000.0, "currency", says="of a trader at the opening, half in units")
    seated: Annotated[tuple[Kind, ...], Listed] = setting(
        (), "kinds", says="that are asked at the barrier, where a policy answers; all others by rule"
    )
    reward_ticks: Annotated[int, Field(ge=1, le=900_000)] = setting(
        3600, "ticks", says="between two rewards"
    )
    traders: Population = Population()
    pace: Pace = Pace()
    attention: Attention = Attention()
    behaviour: Behaviour = Behaviour()
    venue: Venue = Venue()
