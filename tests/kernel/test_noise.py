"""Keyed noise: the same draw whoever else draws, the same bits in Numba and NumPy."""

import numpy as np
from scipy.special import ndtri

from simengine.kernel.noise import Noise, normal_at, uniform_at
from streams.jit import jit
from streams.quantile import normal_quantile

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def numpy_mix(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def numpy_uniform(keys, n):
    bits = numpy_mix(keys[:, None] + (np.arange(n, dtype=np.uint64) + np.uint64(1)) * GOLDEN)
    return ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


@jit
def gathered(keys, replica, agent):
    u, z = np.empty(agent.size), np.empty(agent.size)
    for i in range(agent.size):
        u[i], z[i] = uniform_at(keys[replica[i]], agent[i]), normal_at(keys[replica[i]], agent[i])
    return u, z


def test_uniforms_are_bit_equal_in_numba_and_numpy():
    noise = Noise(7, range(5), tick=-3)
    assert np.array_equal(noise.uniform("a", 1000), numpy_uniform(noise.key("a"), 1000))


def test_a_gathered_draw_is_the_bulk_draw():
    noise = Noise(7, range(5))
    keys, rng = noise.key("a"), np.random.default_rng(0)
    replica = rng.integers(0, 5, 2000).astype(np.int32)
    agent = rng.integers(0, 300, 2000).astype(np.int32)
    u, z = gathered(keys, replica, agent)
    assert np.array_equal(u, noise.uniform("a", 300)[replica, agent])
    assert np.array_equal(z, noise.normal("a", 300)[replica, agent])


def test_a_draw_depends_on_seed_number_stream_and_tick_alone():
    def draw(seed=1, number=4, stream="a", tick=9):
        return Noise(seed, [number], tick).uniform(stream, 3)[0]

    assert np.array_equal(draw(), Noise(1, [0, 4, 4], 2).uniform("a", 50, tick=9)[2, :3])
    others = [draw(seed=2), draw(number=5), draw(stream="b"), draw(tick=8), draw(tick=-9)]
    assert all(not np.isclose(draw(), other).any() for other in others)


def test_uniforms_stay_inside_the_open_interval():
    u = Noise(0, range(64)).uniform("a", 10_000)
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert abs(u.mean() - 0.5) < 0.002
    assert abs(u.var() - 1 / 12) < 0.001


def test_draws_of_neighbours_and_of_successive_ticks_are_uncorrelated():
    noise = Noise(0, [0])
    draws = np.concatenate([noise.normal("a", 500, tick=t) for t in range(400)])
    for a, b in ((draws[:, 1:], draws[:, :-1]), (draws[1:], draws[:-1])):
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.01
    assert abs(draws.mean()) < 0.01
    assert abs(draws.std() - 1) < 0.01


def test_the_normal_quantile_agrees_with_scipy_into_the_far_tail():
    u = np.concatenate([2.0 ** -np.arange(2, 54), np.linspace(0.001, 0.999, 999)])
    ours = np.array([normal_quantile(each) for each in u])
    np.testing.assert_allclose(ours, ndtri(u), rtol=2e-15, atol=2e-15)
