"""Studies of the barter society, by name."""

from simengine.studies.request import deferred
from simengine.worlds.contract import Study

STUDIES = {
    "attribution": Study(
        deferred("simengine.studies.barter.worth:carry_out"),
        "what trade, messages, attention, selection and learning are worth",
        64,
    ),
}
