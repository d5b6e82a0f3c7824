"""What a live page and a progress bar show of shops."""

from simengine.worlds.contract import Shown, Views

VIEWS = Views(
    series={
        "profit": Shown("profit", 1.0, ".2f", " $/day"),
        "fill_rate": Shown("fill rate", 1.0, ".1f", "%"),
        "stock": Shown("stock", 1.0, ".1f"),
    },
    slots={"shops": "shop"},
)
