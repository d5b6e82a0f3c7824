"""What a live page and a progress bar show of a barter society."""

from simengine.worlds.contract import Flow, Shown, Views
from streams.barter import events as ev

VIEWS = Views(
    series={
        "welfare": Shown("welfare", 1.0, ".3f"),
        "gini_consumption": Shown("Gini eaten", 1.0, ".2f"),
    },
    flows={"goods": Flow(ev.Trade, "giver", "receiver", "amount")},
    network={"attention": Flow(ev.Attention, "listener", "speaker", "share")},
    slots={"foragers": "forager"},
)
