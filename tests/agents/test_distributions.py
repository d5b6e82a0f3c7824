"""Distributions of every kind of head, against closed forms, enumeration and numerical integration."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import log_softmax, logit
from scipy.stats import chisquare, kstest, multivariate_normal, norm

from agents.distributions import distribution, read, written
from agents.joint import Joint
from simengine.kernel.heads import KINDS, Categorical, Real, Simplex, Tokens

MIXED = {
    "job": Categorical(5, 2),
    "price": Real(-1.0, 3.0, 2, (0.0, 2.0)),
    "basket": Simplex(3, (0.5, 0.3, 0.2)),
    "word": Tokens(4, 3),
    "quit": Categorical(2),
}


def drawn(heads, rows, seed=0, spread=1.0, greedy=False, asked=None):
    """A joint, outputs, what was drawn, its log-probability and the mask; none of it by the code tested."""
    joint, rng = Joint(heads), np.random.default_rng(seed)
    outputs = (spread * rng.normal(size=(rows, joint.outputs))).astype(np.float32)
    uniform = rng.random((rows, joint.numbers))
    asked = np.ones((rows, len(heads)), np.bool_) if asked is None else asked
    found, said, bad = joint.draw(outputs, uniform, asked, greedy)
    assert bad == -1
    return joint, outputs, found, said, asked


def spoken(head, given, at, prior=None):
    """Log-probability, entropy and divergence of one row, as floats."""
    one = distribution(head)
    given, at = (torch.tensor(np.atleast_2d(x), dtype=torch.float32) for x in (given, at))
    prior = one.prior(0.6) if prior is None else torch.tensor(prior, dtype=torch.float32)
    return tuple(float(x[0]) for x in one.spoken(given, prior, at))


# -- known answers ----------------------------------------------------------------------------------


def test_choices_have_the_log_probability_of_the_softmax():
    _, outputs, found, said, _ = drawn({"job": Categorical(7)}, 500)
    expected = log_softmax(outputs.astype(float), axis=1)[np.arange(500), found[:, 0]]
    np.testing.assert_allclose(said, expected, atol=1e-5)


def test_a_real_number_has_the_density_of_a_logit_normal_on_its_range():
    joint, outputs, found, said, _ = drawn({"price": Real(-1.0, 3.0, 2)}, 500, spread=0.4)
    share = (joint.answer(found)["price"] + 1.0) / 4.0
    mean, sd = outputs[:, :2].astype(float), np.exp(outputs[:, 2:].astype(float))
    expected = norm.logpdf(logit(share), mean, sd) - np.log(share * (1 - share)) - np.log(4.0)
    np.testing.assert_allclose(said, expected.sum(axis=1), atol=1e-4)


def test_shares_have_the_density_of_a_logistic_normal():
    joint, outputs, found, said, _ = drawn({"basket": Simplex(4)}, 300, spread=0.4)
    share = joint.answer(found)["basket"]
    ratios = np.log(share[:, :-1] / share[:, -1:])
    for row in range(300):
        mean, sd = outputs[row, :3].astype(float), np.exp(outputs[row, 3:].astype(float))
        expected = multivariate_normal.logpdf(ratios[row], mean, np.diag(sd**2)) - np.log(share[row]).sum()
        assert said[row] == pytest.approx(expected, abs=1e-4)


def test_sequences_have_the_chances_of_their_chain_and_these_sum_to_one():
    head, rng = Tokens(3, 4), np.random.default_rng(1)
    given, prior = rng.normal(size=(2, 3 * 4 + 9))
    every = np.array(list(product(range(3), repeat=4)))

    def chance(outputs, sequence):
        place, follows = outputs[:12].reshape(4, 3), outputs[12:].reshape(3, 3)
        total = log_softmax(place[0])[sequence[0]]
        for t in range(1, 4):
            total += log_softmax(place[t] + follows[sequence[t - 1]])[sequence[t]]
        return total

    mine = np.array([chance(given, sequence) for sequence in every])
    usual = np.array([chance(prior, sequence) for sequence in every])
    found = np.array([spoken(head, given, sequence, prior) for sequence in every])
    np.testing.assert_allclose(found[:, 0], mine, atol=1e-5)
    assert np.exp(mine).sum() == pytest.approx(1.0)
    assert found[0, 1] == pytest.approx(-(np.exp(mine) * mine).sum(), abs=1e-5)
    assert found[0, 2] == pytest.approx((np.exp(mine) * (mine - usual)).sum(), abs=1e-5)


def test_a_chain_can_say_what_independent_symbols_cannot():
    """All alike, each symbol as often: the entropy of three symbols, not of twenty-seven sequences."""
    given = np.concatenate([np.zeros(9), 20.0 * np.eye(3).ravel()])
    assert spoken(Tokens(3, 3), given, [1, 1, 1])[0] == pytest.approx(np.log(1 / 3), abs=1e-5)
    assert spoken(Tokens(3, 3), given, [1, 1, 1])[1] == pytest.approx(np.log(3), abs=1e-5)


@pytest.mark.parametrize(("mean", "log_sd"), [(0.0, 0.0), (1.5, -1.0), (-2.0, 0.5), (0.3, -3.0)])
def test_entropy_and_divergence_of_real_numbers_are_the_integrals(mean, log_sd):
    head, prior = Real(2.0, 7.0), np.array([0.4, np.log(0.6)])

    def density(x, m, s):
        share = (x - 2.0) / 5.0
        return norm.logpdf(logit(share), m, s) - np.log(share * (1 - share)) - np.log(5.0)

    def mine(x):
        return density(x, mean, np.exp(log_sd))

    ends = 2.0 + 5.0 / (1.0 + np.exp(-(mean + np.array([-9.0, 9.0]) * np.exp(log_sd))))
    mass = quad(lambda x: np.exp(mine(x)), *ends, limit=200)[0]
    entropy = quad(lambda x: -np.exp(mine(x)) * mine(x), *ends, limit=200)[0]
    away = quad(lambda x: np.exp(mine(x)) * (mine(x) - density(x, 0.4, 0.6)), *ends, limit=200)[0]
    _, found, information = spoken(head, [mean, log_sd], [0.0], prior)
    assert mass == pytest.approx(1.0, abs=1e-6)
    assert found == pytest.approx(entropy, abs=2e-3)
    assert information == pytest.approx(away, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    ("mean", "log_sd", "within"), [((0.5, -0.3), (-1.0, -0.5), 0.02), ((0.5, 0.0), (0.0, 0.0), 0.1)]
)
def test_entropy_and_divergence_of_shares_are_the_integrals(mean, log_sd, within):
    node, weight = np.polynomial.legendre.leggauss(300)
    x, v = np.meshgrid(0.5 + 0.5 * node, 0.5 + 0.5 * node, indexing="ij")
    share = np.stack([x, (1 - x) * v, (1 - x) * (1 - v)])  # every corner of the simplex
    area = 0.25 * np.multiply.outer(weight, weight) * (1 - x)

    def density(m, s):
        ratios = np.log(share[:2] / share[2])
        return sum(norm.logpdf(ratios[k], m[k], s[k]) for k in range(2)) - np.log(share).sum(axis=0)

    own, usual = density(mean, np.exp(log_sd)), density((0.2, 0.1), (0.6, 0.6))
    _, found, information = spoken(
        Simplex(3), [*mean, *log_sd], [0.0, 0.0], [0.2, 0.1, np.log(0.6), np.log(0.6)]
    )
    assert (np.exp(own) * area).sum() == pytest.approx(1.0, abs=1e-5)
    assert found == pytest.approx(-(np.exp(own) * own * area).sum(), abs=within)
    assert information == pytest.approx((np.exp(own) * (own - usual) * area).sum(), rel=1e-3)


def test_the_score_of_normals_is_the_one_by_hand():
    for head in (Real(0.0, 1.0, 2), Simplex(3)):
        given = torch.tensor([[0.3, -0.2, -0.5, 0.4]], requires_grad=True)
        at = torch.tensor([[0.9, -1.1]])
        distribution(head).spoken(given, torch.zeros(4), at)[0].sum().backward()
        mean, sd = given.detach()[0, :2].numpy(), np.exp(given.detach()[0, 2:].numpy())
        away = (at[0].numpy() - mean) / sd
        np.testing.assert_allclose(given.grad[0], [*(away / sd), *(away**2 - 1.0)], rtol=1e-5)


@pytest.mark.parametrize("steps", [0.3, 0.6])
@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (Categorical(5, 2), 2), (Real(-1.0, 3.0, 2, (0.0, 2.0)), (0.0, 2.0)), (Real(0.0, 4.0, 2), 2.0),
        (Real(0.0, 1.0, 1, (1.0,)), 0.98), (Simplex(3, (0.5, 0.3, 0.2)), (0.5, 0.3, 0.2)), (Simplex(1), 1.0),
        (Tokens(3, 2, (1, 2)), (1, 2)),
    ],
)  # fmt: skip
def test_a_prior_stands_around_the_neutral_answer_and_diverges_from_itself_by_nothing(head, rest, steps):
    joint = Joint({"it": head})
    prior = joint.prior(steps)
    uniform, asked = np.full((1, joint.numbers), 0.5), np.ones((1, 1), np.bool_)
    found, _, _ = joint.draw(prior[None].numpy(), uniform, asked, greedy=True)
    answer = joint.answer(found)
    answer = answer["it"] if isinstance(answer, dict) else answer
    np.testing.assert_allclose(answer[0], rest, atol=1e-6)
    _, _, away = distribution(head).spoken(prior[None], prior, torch.tensor(found))
    assert float(away[0]) == pytest.approx(0.0, abs=1e-6)


# -- draws ------------------------------------------------------------------------------------------


def test_draws_of_normals_through_uniforms_pass_a_test_of_kolmogorov_and_smirnov():
    rows = 20_000
    rng, asked = np.random.default_rng(3), np.ones((rows, 1), np.bool_)
    for head in (Real(-2.0, 5.0), Simplex(2)):
        joint = Joint({"it": head})
        outputs = np.tile(np.array([0.7, -0.4], np.float32), (rows, 1))
        found, _, _ = joint.draw(outputs, rng.random((rows, 1)), asked)
        share = joint.answer(found)["it"][:, 0]
        share = (share + 2.0) / 7.0 if head.kind == "real" else share
        assert kstest(logit(share), norm(0.7, np.exp(-0.4)).cdf).pvalue > 1e-3


def test_sequences_are_drawn_as_often_as_their_chain_says():
    rows, head, rng = 50_000, Tokens(3, 3), np.random.default_rng(4)
    joint, given = Joint({"word": head}), rng.normal(size=18).astype(np.float32)
    found, _, _ = joint.draw(np.tile(given, (rows, 1)), rng.random((rows, 3)), np.ones((rows, 1), np.bool_))
    every = np.array(list(product(range(3), repeat=3)))
    chance = np.exp([spoken(head, given, sequence)[0] for sequence in every])
    seen = np.bincount(found @ np.array([9, 3, 1]), minlength=27)
    assert chisquare(seen, rows * chance / chance.sum()).pvalue > 1e-3


def test_the_log_probability_of_mixed_heads_is_that_of_the_learner_over_those_asked():
    asked = np.random.default_rng(5).random((2_000, len(MIXED))) < 0.6
    joint, outputs, found, said, _ = drawn(MIXED, 2_000, asked=asked)
    theirs, _, _ = joint.spoken(
        torch.from_numpy(outputs), joint.prior(0.6), torch.from_numpy(found), torch.from_numpy(asked).float()
    )
    np.testing.assert_allclose(said, theirs, atol=2e-4, rtol=1e-5)
    assert (said[~asked.any(axis=1)] == 0.0).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.floats(0.1, 30.0))
def test_answers_are_valid_and_a_row_is_answered_alike_in_any_company(seed, rows, spread):
    joint, outputs, found, said, asked = drawn(MIXED, rows, seed, spread)
    answers = joint.answer(found)
    for name, head in MIXED.items():
        assert answers[name].shape == (rows, head.width)
        assert answers[name].dtype == head.dtype
        if head.kind == "real":
            assert (head.low <= answers[name]).all()
            assert (answers[name] <= head.high).all()
        elif head.kind == "simplex":
            assert (answers[name] >= 0.0).all()
            np.testing.assert_allclose(answers[name].sum(axis=1), 1.0, rtol=1e-12)
        else:
            assert (answers[name] >= 0).all()
            assert (answers[name] < head.size).all()
    uniform = np.random.default_rng(seed)
    uniform.normal(size=(rows, joint.outputs))
    uniform = uniform.random((rows, joint.numbers))
    for row in {0, rows // 2, rows - 1}:
        alone = slice(row, row + 1)
        again, said_again, _ = joint.draw(outputs[alone], uniform[alone], asked[alone])
        np.testing.assert_array_equal(again, found[alone])
        assert said_again == said[alone]
        for name, answer in joint.answer(again).items():
            np.testing.assert_array_equal(answer, answers[name][alone])


def test_greedy_takes_means_and_the_likeliest_symbol_after_the_last():
    joint, outputs, found, _, _ = drawn(MIXED, 200, greedy=True)
    table, own = joint.table, dict(zip(MIXED, joint.table.number))
    first = dict(zip(MIXED, table.output))
    np.testing.assert_array_equal(found[:, own["job"]], outputs[:, :5].argmax(axis=1))
    for name in ("price", "basket"):
        means = outputs[:, first[name] : first[name] + 2]
        np.testing.assert_array_equal(found[:, own[name] : own[name] + 2], means)
    word, at = outputs[:, first["word"] : first["word"] + 28], own["word"]
    last = word[:, :4].argmax(axis=1)
    np.testing.assert_array_equal(found[:, at], last)
    for t in (1, 2):
        follows = word[:, 12:].reshape(-1, 4, 4)[np.arange(200), last]
        last = (word[:, 4 * t : 4 * t + 4].astype(float) + follows).argmax(axis=1)
        np.testing.assert_array_equal(found[:, at + t], last)


# -- heads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [*MIXED.values(), Tokens(2, 1, (1,)), 9])
def test_every_kind_the_kernel_knows_has_a_distribution_that_takes_as_many_uniforms_and_can_be_written(head):
    assert {each.kind for each in map(distribution, MIXED.values())} == set(KINDS)
    found = distribution(head)
    assert found.numbers == getattr(head, "uniforms", 1)
    assert read(written(found)) == found


def test_a_kind_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="head of kind 'angle': valid are categorical, real"):
        distribution(type("Angle", (), {"kind": "angle"}))


@pytest.mark.parametrize("head", [Categorical(3), Real(0.0, 1.0), Simplex(3), Tokens(3, 2)])
def test_a_thousand_and_twenty_four_heads_are_the_sum_of_each_alone(head):
    heads = {f"h{k}": head for k in range(1024)}
    joint, outputs, found, said, asked = drawn(heads, 6, spread=0.5)
    theirs = joint.spoken(
        torch.from_numpy(outputs), joint.prior(0.6), torch.from_numpy(found), torch.from_numpy(asked).float()
    )
    one = distribution(head)
    each = one.spoken(
        torch.from_numpy(outputs).unflatten(1, (1024, -1)),
        one.prior(0.6),
        torch.from_numpy(found).unflatten(1, (1024, -1)),
    )
    for mine, its in zip(theirs, each, strict=True):
        np.testing.assert_allclose(mine, its.double().sum(dim=1), rtol=1e-4)
    np.testing.assert_allclose(said, theirs[0], rtol=1e-4)
