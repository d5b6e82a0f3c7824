"""Rewards of the replicas that are read alone are the same as those of all."""

import polars as pl
import pytest

from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from streams.events import Reward


def rewards(world, settings, ticks, read):
    sim = Simulation(make_world(world, settings), seed=4, replicas=3, policies={"all": "rule"})
    seen = []
    sim.bus.listen(Reward, seen.append, replicas=read)
    sim.run(ticks=ticks)
    return seen


@pytest.mark.parametrize(
    ("world", "settings", "ticks"), [("macro", {"warmup_years": 0}, 4), ("barter", {"agents": 6}, 2)]
)
def test_rewards_of_some_replicas_are_those_rows_of_all(world, settings, ticks):
    some, all_of_them = (rewards(world, settings, ticks, read) for read in (range(1, 2), None))
    assert {r for batch in some for r in batch.replica.tolist()} == {1}
    assert pl.concat(b.frame() for b in some).equals(pl.concat(b.of(1).frame() for b in all_of_them))
