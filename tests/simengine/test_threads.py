"""What torch was set to by whoever runs or watches a simulation changes no bit of it."""

import numpy as np
import pytest
import torch

import simengine
from agents.exact import exact
from agents.hyperparameters import Hyperparameters
from agents.networks import fresh
from agents.ppo import Learner
from agents.rollout import Rollout
from streams.events import Reward

RUNS = {
    "barter": {"world": "barter", "replicas": 24, "config": {"agents": 40}},
    "macro": {"world": "macro", "replicas": 8, "policies": {"all": "learned"}, "config": {"warmup_years": 0}},
}
SETTINGS = {
    "four threads": lambda: torch.set_num_threads(4),
    "coarse products": lambda: torch.set_float32_matmul_precision("medium"),
    "double by default": lambda: torch.set_default_dtype(torch.float64),
    "no gradients": lambda: torch.set_grad_enabled(False),
}
CONTEXTS = {"no_grad": torch.no_grad, "inference": torch.inference_mode}


def turn_all():
    for turn in SETTINGS.values():
        turn()


@pytest.fixture(autouse=True)
def as_before():
    threads, precision = torch.get_num_threads(), torch.get_float32_matmul_precision()
    yield
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision(precision)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)


def digest(run, observe=None):
    sim = simengine.Simulation(seed=5, **RUNS[run])
    if observe:
        sim.events(Reward).subscribe(observe)
    sim.run(ticks=4)
    return sim.digest


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    return request.param


@pytest.fixture(scope="module")
def expected(run):
    return digest(run)


@pytest.mark.parametrize("context", CONTEXTS)
def test_digests_do_not_depend_on_what_torch_is_set_to(run, expected, context):
    turn_all()
    with CONTEXTS[context](), torch.autocast("cpu", torch.bfloat16):
        assert digest(run) == expected


def test_nor_on_an_observer_who_sets_it(run, expected):
    assert digest(run, lambda batch: turn_all()) == expected


def learned():
    settings = Hyperparameters(epochs=1)
    learner = Learner("firms", fresh("firms", 3, {"price": 5}, (2,), settings, 1), settings, 12)
    rollout, rows = Rollout(8, 100, 3, 1, 0.99), np.indices((8, 100)).reshape(2, -1).astype(np.int32)
    draw = np.random.default_rng(1)
    for tick in range(3):
        seen, action = draw.normal(size=(800, 3)).astype(np.float32), draw.integers(5, size=(800, 1))
        said = np.full(800, -1.6, np.float32)
        rollout.decided(tick, *rows, seen, action.astype(np.int16), np.ones((800, 1), bool), said)
        rollout.rewarded(tick, draw.normal(size=(8, 100)), np.zeros((8, 100), bool))
    assert not learner.update(rollout).undone
    return learner.arrays()


def test_what_is_learned_does_not_depend_on_it_either():
    once = learned()
    turn_all()
    with torch.inference_mode():
        again = learned()
    assert all(np.array_equal(array, again[name]) for name, array in once.items())


def test_what_the_user_has_set_stands_afterwards_and_networks_draw_nothing_of_his():
    torch.set_num_threads(3)
    torch.set_float32_matmul_precision("high")
    before = torch.get_rng_state()
    fresh("firms", 3, {"price": 5}, (2,), Hyperparameters(), 1)
    with exact():
        assert torch.get_num_threads() == 1
    assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == (3, "high")
    assert torch.equal(before, torch.get_rng_state())
