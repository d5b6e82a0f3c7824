"""The macro world's bits: a replica alone is the replica in company; the kernel's contract holds."""

import numpy as np

from simengine import Simulation
from simengine.kernel import conformance
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.world import Macro


def test_replica_17_alone_is_replica_17_of_64_in_every_bit_of_its_state():
    company = Simulation("macro", policies="rule", seed=5, replicas=64, config={"warmup_years": 0})
    alone = Simulation("macro", policies="rule", seed=5, replicas=[17], config={"warmup_years": 0})
    for sim in (company, alone):
        sim.run(years=2)
    assert company.digests[17] == alone.digests[0]
    for name, array in alone.state.arrays().items():
        np.testing.assert_array_equal(company.state.arrays()[name][17], array[0], err_msg=name)


def test_the_macro_world_conforms():
    findings = conformance.check(lambda: Macro(MacroConfig(warmup_years=0)), ticks=24)
    assert [finding for finding in findings if finding.problem] == []


def test_every_policy_is_asked_once_per_barrier_whoever_is_due():
    sim = Simulation("macro", policies="rule", replicas=3, config={"warmup_years": 0})
    sim.run(ticks=48)
    months, meetings, quarters = 12, 8, 4
    at_the_month = months * 3 + quarters  # banks, households, firms; government
    reviews_between = sim.counts.forwards - meetings - at_the_month
    assert 0 <= reviews_between <= 48 - months
