"""Heads: what each kind declares, which answers it takes, and where a seat writes them."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.policy import FixedPolicy, RandomPolicy, RulePolicy, drawn
from simengine.kernel import (
    Categorical,
    Columns,
    KernelError,
    Real,
    Simplex,
    Simulation,
    Tokens,
    ask,
    b1,
    column,
    decide,
    due,
    every,
    f8,
    i8,
)
from simengine.kernel.conformance import check
from simengine.kernel.heads import heads_of
from tests.kernel.kitchen import Kitchen

KINDS = [
    *(Categorical(4, 1), Real(-1.0, 3.0, width=2), Simplex(3), Tokens(5, width=2)),
    *(Simplex(1), Real(0.0, 1.0)),
]


class Answering:
    """A policy that answers as told."""

    needs_observation = False

    def __init__(self, answer):
        self.act = answer


def ran(policy, ticks=1, replicas=1, cooks=5):
    world = Kitchen(Kitchen.Config(cooks=cooks))
    world.policy = policy
    sim = Simulation(world, seed=3, replicas=replicas)
    sim.run(until=ticks)
    return world.cooks, sim


def test_the_neutral_answer_of_a_kind_is_what_was_declared_or_its_middle():
    assert [head.rest.tolist() for head in KINDS] == [
        [1], [1.0, 1.0], [1 / 3] * 3, [0, 0], [1.0], [0.5],
    ]  # fmt: skip
    assert Real(0.0, 1.0, width=2, neutral=(0.25, 1.0)).rest.tolist() == [0.25, 1.0]
    assert Tokens(3, 2, neutral=(2, 0)).rest.dtype == np.int64


def test_a_kind_says_how_many_uniforms_a_draw_takes():
    assert [head.uniforms for head in KINDS] == [1, 2, 2, 2, 0, 1]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Categorical(0), "size is 0: valid is a whole number of at least 1"),
        (lambda: Categorical(3, neutral=3), "neutral is .3.: valid is an index below 3"),
        (lambda: Real(1.0, 1.0), "valid are finite bounds, low below high"),
        (lambda: Real(0.0, np.inf), "valid are finite bounds"),
        (lambda: Real(0.0, 1.0, neutral=(2.0,)), "neutral is .2.0.: valid is 1 number from 0.0 to 1.0"),
        (lambda: Real(0.0, 1.0, width=2, neutral=(0.5,)), "valid is 2 numbers from 0.0 to 1.0"),
        (lambda: Simplex(0), "width is 0"),
        (lambda: Simplex(2, neutral=(0.5, 0.6)), "valid is 2 shares of 0 or more that sum to 1"),
        (lambda: Tokens(2, 2, neutral=(0, 2)), "valid is 2 indices below 2"),
        (lambda: heads_of("cooks", {}), "seat 'cooks' has 0 heads: valid is 1 or more"),
        (lambda: heads_of("cooks", {"a": 2}, (2,)), "neutral is .2,.: valid is an index for each head"),
        (lambda: heads_of("cooks", {"a": 2.5}), "size of head 'a' is 2.5"),
        (lambda: heads_of("cooks", {"a b": 2}), "head 'a b': valid is an identifier"),
    ],
)
def test_heads_that_make_no_sense_are_refused(made, said):
    with pytest.raises(KernelError, match=said):
        made()


def test_answers_stand_in_the_columns_that_bear_the_names_of_their_heads():
    answer = {
        "dish": np.array([3, 2, 1, 0, 3]),
        "heat": np.linspace(0.0, 2.0, 5),
        "mix": np.array([0.5, 0.25, 0.25]),
        "order": np.array([[4, 0]] * 5),
        "price": np.array([0.5, -1.0], np.float32),
        "table": np.array([1]),
    }
    cooks, sim = ran(Answering(lambda ask: answer))
    seat = sim.seats["cooks"]
    assert cooks.action[0, :5].tolist() == [[3, 1], [2, 0], [1, 0], [0, 1], [3, 0]]
    assert seat.chosen("dish")[0, :5].tolist() == [3, 2, 1, 0, 3]
    assert cooks.heat[0, :5].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert seat.chosen("mix")[0, 4].tolist() == [0.5, 0.25, 0.25]
    assert seat.chosen("order")[0, 0].tolist() == [4, 0]
    assert cooks.price[0, 2].tolist() == [0.5, -1.0]
    assert not cooks.mix[0, 5:].any()


def test_the_rule_answers_every_head_neutrally():
    cooks, _ = ran(RulePolicy())
    assert (cooks.action[0, 0].tolist(), cooks.heat[0, 0]) == ([1, 2], 1.0)
    assert cooks.mix[0, 0].tolist() == [1 / 3] * 3
    assert (cooks.order[0, 0].tolist(), cooks.price[0, 0].tolist()) == ([0, 0], [0.0, 0.0])


def test_a_fixed_policy_gives_the_numbers_of_all_heads_in_their_order():
    cooks, _ = ran(FixedPolicy((3, 0.5, 0.25, 0.5, 0.25, 1, 2, 0, -1, 1)))
    assert (cooks.action[0, 0].tolist(), cooks.heat[0, 0]) == ([3, 0], 0.5)
    assert (cooks.mix[0, 0].tolist(), cooks.order[0, 0].tolist()) == ([0.25, 0.5, 0.25], [1, 2])
    assert cooks.price[0, 0].tolist() == [-1.0, 1.0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"heat": np.full(5, 2.5)}, r"\[2.5\] for 'heat' to agent 0 .*valid is 1 number from 0.0 to 2.0"),
        ({"heat": np.array([1.0, 1.0, np.nan, 1.0, 1.0])}, r"\[nan\] for 'heat' to agent 2 of replica 0"),
        ({"mix": np.array([0.5, 0.5, 0.5])}, r"for 'mix' .*valid is 3 shares of 0 or more that sum to 1"),
        ({"mix": np.array([1.5, -0.5, 0.0])}, "for 'mix'"),
        ({"order": np.array([[0, 5]] * 5)}, r"\[0, 5\] for 'order' to agent 0 .*valid is 2 indices below 5"),
        ({"order": np.zeros((5, 2))}, r"for 'order', .*float64: valid is int64 of shape \(5, 2\), or \(2,\)"),
        ({"dish": np.array([4])}, r"for 'dish' .*valid is an index below 4"),
        ({"dishes": np.array([4])}, "did you mean 'dish'"),
        ({"heat": None}, "valid is an answer for each head asked, 'heat' among them"),
    ],
)
def test_answers_that_are_not_valid_are_refused_in_one_line(answer, said):
    def act(ask):
        neutral = dict(ask.neutral) | answer
        return {head: given for head, given in neutral.items() if given is not None}

    with pytest.raises(KernelError, match=said):
        ran(Answering(act))


def test_an_array_of_indices_does_not_answer_heads_of_other_kinds():
    with pytest.raises(KernelError, match="valid is a dict of the heads"):
        ran(Answering(lambda ask: np.zeros(6, np.int64)))


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ({"warmth": Real(0.0, 1.0)}, r"needs `warmth: f8 or f4 = column\(...\)` in its columns"),
        ({"mix": Simplex(4)}, r"needs `mix: f8 or f4 = column\(..., width=4\)`"),
        ({"heat": Tokens(2, 1)}, "needs `heat: i8"),
        ({"dish": 3}, r"needs `action: i8 = column\('1', width=1\)`"),
    ],
)
def test_a_column_that_is_missing_or_does_not_fit_is_named(heads, said):
    world = Kitchen()
    world.heads, world.neutral = heads, None
    with pytest.raises(KernelError, match=said):
        Simulation(world)


@given(st.integers(0, 2**32), st.sampled_from(KINDS))
def test_random_answers_of_every_kind_are_valid(seed, head):
    uniform = np.random.default_rng(seed).random((20, head.uniforms))
    edges = np.array([[2.0**-53] * head.uniforms, [1 - 2.0**-53] * head.uniforms])
    answers = drawn(head, np.concatenate([uniform, edges]))
    assert answers.dtype == head.dtype
    assert answers.shape == (22, head.width)
    assert not head.wrong(answers).any()


def test_random_shares_are_even_over_the_simplex():
    shares = drawn(Simplex(3), np.random.default_rng(1).random((40_000, 2)))
    np.testing.assert_allclose(shares.mean(axis=0), 1 / 3, atol=0.005)
    np.testing.assert_allclose(shares.var(axis=0), 1 / 18, atol=0.002)  # Dirichlet(1, 1, 1)


def test_an_agent_draws_the_same_for_heads_of_all_kinds_whoever_else_is_asked():
    alone, _ = ran(RandomPolicy(), ticks=3, cooks=3)
    company, _ = ran(RandomPolicy(), ticks=3, cooks=6)
    for name in ("action", "heat", "mix", "order", "price"):
        assert np.array_equal(getattr(alone, name)[:, :3], getattr(company, name)[:, :3])


def test_a_world_with_heads_of_all_kinds_keeps_the_kernels_contract():
    assert [str(f) for f in check(Kitchen, ticks=12) if f.problem] == []


class Many(Columns):
    alive: b1
    action: i8 = column("1", width="heads")
    level: f8 = column("1")
    review: i8 = column("tick")


class Crowded:
    """A population of `heads` categorical heads, of which rows of the timetable ask for some."""

    name, start, ticks_per_year, config = "crowded", 0, 4, "crowded"

    def __init__(self, heads):
        self.heads = {f"h{k}": 2 + k % 3 for k in range(heads)}

    def populate(self, sim):
        self.many = sim.state.add("many", Many(sim.R, 4, live=3, heads=len(self.heads)))
        sim.seat("many", self.many, self.heads, None, RandomPolicy(), None)

    def timetable(self):
        names = [*self.heads]
        return (
            decide(
                ask(every(1), "many", (*names[:2], names[-1])), ask(due(self.many.review), "many", names[40])
            ),
            due(self.many.review, self.put_off),
            every(1, lambda sim: None, closes=True),
        )

    def put_off(self, sim, rows):
        self.many.review[rows.replica, rows.agent] += 1 + rows.agent

    def invariants(self, sim):
        return []


@pytest.mark.parametrize("heads", [62, 63, 64, 65, 128, 1024])
def test_of_a_thousand_heads_those_asked_are_answered(heads):
    world = Crowded(heads)
    sim = Simulation(world, replicas=2)
    seen = []
    act = sim.seats["many"].policy.act
    sim.seats["many"].policy = SimpleNamespace(
        needs_observation=False, act=lambda ask: seen.append(np.flatnonzero(ask.mask.any(axis=0))) or act(ask)
    )
    sim.run(until=6)
    assert seen[0].tolist() == [0, 1, 40, heads - 1]
    touched = np.flatnonzero(world.many.action.any(axis=(0, 1)))
    assert set(touched) <= {0, 1, 40, heads - 1}
    sizes = np.array([*world.heads.values()])
    assert (world.many.action < sizes).all()


def test_a_process_may_ask_for_the_last_of_a_thousand_heads():
    answers = []

    def life(me):
        while True:
            yield me.sleep(1)
            answers.append((yield me.decide("h1023", "h512")))

    sim = Simulation(Crowded(1024))
    sim.process(life, "many", 1)
    sim.run(until=5)
    assert len(answers) == 4
    assert sim.world.many.action[0, 1, [1023, 512]].tolist() == list(answers[-1])


def test_a_process_is_answered_with_numbers_of_the_heads_kind():
    answers = []

    def life(me):
        while True:
            yield me.sleep(1)
            answers.append((yield me.decide("dish", "heat", "mix")))

    sim = Simulation(Kitchen())
    sim.process(life, "cooks", 2)
    sim.run(until=3)
    dish, heat, mix = answers[-1]
    cooks = sim.world.cooks
    assert (dish, heat, mix) == (cooks.action[0, 2, 0], cooks.heat[0, 2], cooks.mix[0, 2].tolist())
