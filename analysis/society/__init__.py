"""Measures of a society of agents who work, talk, trade, breed and die; each beside what chance would give.

Arrays are (replica, tick, agent, …) where nothing else is said; histories (replicas) are independent, agents
are not, so that every interval is over histories and a single history has none.
"""

from analysis.society.attention import assortative, focus, hubs, overlap, persistence, refocused, same
from analysis.society.evolution import Terms, evolution, evolved, heredity, price_equation
from analysis.society.favourites import favourites, network
from analysis.society.genealogy import genealogy, kinship
from analysis.society.inequality import inequality, lasting_inequality
from analysis.society.lineages import lineage_entropy, shared_ancestor
from analysis.society.lives import Births, Parents, parent_slots
from analysis.society.measure import Measure, compared, compared_ratio, difference
from analysis.society.messages import (
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
from analysis.society.questions import FIELDS, QUESTIONS, Question, answers, rows, text
from analysis.society.specialisation import division_of_labour, specialisation
from analysis.society.trade import (
    mrs_dispersion,
    price_convergence,
    price_distance,
    surplus_captured,
    walras_distance,
)
from analysis.society.welfare import effect, worth

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
