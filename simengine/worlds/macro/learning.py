"""How the populations of the macro world learn by default, where the preset `fast` is not for all alike.

An authority is one agent whose every decision moves everybody: it explores widely, and once trained takes the
likeliest action. Members of the other populations explore less, since the mean of what they draw by chance
moves the economy too, and keep drawing. The costs of attention are the largest, within a factor of two, at
which four of five populations still gain on the rule; the central bank's is the largest, of four tried, at
which all that have learned together lose less than Taylor's rule of 1993 among rules (in the bank's place
among those who have learned that rule loses less). Cheaper attention buys its bank more and costs realism:
the economy grows steadier than the United States (at .02 nine points of the facts, at .05 five).
"""

from typing import Any

LEARNING: dict[str, dict[str, Any]] = {
    "all": {"prior_steps": 0.4},
    "central_bank": {"prior_steps": 0.6, "attention": 0.05, "greedy": True},
    "government": {"prior_steps": 0.6, "attention": 0.02, "greedy": True},
    "banks": {"attention": 0.04},
    "households": {"attention": 0.02},
    "firms": {"prior_steps": 0.3, "attention": 0.005},
}
