"""The executor: a row gets the same bits in any company, and they are the network's answer."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import forward as executor
from agents.forward import CHUNK, PADDING, Forward, safe_shapes
from agents.networks import SHAPES, ActorCritic
from agents.observation import Feature, Items, RowLayout
from agents.yardsticks import Yardstick, measures

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
@pytest.mark.parametrize("shape", ["small", "wide"])
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


# -- items and memory -------------------------------------------------------------------------------

SEVERAL = RowLayout.of(
    {"own": (Feature("a", "1"), Feature("b", "1")), "offers": Items((Feature("p", "1"),) * 3, 5)}, memory=6
)


def remembering(seed=0):
    """A network of two numbers, up to five items and a memory of six, its yardsticks and executor."""
    network = ActorCritic(SEVERAL, HEADS, (10, 20, 5), SHAPES["small"], seed=1)
    with torch.no_grad():
        network.policy.weight.mul_(100.0)
        for bias in (network.cell.kept.bias, network.encoders["offers"][0].bias):
            bias.normal_(generator=torch.Generator().manual_seed(seed))
    rng = np.random.default_rng(seed)
    seen, offers = Yardstick(2, 1e8), Yardstick(3, 1e8)
    seen.see(3.0 * rng.normal(size=(100, 2)) + 1.0)
    offers.see(2.0 * rng.normal(size=(100, 3)) - 1.0)
    forward = Forward(network)
    forward.load(network, seen, {"offers": offers})
    return network, seen, {"offers": offers}, forward


def looked(rows, seed=0, most=5):
    """What so many agents see, with up to `most` offers each, and what they remember."""
    rng = np.random.default_rng(seed)
    there = rng.random((rows, most)) < rng.random((rows, 1))
    offers = rng.normal(size=(rows, most, 3)).astype(np.float32) * there[..., None]
    own, memory = rng.normal(size=(rows, 2)).astype(np.float32), rng.normal(size=(rows, 6)).astype(np.float32)
    return {"own": own, "offers": offers, "offers_mask": there}, 0.5 * memory


def test_outputs_and_memory_are_the_networks_of_normalised_rows():
    network, seen, items, forward = remembering()
    rows = SEVERAL.packed(*looked(CHUNK + 3))
    mean, sd = measures(SEVERAL, seen, items)
    with torch.no_grad():
        scaled = torch.from_numpy((rows - mean) / sd)
        expected, taken = network(scaled)[0], network.taken(scaled)
    outputs, memory = forward.remembering(rows)
    np.testing.assert_allclose(outputs, expected.numpy(), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(memory, taken[:, -6:].numpy(), rtol=1e-4, atol=1e-5)


def test_a_sequence_carries_memory_from_its_first_row_on():
    (
        network,
        *_,
    ) = remembering()
    rows = torch.from_numpy(SEVERAL.packed(*looked(12)))
    with torch.no_grad():
        outputs, values = network(rows.reshape(3, 4, -1))
        for k in range(3):
            memory = rows[4 * k : 4 * k + 1, -6:]
            for t in range(4):
                row = torch.cat([rows[4 * k + t : 4 * k + t + 1, :-6], memory], dim=1)
                mine, value = network(row)
                memory = network.taken(row)[:, -6:]
                np.testing.assert_allclose(outputs[k, t], mine[0], rtol=1e-4, atol=1e-5)
                np.testing.assert_allclose(values[k, t], value[0], rtol=1e-4, atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 150), st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_a_row_of_items_and_memory_gets_the_same_bits_whatever_its_padding_and_company(rows, seed, more):
    _, _, _, forward = remembering()
    observation, memory = looked(rows, seed, most=5 - more)
    outputs, left = forward.remembering(SEVERAL.packed(observation, memory))
    wider = {
        **observation,
        "offers": np.concatenate([observation["offers"], np.zeros((rows, more, 3), np.float32)], axis=1),
        "offers_mask": np.concatenate([observation["offers_mask"], np.zeros((rows, more), np.bool_)], axis=1),
    }
    chosen = np.random.default_rng(seed).permutation(rows)[: max(1, rows // 3)]
    part = {name: array[chosen] for name, array in wider.items()}
    again, left_again = forward.remembering(SEVERAL.packed(part, memory[chosen]))
    np.testing.assert_array_equal(again.view(np.int32), outputs[chosen].view(np.int32))
    np.testing.assert_array_equal(left_again.view(np.int32), left[chosen].view(np.int32))


def test_the_order_of_items_means_nothing():
    _, _, _, forward = remembering()
    observation, memory = looked(200)
    order = np.random.default_rng(1).permuted(np.tile(np.arange(5), (200, 1)), axis=1)
    shuffled = {
        **observation,
        "offers": np.take_along_axis(observation["offers"], order[..., None], axis=1),
        "offers_mask": np.take_along_axis(observation["offers_mask"], order, axis=1),
    }
    outputs, _ = forward.remembering(SEVERAL.packed(observation, memory))
    again, _ = forward.remembering(SEVERAL.packed(shuffled, memory))
    np.testing.assert_allclose(again, outputs, rtol=1e-4, atol=1e-4)
