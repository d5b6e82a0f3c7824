"""Monthly histories whose legacy checks can be worked out by hand."""

import numpy as np

MONTHS = 121
WEALTH = np.array([1.0] * 50 + [3.0] * 40 + [13.0] * 9 + [113.0])  # together 400


def levels(growth, start=100.0):
    """The level (1, MONTHS) whose monthly log differences times 1200 are `growth`."""
    steps = np.broadcast_to(growth, MONTHS - 1) / 1200.0
    return start * np.exp(np.concatenate([[0.0], np.cumsum(steps)]))[None]


def prices(inflation):
    """The price level (1, MONTHS) whose compounded monthly inflation, % a year, is `inflation`."""
    steps = np.log1p(np.broadcast_to(inflation, MONTHS - 1) / 100.0) / 12.0
    return np.exp(np.concatenate([[0.0], np.cumsum(steps)]))[None]


def alternating(even, odd):
    """`even` in months 0, 2, …, `odd` in months 1, 3, …: (1, MONTHS)."""
    return np.where(np.arange(MONTHS) % 2 == 0, even, odd)[None].astype(float)


def steady():
    """Everything grows at its target or stands still at it."""
    grown = levels(2.7)
    return {
        "gdp": grown,
        "consumption": grown,
        "investment": grown,
        "bank_loans": grown,
        "price_level": prices(2.8),
        "unemployment": np.full((1, MONTHS), 5.8),
        "policy_rate": np.full((1, MONTHS), 4.2),
        "wealth": WEALTH[None],
    }


def swinging():
    """Months of 12 and -6 % growth in turn: unemployment falls and rises by 2 points, the rate by 1.

    Inflation is 5 % in the months of growth and -1 % in the others.
    """
    up = np.arange(MONTHS - 1) % 2 == 0  # month 1 grows, month 2 falls, and so on
    swings = levels(np.where(up, 12.0, -6.0))
    return {
        "gdp": swings,
        "consumption": swings,
        "investment": 1.0 / swings,
        "bank_loans": swings,
        "price_level": prices(np.where(up, 5.0, -1.0)),
        "unemployment": alternating(7.0, 5.0),
        "policy_rate": alternating(3.0, 4.0),
        "wealth": WEALTH[None],
    }
