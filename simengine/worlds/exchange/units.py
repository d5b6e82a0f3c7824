"""Units of the exchange: what prices, money and days are counted in."""

TICK = 10_000
"""Money units (1e-8) that a price tick (.0001) of a lot is worth; a lot is one unit of the instrument."""

UNIT = 1e8
"""Money units in one unit of currency."""

DAY = 3600
"""Ticks of 1/60 s in a day."""

YEAR = 250 * DAY
