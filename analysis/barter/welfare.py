"""What a part of the society is worth: welfare with it and without, on the same noise.

Only an arm can say it: within a history those who are heard, or who trade, differ in other ways as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import ArrayLike

from analysis.barter.measure import Measure, difference


def worth(
    of: str, without: Mapping[str, ArrayLike], with_it: ArrayLike, unit: str = "utility", seed: int = 0
) -> tuple[Measure, ...]:
    """What `of` adds to welfare against each arm without it, welfare (R,) or (R, …).

    worth("messages", {"permuted": …, "silent": …, "silent from the start": …}, true) is the value of
    broadcasting: agents that learned to listen are lost in silence, so that only an arm that learned in
    silence tells what speaking is worth to a society.
    """
    return tuple(
        difference(f"worth of {of}, against {arm}", welfare, with_it, unit, seed)
        for arm, welfare in without.items()
    )


def effect(
    on: str, of: str, without: ArrayLike, with_it: ArrayLike, unit: str = "1", seed: int = 0
) -> Measure:
    """How much more of `on`, say inequality, there is with a mechanism than in the arm without it."""
    return difference(f"effect on {on}, {of}", without, with_it, unit, seed)
