"""The evolution strategy on functions whose minimum is known."""

import json

import numpy as np
import pytest
from scipy.stats import norm

from analysis.calibration import Evolution

CENTRE = np.linspace(0.2, 0.8, 10)


def sphere(points):
    return ((points - CENTRE) ** 2).sum(axis=1)


def minimised(function, start, generations, **settings):
    evolution = Evolution(np.array(start, dtype=float), **settings)
    for _ in range(generations):
        evolution.tell(function(evolution.ask()))
    return evolution


def test_a_sphere_is_solved_to_eight_digits():
    evolution = minimised(sphere, np.full(10, 0.5), 300)
    assert np.abs(evolution.mean - CENTRE).max() < 1e-8


def test_scales_a_thousand_times_apart_are_learned():
    scales = np.logspace(0, 6, 10)
    evolution = minimised(lambda x: ((x - CENTRE) ** 2) @ scales, np.full(10, 0.5), 600)
    assert np.abs(evolution.mean - CENTRE).max() < 1e-6
    assert evolution.spread[0] > 1e4 * evolution.spread[-1]


def test_a_minimum_beyond_the_box_is_found_on_its_face():
    beyond = np.array([-0.5, 1.5, 0.3, 0.7, 0.5, -0.1])
    evolution = minimised(lambda x: ((x - beyond) ** 2).sum(axis=1), np.full(6, 0.5), 300)
    assert np.abs(evolution.mean[[0, 1, 5]] - [0.0, 1.0, 0.0]).max() < 1e-9
    assert np.abs(evolution.mean - np.clip(beyond, 0, 1)).max() < 1e-6


def test_coordinates_held_by_a_face_do_not_stop_the_others():
    """Nine of ten coordinates end on a face while the last has six digits still to go."""
    beyond = np.append(np.full(9, -2.0), 0.3)
    evolution = minimised(lambda x: ((x - beyond) ** 2) @ np.append(np.ones(9), 1e-3), np.full(10, 0.5), 400)
    assert abs(evolution.mean[-1] - 0.3) < 1e-6


def test_points_never_leave_the_box():
    evolution = minimised(lambda x: -x.sum(axis=1), np.full(5, 0.9), 20)
    asked = evolution.ask()
    assert asked.min() >= 0
    assert asked.max() <= 1


def test_a_quadratic_under_noise_is_solved_as_well_as_its_noise_allows():
    def noisy(points, generation):
        return sphere(points) + 0.02 * norm.rvs(size=len(points), random_state=generation)

    evolution = Evolution(np.full(10, 0.95))
    before = sphere(evolution.mean[None])[0]
    for generation in range(200):
        evolution.tell(noisy(evolution.ask(), generation))
    assert sphere(evolution.mean[None])[0] < 0.02 < 0.05 * before


def test_the_step_keeps_its_size_when_nothing_is_to_be_won():
    """On pure noise the step is a random walk without drift: no premature convergence."""
    steps = []
    for seed in range(10):
        evolution = Evolution(np.full(20, 0.5), step=0.02, seed=seed)
        for generation in range(60):
            evolution.tell(norm.rvs(size=16, random_state=1000 * seed + generation))
        steps.append(np.log(evolution.step / 0.02))
    assert abs(np.mean(steps)) < 0.7


def test_refused_points_come_last():
    """A half of the box that breaks down repels the search."""

    def broken(points):
        return np.where(points[:, 0] < 0.45, np.inf, sphere(points))

    evolution = minimised(broken, np.full(10, 0.6), 200)
    assert 0.45 <= evolution.mean[0] < 0.46


def test_an_evolution_saved_as_json_goes_on_to_the_same_bits():
    alone = minimised(sphere, np.full(10, 0.5), 12)
    halfway = minimised(sphere, np.full(10, 0.5), 5)
    resumed = Evolution.restored(json.loads(json.dumps(halfway.saved())))
    for _ in range(7):
        resumed.tell(sphere(resumed.ask()))
    assert resumed.saved() == alone.saved()


@pytest.mark.parametrize("seed", [1, 2])
def test_draws_depend_on_seed_and_generation_alone(seed):
    one, other = Evolution(np.full(3, 0.5), seed=seed), Evolution(np.full(3, 0.5), seed=seed)
    assert np.array_equal(one.points, other.points)
    assert not np.array_equal(one.points, Evolution(np.full(3, 0.5), seed=seed + 2).points)
    one.tell(sphere3(one.ask()))
    assert not np.array_equal(one.points, other.points)


def sphere3(points):
    return ((points - 0.4) ** 2).sum(axis=1)
