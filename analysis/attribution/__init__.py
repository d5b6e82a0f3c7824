"""What learning changed: rows of policies on common noise, each against the rule.

`measures` says what is read off a history, `attribute` compares the rows; `reaction` estimates how a central
bank decides. Welfare is the share of consumption for life that is worth as much as the change.
"""

from analysis.attribution.measures import Measure, attribute, measures, sectors
from analysis.attribution.reaction import LOSS, Reaction, loss, reaction
from analysis.attribution.result import BANK_RETURN, FIELDS, RULE, Attribution, Effect, Further

__all__ = [
    "BANK_RETURN",
    "FIELDS",
    "LOSS",
    "RULE",
    "Attribution",
    "Effect",
    "Further",
    "Measure",
    "Reaction",
    "attribute",
    "loss",
    "measures",
    "reaction",
    "sectors",
]
