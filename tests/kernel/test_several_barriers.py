"""Several barriers of one population in an instant: quote, fill, quote again."""

import numpy as np
import pytest

from agents.policy import RandomPolicy
from simengine.kernel import KernelError, Simulation, ask, decide, every
from streams.events import Decision, RealDecision
from tests.kernel.kitchen import Kitchen


class Watching(RandomPolicy):
    """Draws at random and notes what it is asked and what it drew."""

    def __init__(self):
        self.asks = []

    def act(self, ask):
        answer = super().act(ask)
        self.asks.append((ask.tick, ask.ordinal, [h for h, m in ask.asked.items() if m.any()], answer))
        return answer


def ran(world, ticks=4, replicas=1, prepare=lambda sim: None):
    world.policy = Watching()
    sim = Simulation(world, seed=5, replicas=replicas)
    prepare(sim)
    sim.run(until=ticks)
    return world.policy.asks, sim


def test_a_population_is_asked_at_every_barrier_that_names_it_in_their_order():
    asks, sim = ran(Kitchen())
    assert [(tick, ordinal) for tick, ordinal, *_ in asks] == [(t, k) for t in range(4) for k in range(2)]
    assert asks[0][2] == ["dish", "heat", "mix", "order", "price"]
    assert asks[1][2] == ["table", "price"]
    assert sim.counts.barriers == sim.counts.forwards == 8


def test_what_is_decided_first_is_known_when_it_is_decided_again():
    asks, sim = ran(Kitchen(), ticks=1)
    first, second = (answer["price"][:, 0] for *_, answer in asks)
    assert np.array_equal(sim.world.cooks.asked[0, :5], first.astype(np.float32))
    assert np.array_equal(sim.world.cooks.price[0, :5, 0], second.astype(np.float32))
    assert not np.array_equal(first, second)


def test_noise_counts_barriers_from_the_first_that_asks_for_the_head():
    asks, sim = ran(Kitchen(), ticks=1, replicas=2)
    sizes, agents = {"dish": 4, "table": 3}, np.arange(5)
    for (_, _, _, answer), head in zip(asks, ("dish", "table")):
        asked = slice(None) if head == "dish" else np.tile(agents % 3 == 0, 2)
        drawn = sim.noise.uniform(f"decide/cooks/{head}", 5, tick=0).reshape(-1) * sizes[head]
        assert answer[head][asked, 0].tolist() == drawn[asked].astype(int).tolist()
    again = sim.noise.uniform("decide/cooks@1/price/1", 5, tick=0).reshape(-1)
    np.testing.assert_allclose(asks[1][3]["price"][:, 1], 2.0 * again - 1.0)


def test_one_barrier_more_changes_no_other_draw():
    class Longer(Kitchen):
        def timetable(self):
            return (decide(ask(every(1), "cooks", "heat")), *super().timetable())

    short, _ = ran(Kitchen())
    long, _ = ran(Longer())
    for *_, heads, answer in short:
        others = [found for *_, asked, found in long if asked == heads]
        for head in {*heads} - {"heat"}:
            assert any(np.array_equal(answer[head], other[head]) for other in others)


def test_decisions_tell_the_barrier_the_head_and_the_place_within_it():
    world, rows = Kitchen(), []
    world.policy = RandomPolicy()
    sim = Simulation(world, seed=5)
    for event, value in ((Decision, "action"), (RealDecision, "value")):
        sim.events(event).subscribe(
            lambda batch, value=value: (
                rows.extend(
                    zip(batch.ordinal, batch.head, batch.position, batch.agent, getattr(batch, value))
                )
                if np.ndim(batch.ordinal)
                else rows.extend(
                    (batch.ordinal, *row)
                    for row in zip(batch.head, batch.position, batch.agent, getattr(batch, value))
                )
            )
        )
    sim.run(until=1)
    heads, cooks = [*world.heads], world.cooks
    told = {(k, heads[h], i): v for k, h, i, n, v in rows if n == 3}
    assert told[0, "dish", 0] == cooks.action[0, 3, 0]
    assert (told[0, "order", 0], told[0, "order", 1]) == tuple(cooks.order[0, 3])
    assert [told[0, "mix", i] for i in range(3)] == cooks.mix[0, 3].tolist()
    assert [told[1, "price", i] for i in range(2)] == cooks.price[0, 3].tolist()
    assert (0, "price", 0) in told
    assert len(told) == 1 + 1 + 3 + 2 + 2 + 1 + 2


def test_decisions_are_told_of_the_replicas_that_somebody_reads():
    def told(replicas):
        world, rows = Kitchen(), []
        world.policy = RandomPolicy()
        sim = Simulation(world, seed=5, replicas=4)
        for event in (Decision, RealDecision):
            sim.bus.listen(event, lambda batch: rows.extend(batch.rows()), replicas=replicas)
        sim.run(until=2)
        return rows

    middle = told(range(1, 3))
    assert {row.replica for row in middle} == {1, 2}
    assert middle == [row for row in told(None) if row.replica in (1, 2)]


def test_a_process_is_answered_at_the_next_barrier_that_asks_for_its_head():
    answers = []

    def life(me):
        while True:
            yield me.sleep(1)
            first = yield me.decide("price")
            again = yield me.decide("price")
            answers.append((me.tick, first, again))

    asks, _ = ran(Kitchen(), 3, 1, lambda sim: sim.process(life, "cooks", 2))
    assert [tick for tick, *_ in answers] == [1, 2]
    by_barrier = {(tick, ordinal): answer["price"] for tick, ordinal, _, answer in asks}
    for tick, first, again in answers:
        assert np.float32(by_barrier[tick, 0][2]).tolist() == first
        assert np.float32(by_barrier[tick, 1][2]).tolist() == again


def test_a_process_that_asks_for_what_only_a_later_barrier_asks_waits_for_that():
    seen = []

    def life(me):
        while True:
            yield me.sleep(1)
            yield me.decide("table")
            seen.append(me.sim.world.cooks.asked[0, 2])

    _, sim = ran(Kitchen(), 2, 1, lambda sim: sim.process(life, "cooks", 2))
    assert seen == [sim.world.cooks.asked[0, 2]]


def test_a_process_that_asks_when_all_barriers_have_passed_is_an_error():
    def life(me):
        while True:
            yield me.sleep(1)
            for _ in range(3):
                yield me.decide("price")

    with pytest.raises(KernelError, match=r"process of cooks 2, replica 0 .*asks after its barrier"):
        ran(Kitchen(), 3, 1, lambda sim: sim.process(life, "cooks", 2))
