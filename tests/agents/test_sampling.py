"""Actions from logits: the right frequencies, the edges of the inverse CDF, heads that are not asked."""

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from agents.joint import Joint

SIZES = np.array([5, 3, 8])


def chosen(logits, uniform, asked=None, greedy=False, sizes=SIZES):
    """Actions (rows, heads) and their log-probability (rows,)."""
    logits, uniform = np.asarray(logits, np.float32), np.asarray(uniform, float)
    asked = np.ones(uniform.shape, np.bool_) if asked is None else asked
    actions, said, bad = joint(sizes).draw(logits, uniform, asked, greedy)
    assert bad == -1
    return actions, said


def joint(sizes=SIZES):
    return Joint({f"head {h}": int(size) for h, size in enumerate(sizes)})


def drawn(rows, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, SIZES.sum())), rng.random((rows, SIZES.size)), rng.random((rows, 3)) < 0.6


def test_frequencies_are_those_of_the_softmax():
    rows = 100_000
    logits, uniform = np.repeat(drawn(1)[0], rows, axis=0), drawn(rows)[1]
    actions, _ = chosen(logits, uniform)
    for h, head in enumerate(np.split(logits[0], SIZES.cumsum()[:-1])):
        share = np.exp(head) / np.exp(head).sum()
        assert chisquare(np.bincount(actions[:, h], minlength=SIZES[h]), rows * share).pvalue > 1e-3


def test_heads_are_drawn_independently():
    rows = 50_000
    actions, _ = chosen(np.zeros((rows, 16)), drawn(rows)[1])
    pairs = np.bincount(actions[:, 0] * 8 + actions[:, 2], minlength=40)
    assert chisquare(pairs).pvalue > 1e-3


def test_the_log_probability_is_that_of_the_learner_over_the_heads_asked():
    logits, uniform, asked = drawn(2_000)
    actions, said = chosen(logits, uniform, asked)
    theirs, _, _ = joint().spoken(
        torch.from_numpy(logits), torch.zeros(logits.shape[1]), torch.from_numpy(actions),
        torch.from_numpy(asked.astype(float)),
    )  # fmt: skip
    np.testing.assert_allclose(said, theirs.numpy(), atol=1e-5)


def test_a_head_that_is_not_asked_does_not_count():
    logits, uniform, asked = drawn(2_000)
    actions, said = chosen(logits, uniform, asked)
    assert (actions[~asked] == 0).all()
    other, same = np.where(asked, uniform, 1 - uniform), np.repeat(asked, SIZES, axis=1)
    again, said_again = chosen(np.where(same, logits, 7.0), other, asked)
    np.testing.assert_array_equal(again, actions)
    np.testing.assert_array_equal(said_again, said)


def test_the_cdf_is_open_above_at_every_step():
    below = np.nextafter([0.25, 0.5, 0.75, 1.0], 0.0)
    at = np.array([5e-324, 0.25, 0.5, 0.75])
    uniform = np.concatenate([below, at])[:, None]
    actions, said = chosen(np.zeros((8, 4)), uniform, sizes=[4])
    assert actions[:, 0].tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    np.testing.assert_allclose(said, np.log(0.25), rtol=1e-6)


@pytest.mark.parametrize(
    ("logits", "only"), [([-2e3, 0, -2e3], 1), ([0, -2e3, -2e3], 0), ([-2e3, -2e3, 0], 2)]
)
def test_an_action_without_mass_is_never_taken(logits, only):
    uniform = np.array([5e-324, 0.5, np.nextafter(1.0, 0.0), 1.0])[:, None]
    actions, said = chosen(np.tile(logits, (4, 1)), uniform, sizes=[3])
    assert (actions == only).all()
    assert (said == 0.0).all()


def test_greedy_takes_the_likeliest_and_the_first_of_equals():
    logits, uniform, _ = drawn(1_000)
    logits[:500] = np.round(logits[:500])
    actions, _ = chosen(logits, uniform, greedy=True)
    heads = np.split(logits.astype(np.float32), SIZES.cumsum()[:-1], axis=1)
    np.testing.assert_array_equal(actions, np.stack([head.argmax(axis=1) for head in heads], axis=1))


@pytest.mark.parametrize("greedy", [False, True])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_row_with_a_logit_that_is_not_finite_is_found_in_any_head(bad, greedy):
    logits, uniform, asked = drawn(20)
    for k in range(SIZES.sum()):
        poisoned = logits.astype(np.float32)
        poisoned[[7, 15], k] = bad
        assert joint().draw(poisoned, uniform, asked, greedy)[2] == 7
