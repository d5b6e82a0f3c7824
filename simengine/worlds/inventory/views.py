"""What a live page and a progress bar show of shops."""

from simengine.worlds.contract import Gauge, Views

VIEWS = Views(
    series={
        "profit": Gauge("profit", 1.0, ".2f", " $/day"),
        "fill_rate": Gauge("fill rate", 1.0, ".1f", "%"),
        "stock": Gauge("stock", 1.0, ".1f"),
    },
    slots={"shops": "shop"},
)
