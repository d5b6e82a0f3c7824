"""The six heads of a forager: each may be decided by somebody else, alone, and be replayed."""

import numpy as np
import pytest

from agents.barter.forager import NETWORKS
from agents.barter.minds import NETWORK_OF
from agents.observation import RowLayout
from simengine import Recording, Scenario, Simulation, UserError
from simengine.config import validated
from simengine.environments import TensorEnv
from simengine.worlds.barter.config import MARKETS, BarterConfig
from simengine.worlds.barter.world import Barter
from streams.barter import events as ev

SMALL = {"agents": 6, "lifespan": 12, "year": 20, "interval_least": 1, "interval_most": 3}
FIXED = {
    "message": "0.5,-1,0,0,0.25,1", "attention": "0.2", "job": "1", "effort": "0.3", "declared": "0.25,0.75",
    "eaten": "0.5,1",
}  # fmt: skip


def ran(policies=(), ticks=20, **settings):
    world = Barter(validated(BarterConfig, SMALL | settings))
    sim = Simulation(world, seed=2, replicas=2, policies=dict(policies))
    flows = []
    sim.events(ev.GradientFlow).subscribe(lambda batch: flows.append(np.reshape(batch.share, (2, 5))))
    sim.run(ticks=ticks)
    return sim, np.array(flows)


def recorded(folder, policies=(), **settings):
    scenario = Scenario(
        world="barter", seed=2, replicas=[0, 1], ticks=20, config=SMALL | settings, policies=dict(policies),
        record={"events": ["Decision", "RealDecision"], "replicas": "all"},
    )  # fmt: skip
    recording = Recording.begin(scenario, folder)
    recording.run()
    return recording.sim


@pytest.mark.parametrize("head", FIXED)
def test_one_head_is_fixed_alone(head):
    sim, _ = ran({f"foragers.{head}": f"fixed:{FIXED[head]}"}, lifespan=1000)
    chosen = sim.seats["foragers"].chosen(head)
    wanted = np.array(FIXED[head].split(","), chosen.dtype)
    assert (chosen == (wanted if wanted.size > 1 else wanted[0])).all()


@pytest.mark.parametrize("head", FIXED)
def test_one_head_is_random_alone_and_teaches_no_network(head):
    sim, flows = ran({f"foragers.{head}": "random"}, interval_most=1)
    chosen = sim.seats["foragers"].chosen(head)
    assert len(np.unique(chosen)) > 1
    plain, taught = ran(interval_most=1)
    assert not np.array_equal(sim.digests, plain.digests)
    network = NETWORKS.index(NETWORK_OF[head])
    if head not in ("job", "effort"):  # which are two sides of one network
        assert not flows[..., network].any()
    assert taught[..., network].all(axis=1).any()


def test_effort_given_and_jobs_given_leave_the_production_network_untaught():
    sim, _ = ran({"foragers.effort": "random", "foragers.job": "random"}, lifespan=1000)
    span, genome = sim.world.layout.span("production"), sim.state["foragers"].genome
    opening, _ = ran(ticks=0)
    assert np.array_equal(genome[..., span], opening.state["foragers"].genome[..., span])
    assert not np.array_equal(genome, opening.state["foragers"].genome)


@pytest.mark.parametrize("settings", [{}, {"nets": {"attended": 3}}, {"market": "pairwise"}])
def test_a_recorded_society_is_replayed_to_the_bit(settings, tmp_path):
    original = recorded(tmp_path / "run", **settings)
    again, _ = ran({"foragers": f"recorded:{tmp_path / 'run'}"}, **settings)
    assert np.array_equal(again.digests, original.digests)


@pytest.mark.parametrize("policies", [{"foragers": "random"}, {"foragers.effort": "random"}])
def test_what_somebody_else_decided_then_teaches_as_little_when_it_is_replayed(policies, tmp_path):
    original = recorded(tmp_path / "run", policies)
    again, _ = ran({"foragers": f"recorded:{tmp_path / 'run'}"})
    assert np.array_equal(again.digests, original.digests)


@pytest.mark.parametrize("head", FIXED)
def test_one_head_is_replayed_alone(head, tmp_path):
    original = recorded(tmp_path / "run")
    again, _ = ran({f"foragers.{head}": f"recorded:{tmp_path / 'run'}"})
    assert np.array_equal(again.digests, original.digests)


@pytest.mark.parametrize("market", MARKETS)
def test_every_market_clears_whatever_is_decided(market):
    sim, _ = ran({"foragers": "random"}, 15, market=market)
    assert np.isfinite(sim.state["foragers"].goods).all()


@pytest.mark.parametrize("market", MARKETS)
def test_every_market_clears_where_somebody_declares_to_want_one_good_alone(market):
    sim, _ = ran({"foragers.declared": "fixed:1,0"}, 15, market=market)
    assert np.isfinite(sim.state["foragers"].goods).all()


def test_the_rule_is_what_an_untrained_forager_says_where_that_is_a_constant():
    sim, _ = ran({"foragers": "rule"}, 1)
    f = sim.state["foragers"]
    assert not f.message.any()
    np.testing.assert_allclose(f.attention, 0.2)
    np.testing.assert_allclose((f.effort[0, 0], f.eaten[0, 0, 0]), (0.7310586, 0.8807971))


def test_five_barriers_of_a_tick_ask_for_six_heads():
    config = validated(BarterConfig, SMALL | {"interval_most": 1})
    env = TensorEnv(lambda: Barter(config), ("foragers",), years=0.1)
    rows = env.reset(seed=1)["foragers"]
    asked = []
    while not env.over:
        heads = [head for head, wanted in zip(FIXED, rows.asked.any(axis=0)) if wanted]
        asked.append((rows.tick, *heads))
        there = rows.observation["heard_mask"]
        assert there.all() if "attention" in heads else not there.any()
        rows = env.step({"foragers": env.rest("foragers")})["foragers"]
    assert asked[:6] == [
        (0, "message"), (0, "attention"), (0, "job", "effort"), (0, "declared"), (0, "eaten"), (1, "message"),
    ]  # fmt: skip
    plain = Simulation(Barter(config), seed=1)
    plain.run(ticks=2)
    assert env.sim.digest == plain.digest


@pytest.mark.parametrize("settings", [{}, {"nets": {"attended": 3}}])
def test_what_foragers_observe_is_what_is_declared_of_it(settings):
    sim, _ = ran(ticks=3, **settings)
    layout = RowLayout.of(sim.world.features["foragers"])
    rows = layout.packed(sim.look("foragers").observation)
    assert rows.shape == (12, layout.width)
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("place", ["foragers", *(f"foragers.{head}" for head in FIXED)])
def test_a_network_that_all_foragers_share_may_decide_any_of_their_heads(place):
    shared, _ = ran({place: "untrained"}, 5)
    own, _ = ran(ticks=5)
    assert not np.array_equal(shared.digests, own.digests)


def test_a_head_that_foragers_do_not_have_is_refused():
    with pytest.raises(UserError, match=r"policy foragers\.efort: unknown head 'efort'"):
        ran({"foragers.efort": "random"})
