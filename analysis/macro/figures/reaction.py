"""How central banks decide, and what they lose."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.figures.panels import Dots, panels
from analysis.macro.banks import Banks
from analysis.macro.reaction import LOSS


def reaction_figure(found: Banks, against: str) -> Figure:
    """Draw how each central bank decides and what it loses against the row `against`."""
    losses = {row: x for (name, row, other), x in found.compared.items() if (name, other) == (LOSS, against)}
    dots = [Dots(f"Loss against {against}", "squared points, less is better", losses, 0.0)]
    said = ("Smoothing of a quarter", "Response to inflation", "Response to the output gap")
    units = ("share of the last rate", "points per point, in the long run", "points per %, in the long run")
    for k, (title, unit) in enumerate(zip(said, units, strict=True)):
        estimates = {row: bank.responses[k] for row, bank in found.reactions.items()}
        dots.append(Dots(title, unit, estimates, found.typed_in[against][k], against))
    note = f"means and 95 % bootstrap intervals over {found.replicas} histories of {found.years:g} years"
    return panels("How central banks decide and what they lose", dots, note, columns=2)
