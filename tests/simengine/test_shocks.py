"""Shocks move levers, add up in any order, end without a trace, and hit whom they are told to."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.errors import UserError
from simengine.kernel import Calendar
from simengine.shocks import strike_of
from simengine.shocks.schedule import block
from simengine.simulation import Simulation
from simengine.worlds.barter.shocks import HarvestShock
from simengine.worlds.contract import World
from simengine.worlds.macro.shocks import (
    BankCapitalLoss,
    BankFailure,
    BenefitCut,
    CostShock,
    DefaultWave,
    NoStabilisers,
    RateShock,
)
from tests.simengine.small_world import Levers, Small

SHOCKS = {kind.name: kind for kind in Small.shocks}
R = 4


def shocked(replicas=R):
    world = Small()
    world.levers = Levers(replicas, goods=2)
    return world


class Flat(World):
    """A world without levers."""

    name = "flat"


class Deaf:
    """A simulation nobody listens to."""

    def publish(self, event, **columns):
        self.told = (event.__name__, columns["name"], columns["phase"], list(columns["replica"]))


EVERYONE = np.ones(R, bool)


@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_every_shock_moves_its_lever_in_the_masked_replicas_only(name):
    world, mask = shocked(), np.array([False, True, False, True])
    shock = SHOCKS[name](0.5)
    before = world.levers.columns()[shock.lever].copy()
    sim = Deaf()
    shock.start(world, sim, mask)
    moved = world.levers.columns()[shock.lever] - before
    if moved.ndim > 1:  # of two goods the one that is named
        assert not moved[:, 1].any()
        moved = moved[:, 0]
    assert np.array_equal(moved, np.where(mask, shock.sign * 0.5, 0.0))
    assert sim.told == ("Shock", name, "start", [1, 3])


@given(sizes=st.lists(st.floats(-1, 1), min_size=1, max_size=6))
@settings(max_examples=200)
def test_overlapping_shocks_end_without_a_trace(sizes):
    world, shocks = shocked(), [RateShock(round(size, 9)) for size in sizes]
    for shock in shocks:
        shock.start(world, Deaf(), EVERYONE)
    for shock in shocks:
        shock.stop(world, Deaf(), EVERYONE)
    assert np.array_equal(world.levers.rate, np.zeros(R))


def test_the_order_of_shocks_does_not_matter():
    results = set()
    for order in permutations([0.1, 0.2, 0.3, -0.7]):
        world = shocked()
        for size in order:
            CostShock(size).start(world, Deaf(), EVERYONE)
        results.add(world.levers.cost.tobytes())
    assert len(results) == 1


def test_a_cut_lowers_and_a_switch_turns_off():
    world = shocked()
    BenefitCut(0.1).start(world, Deaf(), EVERYONE)
    NoStabilisers().start(world, Deaf(), EVERYONE)
    assert (world.levers.benefit == -0.1).all()
    assert (world.levers.stabilisers == 0.0).all()


def test_a_one_off_shock_stays_until_the_world_uses_it_up():
    world = shocked()
    DefaultWave(0.2).start(world, Deaf(), EVERYONE)
    DefaultWave(0.2).stop(world, Deaf(), EVERYONE)
    assert (world.levers.default_wave == 0.2).all()


def test_a_switch_cannot_be_turned_further_than_off():
    world = shocked()
    NoStabilisers(0.6).start(world, Deaf(), EVERYONE)
    with pytest.raises(UserError, match="stabilisers would leave 0 to 1"):
        NoStabilisers(0.6).start(world, Deaf(), EVERYONE)
    assert (world.levers.stabilisers == 0.4).all()


def test_two_banks_cannot_fail_at_one_clearing():
    world = shocked()
    BankFailure(bank=1).start(world, Deaf(), EVERYONE)
    with pytest.raises(UserError, match="bank 2 together with bank 1"):
        BankFailure(bank=2).start(world, Deaf(), EVERYONE)
    with pytest.raises(UserError, match="every bank together with bank 1"):
        BankCapitalLoss(0.5).start(world, Deaf(), EVERYONE)
    assert (world.levers.failing_bank == 1).all()


def test_a_good_is_hit_alone_and_must_be_one_of_the_worlds():
    world = shocked()
    HarvestShock(-0.7, good=1).start(world, Deaf(), np.array([True, False, False, False]))
    assert np.array_equal(np.argwhere(world.levers.harvest), [[0, 1]])
    with pytest.raises(UserError, match="shock harvest: good = 2: valid are 0 to 1 in this world"):
        HarvestShock(-0.7, good=2).start(world, Deaf(), EVERYONE)


@pytest.mark.parametrize("size", [float("nan"), float("inf"), "0.1", True, 7.0, None])
def test_a_size_that_is_no_number_in_range_is_refused(size):
    with pytest.raises(UserError, match=r"shock rate: size = .*: valid is a number from -1 to 1"):
        RateShock(size)


def test_a_world_without_the_lever_says_so():
    with pytest.raises(UserError, match="shock rate: world 'flat' cannot take it: unknown lever 'rate'"):
        RateShock(0.01).start(Flat(), Deaf(), EVERYONE)


@pytest.mark.parametrize(
    ("text", "start", "until", "replicas"),
    [
        ("rate:+0.01@48..96", 48, 96, (0, 1, 2, 3)),
        ("rate:0.01@1y..18 months#half", 48, 72, (2, 3)),
        ("rate:-1e-3@-4#0,2", -4, None, (0, 2)),
        ("no_stabilisers@2 weeks", 2, None, (0, 1, 2, 3)),
        ("bank_failure:1,bank=3@5 years", 240, None, (0, 1, 2, 3)),
        ("simengine.worlds.macro.shocks:CostShock:0.1@0", 0, None, (0, 1, 2, 3)),
    ],
)
def test_the_short_form_says_what_when_and_whom(text, start, until, replicas):
    found = strike_of(text, Small())
    assert (found.tick, found.until, found.indices(R)) == (start, until, replicas)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rte:0.1@3", "unknown shock 'rte': did you mean 'rate'?"),
        ("rate:0.1", "write type:size@start..end#replicas"),
        ("rate:x@3", "'x' is no number"),
        ("rate@3", "missing 1 required positional argument: 'size'"),
        ("rate:0.1@soon", "valid is a tick, or a number of ticks, weeks, months, quarters or years"),
        ("rate:0.1@0.3 weeks", "no whole number of ticks below 1e9"),
        ("rate:0.1@8..8", "ends at tick 8, but starts at 8"),
        ("rate:0.1@8#first", "valid are all, half or 0,2,5"),
        ("rate:0.1,bank=2@8", "unknown key 'bank'"),
        ("default_wave:0.1@8..9", "it happens once, so it has no end"),
        ("bank_failure:1,bank=-2@8", "bank = -2: valid is a bank's number"),
        ("harvest:-1,good=-1@8", "good = -1: valid is a good's number"),
        ("no.such.module:Thing:0.1@8", "cannot import no.such.module"),
        ("pathlib:Path:0.1@8", "this is no shock"),
    ],
)
def test_a_wrong_short_form_is_refused_in_one_line(text, said):
    with pytest.raises(UserError) as refused:
        strike_of(text, Small())
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_shock_that_the_world_does_not_take_is_refused_by_name():
    with pytest.raises(UserError, match=r"unknown shock 'rate': there are none here \(in world flat\)"):
        strike_of("rate:0.01@3", Flat())


@pytest.mark.parametrize(
    ("shocks", "said"),
    [
        (["harvest:-0.7,good=2@900"], "good = 2: valid are 0 to 1 in this world"),
        (["no_stabilisers:0.6@8..20", "no_stabilisers:0.6@19"], "stabilisers would leave 0 to 1"),
    ],
)
def test_what_could_only_fail_in_a_later_year_is_refused_at_the_start(shocks, said):
    with pytest.raises(UserError, match=said):
        Simulation(Small(), shocks=shocks)


def test_a_refused_shock_is_not_on_the_agenda():
    sim = Simulation(Small())
    with pytest.raises(UserError, match="good = 2"):
        sim.at(5, HarvestShock(-0.7, good=2))
    assert sim.strikes == []
    sim.run(until=12)


def test_while_a_run_goes_on_shocks_that_still_pull_are_counted_once():
    sim = Simulation(Small(), shocks=["no_stabilisers:0.6@4..20"])
    sim.run(until=10)
    sim.at(20, NoStabilisers(0.6), until=30)
    with pytest.raises(UserError, match="stabilisers would leave 0 to 1"):
        sim.at(19, NoStabilisers(0.6))
    sim.run(until=32)
    assert (sim.world.levers.stabilisers == 1.0).all()


def test_shocks_that_follow_each_other_are_not_added_up():
    Simulation(Small(), shocks=["no_stabilisers:0.6@8..20", "no_stabilisers:0.6@20"])


def test_units_of_time_follow_the_world():
    class Days(Small):
        calendar = Calendar({"hour": 1, "day": 24})

    assert strike_of("rate:0.1@2d..60h", Days()).until == 60
    with pytest.raises(
        UserError, match="shock rate: start = '1y': unknown unit 'y': valid are ticks, hours or days"
    ):
        strike_of("rate:0.1@1y", Days())


def test_the_short_form_is_a_scenario_block():
    assert block("bank_failure:1,bank=2@5y#half") == {
        "type": "bank_failure",
        "start": "5y",
        "replicas": "half",
        "size": 1.0,
        "bank": 2,
    }
