"""The event types of shops that order goods for uncertain demand."""

from streams.event import col, event, i4


@event
class Sales:
    """A day's customers of every shop: a dense snapshot (replica, shop)."""

    demand: i4 = col("good", "asked for")
    sold: i4 = col("good", "of it, what was there")
    kept: i4 = col("good", "on hand overnight")
