"""Studies of the exchange, by name."""

from simengine.studies.request import deferred
from simengine.worlds.contract import Study

STUDIES = {
    "impact": Study(
        deferred("simengine.studies.exchange.impact:carry_out"),
        "what one order does to the price, by forks on the same noise",
        64,
    ),
}
