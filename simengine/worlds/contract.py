"""What a world may offer: one class, every part of it declared with a type, and a default that means "none".

A world of one's own derives from `World` and gives what it has: `name`, `ticks_per_year`, `populate` and
`timetable` are all it needs. Whoever runs, trains, judges or draws a world asks for these names and for
nothing else; `simengine list WORLD` prints what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from simengine.config import Config
from simengine.kernel.units import Calendar

if TYPE_CHECKING:
    from agents.action import Action
    from agents.observation import Features
    from analysis import Facts, Run
    from markets.instruments import Instrument
    from markets.ledger import Ledger
    from simengine.kernel import Columns, Head, Simulation
    from simengine.worlds.shock import Shock
    from streams.metrics import Measure


@dataclass(frozen=True)
class Mechanism:
    """A part of an economy that can be taken away: its sentence, its source, the settings without it."""

    says: str
    source: str
    off: Mapping[str, Any]


class Portrait(NamedTuple):
    """What of a population's policy is worth a picture: a head over two observed features, by name."""

    head: str
    across: str
    up: str


class Gauge(NamedTuple):
    """How a live line shows a metric: a short label, what its number is multiplied by, format and unit."""

    label: str
    factor: float = 1.0
    digits: str = ".2f"
    unit: str = ""


class Link(NamedTuple):
    """Something that moves between two populations: its event type, who gives, who takes, how much."""

    event: type
    source: str
    target: str
    amount: str


class Place(NamedTuple):
    """Where agents are: an event type with their slots and two coordinates."""

    event: type
    agent: str
    x: str
    y: str


class Depth(NamedTuple):
    """What is offered at which price: an event type with the two sides of a book."""

    event: type
    price: str
    quantity: str
    side: str


class Views(NamedTuple):
    """What a live page shows of a world; columns are named by their event types.

    `series` are metrics by name; `slots` maps a population to how one of its agents is called.
    """

    series: Mapping[str, Gauge] = {}
    flows: Mapping[str, Link] = {}
    network: Mapping[str, Link] = {}
    map: Mapping[str, Place] = {}
    depth: Mapping[str, Depth] = {}
    slots: Mapping[str, str] = {}


Training = Callable[[Any, Path, Callable[[], bool]], Sequence[str]]
"""`train(plan, folder, stop)`: trains as a `simengine.learning.plan.Plan` says, from where `folder` left off
if it holds a training, until the plan is done or `stop()`; returns the names of the files it wrote."""


class Study(NamedTuple):
    """A question put to many economies: `carry_out(request)`, and its size when nothing is said."""

    carry_out: Callable[..., Any]
    says: str
    replicas: int = 48
    years: float = 25.0


class World:
    """A world, with everything it may offer; its module's docstring is the data sheet.

    Made with one argument, its settings: an object of `Config`, a class inside it or the type its
    constructor names.
    """

    # -- what it is ---------------------------------------------------------------------------------

    name: ClassVar[str]
    """What it is called."""

    config: Any
    """Its settings."""

    class Config(Config):
        """No settings."""

    def __init__(self, config: Any = None) -> None:
        self.config = config if config is not None else self.Config()

    def populate(self, sim: Simulation) -> None:
        """Add state, seat policies."""
        raise NotImplementedError(f"{type(self).__name__}.populate(sim): add state and seats here")

    def timetable(self) -> Iterable[Any]:
        """The rows, in their order inside an instant."""
        raise NotImplementedError(f"{type(self).__name__}.timetable(): return the rows of the timetable here")

    def invariants(self, sim: Simulation) -> Iterable[str]:
        """Problems found when the books close; none in a sound world."""
        return ()

    # -- its time -----------------------------------------------------------------------------------

    ticks_per_year: int = 1
    """How many ticks its year has."""

    start: int = 0
    """Its first tick; ticks before 0 are warm-up."""

    years_most: float = inf
    """The longest run in which its numbers fit, as far as can be told from its settings."""

    def too_long(self, until: int) -> str:
        """What is wrong with a run up to a tick, beyond which its numbers may not fit; nothing if they do."""
        years = until / self.ticks_per_year
        if years <= self.years_most:
            return ""
        valid = f"valid are at most {self.years_most:.0f} with these settings"
        return f"years = {years:g}: {valid}, beyond which the world's numbers may not fit"

    @cached_property
    def calendar(self) -> Calendar:
        """Its units of time: where it declares none, the quarters, months and weeks of its year."""
        return Calendar.of_year(self.ticks_per_year)

    measured: tuple[str, str] | None = None
    """The short period in which metrics are told and a run is watched, and the long one: spans of time."""

    def periods(self) -> tuple[int, int]:
        """`measured` in ticks; where it names none, a twelfth of the year and three of them."""
        if self.measured:
            short, long = map(self.calendar.ticks, self.measured)
            return short, long
        month = max(1, self.ticks_per_year // 12)
        return month, 3 * month

    # -- who decides --------------------------------------------------------------------------------

    cast: Mapping[str, str] = {}
    """Population -> the policy that decides where nobody names one; without it its seat's own, its rule."""

    rules: Mapping[str, tuple[str, ...]] = {}
    """Population -> names of further rules, each of which may stand in a policy's place."""

    heads: Mapping[str, Mapping[str, int | Head]] = {}
    """Population -> what it decides, in order: what its seat has where `sim.seat` is given none."""

    features: Mapping[str, Features] = {}
    """Population -> what it observes, in order."""

    actions: Mapping[str, Mapping[str, Action]] = {}
    """Population -> head -> what its choices do, in numbers."""

    reactions: Mapping[str, Portrait] = {}
    """Population -> what of its policy a figure shows."""

    learning: Mapping[str, Mapping[str, Any]] = {}
    """Population, or `all` -> hyperparameters other than those of the preset `fast`."""

    models: Path | None = None
    """A folder of trained networks: `together/POPULATION.safetensors` and `alone/POPULATION.safetensors`."""

    @classmethod
    def training(cls) -> Training | None:
        """A training procedure of its own, where PPO at the barrier is not the natural one."""
        return None

    # -- what is seen -------------------------------------------------------------------------------

    metrics: Sequence[Measure] = ()
    """Folds over streams that publish one number per replica and period."""

    views: Views = Views()
    """What a live page and a progress bar show."""

    instruments: Sequence[Instrument] = ()
    """What its accounts hold and owe."""

    books: Ledger | None = None
    """The ledger, once populated: its matrices go into the manifest."""

    # -- what disturbs it, and what it is made of ---------------------------------------------------

    levers: Columns | None = None
    """Columns (R, …) that shocks move, once populated."""

    shocks: tuple[type[Shock], ...] = ()
    """The kinds of shock it takes."""

    scenarios: Path | None = None
    """A folder of scenario files, each of which can be run by its name."""

    mechanisms: Mapping[str, Mechanism] = {}
    """What an audit takes away, by name."""

    calibration: Path | None = None
    """The space that a calibration searches: a TOML file."""

    # -- what it meant; imported when asked for, since pictures are heavy ---------------------------

    @classmethod
    def facts(cls) -> Facts | None:
        """Stylised facts with real values to be held against."""
        return None

    @classmethod
    def report(cls, run: Run) -> list[str]:
        """Write the report of a run into its folder; the names of the files. NoReport where there is none."""
        from analysis.report import plain_report

        return plain_report(run)

    @classmethod
    def studies(cls) -> Mapping[str, Study]:
        """Questions that are its own, by name; one called `attribution` replaces the general one."""
        return {}
