"""Experiments on shipped scenarios: one figure and one measured paragraph each."""

from __future__ import annotations

from analysis.figures import save
from analysis.pages import Section, page
from analysis.tables import write_table
from simengine.errors import UserError, unknown
from simengine.studies.macro.experiments import (
    credit_crisis,
    inequality,
    policy_rules,
    shock_response,
    stabilisers,
    zero_lower_bound,
)
from simengine.studies.macro.experiments.experiment import Experiment, Shown
from simengine.studies.request import STRIKE_YEAR, Findings, Request

EXPERIMENTS: dict[str, Experiment] = {
    "shock_response": shock_response.EXPERIMENT,
    "policy_rules": policy_rules.EXPERIMENT,
    "credit_crisis": credit_crisis.EXPERIMENT,
    "inequality": inequality.EXPERIMENT,
    "zero_lower_bound": zero_lower_bound.EXPERIMENT,
    "stabilisers": stabilisers.EXPERIMENT,
}
SHORTEST_YEARS = 2 * STRIKE_YEAR + 0.25


def carry_out(request: Request) -> Findings:
    """Run experiments; write a figure each, `experiments.csv` with every number and `experiments.html`.

    `request.names` picks experiments. UserError for one that is unknown, and for runs that end before the
    responses do.
    """
    for name in request.names:
        if name not in EXPERIMENTS:
            raise UserError(unknown("experiment", name, EXPERIMENTS))
    if request.years < SHORTEST_YEARS:
        raise UserError(f"--years {request.years:g}: experiments need {SHORTEST_YEARS:g} years or more")
    chosen = {name: EXPERIMENTS[name] for name in request.names or EXPERIMENTS}
    shown: dict[str, Shown] = {}
    with request.pool() as pool:
        for name, experiment in chosen.items():
            shown[name] = experiment.show(pool.run(experiment.arms(request), label=name), request)
    return report(shown, request)


def report(shown: dict[str, Shown], request: Request) -> Findings:
    """Write what experiments show and return it as a text and files."""
    sections = [
        Section(EXPERIMENTS[name].title, one.paragraph, save(one.figure, request.out / f"{name}.png"))
        for name, one in shown.items()
    ]
    rows = [{"experiment": name, **number.row()} for name, one in shown.items() for number in one.measured]
    numbers = write_table(rows, request.out / "experiments.csv", request.command("study experiments"))
    subtitle = f"{request.replicas} histories an arm, up to {request.years:g} years, seed {request.seed}"
    html = request.out / "experiments.html"
    html.write_text(page("Experiments", subtitle, sections), encoding="utf-8")
    text = "\n\n".join(f"{section.title}\n{section.paragraph}" for section in sections)
    return Findings(text, (html, numbers, *(section.figure for section in sections)))
