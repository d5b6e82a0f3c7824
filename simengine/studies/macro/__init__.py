"""Studies of the macro economy, by name."""

from simengine.studies.request import deferred
from simengine.worlds.contract import Study

STUDIES = {
    "transmission": Study(
        deferred("simengine.studies.macro.transmission:carry_out"),
        "impulse responses beside the VAR literature",
        48,
        10.25,
    ),
    "experiments": Study(
        deferred("simengine.studies.macro.experiments:carry_out"),
        "six experiments on shipped scenarios, a figure and a measured paragraph each",
    ),
    "scale": Study(
        deferred("simengine.studies.macro.scale:carry_out"),
        "the same economy with 20 to 500 firms",
        64,
    ),
    "forecast": Study(
        deferred("simengine.studies.macro.forecast:carry_out"),
        "US growth and inflation against AR(1) and VAR(1)",
        64,
    ),
    "attribution": Study(
        deferred("simengine.studies.macro.attribution:carry_out"),
        "what learning changed, sector by sector, and how central banks decide",
        64,
    ),
    "audit": Study(
        deferred("simengine.studies.macro.audit:carry_out"),
        "which mechanism or shock produces which fact",
    ),
}
