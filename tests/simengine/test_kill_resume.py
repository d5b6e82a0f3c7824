"""A killed run goes on to the bits of an undisturbed one; `make study-kill` does it fifty times a world."""

import pytest

from tests.simengine.command import SMALL
from tests.simengine.kill_resume import study

COMMANDS = {
    "walkers": ("run", SMALL, "--years", "150", "--set", "walkers=300"),
    "barter": ("run", "barter", "--years", "8", "--set", "agents=12", "--set", "lifespan=20"),
}


@pytest.mark.parametrize("world", COMMANDS)
def test_runs_killed_at_random_moments_resume_to_the_same_bits(world):
    assert study((*COMMANDS[world], "--replicas", "2", "--record", "all"), kills=4, per_run=2) == (4, 0)
