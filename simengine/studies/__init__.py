"""Studies: many economies run for one question, on common random numbers, and what they answer."""

from simengine.studies.arms import Arm, Pool, histories

__all__ = ["Arm", "Pool", "histories"]
