"""What the shipped worlds say they offer is there: every name in a declaration names something."""

import pytest

from agents.policy import RulePolicy
from simengine.kernel import Columns, b1, column, i8
from simengine.policies import checked
from simengine.registry import facts_of, studies, world_class, worlds
from simengine.scenarios import read
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from simengine.worlds.contract import Study, World
from streams.event import declared
from tests.simengine.command import called


@pytest.fixture(scope="module", params=sorted(worlds()))
def sim(request):
    return Simulation(request.param)


def test_views_name_metrics_columns_and_populations_of_the_world(sim):
    views, metrics = sim.world.views, {metric.name for metric in sim.world.metrics}
    assert set(views.series) <= metrics
    assert set(views.slots) == set(sim.seats)
    for link in (*views.flows.values(), *views.network.values()):
        assert {link.source, link.target, link.amount} <= set(declared(link.event).columns)


def test_what_is_said_of_populations_is_of_heads_and_features_they_have(sim):
    world, seats = sim.world, sim.seats
    assert set(world.features) <= set(seats)
    for population, heads in world.heads.items():
        assert list(heads) == list(seats[population].heads)
    for population, tables in world.actions.items():
        for head, table in tables.items():
            assert len(table.values) == seats[population].heads[head].size
    for population, portrait in world.reactions.items():
        names = {feature.name for feature in world.features[population]}
        assert portrait.head in seats[population].heads
        assert {portrait.across, portrait.up} <= names


def test_the_cast_and_further_rules_can_be_seated(sim):
    for population, policy in sim.world.cast.items():
        checked(policy, population, sim.world)
    for population, names in sim.world.rules.items():
        for name in names:
            checked(name, population, sim.world)


def test_every_shock_pulls_a_lever_of_the_world_and_has_a_name_of_its_own(sim):
    kinds = sim.world.shocks
    assert len({kind.name for kind in kinds}) == len(kinds)
    for kind in kinds:
        kind(0.5).fits(sim.world, (), sim.tick)


def test_scenarios_and_mechanisms_hold_settings_that_the_world_takes(sim):
    for file in sim.world.scenarios.glob("*.toml") if sim.world.scenarios else ():
        assert read(file).world == sim.world.name
    for mechanism in sim.world.mechanisms.values():
        assert mechanism.says
        assert mechanism.source
        make_world(sim.world.name, mechanism.off)


def test_studies_and_facts_are_what_they_claim(sim):
    for study in studies(sim.world.name).values():
        assert isinstance(study, Study)
        assert callable(study.carry_out)
    facts = type(sim.world).facts()
    assert facts is None or facts is facts_of(sim.world.name)


class Bare(World):
    """A world that offers nothing."""

    name = "bare"

    def populate(self, sim):
        pass

    def timetable(self):
        return ()


def test_a_world_that_offers_nothing_runs_and_has_defaults_for_all():
    sim = Simulation(Bare())
    sim.run(ticks=3)
    world = sim.world
    assert (sim.tick, list(world.invariants(sim)), world.config) == (3, [], world.Config())
    assert not any(
        (world.cast, world.rules, world.heads, world.features, world.actions, world.reactions, world.learning,
         world.metrics, world.shocks, world.mechanisms, world.models, world.scenarios, world.calibration,
         world.instruments, world.books, world.levers, world.facts(), world.training(), world.studies(),
         *world.views)
    )  # fmt: skip


def test_a_world_without_its_two_methods_says_which_are_missing():
    class Nothing(World):
        """A world without anything."""

        name = "nothing"

    with pytest.raises(NotImplementedError, match=r"Nothing.populate\(sim\): add state and seats here"):
        Simulation(Nothing())


class Counter(Columns):
    """One who counts."""

    alive: b1
    action: i8 = column("1", width=1)


class Declared(Bare):
    """A world whose heads are declared, and which trains in its own way."""

    name = "declared"
    heads = {"counters": {"count": 3}}

    def populate(self, sim):
        sim.seat("counters", sim.state.add("counters", Counter(1, 1, live=1)), policy=RulePolicy())

    @classmethod
    def training(cls):
        def train(plan, folder, stop):
            (folder / "done.txt").write_text(f"{plan.iterations} {stop()}")
            return ["done.txt"]

        return train


def test_a_seat_without_heads_has_those_that_the_world_declares():
    assert Simulation(Declared()).seats["counters"].heads["count"].size == 3


def test_train_follows_a_procedure_of_the_world_s_own(tmp_path):
    where = f"{__name__}:Declared"
    code, out, err = called("train", where, "--iterations", "2", "--quiet", "--out", tmp_path / "it")
    assert (code, out, err) == (0, f"wrote {tmp_path / 'it' / 'done.txt'}\n", "")
    assert (tmp_path / "it" / "done.txt").read_text() == "2 False"


def test_only_worlds_derived_from_the_contract_are_taken():
    assert issubclass(world_class("inventory"), World)
