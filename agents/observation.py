"""Observations, declared by name, unit and scale, so that weights know what they were fed."""

from typing import NamedTuple


class Feature(NamedTuple):
    """One number of an observation: its value in `unit`, times `scale`, is what the observation holds."""

    name: str
    unit: str
    scale: float = 1.0
