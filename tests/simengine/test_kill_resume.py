"""A killed run goes on to the bits of an undisturbed one; `make study-kill` does it fifty times."""

from tests.simengine.command import SMALL
from tests.simengine.kill_resume import study

COMMAND = ("run", SMALL, "--years", "150", "--replicas", "2", "--set", "walkers=300", "--record", "all")


def test_runs_killed_at_random_moments_resume_to_the_same_bits():
    assert study(COMMAND, kills=4, per_run=2) == (4, 0)
