"""Networks: what they are before they have learned, and that their parts agree."""

import numpy as np
import pytest
import torch

from agents.networks import SHAPES, ActorCritic, Shape

HEADS, NEUTRAL = {"price": 5, "wage": 9}, (1, 4)


def seen(rows=200, features=7):
    return torch.from_numpy(np.random.default_rng(0).normal(size=(rows, features)).astype(np.float32))


def made(shape="source", seed=0, **rest):
    return ActorCritic(7, HEADS, NEUTRAL, SHAPES[shape], seed, **rest)


@pytest.mark.parametrize("prior_steps", [1.0, 4.0])
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_an_untrained_policy_is_a_normal_around_the_neutral_action_whatever_it_sees(shape, prior_steps):
    with torch.no_grad():
        logits, value = made(shape, prior_steps=prior_steps)(seen())
    for part, rest in zip(logits.split((5, 9), dim=1), NEUTRAL, strict=True):
        share = part.double().softmax(dim=1)
        normal = np.exp(-0.5 * ((np.arange(part.shape[1]) - rest) / prior_steps) ** 2)
        np.testing.assert_allclose(share, np.tile(normal / normal.sum(), (200, 1)), atol=0.03)
        assert (share.argmax(dim=1) == rest).all()
    assert value.abs().max() < 1.0


def test_a_seed_fixes_the_weights_and_another_gives_others():
    one, same, other = made(seed=3), made(seed=3), made(seed=4)
    for mine, its in zip(one.parameters(), same.parameters(), strict=True):
        assert torch.equal(mine, its)
    assert not torch.equal(one.acting()[0].weight, other.acting()[0].weight)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_acting_layers_are_the_logits_and_values_are_the_values(shape):
    network = made(shape)
    with torch.no_grad():
        logits, value = network(seen())
        x = network.taken(seen())
        for layer in network.acting()[:-1]:
            x = layer(x).relu()
        assert torch.equal(network.acting()[-1](x), logits)
        assert torch.equal(network.values(seen()), value)
    assert network.entered() == [network.acting()[0]]


def test_inputs_beyond_the_features_are_zero_and_too_many_features_are_refused():
    padded = made("wide").taken(seen())
    assert padded.shape == (200, 256)
    assert torch.equal(padded[:, :7], seen())
    assert not padded[:, 7:].any()
    with pytest.raises(ValueError, match="4 features: this shape takes at most 3"):
        ActorCritic(4, HEADS, NEUTRAL, Shape(inputs=3))
