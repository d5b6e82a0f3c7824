"""What a live page and a progress bar show of a barter society."""

from simengine.worlds.contract import Gauge, Link, Views
from streams.barter import events as ev

VIEWS = Views(
    series={
        "welfare": Gauge("welfare", 1.0, ".3f"),
        "gini_consumption": Gauge("Gini eaten", 1.0, ".2f"),
    },
    flows={"goods": Link(ev.Trade, "giver", "receiver", "amount")},
    network={"attention": Link(ev.Attention, "listener", "speaker", "share")},
    slots={"foragers": "forager"},
)
