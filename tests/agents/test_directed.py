"""Agents that follow the rule or are played, beside all others who follow their policy."""

from types import SimpleNamespace

import numpy as np
import pytest

from agents.directed import Directed
from agents.policy import ByHead, FixedPolicy, NamedRule, RulePolicy, decided_by, rule_of
from simengine.kernel.heads import Categorical, Real

HEADS = {"price": Categorical(5, 2), "effort": Real(0.0, 1.0, 1, (0.25,))}


def asked(tick=7, heads=HEADS, agents=3):
    mask = np.ones((agents, len(heads)), np.bool_)
    return SimpleNamespace(
        population="shops", tick=tick, ordinal=0, heads=heads, mask=mask, observation=None,
        replica=np.zeros(agents, np.int32), agent=np.arange(agents, dtype=np.int32),
        asked={head: mask[:, h] for h, head in enumerate(heads)}, alive=np.ones((1, agents), np.bool_),
        neutral=np.array([head.rest[0] for head in heads.values()]),
        only=lambda names: asked(tick, heads, agents), __len__=lambda: agents,
    )  # fmt: skip


class Ask(SimpleNamespace):
    def __len__(self):
        return self.replica.size


def an_ask(**given):
    return Ask(**vars(asked(**given)))


def test_nobody_directed_costs_nothing_and_changes_nothing():
    policy = FixedPolicy((4, 1))
    assert Directed(policy).act(an_ask(heads={"a": Categorical(5), "b": Categorical(5)})).tolist() == [4, 1]


def test_one_follows_the_rule_one_is_played_and_the_rest_decide_as_before():
    said = []

    def desk(questions):
        said.extend(questions)
        return [{"price": 0}]

    policy = Directed(FixedPolicy((4.0, 0.5)), desk)
    policy.kept[0, 0] += 1
    policy.played[0, 2] += 1
    found = policy.act(an_ask())
    assert found["price"].tolist() == [[2], [4], [0]]
    assert found["effort"].tolist() == [[0.25], [0.5], [0.25]]  # a head that is left out follows the rule
    assert [(q.tick, q.agent, [*q.heads]) for q in said] == [(7, 2, ["price", "effort"])]


def test_what_was_said_is_not_asked_again_and_an_end_is_an_end():
    policy = Directed(FixedPolicy((4.0, 0.5)), lambda questions: pytest.fail("asked again"))
    policy.played[0, 1] += 1
    policy.answers[7, 0, 0, 1] = {"price": 1}
    assert policy.act(an_ask())["price"].tolist() == [[4], [1], [4]]
    policy.answers[8, 0, 0, 1] = None
    assert policy.act(an_ask(tick=8))["price"].tolist() == [[4], [2], [4]]
    policy.played[0, 1] -= 1
    assert policy.act(an_ask(tick=9))["price"].tolist() == [4]


def test_who_follows_the_rule_is_not_asked_although_someone_plays_it():
    policy = Directed(FixedPolicy((4.0, 0.5)), lambda questions: pytest.fail("asked"))
    policy.played[0, 1] += 1
    policy.kept[0, 1] += 1
    assert policy.act(an_ask())["price"].tolist() == [[4], [2], [4]]


def test_it_is_seen_as_the_policy_that_it_stands_before():
    own = RulePolicy()
    assert rule_of(Directed(ByHead(NamedRule("taylor1993"), {}))) == "taylor1993"
    assert decided_by(Directed(own), "price", own)
    assert not decided_by(Directed(ByHead(own, {"price": FixedPolicy(1)})), "price", own)
    assert not hasattr(Directed(own), "memory")
