"""Measures of a society of agents who work, talk, trade, breed and die; each beside what chance would give.

Arrays are (replica, tick, agent, …) where nothing else is said; histories (replicas) are independent, agents
are not, so that every interval is over histories and a single history has none.
"""

from analysis.barter.attention import assortative, focus, hubs, overlap, persistence, refocused, same
from analysis.barter.evolution import Terms, evolution, evolved, heredity, price_equation
from analysis.barter.favourites import favourites, network
from analysis.barter.genealogy import genealogy, kinship
from analysis.barter.inequality import inequality, lasting_inequality
from analysis.barter.lineages import lineage_entropy, shared_ancestor
from analysis.barter.lives import Births, Parents, parent_slots
from analysis.barter.measure import Measure, compared, compared_ratio, difference
from analysis.barter.messages import (
    Components,
    chance_spectrum,
    effective_dimension,
    first_component,
    meaning,
    narrowing,
    participation,
    principal,
    spectrum,
)
from analysis.barter.questions import FIELDS, QUESTIONS, Question, answers, rows, text
from analysis.barter.specialisation import division_of_labour, specialisation
from analysis.barter.trade import (
    mrs_dispersion,
    price_convergence,
    price_distance,
    surplus_captured,
    walras_distance,
)
from analysis.barter.welfare import effect, worth

__all__ = [
    "FIELDS",
    "QUESTIONS",
    "Births",
    "Components",
    "Measure",
    "Parents",
    "Question",
    "Terms",
    "answers",
    "assortative",
    "chance_spectrum",
    "compared",
    "compared_ratio",
    "difference",
    "division_of_labour",
    "effect",
    "effective_dimension",
    "evolution",
    "evolved",
    "favourites",
    "first_component",
    "focus",
    "genealogy",
    "heredity",
    "hubs",
    "inequality",
    "kinship",
    "lasting_inequality",
    "lineage_entropy",
    "meaning",
    "mrs_dispersion",
    "narrowing",
    "network",
    "overlap",
    "parent_slots",
    "participation",
    "persistence",
    "price_convergence",
    "price_distance",
    "price_equation",
    "principal",
    "refocused",
    "rows",
    "same",
    "shared_ancestor",
    "specialisation",
    "spectrum",
    "surplus_captured",
    "text",
    "walras_distance",
    "worth",
]
