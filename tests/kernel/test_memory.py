"""Memory: what a policy remembers of each agent is state, and begins at 0 with every life."""

import numpy as np
import pytest

from agents.policy import ByHead, RandomPolicy
from simengine.kernel import KernelError, Simulation
from simengine.kernel.conformance import check
from tests.kernel.kitchen import Kitchen


class Counting(RandomPolicy):
    """Counts how often it has met each agent, and leaves the count in place of its answers' noise."""

    memory_width = 2

    def __init__(self, keep=None):
        self.seen, self.keep = [], keep

    def act(self, ask):
        memory = ask.memory
        self.seen.append((ask.tick, ask.ordinal, ask.agent.copy(), memory[:, 0].copy()))
        ask.remember(memory + np.float32([1, 2]) if self.keep is None else self.keep(memory))
        answer = super().act(ask)
        return answer | {"heat": np.minimum(memory[:, 0] / 10, 2.0)} if "heat" in answer else answer


def simulation(policy=None, **declared):
    world = Kitchen()
    world.policy = policy or Counting()
    return Simulation(world, seed=3, **declared)


def hidden(sim):
    return sim.state["cooks_memory"].hidden


def test_what_is_left_at_one_decision_is_found_at_the_next():
    sim = simulation(replicas=2)
    sim.run(until=3)
    assert [count.tolist() for *_, count in sim.world.policy.seen] == [[k] * 10 for k in range(6)]
    assert hidden(sim)[:, :5].tolist() == [[[6.0, 12.0]] * 5] * 2
    assert not hidden(sim)[:, 5:].any()


def test_memory_is_a_part_of_the_state_that_is_digested_and_checkpointed(tmp_path):
    sim, other = simulation(), simulation(Counting(keep=lambda memory: memory))
    for each in (sim, other):
        each.run(until=8)
    assert not np.array_equal(sim.digests, other.digests)
    sim.checkpoint(tmp_path)
    world = Kitchen()
    world.policy = Counting()
    resumed = Simulation.resume(tmp_path, world)
    assert np.array_equal(hidden(resumed), hidden(sim))
    for each in (sim, resumed):
        each.run(until=12)
    assert np.array_equal(sim.digests, resumed.digests)


def test_a_world_whose_policy_remembers_keeps_the_kernels_contract():
    def remembering():
        world = Kitchen()
        world.policy = Counting()
        return world

    assert [str(f) for f in check(remembering, ticks=12) if f.problem] == []


def test_who_is_born_is_remembered_by_nobody():
    sim = simulation()
    sim.run(until=2)
    cooks = sim.world.cooks
    cooks.alive[0, 1] = False
    sim.run(until=3)
    cooks.alive[0, [1, 5]] = True
    cooks.rest[0, [1, 5]] = 2**62
    sim.run(until=4)
    (*_, agent, count) = sim.world.policy.seen[-2]
    assert dict(zip(agent.tolist(), count.tolist())) == {0: 6, 1: 0, 2: 6, 3: 6, 4: 6, 5: 0}


def test_a_slot_that_another_agent_takes_over_at_once_is_forgotten_when_the_world_says_so():
    sim = simulation(replicas=2)
    sim.run(until=2)
    gone = np.zeros((2, 7), bool)
    gone[1, 3] = True
    sim.forget("cooks", gone)
    sim.run(until=3)
    assert hidden(sim)[:, :5, 0].tolist() == [[6.0] * 5, [6.0, 6.0, 6.0, 2.0, 6.0]]


def test_policies_without_memory_have_nothing_to_forget():
    sim = simulation(RandomPolicy())
    sim.forget("cooks", np.ones((1, 7), bool))
    assert "cooks_memory" not in dict(sim.state)


def test_a_policy_by_heads_remembers_what_the_rest_of_it_remembers():
    sim = simulation(ByHead(Counting(), {"heat": RandomPolicy()}))
    sim.run(until=3)
    assert (hidden(sim)[0, :5, 0] == 6.0).all()
    with pytest.raises(ValueError, match="Counting for 'heat' alone: valid is a policy without memory_width"):
        ByHead(RandomPolicy(), {"heat": Counting()})


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (lambda memory: memory[:2], r"Counting of cooks: remember\(\(2, 2\) float32\): valid is \(5, 2\)"),
        (lambda memory: memory.astype(float), r"remember\(\(5, 2\) float64\)"),
        (lambda memory: memory / np.float32(0.0), "memory 0 of agent 0 in replica 0 is nan"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_memory_that_does_not_fit_is_refused(keep, said):
    with pytest.raises(KernelError, match=said):
        simulation(Counting(keep)).run(until=1)


def test_a_policy_that_declares_no_memory_has_none():
    class Forgetful(RandomPolicy):
        def act(self, ask):
            return ask.memory

    with pytest.raises(KernelError, match="no memory is kept: valid is a policy with memory_width"):
        simulation(Forgetful()).run(until=1)
