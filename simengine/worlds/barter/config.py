"""Parameters of the barter society, every value with its unit; defaults marked "source" are its program's."""

from typing import Annotated, Literal, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from simengine.config import Config, setting

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
NonNegative = Annotated[float, Field(ge=0.0)]
Count = Annotated[int, Field(ge=1)]

Listed = BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given)
"""TOML and JSON have lists; a frozen configuration keeps tuples."""

Market = Literal["walras", "corners", "mirror", "projected", "nash", "pairwise", "autarky"]
MARKETS: tuple[Market, ...] = get_args(Market)


class Job(Config):
    """Work that makes one good, out of others if it has a recipe."""

    good: str
    yield_mean: Positive = setting(1.0, "goods a tick", says="of full effort, at the mean of the seasons")
    season: Share = setting(
        0.8, "share", "source", "0: the same all year; 1: nothing grows at the worst time"
    )
    phase: float = setting(0.0, "years", says="of the season")
    inputs: dict[str, Positive] = {}  # goods that go into one unit


class Nets(Config):
    """The five networks of a forager and how they learn."""

    message: Count = setting(6, "numbers", "source", "in a broadcast")
    hidden: Count = setting(16, "neurons")
    learning_rate: NonNegative = setting(0.003, "1", says="of Adam")
    gradient_norm: Positive = setting(1.0, "norm", says="an agent's gradient is no longer than this")
    entropy: NonNegative = setting(0.01, "weight", says="of the entropy of its choice among jobs")
    discount: Share = setting(0.95, "per tick", says="of the worth of what is kept")
    baseline_gain: Share = setting(0.2, "per decision", says="how fast expected reward follows reward")
    attended: Annotated[int, Field(ge=0)] = setting(
        0, "speakers", says="that one listens to at most; 0: 16 above 100 agents"
    )


class Heredity(Config):
    """Who has offspring, and what it inherits."""

    selection: Literal["reward", "rank", "neutral"] = setting(
        "reward", "name", says="by reward a tick, its rank, or not at all"
    )
    mutation_share: Share = setting(0.05, "share of genes")
    mutation_sd: NonNegative = setting(0.1, "weights", "source")
    taste_sd: NonNegative = setting(0.1, "logits", says="of tastes")
    culture: Share = setting(
        0.0, "share", says="how far networks that speak and listen start from an elder's"
    )


class Arms(Config):
    """Control arms: what is taken away, to see what it was worth."""

    messages: Literal["true", "permuted", "silent", "resampled"] = setting(
        "true", "name", says="what listeners hear"
    )
    messages_from: int = setting(0, "tick")
    attention: Literal["learned", "random", "uniform", "frozen"] = setting("learned", "name")
    declarations: Literal["learned", "random"] = setting(
        "learned", "name", says="random: traders of zero intelligence"
    )
    learning_until: Annotated[int, Field(ge=0)] | None = setting(None, "tick", says="None: for ever")


class BarterConfig(Config):
    """Sizes and laws of the society; one tick is one step of the source's cycle."""

    agents: Annotated[int, Field(ge=2, le=100_000)] = setting(50, "agents", "source")
    goods: Annotated[tuple[str, ...], Listed] = setting(("berries", "meat"), "names", "source")
    jobs: Annotated[tuple[Job, ...], Listed] = setting(
        (Job(good="berries"), Job(good="meat", phase=0.5)), "list"
    )
    market: Market = setting("walras", "name")
    year: Count = setting(40, "ticks", says="in which the seasons come round")
    luck_sd: NonNegative = setting(0.3, "log", says="of a forager's yield")
    practice_gain: NonNegative = setting(
        0.5, "share", says="how much more one yields who has always had this job"
    )
    practice_rate: Share = setting(0.1, "per tick", says="how fast practice follows the job")
    vigour_least: Share = setting(0.5, "share of effort", says="left at the end of life")
    decay: Share = setting(0.1, "per tick", "source", "of goods kept")
    leisure: NonNegative = setting(0.05, "utility", says="of no effort")
    lifespan: Count = setting(80, "ticks")
    hunger: NonNegative = setting(0.01, "goods a tick", "source", "below which one dies")
    interval_least: Count = setting(1, "ticks", says="between decisions on messages, attention and jobs")
    interval_most: Count = setting(1, "ticks")
    opening_goods: NonNegative = setting(1.0, "goods", says="mean per agent and good")
    opening_taste_sd: NonNegative = setting(0.5, "logits", says="of tastes")
    nets: Nets = Nets()
    heredity: Heredity = Heredity()
    arms: Arms = Arms()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.goods or len(set(self.goods)) < len(self.goods):
            raise ValueError(f"goods are {self.goods} (valid are one or more different names)")
        if not self.jobs:
            raise ValueError("jobs is empty (valid is one job or more)")
        for j, job in enumerate(self.jobs):
            for good in (job.good, *job.inputs):
                if good not in self.goods:
                    raise ValueError(f"job {j} names good {good!r} (valid are {', '.join(self.goods)})")
            if job.good in job.inputs:
                raise ValueError(f"job {j} makes {job.good!r} of itself (valid are other goods)")
        if self.interval_most < self.interval_least:
            least = self.interval_least
            raise ValueError(
                f"interval_most is {self.interval_most} (at least interval_least, which is {least})"
            )
        return self

    @property
    def attended(self) -> int:
        """How many speakers a forager listens to."""
        others = self.agents - 1
        return min(self.nets.attended or (others if self.agents <= 100 else 16), others)


class Technology(NamedTuple):
    """The jobs as arrays: `good` and seasons (jobs,), `recipe` (jobs, goods) per unit made."""

    good: NDArray[np.int64]
    recipe: NDArray[np.float64]
    yield_mean: NDArray[np.float64]
    season: NDArray[np.float64]
    phase: NDArray[np.float64]


def technology(config: BarterConfig) -> Technology:
    """What the jobs of a configuration make, and of what."""
    place = {good: g for g, good in enumerate(config.goods)}
    recipe = np.zeros((len(config.jobs), len(config.goods)))
    for j, job in enumerate(config.jobs):
        for good, amount in job.inputs.items():
            recipe[j, place[good]] = amount
    return Technology(
        np.array([place[job.good] for job in config.jobs]),
        recipe,
        np.array([job.yield_mean for job in config.jobs]),
        np.array([job.season for job in config.jobs]),
        np.array([job.phase for job in config.jobs]),
    )


def seasonal_yield(tech: Technology, tick: int, year: int) -> NDArray[np.float64]:
    """What full effort yields in each job at a tick `(jobs,)`, before practice and luck."""
    wave = np.cos(2.0 * np.pi * (tick / year + tech.phase))
    return np.asarray(tech.yield_mean * (1.0 + tech.season * wave))
