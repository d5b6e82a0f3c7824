"""What each kind of trader does by rule, as compiled functions of what it sees and of uniforms.

Prices are log ticks where they are of opinions, steps (the book's tick) where they are distances; quantities
are lots; a side is 1 to buy, -1 to sell. A limit of 0 is a market order.
"""

from math import exp, log

from streams.jit import leaf
from streams.quantile import normal_quantile


@leaf
def lots(u, mean):
    """A quantity of at least one lot, geometric with a mean."""
    return 1 + int(log(u) / log(1.0 - 1.0 / max(mean, 1.0 + 1e-9)))


@leaf
def coin(u):
    """A side, each half of the time."""
    return 1 if u < 0.5 else -1


@leaf
def reservation(u, v, w, middle, worth, anchor, width):
    """A value trader's side and reservation price (log): some distance off what it believes in.

    Its belief lies between the going price and what the instrument is worth; the distance is Gamma of shape
    2, so that few orders wait near the price (the latent book of Toth et al. 2011; Donier et al. 2015).
    """
    side = coin(u)
    return side, middle + anchor * (worth - middle) - side * width * -log(v * w)


@leaf
def whim(u, v, w, taking, median, spread):
    """A noise trader's side and distance from the middle in steps, lognormal; 0 for a market order."""
    side = coin(u)
    if v < taking:
        return side, 0.0
    return side, median * exp(spread * normal_quantile(w))


@leaf
def pareto(u, tail, least, most):
    """The size of a large order: Pareto between two sizes (Gopikrishnan et al. 2000; Gabaix et al. 2003)."""
    return int(min(least * u ** (-1.0 / tail), most))


@leaf
def quote(side, layer, fair, half, apart):
    """The price (steps) of a maker's layer on one side of what it thinks fair."""
    return fair - side * (half + layer * apart)


@leaf
def exposure(mispricing, aggression, most):
    """How many times its equity a fund wants to hold: the more, the cheaper.

    Thurner, Farmer and Geanakoplos (2012), leverage causes fat tails and clustered volatility.
    """
    return min(max(1.0 + aggression * mispricing, 0.0), most)
