"""How busy traders are: who has seen prices move, lately or long ago, looks and acts more often.

Each has a horizon of its own over which it remembers; together they remember on all of them, so that
activity, and with it volatility, comes in clusters of every length (Müller et al. 1997, heterogeneous
markets; LeBaron 2001 for agents of many horizons).
"""

from streams.jit import leaf


@leaf
def attention(seen, usual, fell, gain, cap, asymmetry):
    """How many times as often as usual a trader acts: 1 where volatility `seen` is what is `usual`.

    Variances of daily log returns; `fell` is how far prices have fallen lately in units of usual volatility,
    0 if they rose. At most `cap`, at least a quarter.
    """
    level = 1.0 + gain * ((seen / usual) ** 0.5 - 1.0) + asymmetry * fell
    return min(max(level, 0.25), cap)


@leaf
def rhythm(part, depth):
    """How busy a part of the day (0 to 1) is: the open and the close more than noon; 1 on average.

    A parabola (Wood, McInish and Ord 1985, the U of intraday activity).
    """
    return 1.0 + depth * (12.0 * (part - 0.5) ** 2 - 1.0)
