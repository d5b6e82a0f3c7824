"""Weights on disk: read back to the bit, or refused with a reason."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from agents.networks import SHAPES, ActorCritic
from agents.observation import Feature, Items, RowLayout
from agents.weights import Weights, WeightsError, load
from agents.yardsticks import Yardstick
from simengine.kernel.heads import Categorical, Real, Simplex, Tokens
from tests.agents.asking import Question as Ask

FEATURES = (Feature("stock", "good", 0.1), Feature("price", "dollar"))
HEADS = {"order": 6, "price": 3}


@pytest.fixture
def weights():
    network = ActorCritic(2, HEADS, (2, 1), SHAPES["small"], seed=9)
    seen = Yardstick(2, float("inf"))
    seen.see(np.random.default_rng(1).normal(size=(30, 2)))
    return Weights("shops", FEATURES, HEADS, (2, 1), "small", network, seen, True, {"iteration": 7})


class Question:
    """An ask of fifty shops."""

    population, tick, ordinal, heads = "shops", 0, 0, HEADS
    replica, agent = np.zeros(50, np.int32), np.arange(50, dtype=np.int32)
    mask = np.ones((50, 2), np.bool_)

    def __init__(self):
        rng = np.random.default_rng(2)
        self.observation = rng.normal(size=(50, 2)).astype(np.float32)
        self.uniform = rng.random((50, 2))

    def __len__(self):
        return 50


def test_a_file_gives_back_every_number_and_every_word(weights, tmp_path):
    path = weights.save(tmp_path / "models" / "shops.safetensors")
    found = load(path)
    assert [file.name for file in path.parent.iterdir()] == ["shops.safetensors"]
    for name in ("population", "features", "heads", "neutral", "shape", "greedy", "notes", "digest"):
        assert getattr(found, name) == getattr(weights, name)
    for mine, its in zip(weights.network.parameters(), found.network.parameters(), strict=True):
        assert torch.equal(mine, its)
    for name, array in weights.seen.arrays().items():
        np.testing.assert_array_equal(found.seen.arrays()[name], array)


@pytest.mark.parametrize("greedy", [False, True])
def test_a_policy_from_a_file_acts_like_the_one_that_was_saved(weights, tmp_path, greedy):
    weights = replace(weights, greedy=greedy)
    policy = load(weights.save(tmp_path / "shops.safetensors")).policy()
    actions = policy.act(Question())
    np.testing.assert_array_equal(actions, weights.policy().act(Question()))
    assert (len(np.unique(actions, axis=0)) == 1) == greedy  # untrained, the likeliest is the neutral one
    assert policy.weights.digest == weights.digest


def test_a_digest_names_the_numbers(weights):
    before = weights.digest
    assert len(before) == 16
    with torch.no_grad():
        weights.network.value.bias.add_(1e-3)
    changed = weights.digest
    weights.seen.mean[0] += 1e-3
    assert len({before, changed, weights.digest}) == 3


def test_a_file_that_is_damaged_anywhere_is_refused(weights, tmp_path):
    path = weights.save(tmp_path / "shops.safetensors")
    whole = path.read_bytes()
    for at in np.linspace(8, len(whole) - 1, 60).astype(int):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(WeightsError, match=r"shops\.safetensors: ") as refused:
            load(path)
        assert "\n" not in str(refused.value)
    path.write_bytes(whole[:-100])
    with pytest.raises(WeightsError, match="cannot be read"):
        load(path)


def test_files_that_are_missing_or_of_another_make_are_refused(weights, tmp_path, monkeypatch):
    with pytest.raises(WeightsError, match="nowhere: cannot be read"):
        load(tmp_path / "nowhere")
    path = replace(weights, heads={"order": 7, "price": 3}).save(tmp_path / "shops.safetensors")
    with pytest.raises(WeightsError, match="do not fit together"):
        load(path)
    path = replace(weights, shape="enormous").save(path)
    with pytest.raises(WeightsError, match="do not fit together: 'enormous'"):
        load(path)
    monkeypatch.setattr("agents.weights.PLAIN", "0")
    weights.save(path)
    monkeypatch.undo()
    with pytest.raises(WeightsError, match="format 0: valid are 1 and 2"):
        load(path)


SEVERAL = {"own": FEATURES, "offers": Items((FEATURES[1],), 4)}
MIXED = {
    "job": Categorical(3, 1),
    "price": Real(0.0, 9.0, 2, (1.0, 2.0)),
    "basket": Simplex(3),
    "word": Tokens(4, 2),
}


def test_a_network_of_any_heads_arrays_and_memory_acts_from_its_file_as_it_did(tmp_path):
    network = ActorCritic(RowLayout.of(SEVERAL, 5), MIXED, shape=SHAPES["small"], seed=4)
    rng = np.random.default_rng(3)
    seen, offers = Yardstick(2, float("inf")), Yardstick(1, float("inf"))
    seen.see(rng.normal(size=(30, 2)))
    offers.see(3.0 + rng.normal(size=(30, 1)))
    weights = Weights("shops", SEVERAL, MIXED, None, "small", network, seen, items={"offers": offers})
    found = load(weights.save(tmp_path / "shops.safetensors"))
    assert (found.features, found.digest, found.build) == (SEVERAL, weights.digest, weights.build)
    assert found.fits(MIXED, SEVERAL)
    assert not found.fits({**MIXED, "job": Categorical(4)}, SEVERAL)
    there = rng.random((50, 4)) < 0.5
    observation = {
        "own": rng.normal(size=(50, 2)).astype(np.float32), "offers_mask": there,
        "offers": (rng.normal(size=(50, 4)) * there).astype(np.float32),
    }  # fmt: skip
    memory, uniform = rng.normal(size=(50, 5)).astype(np.float32), rng.random((50, 7))
    asks = [Ask(0, observation, uniform, np.ones((50, 4), np.bool_), memory) for _ in range(2)]
    mine, its = (
        policy.act(ask) for policy, ask in zip((weights.policy(), found.policy()), asks, strict=True)
    )
    np.testing.assert_array_equal(asks[0].left, asks[1].left)
    for name, head in MIXED.items():
        assert mine[name].shape == (50, head.width)
        np.testing.assert_array_equal(mine[name], its[name])


def test_plain_networks_are_written_in_the_format_that_they_always_were(weights, tmp_path):
    from safetensors import safe_open

    path = weights.save(tmp_path / "shops.safetensors")
    with safe_open(path, framework="pt") as file:
        header = file.metadata()
    assert {name: header[name] for name in ("format", "heads", "neutral")} == {
        "format": "1", "heads": '{"order": 6, "price": 3}', "neutral": "[2, 1]",
    }  # fmt: skip


def test_equal_networks_make_equal_files(weights, tmp_path):
    made = [weights.save(tmp_path / f"{k}.safetensors") for k in range(8)]
    again = [load(path).save(path.with_suffix(".again")) for path in made]
    assert len({path.read_bytes() for path in made + again}) == 1


def test_a_network_fits_where_heads_features_and_what_is_neutral_come_in_its_order():
    turned = dict(reversed(MIXED.items()))
    layout, seen = RowLayout.of(SEVERAL, 0), Yardstick(2, float("inf"))
    networks = [ActorCritic(layout, heads, shape=SHAPES["small"], seed=4) for heads in (MIXED, turned)]
    mine, other = (Weights("shops", SEVERAL, MIXED, None, "small", each, seen) for each in networks)
    assert mine.fits(dict(MIXED), dict(SEVERAL))
    assert not mine.fits(turned, SEVERAL)
    assert not mine.fits(MIXED, dict(reversed(SEVERAL.items())))
    assert not mine.fits({**MIXED, "job": Categorical(3, 2)}, SEVERAL)
    assert mine.build != other.build


def test_a_file_whose_numbers_have_other_names_is_refused(weights, tmp_path):
    path = replace(weights, earned=Yardstick(1, float("inf"))).save(tmp_path / "shops.safetensors")
    whole = path.read_bytes()
    assert b'"earned.mean"' in whole
    path.write_bytes(whole.replace(b'"earned.mean"', b'"earned.meaf"'))
    with pytest.raises(WeightsError, match=r"shops\.safetensors: do not fit together: earned\.mea"):
        load(path)
