"""What a shock did in a run of two arms, as a section of its report."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from analysis.comparison import NOTHING, ComparisonError, Derived, arms_of, compare_arms
from analysis.figures import impulse_response, save
from analysis.pages import image
from analysis.run import Run, RunError

NAME = "impulse_response"
NO_TITLES: Mapping[str, str] = {}


def response(
    run: Run, derived: Mapping[str, Derived] = NOTHING, shown: Mapping[str, str] = NO_TITLES
) -> tuple[dict[str, Path], str]:
    """The figure by name and the section of a run whose arms differ; nothing of another run.

    `derived` and `shown` are what the world's `Facts` say of series and titles.
    """
    if arms_of(run.numbers) is None:
        return {}, ""
    try:
        found = compare_arms(run, derived=derived)
    except (ComparisonError, RunError) as note:
        return {}, f"<p class='soft'>{escape(str(note))}</p>"
    if found.start is None:
        return {}, "<p>The two arms are equal to the bit.</p>"
    file = save(impulse_response(found, shown), run.path / "figures" / f"{NAME}.png")
    what = f"{found.title}: the arm with it minus the arm without, pair by pair on the same noise."
    return {NAME: file}, image(file, what)
