"""Evolution's operators: exact small cases, frequencies against closed forms, parents left as they were."""

import numpy as np
import pytest
from scipy import stats

from agents.genetics import (
    blend_crossover,
    gaussian_mutation,
    inherited_taste,
    n_point_crossover,
    neutral,
    rank,
    roulette,
    tournament,
    uniform_crossover,
)

DRAWS = 100_000
ALL = np.ones(4, bool)


def uniforms(*shape, seed=0):
    return np.random.default_rng(seed).random(shape)


def frequencies(slots, size=4):
    return np.bincount(slots, minlength=size)


def agree(slots, chances):
    """Whether counts of slots are those of the chances, by chi-square; what has no chance is never drawn."""
    chances = np.asarray(chances, float)
    counts = frequencies(slots, len(chances))
    assert counts[chances == 0].sum() == 0
    some = chances > 0
    return stats.chisquare(counts[some], len(slots) * chances[some] / chances.sum()).pvalue > 1e-3


def test_roulette_solved_by_hand():
    # Above the least fit: 0, 1, 3; mean 4/3; with least = .75 each gets 1 more: chances 1/7, 2/7, 4/7.
    slots = roulette(np.array([5.0, 6.0, 8.0]), ALL[:3], np.array([0.142, 0.143, 0.428, 0.429, 0.999]), 0.75)
    assert slots.tolist() == [0, 1, 1, 2, 2]


def test_roulette_is_drawn_in_proportion_to_fitness_above_the_least():
    fitness = np.array([-2.0, 0.0, 4.0, 1.0])
    assert agree(roulette(fitness, ALL, uniforms(DRAWS)), fitness + 2.0 + 0.01 * 2.75)


def test_roulette_sees_differences_of_fitness_alone():
    fitness, draws = np.array([-2.0, 0.0, 4.0, 1.0]), uniforms(1_000)
    expected = roulette(fitness, ALL, draws)
    np.testing.assert_array_equal(roulette(8.0 * fitness + 64.0, ALL, draws), expected)


def test_equals_are_drawn_evenly_by_every_selection():
    equal = np.full(4, -3.0)
    even = np.ones(4)
    assert agree(roulette(equal, ALL, uniforms(DRAWS)), even)
    assert agree(rank(equal, ALL, uniforms(DRAWS)), even)
    assert agree(tournament(equal, ALL, uniforms(DRAWS, 3)), even)
    assert agree(neutral(ALL, uniforms(DRAWS)), even)


def test_rank_counts_places_and_equals_share_theirs():
    assert agree(rank(np.array([10.0, -1.0, 3.0, 3.0]), ALL, uniforms(DRAWS)), [4.0, 1.0, 2.5, 2.5])


def test_a_tournament_is_won_with_the_chance_that_all_drawn_are_no_fitter():
    # Of n ranked from below, the i-th wins with (i/n)^size − ((i−1)/n)^size.
    places = np.arange(1, 5) / 4
    chances = np.diff(places**3, prepend=0.0)
    assert agree(tournament(np.array([1.0, 2.0, 3.0, 4.0]), ALL, uniforms(DRAWS, 3)), chances)
    assert agree(tournament(np.array([1.0, 2.0, 3.0, 4.0]), ALL, uniforms(DRAWS, 1)), np.ones(4))


@pytest.mark.parametrize("select", [roulette, rank])
def test_the_dead_are_never_drawn_whatever_their_fitness(select):
    alive = np.array([False, True, True, False])
    edges = np.array([5e-324, 0.5, np.nextafter(1.0, 0.0), 1.0])
    fitness = np.array([np.nan, 1.0, 2.0, np.inf])
    assert set(select(fitness, alive, np.concatenate([edges, uniforms(1_000)]))) == {1, 2}
    assert set(tournament(fitness, alive, uniforms(1_000, 2))) == {1, 2}
    assert set(neutral(alive, np.concatenate([edges, uniforms(1_000)]))) == {1, 2}


def test_a_lone_survivor_is_always_drawn():
    alive = np.array([False, False, True, False])
    for select in (roulette, rank):
        assert set(select(np.zeros(4), alive, uniforms(100))) == {2}


def test_replicas_are_drawn_each_from_their_own_row():
    fitness, alive = uniforms(3, 5, seed=1), uniforms(3, 5, seed=2) < 0.7
    draws = uniforms(3, 6, 2, seed=3)
    for select in (roulette, rank):
        rows = [select(fitness[r], alive[r], draws[r, :, 0]) for r in range(3)]
        np.testing.assert_array_equal(select(fitness, alive, draws[..., 0]), rows)
    rows = [tournament(fitness[r], alive[r], draws[r]) for r in range(3)]
    np.testing.assert_array_equal(tournament(fitness, alive, draws), rows)


def test_no_draws_are_no_slots():
    for select in (roulette, rank):
        assert select(np.zeros(4), ALL, np.empty(0)).shape == (0,)
    assert neutral(ALL, np.empty(0)).shape == (0,)


def test_nobody_to_draw_and_unknown_fitness_are_said():
    with pytest.raises(ValueError, match="nobody is eligible"):
        neutral(~ALL, uniforms(1))
    with pytest.raises(ValueError, match="nobody is eligible"):
        roulette(np.zeros((2, 4)), np.stack([ALL, ~ALL]), uniforms(2, 1))
    with pytest.raises(ValueError, match="fitness is nan"):
        rank(np.array([0.0, np.nan, 1.0, 1.0]), ALL, uniforms(1))


def test_uniform_crossover_takes_each_gene_from_one_parent():
    mother, father = np.arange(4.0), -np.arange(4.0) - 1.0
    child = uniform_crossover(mother, father, np.array([0.1, 0.5, 0.499, 0.9]))
    assert child.tolist() == [0.0, -2.0, 2.0, -4.0]
    share = (uniform_crossover(np.ones(DRAWS), np.zeros(DRAWS), uniforms(DRAWS))).mean()
    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(DRAWS)


def test_two_cuts_give_the_middle_of_the_father():
    # Of places 1 to 4 the first cut is ⌊.3·4⌋ + 1 = 2; the second ⌊.5·3⌋ + 1 = 2, which is taken: 3.
    child = n_point_crossover(np.zeros(5), np.ones(5), np.array([0.3, 0.5]))
    assert child.tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert n_point_crossover(np.zeros(5), np.ones(5), np.empty(0)).tolist() == [0.0] * 5


def test_every_set_of_cuts_is_as_likely_and_none_coincide():
    child = n_point_crossover(np.zeros((DRAWS, 5)), np.ones((DRAWS, 5)), uniforms(DRAWS, 2))
    kinds, counts = np.unique(child, axis=0, return_counts=True)
    assert len(kinds) == 6  # of 4 places, 2
    assert stats.chisquare(counts).pvalue > 1e-3
    with pytest.raises(ValueError, match="5 cuts in 5 genes: valid are 0 to 4"):
        n_point_crossover(np.zeros(5), np.ones(5), uniforms(5))


def test_a_blend_lies_evenly_in_the_stretched_interval_of_its_parents():
    child = blend_crossover(np.full(DRAWS, 1.0), np.full(DRAWS, 3.0), uniforms(DRAWS))
    assert stats.kstest(child, stats.uniform(0.0, 4.0).cdf).pvalue > 1e-3
    assert blend_crossover(np.array([1.0]), np.array([3.0]), np.array([0.25]), 0.0).tolist() == [1.5]


def test_a_blend_beyond_by_the_right_amount_keeps_the_variance_of_unrelated_parents():
    rng = np.random.default_rng(5)
    mother, father = rng.normal(size=(2, DRAWS))
    child = blend_crossover(mother, father, uniforms(DRAWS), (np.sqrt(3) - 1) / 2)
    assert child.var() == pytest.approx(1.0, abs=0.02)


def test_mutation_adds_noise_of_its_size_to_its_share_of_genes():
    rng = np.random.default_rng(6)
    change = gaussian_mutation(np.ones(DRAWS), rng.normal(size=DRAWS), uniforms(DRAWS), 0.2, 3.0) - 1.0
    touched = change != 0.0
    assert abs(touched.mean() - 0.2) < 4 * np.sqrt(0.16 / DRAWS)
    assert stats.kstest(change[touched], stats.norm(0.0, 3.0).cdf).pvalue > 1e-3


def test_no_mutation_is_an_equal_genome_in_new_memory():
    genome = np.arange(3, dtype=np.float32)
    same = gaussian_mutation(genome, np.ones(3), uniforms(3), 0.0, 1.0)
    np.testing.assert_array_equal(same, genome)
    assert same.dtype == np.float32
    assert not np.shares_memory(same, genome)


def test_a_childs_taste_is_the_mean_of_logits_plus_noise():
    child = inherited_taste(np.array([0.0, 2.0]), np.array([1.0, -1.0]), np.array([1.0, -1.0]), 0.25)
    assert child.tolist() == [0.75, 0.25]


def test_tastes_in_logits_settle_at_twice_the_variance_of_mutation():
    rng = np.random.default_rng(7)
    taste = rng.normal(size=(DRAWS, 1))
    for _ in range(25):
        mother, father = taste[rng.integers(DRAWS, size=(2, DRAWS))]
        taste = inherited_taste(mother, father, rng.normal(size=taste.shape), 0.3)
    assert taste.var() == pytest.approx(2 * 0.3**2, rel=0.03)


def test_a_softmax_of_summed_shares_fades_as_logits_do_not():
    # The earlier program's rule: shares of three goods shrink to 2/3 of their difference at every birth.
    share = np.array([0.34, 0.33, 0.33])
    for _ in range(10):
        grown = np.exp(2 * share)
        share = grown / grown.sum()
    assert np.ptp(share) == pytest.approx(0.01 * (2 / 3) ** 10, rel=0.02)
    logits = np.log([0.34, 0.33, 0.33])
    np.testing.assert_array_equal(inherited_taste(logits, logits, np.zeros(3), 0.1), logits)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parents_stay_as_they_were_and_share_no_memory_with_children(dtype):
    rng = np.random.default_rng(8)
    population = rng.normal(size=(6, 20)).astype(dtype)
    before = population.tobytes()
    pairs = [(population[0], population[1]), (population[2], population[2]), (population[:3], population[3:])]
    for mother, father in pairs:
        shape = mother.shape
        points, genes, normal = rng.random((*shape[:-1], 2)), rng.random(shape), rng.normal(size=shape)
        children = [
            uniform_crossover(mother, father, genes),
            n_point_crossover(mother, father, points),
            n_point_crossover(mother, father, points[..., :0]),
            blend_crossover(mother, father, genes),
            gaussian_mutation(mother, normal, genes, 0.5, 0.1),
        ]
        for child in children:
            assert child.dtype == dtype
            assert not np.shares_memory(child, population)
            child[:] = np.nan
    assert population.tobytes() == before
