"""Barter markets of many agents and goods: mechanisms by name, each with a certificate of what it reached."""

from markets.barter.clearing import Clearing, Flows, Terms
from markets.barter.gradient import walras_gradient
from markets.barter.modes import MODES, clear, floor_of, own_gradient
from markets.barter.response import price_taking_gradient
from markets.barter.surplus import losers, mrs_dispersion, surplus_captured, walras_distance
from markets.barter.transfers import flows, transfers

__all__ = [
    "MODES",
    "Clearing",
    "Flows",
    "Terms",
    "clear",
    "floor_of",
    "flows",
    "losers",
    "mrs_dispersion",
    "own_gradient",
    "price_taking_gradient",
    "surplus_captured",
    "transfers",
    "walras_distance",
    "walras_gradient",
]
