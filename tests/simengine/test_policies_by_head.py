"""Policies of single heads, by name: `cooks.heat=random`, the other heads staying with the seat's own."""

import numpy as np
import pytest

from agents.policy import ByHead, FixedPolicy, RandomPolicy, RulePolicy
from agents.weights import load
from simengine import Recording, Scenario, Simulation, UserError
from simengine.casting import policy_for
from simengine.cli.run import policies_in
from simengine.kernel import SimulationFailed
from simengine.policies import shipped
from simengine.worlds.macro.world import Macro
from tests.kernel.kitchen import HEADS, Kitchen

KITCHEN = "tests.kernel.kitchen:Kitchen"
COLUMNS = ("action", "heat", "mix", "order", "price")
FIXED = {"dish": "3", "heat": "0.5", "mix": "0.5,0.25,0.25", "order": "4,0", "table": "0", "price": "-1,1"}


def ran(policies, ticks=6, own=None):
    world = Kitchen()
    world.policy = own or RandomPolicy()
    sim = Simulation(world, seed=4, replicas=3, policies=policies)
    sim.run(until=ticks)
    return sim


@pytest.mark.parametrize("head", HEADS)
def test_one_head_is_fixed_and_the_others_decide_as_they_did(head):
    sim, plain = ran({f"cooks.{head}": f"fixed:{FIXED[head]}"}), ran({})
    for name in HEADS:
        chosen, before = (each.seats["cooks"].chosen(name)[:, :5] for each in (sim, plain))
        if name == head:
            assert (chosen.reshape(15, -1) == np.array(FIXED[head].split(","), float)).all()
        else:
            assert np.array_equal(chosen, before)


@pytest.mark.parametrize("head", HEADS)
def test_one_head_is_random_and_the_others_follow_the_rule(head):
    sim, plain = ran({"cooks": "rule", f"cooks.{head}": "random"}), ran({})
    for name, spec in sim.seats["cooks"].heads.items():
        chosen = sim.seats["cooks"].chosen(name)[:, :5].reshape(15, -1)
        if name == head:
            assert np.array_equal(chosen, plain.seats["cooks"].chosen(name)[:, :5].reshape(15, -1))
        else:
            assert (chosen == spec.rest).all()


def recorded(folder):
    policies = {"cooks": "random"}
    scenario = Scenario(
        world=KITCHEN, seed=4, replicas=[0, 1, 2], ticks=12, policies=policies,
        record={"events": "all", "replicas": "all"},
    )  # fmt: skip
    recording = Recording.begin(scenario, folder)
    recording.run()
    return recording.sim


def test_decisions_of_all_kinds_are_replayed_to_the_bit(tmp_path):
    original = recorded(tmp_path / "run")
    again = ran({"cooks": f"recorded:{tmp_path / 'run'}"}, 12)
    assert len(set(original.digests.tolist())) == 3
    assert np.array_equal(again.digests, original.digests)


@pytest.mark.parametrize("head", HEADS)
def test_one_head_is_replayed_alone(head, tmp_path):
    original = recorded(tmp_path / "run")
    again = ran({"cooks": "rule", f"cooks.{head}": f"recorded:{tmp_path / 'run'}"}, 12)
    for name, spec in again.seats["cooks"].heads.items():
        chosen = again.seats["cooks"].chosen(name)[:, :5]
        if name == head:
            assert np.array_equal(chosen, original.seats["cooks"].chosen(name)[:, :5])
        else:
            assert (chosen.reshape(15, -1) == spec.rest).all()


def test_policies_by_head_are_checkpointed_under_the_names_of_their_heads():
    class Keeping(RandomPolicy):
        def __init__(self, count):
            self.count = np.array([count])

        def memory(self):
            return {"count": self.count}

        def restore(self, arrays):
            self.count[...] = arrays["count"]

    policy = ByHead(Keeping(1), {"heat": Keeping(2), "mix": RulePolicy()})
    kept = policy.memory()
    assert {name: array.tolist() for name, array in kept.items()} == {"/count": [1], "heat/count": [2]}
    other = ByHead(Keeping(0), {"heat": Keeping(0), "mix": RulePolicy()})
    other.restore(kept)
    assert other.memory() == kept


def test_a_policy_of_a_head_may_be_given_as_an_object():
    sim = ran({"cooks.dish": FixedPolicy(2, "dish")})
    assert (sim.seats["cooks"].chosen("dish")[:, :5] == 2).all()


def test_the_command_line_takes_policies_of_heads():
    assert policies_in(["cooks=rule,cooks.mix=fixed:0.5,0.25,0.25,cooks.heat=random"]) == {
        "cooks": "rule", "cooks.mix": "fixed:0.5,0.25,0.25", "cooks.heat": "random",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        ({"cooks.heta": "random"}, "policy cooks.heta: unknown head 'heta': did you mean 'heat'"),
        ({"cook.heat": "random"}, "policies: unknown population 'cook'"),
        ({"cooks.heat": "fixed:3"}, r"policy cooks.heat='fixed:3': \[3.0\] for 'heat': valid is 1 num"),
        ({"cooks.dish": "fixed:0.5"}, r"\[0.5\] for 'dish': valid is an index below 4"),
        ({"cooks.mix": "fixed:0.5,0.5"}, r"2 numbers: valid are 1, or 3 for \['mix'\]"),
        ({"cooks": "fixed:0"}, r"\[0.0, 0.0, 0.0\] for 'mix': valid is 3 shares of 0 or more"),
        ({"cooks.heat": "randm"}, "policy cooks.heat='randm': unknown policy 'randm': did you mean 'random'"),
    ],
)
def test_policies_that_do_not_fit_a_head_are_refused_in_one_line(policies, said):
    with pytest.raises(UserError, match=said):
        ran(policies)


def test_an_answer_that_leaves_out_what_its_head_is_asked_is_blamed_on_the_policy():
    class Silent(RulePolicy):
        def act(self, ask):
            return {}

    with pytest.raises(SimulationFailed, match=r"ByHead of cooks answered .*'heat' among them"):
        ran({"cooks.heat": Silent()})


def test_a_network_for_one_head_that_learned_elsewhere_is_refused_before_it_sits():
    bank = load(shipped(Macro, "central_bank")).policy()
    said = "weights .*central_bank: banks of this world has other features or heads"
    with pytest.raises(UserError, match=said):
        Simulation("macro", policies={"all": "rule", "banks.spread": bank})
    own = load(shipped("macro", "banks")).policy()
    sim = Simulation("macro", policies={"all": "rule", "banks.spread": own})
    with pytest.raises(UserError, match=said):
        policy_for(sim, "banks.spread", str(shipped(Macro, "central_bank")))
