"""Experience of several rollouts, merged: what one rollout of all replicas would hold, to the bit."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.experience import merged
from agents.rollout import Rollout

TICKS, AGENTS = 12, 3


def lived(seed, replicas, first, last):
    """The rollout of replicas `first` to `last` - 1 of a random history; agent 0 rarely decides."""
    rng = np.random.default_rng(seed)
    shape = (TICKS, replicas, AGENTS)
    decides = rng.random((TICKS, 2, replicas, AGENTS)) < [0.05, 0.4, 0.9]  # at two barriers of a tick
    ends = rng.random(shape) < 0.1
    reward, seen = rng.normal(size=shape), rng.normal(size=(*shape, 2)).astype(np.float32)
    rollout = Rollout(last - first, AGENTS, 2, 1, 0.9)
    for tick in range(TICKS):
        for ordinal in range(2):
            replica, agent = np.nonzero(decides[tick, ordinal, first:last])
            if replica.size:  # a policy of whom nobody asks anything is not called
                observation = seen[tick, first:last][replica, agent] + ordinal
                rollout.decided(
                    tick, replica.astype(np.int32), agent.astype(np.int32), observation,
                    np.rint(9 * observation[:, :1]).astype(np.int64), observation[:, 1:] > 0,
                    observation[:, 0], ordinal,
                )  # fmt: skip
        rollout.rewarded(tick, reward[tick, first:last], ends[tick, first:last])
    return rollout


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_merged_parts_are_to_the_bit_one_rollout_of_all_replicas(seed, sizes):
    ends, replicas = np.cumsum([0, *sizes]), sum(sizes)
    parts = [lived(seed, replicas, a, b).experience for a, b in pairwise(ends)]
    found, whole = merged(parts), lived(seed, replicas, 0, replicas).experience
    for name, mine, its in zip(whole.transitions._fields, found.transitions, whole.transitions, strict=True):
        assert (mine.dtype, mine.tobytes()) == (its.dtype, its.tobytes()), name
    assert found.total.tobytes() == whole.total.tobytes()
    assert found.rewards == whole.rewards
    assert found.mean_reward == whole.mean_reward


def test_a_part_in_which_nobody_decided_anything_adds_its_rewards_alone():
    silent, other = Rollout(1, AGENTS, 2, 1, 0.9), lived(1, 2, 1, 2)
    silent.rewarded(0, np.full((1, AGENTS), 2.0), np.zeros((1, AGENTS), np.bool_))
    found = merged([silent.experience, other.experience])
    assert found.transitions.following.tolist() == other.transitions.following.tolist()
    assert found.total[0] == 6.0
    assert found.mean_reward == pytest.approx((6.0 + other.total.sum()) / (AGENTS + other.rewards))
