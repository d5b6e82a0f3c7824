"""Studies of the exchange, by name."""

from simengine.studies.request import deferred
from simengine.worlds.contract import Study

STUDIES = {
    "impact": Study(
        deferred("simengine.studies.exchange.impact:carry_out"),
        "what one order does to the price, by forks on the same noise",
        64,
    ),
    "ablation": Study(
        deferred("simengine.studies.exchange.ablation:carry_out"),
        "which gates of realism fall without which mechanism",
        4,
        4.8,
    ),
}
