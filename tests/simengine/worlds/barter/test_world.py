"""The barter society keeps the kernel's contract, its goods, and what its data sheet promises."""

import numpy as np
import pytest

from agents.barter.forager import NETWORKS
from simengine import Simulation
from simengine.config import ConfigError, validated
from simengine.kernel.conformance import check
from simengine.worlds.barter import listening
from simengine.worlds.barter.config import MARKETS, BarterConfig, Job, seasonal_yield, technology
from simengine.worlds.barter.world import Barter
from streams.barter import events as ev
from streams.events import Reward

SMALL = {"agents": 8, "lifespan": 12, "year": 20}


def small(**settings):
    return Barter(validated(BarterConfig, SMALL | settings))


def ran(world, ticks=30, replicas=2, seed=3, policies=None, *events):
    """A run and the batches of some events."""
    sim = Simulation(world, seed=seed, replicas=replicas, policies=policies)
    seen = {event: [] for event in events}
    for event in events:
        sim.events(event).subscribe(seen[event].append)
    sim.run(ticks=ticks)
    return sim, seen


@pytest.mark.parametrize(
    "settings",
    [{}, {"interval_least": 1, "interval_most": 4, "heredity": {"culture": 0.3}}, {"nets": {"attended": 3}}],
    ids=["default", "own intervals and culture", "sparse attention"],
)
def test_it_keeps_the_kernels_contract_with_births_and_deaths_in_the_run(settings):
    findings = check(lambda: small(**settings), ticks=26)
    assert [str(f) for f in findings if f.problem] == []


@pytest.mark.parametrize("market", MARKETS)
def test_goods_are_conserved_through_trade_death_and_birth_in_every_market(market):
    world = small(market=market)
    _, seen = ran(world, 30, 2, 3, None, ev.Holding, ev.Death)
    assert sum(len(batch) for batch in seen[ev.Death]) > 8
    for batch in seen[ev.Holding]:
        before, after = (np.reshape(getattr(batch, n), (2, 8, 2)).sum(axis=1) for n in ("before", "after"))
        np.testing.assert_allclose(after, before, rtol=1e-9)


@pytest.mark.parametrize("market", MARKETS)
def test_nobody_loses_by_trade_as_it_declared_in_any_market(market):
    _, seen = ran(small(market=market), 30, 2, 3, None, ev.Clearing)
    for batch in seen[ev.Clearing]:
        assert not batch.losers.any()
        assert (batch.least_gain >= -1e-12).all()


@pytest.mark.parametrize("market", ["walras", "corners"])
def test_in_equilibrium_all_the_surplus_is_taken(market):
    _, seen = ran(small(market=market), 30, 2, 3, None, ev.Clearing)
    for batch in seen[ev.Clearing]:
        assert (batch.captured >= 0.999).all()
        assert (np.abs(batch.distance) <= 1e-9).all()
        assert batch.converged.all()


def test_bargains_are_struck_in_every_market_of_a_society():
    _, seen = ran(Barter(BarterConfig(market="nash")), 60, 2, 1, None, ev.Clearing)
    assert all(batch.converged.all() for batch in seen[ev.Clearing])


def test_in_pairs_whoever_trades_has_called_or_been_called():
    world, met = small(market="pairwise"), 0
    sim, seen = ran(world, 0, 2, 3, None, ev.Trade)
    for _ in range(20):
        sim.run(ticks=1)
        for trade in seen[ev.Trade][-1:]:
            partners = listening.partners(world.foragers.attended, world.foragers.attention)
            called = partners[trade.replica, trade.giver] == trade.receiver
            assert (called | (partners[trade.replica, trade.receiver] == trade.giver)).all()
            met += len(trade)
    assert met > 100


def test_mirror_descent_takes_nearly_all_the_surplus_and_nobody_loses():
    _, seen = ran(small(market="mirror"), 30, 2, 3, None, ev.Clearing)
    for batch in seen[ev.Clearing]:
        assert not batch.losers.any()
        assert (batch.captured >= 0.99).all()


@pytest.mark.parametrize("market", ["walras", "nash", "pairwise"])
def test_trades_lead_from_what_was_brought_to_what_is_held(market):
    _, seen = ran(small(market=market), 5, 2, 3, None, ev.Trade, ev.Holding)
    for trades, holdings in zip(seen[ev.Trade], seen[ev.Holding]):
        goods = np.reshape(holdings.before, (2, 8, 2)).copy()
        np.add.at(goods, (trades.replica, trades.receiver, trades.good), trades.amount)
        np.subtract.at(goods, (trades.replica, trades.giver, trades.good), trades.amount)
        np.testing.assert_allclose(goods, np.reshape(holdings.after, (2, 8, 2)), atol=1e-10)
        assert (trades.amount > 0).all()
        assert (trades.price > 0).all()


def test_in_autarky_nobody_trades():
    _, seen = ran(small(market="autarky"), 5, 2, 3, None, ev.Trade)
    assert all(len(batch) == 0 for batch in seen[ev.Trade])


def test_every_network_learns_in_at_least_half_of_the_agent_steps():
    _, seen = ran(small(), 30, 2, 3, None, ev.GradientFlow)
    shares = np.array([np.reshape(batch.share, (2, 5)) for batch in seen[ev.GradientFlow]])
    assert (shares.mean(axis=(0, 1)) >= 0.5).all()


def test_the_dead_are_replaced_at_once_and_the_young_have_living_parents():
    sim, seen = ran(small(), 40, 2, 3, None, ev.Birth, ev.Death, ev.Forager)
    lived = {(r, i): t for b in seen[ev.Forager] for t in [b.tick] for r, i in zip(b.replica, b.identity)}
    births = [(b.tick, *row) for b in seen[ev.Birth] for row in zip(b.replica, b.agent, b.mother, b.father)]
    deaths = [(b.tick, *row) for b in seen[ev.Death] for row in zip(b.replica, b.agent)]
    assert [row[:3] for row in births] == deaths
    assert births
    for tick, replica, _, mother, father in births:
        assert lived[replica, mother] > tick or lived[replica, mother] == tick == 39
        assert lived[replica, father] > tick or lived[replica, father] == tick == 39
    assert sim.state["foragers"].alive.all()


def test_nobody_outlives_the_lifespan_and_hunger_kills():
    _, seen = ran(small(), 40, 2, 3, None, ev.Death)
    ages = np.concatenate([batch.age for batch in seen[ev.Death]])
    assert ages.max() == 12
    _, seen = ran(small(hunger=1e6), 3, 2, 3, None, ev.Death)
    assert all(len(batch) == 16 and (batch.cause == 1).all() for batch in seen[ev.Death])


def test_learning_stops_when_told_and_the_audit_says_so():
    taught, seen = ran(small(arms={"learning_until": 5}, lifespan=1000), 5, 2, 3, None, ev.GradientFlow)
    before = taught.state["foragers"].genome.copy()
    assert taught.state["foragers"].steps.min() == 5
    taught.run(ticks=5)
    assert np.array_equal(taught.state["foragers"].genome, before)
    shares = [batch.share for batch in seen[ev.GradientFlow]]
    assert np.min(shares[:5]) > 0.0
    assert not np.any(shares[5:])


@pytest.mark.parametrize("policy", [None, {"foragers.job": "random"}])
def test_jobs_teach_only_a_network_that_chose_them(policy, monkeypatch):
    sim, _ = ran(small(lifespan=1000), 2, 2, 3, policy)
    lessons, learn = [], sim.world.minds.learn
    monkeypatch.setattr(
        sim.world.minds, "learn", lambda life, *rest: lessons.append(life) or learn(life, *rest)
    )
    sim.run(ticks=2)
    for life in lessons:
        assert life.decided.all() == life.decided.any() == life.advantage.any() == (policy is None)


def test_a_frozen_filter_stays_as_it_was():
    sim, _ = ran(small(arms={"attention": "frozen"}, lifespan=1000), 0)
    span, genome = sim.world.layout.span("social_filter"), sim.state["foragers"].genome
    before = genome.copy()
    sim.run(ticks=10)
    assert np.array_equal(genome[..., span], before[..., span])
    assert not np.array_equal(genome, before)


def test_traders_of_zero_intelligence_declare_at_random_and_learn_nothing_of_trading():
    world = small(arms={"declarations": "random"}, lifespan=1000)
    sim, seen = ran(world, 0, 2, 3, None, ev.GradientFlow)
    span, genome = world.layout.span("trading"), sim.state["foragers"].genome
    before, declared = genome.copy(), []
    sim.run(ticks=10)
    trading = NETWORKS.index("trading")
    assert all(
        (batch.share > 0.0).tolist() == 2 * [n != trading for n in range(5)]
        for batch in seen[ev.GradientFlow]
    )
    assert np.array_equal(genome[..., span], before[..., span])
    assert not np.array_equal(genome, before)
    for _ in range(200):
        sim.run(ticks=1)
        declared.append(world.foragers.declared[..., 0].ravel())
    drawn = np.sort(np.concatenate(declared))  # one of two even shares is uniform
    assert np.abs(drawn - (np.arange(drawn.size) + 0.5) / drawn.size).max() < 1.63 / np.sqrt(drawn.size)


@pytest.mark.parametrize("arm", ["permuted", "silent", "resampled"])
def test_an_arm_of_messages_changes_nothing_before_it_begins(arm):
    base, _ = ran(small(), 10)
    cut, _ = ran(small(arms={"messages": arm, "messages_from": 10}), 10)
    assert (base.digests == cut.digests).all()
    base.run(ticks=2)
    cut.run(ticks=2)
    assert (base.digests != cut.digests).all()


def test_in_silence_nobody_hears_what_is_said():
    sim, _ = ran(small(arms={"messages": "silent"}), 5)
    assert not sim.state["foragers"].signal.any()
    assert sim.state["foragers"].message.any()


def test_rewards_are_published_for_everyone():
    sim, seen = ran(small(), 4, 2, 3, None, Reward)
    assert np.array_equal(seen[Reward][-1].grid("amount"), sim.state["foragers"].reward)


def test_random_jobs_are_a_policy_like_any_other():
    _, seen = ran(small(lifespan=1000), 200, 2, 3, {"foragers.job": "random"}, ev.Production)
    share = np.mean([batch.job.mean() for batch in seen[ev.Production]])
    assert share == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(200 * 16))


def test_agents_decide_at_intervals_of_their_own():
    sim, seen = ran(small(interval_least=1, interval_most=4, lifespan=10_000), 24, 2, 3, None, ev.Broadcast)
    interval = sim.state["foragers"].interval
    assert set(interval.ravel()) == {1, 2, 3, 4}
    for batch in seen[ev.Broadcast]:
        spoke = np.zeros(interval.shape, bool)
        spoke[batch.replica, batch.agent] = True
        np.testing.assert_array_equal(spoke, batch.tick % interval == 0)


def test_a_recipe_consumes_its_inputs_and_nothing_is_made_without_them():
    goods = ("berries", "jam")
    jobs = (Job(good="berries"), Job(good="jam", inputs={"berries": 2.0}))
    world = Barter(BarterConfig(**SMALL, goods=goods, jobs=jobs))
    sim, _ = ran(world, 30)
    accounts = sim.state["society"]
    np.testing.assert_allclose(accounts.used[:, 0], 2.0 * accounts.made[:, 1])
    assert (accounts.made[:, 1] > 0.0).all()
    assert not accounts.used[:, 1].any()


def test_the_seasons_turn_around_the_mean_yield():
    tech = technology(BarterConfig())
    year = np.array([seasonal_yield(tech, tick, 40) for tick in range(40)])
    np.testing.assert_allclose(year.mean(axis=0), [1.0, 1.0])
    assert year[0].tolist() == pytest.approx([1.8, 0.2])
    assert year[20].tolist() == pytest.approx([0.2, 1.8])


def test_with_full_culture_the_young_speak_and_listen_like_an_elder_that_lives():
    world = small(heredity={"culture": 1.0, "mutation_sd": 0.0})
    sim, seen = ran(world, 0, 2, 3, None, ev.Birth)
    f, layout = sim.state["foragers"], world.layout
    compared = 0
    for _ in range(20):
        sim.run(ticks=1)
        births = seen[ev.Birth].pop() if seen[ev.Birth] else ()
        for replica, slot, elder in zip(births.replica, births.agent, births.elder) if len(births) else ():
            (teacher,) = np.flatnonzero(f.identity[replica] == elder)
            for network in ("broadcast", "social_filter"):
                span = layout.span(network)
                np.testing.assert_allclose(
                    f.genome[replica, slot, span], f.genome[replica, teacher, span], atol=1e-6
                )
            production = layout.span("production")
            own, theirs = (f.genome[replica, who, production] for who in (slot, teacher))
            assert not np.array_equal(own, theirs)
            compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"jobs": [{"good": "gold"}]}, "names good 'gold' .valid are berries, meat"),
        ({"jobs": [{"good": "meat", "inputs": {"meat": 1.0}}]}, "makes 'meat' of itself"),
        ({"interval_least": 3, "interval_most": 2}, "at least interval_least, which is 3"),
        ({"goods": ["meat", "meat"]}, "different names"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, said):
    with pytest.raises(ConfigError, match=said):
        validated(BarterConfig, settings)
