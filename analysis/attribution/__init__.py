"""What learning changed, and what the parts of a world are worth: rows on common noise, against a baseline.

`outcomes` says what is read off a history, `attribute` compares rows of policies with the rule, `ablation`
arms that lack a part with the arm that has it. A world joins what is its own as an `Addition`.
"""

from analysis.attribution.outcomes import Outcome, attribute, return_of, returns, sectors
from analysis.attribution.result import FIELDS, RETURN, RULE, Addition, Attribution, Contrast, Further, line

__all__ = [
    "FIELDS",
    "RETURN",
    "RULE",
    "Addition",
    "Attribution",
    "Contrast",
    "Further",
    "Outcome",
    "attribute",
    "line",
    "return_of",
    "returns",
    "sectors",
]
