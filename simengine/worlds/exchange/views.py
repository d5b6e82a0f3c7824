"""What a live page and a progress bar show of an exchange."""

from simengine.worlds.contract import Gauge, Views

VIEWS = Views(
    series={
        "price": Gauge("price", 1.0, ".2f"),
        "volatility": Gauge("volatility", 1.0, ".0f", "%"),
        "spread": Gauge("spread", 1.0, ".1f", " bp"),
    },
    slots={"traders": "trader"},
)
