"""The transmission study: impulse responses by paired arms, beside the VAR literature."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from analysis.figures import save
from analysis.macro.figures.transmission import transmission
from analysis.macro.responses import Response, multipliers, responses, table
from analysis.macro.transmission import Statement, crunch, stimulus, tightening
from analysis.tables import write_table
from simengine.errors import UserError, unknown
from simengine.histories import Series
from simengine.scenarios.scenario import make_world
from simengine.studies.macro.comparing import compared
from simengine.studies.request import START, STRIKE_YEAR, Findings, Request

SHORTEST_YEARS = STRIKE_YEAR + 3.25  # the last response with a known sign is twelve quarters on
BASE = "base"


@dataclass(frozen=True)
class Impulse:
    """A shock of the study: its title in the figure, and how it is put on the calendar."""

    title: str
    shock: str


def impulses(purchases_share: float) -> dict[str, Impulse]:
    """The shocks by name; government purchases of the given share rise by one percent of GDP."""
    at, spending = f"@{STRIKE_YEAR}y", log(1.0 + 0.01 / purchases_share)
    return {
        "policy_rate": Impulse("policy rate\n+1 pp, 1 year", f"rate:+0.01{at}..{STRIKE_YEAR + 1}y"),
        "government_spending": Impulse(
            "spending +1 %\nof GDP, 2 years", f"government_spending:{spending:.6f}{at}..{STRIKE_YEAR + 2}y"
        ),
        "productivity": Impulse("productivity\n+1 %, for good", f"productivity:+0.01{at}"),
        "cost": Impulse("unit cost\n+1 %, 2 years", f"cost:+0.01{at}..{STRIKE_YEAR + 2}y"),
        "confidence": Impulse("confidence\n+1 %, 1 year", f"confidence:+0.01{at}..{STRIKE_YEAR + 1}y"),
        "bank_capital": Impulse("bank capital\n−50 %, once", f"bank_capital_loss:0.5{at}"),
    }


def carry_out(request: Request) -> Findings:
    """Run base and shocked arms; write `transmission.csv`, `transmission.png` and `transmission.txt`.

    `request.names` picks shocks. UserError for one that is unknown and for runs that end before the strike.
    """
    config = make_world(request.world, request.config).config
    known = impulses(config.government.purchases_share)
    for name in request.names:
        if name not in known:
            raise UserError(unknown("shock of the study", name, known))
    if request.years < SHORTEST_YEARS:
        raise UserError(
            f"--years {request.years:g}: shocks strike in year {STRIKE_YEAR}, give {SHORTEST_YEARS:g} or more"
        )
    chosen = {name: known[name] for name in request.names or known}
    arms = {BASE: request.arm(), **{name: request.arm(shocks=(one.shock,)) for name, one in chosen.items()}}
    with request.pool() as pool:
        series = pool.run(arms, label="transmission")
    return report(series, chosen, request)


def report(series: dict[str, Series], chosen: dict[str, Impulse], request: Request) -> Findings:
    """Return and write what the arms, `base` among them, say about the chosen shocks."""
    out, base = request.out, series[BASE]
    comparisons = {name: compared(base, series[name], (BASE, name)) for name in chosen}
    found: list[Response] = []
    for name, comparison in comparisons.items():
        found += responses(name, comparison, START)
        if name == "government_spending":
            found += multipliers(name, base, series[name], START)
    statements: list[Statement] = []
    if "policy_rate" in comparisons:
        statements.append(tightening(comparisons["policy_rate"], START))
    if "government_spending" in comparisons:
        statements.append(stimulus(found))
    if "bank_capital" in comparisons:
        statements.append(crunch(comparisons["bank_capital"], START))
    text = "\n".join([table(found), "", *map(str, statements)])
    titles = {name: one.title for name, one in chosen.items()}
    figure = save(transmission(comparisons, found, START, titles), out / "transmission.png")
    rows = [response.row() for response in sorted(found, key=lambda r: not r.missed)]
    kept = write_table(rows, out / "transmission.csv", request.command("study transmission"))
    (out / "transmission.txt").write_text(text + "\n", encoding="utf-8")
    return Findings(text, (kept, out / "transmission.txt", figure))
