"""The executor: a row gets the same bits in any company, and they are the network's answer."""

import numpy as np
import pytest
import torch

from agents import forward as executor
from agents.forward import CHUNK, PADDING, Forward, safe_shapes
from agents.networks import SHAPES, ActorCritic
from agents.yardsticks import Yardstick

FEATURES, HEADS = 13, {"price": 21, "wage": 36, "hire": 24}
ROWS_BY_BATCH = {1: 10_000, 7: 50_000, 32: 90_000, 100: 150_000, 1_000: 300_000, 5_000: 400_000}


def made(precision="float32", shape="source", features=FEATURES):
    """A network whose logits differ a lot between rows, its yardstick and its executor."""
    network = ActorCritic(features, HEADS, (10, 20, 5), SHAPES[shape], seed=1)
    with torch.no_grad():
        network.policy.weight.mul_(100.0)
    seen = Yardstick(features, 1e8)
    seen.see(observed(5_000, features))
    forward = Forward(network, precision=precision)
    forward.load(network, seen)
    return network, seen, forward


def observed(rows, features=FEATURES):
    rng = np.random.default_rng(rows)
    return (rng.normal(size=(rows, features)) * np.geomspace(0.1, 5, features) + 0.5).astype(np.float32)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_million_rows_in_shuffled_company_get_the_bits_they_get_together(precision):
    assert sum(ROWS_BY_BATCH.values()) == 1_000_000
    _, _, forward = made(precision)
    observation, rng, different = observed(200_000), np.random.default_rng(2), 0
    together = forward(observation).view(np.int32)
    for batch, rows in ROWS_BY_BATCH.items():
        for start in range(0, rows, 200_000):
            order = rng.permutation(200_000)[: min(rows - start, 200_000)]
            for first in range(0, len(order), batch):
                company = order[first : first + batch]
                alone = forward(observation[company]).view(np.int32)
                different += int((alone != together[company]).any(axis=1).sum())
    assert different == 0


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("shape", ["small", "exchange"])
def test_other_shapes_give_rows_the_same_bits_in_batches_of_every_size(shape, precision):
    _, _, forward = made(precision, shape)
    observation = observed(3_000)
    together, order = forward(observation), np.random.default_rng(3).permutation(3_000)
    for batch in (1, 7, 31, 33, 100, CHUNK - 1, CHUNK + 1):
        for first in range(0, min(len(order), 60 * batch), batch):
            company = order[first : first + batch]
            np.testing.assert_array_equal(
                forward(observation[company]).view(np.int32), together[company].view(np.int32)
            )


def test_shapes_whose_products_differ_on_this_processor_are_not_used(monkeypatch):
    _, _, forward = made()
    observation = observed(CHUNK + 300)
    expected, multiply = forward(observation), executor._multiply

    def fickle(layers, views):
        found = multiply(layers, views)
        if len(found) not in (PADDING, 128, 512):
            found.view(torch.int32).bitwise_xor_(1)
        return found

    monkeypatch.setattr(executor, "_multiply", fickle)
    safe_shapes.cache_clear()
    try:
        _, _, careful = made()
    finally:
        safe_shapes.cache_clear()
    assert set(careful._acting._shape.values()) == {PADDING, 128, 512}
    assert careful._acting._shape[PADDING * 3] == PADDING
    assert careful._acting._shape[CHUNK] == 512
    np.testing.assert_array_equal(careful(observation).view(np.int32), expected.view(np.int32))


def test_what_ran_before_leaves_no_trace():
    _, _, forward = made()
    mine = observed(5)
    fresh = forward(mine)
    forward(np.full((CHUNK, FEATURES), np.nan, np.float32))
    np.testing.assert_array_equal(forward(mine), fresh)


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("rows", [1, PADDING, CHUNK + 3])
def test_logits_are_the_networks_of_normalised_observations(shape, rows):
    network, seen, forward = made(shape=shape)
    observation = observed(rows)
    with torch.no_grad():
        expected, _ = network(torch.from_numpy(((observation - seen.mean) / seen.sd).astype(np.float32)))
    np.testing.assert_allclose(forward(observation), expected.numpy(), rtol=1e-4, atol=1e-3)


def test_bfloat16_is_near_float32():
    observation = observed(2_000)
    exact, rough = made()[2](observation), made("bfloat16")[2](observation)
    assert np.abs(rough - exact).max() < 0.05 * np.abs(exact).max()


def test_new_weights_act_when_they_are_loaded_and_not_before():
    network, seen, forward = made()
    observation = observed(10)
    before = forward(observation)
    with torch.no_grad():
        network.policy.bias.add_(1.0)
    np.testing.assert_array_equal(forward(observation), before)
    forward.load(network, seen)
    np.testing.assert_allclose(forward(observation), before + 1.0, rtol=1e-5, atol=1e-4)


def test_an_executor_counts_passes_and_rows():
    _, _, forward = made()
    forward(observed(2 * CHUNK + 1))
    forward(observed(3))
    assert (forward.passed.forwards, forward.passed.rows) == (2, 2 * CHUNK + 4)


def test_a_precision_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="precision 'float8': valid are float32, bfloat16"):
        made("float8")
