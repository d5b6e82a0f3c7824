"""What trade, messages, attention, selection and learning are worth to a barter society, arm by arm.

What is taken away from the start tells what a society makes of it; what is taken away once everyone has
learned tells what those who have learned use it for. In the latter arms, and in their baseline, nobody learns
any more from then on, and all are followed over the same ticks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.attribution.ablation import Ablation, Column, compared
from analysis.barter import Measure, effect, worth
from analysis.barter.history import History, followed_from, measured, one_sided
from analysis.barter.questions import rows as rows_of
from analysis.barter.questions import text as text_of
from analysis.barter.specialisation import HELD, concentration
from analysis.barter.trade import price_convergence, price_distance
from analysis.tables import write_table
from simengine.config import merged
from simengine.errors import UserError
from simengine.histories import Series
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm
from simengine.studies.attribution import NONE, Asked
from simengine.studies.barter.history import SocietyHistory
from simengine.studies.barter.price_history import PriceHistory
from simengine.studies.request import Findings, Request
from streams.measures import gini

if TYPE_CHECKING:
    from simengine.simulation import Simulation

Floats = NDArray[np.float64]

SOCIETY, TAUGHT, UNSELECTED = "society", "learned, then no more", "neutral selection"
UNWITTING = "zero-intelligence traders"
COLUMNS = (
    Column("welfare", "welfare", "utility a tick", 1),
    Column("output", "output", "goods a tick", 1),
    Column("effort", "effort", "share", 0),
    Column("hunger_deaths", "hunger deaths", "a tick", -1),
    Column("specialisation", "specialisation", "Herfindahl index", 0),
    Column("gini_consumption", "Gini of goods eaten", "index", -1),
    Column("volume", "goods traded", "share of goods", 0),
    Column("one_sidedness", "one-sidedness of tastes", "Herfindahl index", 0),
)


EQUAL_TASTES = {"opening_taste_sd": 0.0, "heredity": {"taste_sd": 0.0}}
NEUTRAL = {"heredity": {"selection": "neutral"}}
ARMS = {
    "no learning": {"learning_until": 0},
    "silent from birth": {"messages": "silent"},
    "random attention": {"attention": "random"},
    "even attention": {"attention": "uniform"},
    "frozen filter": {"attention": "frozen"},
}


@dataclass(frozen=True)
class Row:
    """An arm: what it changes, its baseline, and the question that the pair answers."""

    asks: str
    config: dict[str, Any]
    against: str = SOCIETY
    policies: Mapping[str, str] = field(default_factory=dict)


def rows(until: int) -> dict[str, Row]:
    """Every arm of the study by name; learning ends at tick `until` in those that follow what was learned."""
    ends: dict[str, Any] = {"learning_until": until}

    def cut(messages: str) -> dict[str, Any]:
        return {"arms": {**ends, "messages": messages, "messages_from": until}}

    def random(head: str) -> dict[str, str]:
        return {f"foragers.{head}": "random"}

    arm = {name: {"arms": settings} for name, settings in ARMS.items()}
    return {
        SOCIETY: Row("", {}),
        "autarky": Row("What is trade worth?", {"market": "autarky"}),
        "market for utilities": Row(
            "What is trade worth where the market knows the utility that foragers have?",
            {"market": "corners"},
            against="autarky",
        ),
        "barter in pairs": Row(
            "What is trade worth in pairs of those who attend?",
            {"market": "pairwise"},
            against="autarky",
        ),
        UNWITTING: Row("What is choosing what to declare worth?", {"arms": {"declarations": "random"}}),
        "equal tastes": Row("What are differences in taste worth?", EQUAL_TASTES),
        "no practice": Row("What is practice worth?", {"practice_gain": 0.0}),
        "random jobs": Row("What is choosing one's job worth?", {}, policies=random("job")),
        "random effort": Row("What is choosing how hard to work worth?", {}, policies=random("effort")),
        "random meals": Row("What is choosing how much to eat worth?", {}, policies=random("eaten")),
        "random messages": Row("What is choosing what to say worth?", {}, policies=random("message")),
        "no learning": Row("What is learning during life worth?", arm["no learning"]),
        UNSELECTED: Row("What is selection by reward worth?", NEUTRAL),
        "autarky, neutral selection": Row(
            "What is trade worth to tastes that no reward selects?",
            {**NEUTRAL, "market": "autarky"},
            against=UNSELECTED,
        ),
        "silent from birth": Row("What is broadcasting worth, grown up with?", arm["silent from birth"]),
        "random attention": Row("Is learned attention worth more than chance?", arm["random attention"]),
        "even attention": Row("Does social filtering improve on even attention?", arm["even attention"]),
        "frozen filter": Row("What is learning to attend worth?", arm["frozen filter"]),
        TAUGHT: Row("", {"arms": ends}, against=TAUGHT),
        "messages permuted": Row("Does it matter who says what?", cut("permuted"), against=TAUGHT),
        "messages resampled": Row("Does it matter that everyone is heard?", cut("resampled"), against=TAUGHT),
        "messages silenced": Row(
            "Do those who learned with messages need them?", cut("silent"), against=TAUGHT
        ),
    }


def carry_out(request: Request, asked: Asked | None = None) -> Findings:
    """Run every arm on common noise and compare it with its baseline; write tables, JSON and figure.

    UserError where weights files or best responses are `asked` for: this world's agents learn as they live.
    """
    from analysis.figures import save
    from analysis.figures.ablation import ablation_figure

    if asked is not None and (asked.models is not None or asked.best_response != NONE):
        raise UserError(
            f"world {request.world!r}: its agents learn as they live: "
            "valid are neither --models nor --best-response"
        )
    year = make_world(request.world, request.config).ticks_per_year
    planned = rows(followed_from(round(request.years * year), year))
    arms = {
        name: request.arm(config=merged(request.config, row.config), policies=row.policies)
        for name, row in planned.items()
    }
    priced = {name: arms.pop(name) for name in (SOCIETY, UNWITTING)}
    with request.pool() as pool:
        found = pool.run(priced, label="arms with prices", follow=priced_histories)
        found |= pool.run(arms, label="arms", follow=society_histories)
    found = {name: found[name] for name in planned}
    values = {name: summed(series) for name, series in found.items()}
    against = {name: row.against for name, row in planned.items()}
    result = Ablation(
        title="What a barter society's parts are worth",
        command=request.command(f"attribute {request.world}"),
        replicas=request.replicas,
        years=request.years,
        columns=COLUMNS,
        against=against,
        asks={name: row.asks for name, row in planned.items() if row.asks},
        effects=compared(values, against, request.seed),
    )
    jobs = len(make_world(request.world, request.config).config.jobs)
    answers = measures(found, values, jobs, request.seed)
    request.out.mkdir(parents=True, exist_ok=True)
    payload = request.out / "attribution.json"
    payload.write_text(json.dumps(result.payload(), indent=2) + "\n", encoding="utf-8")
    files: tuple[Path, ...] = (
        write_table(result.rows(), request.out / "attribution.csv", result.command),
        write_table(rows_of(answers), request.out / "measures.csv", result.command),
        payload,
        save(ablation_figure(result), request.out / "figures" / "attribution.png"),
    )
    return Findings(f"{result.text()}\n\n{text_of(answers)}", files)


def summed(series: Series) -> dict[str, Floats]:
    """The `COLUMNS` of histories, each (R,)."""
    found = {name: series[name].mean(axis=1) for name in ("welfare", "output", "effort", "hunger_deaths")}
    before, after = series["before"].astype(np.float64), series["after"].astype(np.float64)
    jobs = np.where(series["decided"], series["job"].astype(np.int64), HELD)
    identity = series["identity"].astype(np.int64)
    return {
        **found,
        "specialisation": concentration(jobs, identity, max(int(jobs.max()), 0) + 1),
        "gini_consumption": gini(series["eaten"].sum(axis=-1)).mean(axis=1),
        "volume": np.abs(after - before).sum(axis=(1, 2, 3)) / 2.0 / before.sum(axis=(1, 2, 3)),
        "one_sidedness": one_sided(series["taste"].astype(np.float64)).mean(axis=(1, 2)),
    }


def measures(
    found: dict[str, Series], values: dict[str, dict[str, Floats]], jobs: int, seed: int
) -> list[Measure]:
    """Everything measured of the society, and what its parts are worth against the arms without them."""
    own, neutral, frozen = (history(found[name]) for name in (SOCIETY, UNSELECTED, "frozen filter"))
    of = {column.name: {name: row[column.name] for name, row in values.items()} for column in COLUMNS}
    welfare = of["welfare"]
    meals, lives, volume = of["gini_consumption"], of["specialisation"], of["volume"]
    tastes, eaten = of["one_sidedness"], "Gini of goods eaten"
    mispriced, by_chance = (found[name]["mispricing"] for name in (SOCIETY, UNWITTING))
    followed = slice(-own.job.shape[1], None)

    def without(*arms: str) -> dict[str, Floats]:
        return {arm: welfare[arm] for arm in arms}

    cut = without("messages permuted", "messages resampled", "messages silenced")
    filters = without("even attention", "random attention", "frozen filter")
    return [
        *measured(own, jobs, neutral, frozen, seed),
        *worth("messages", cut, welfare[TAUGHT]),
        *worth("messages", without("silent from birth"), welfare[SOCIETY]),
        *worth("social filtering", filters, welfare[SOCIETY]),
        *worth("heterogeneity", without("equal tastes"), welfare[SOCIETY]),
        effect("inequality", "of trade", meals["autarky"], meals[SOCIETY], eaten),
        effect("inequality", "of selection", meals[UNSELECTED], meals[SOCIETY], eaten),
        effect("specialisation", "of trade", lives["autarky"], lives[SOCIETY]),
        effect("specialisation", "of practice", lives["no practice"], lives[SOCIETY]),
        effect("one-sidedness", "of trade", tastes["autarky"], tastes[SOCIETY], "Herfindahl index"),
        effect("one-sidedness", "of selection", tastes[UNSELECTED], tastes[SOCIETY], "Herfindahl index"),
        effect("trade", "of heterogeneity", volume["equal tastes"], volume[SOCIETY], "share of goods"),
        price_distance(mispriced[:, followed], by_chance[:, followed], 1.0, seed),
        price_convergence(mispriced, by_chance, 1.0, seed),
    ]


def history(series: Series) -> History:
    """The arrays of an arm as a `History`."""
    kinds: dict[str, Any] = {
        name: np.int64 if series[name].dtype.kind == "i" else np.float64 for name in History._fields
    }
    kinds["born"] = kinds["decided"] = np.bool_
    arrays: dict[str, Any] = {name: series[name].astype(kind) for name, kind in kinds.items()}
    return History(**arrays)


def society_histories(arm: Arm) -> Series:
    """Run an arm of the barter society: what its last ticks were like, as `SocietyHistory` says."""
    return _followed(arm, arm.simulation())


def priced_histories(arm: Arm) -> Series:
    """Run an arm as `society_histories` does, with the `mispricing` of `PriceHistory` of all its ticks."""
    sim = arm.simulation()
    priced = PriceHistory(sim, round(arm.years * sim.world.ticks_per_year))
    return {**_followed(arm, sim), "mispricing": priced.mispricing}


def _followed(arm: Arm, sim: Simulation) -> Series:
    length = round(arm.years * sim.world.ticks_per_year)
    seen = SocietyHistory(sim, followed_from(length, sim.world.ticks_per_year), length)
    sim.run(ticks=length)
    return seen.arrays()
