import numpy as np
import pytest

from analysis.macro.wealth import KNOWN_SAMPLES, SAMPLES, us_wealth_quantile, wealth_gini_target
from streams.measures import gini


def test_us_wealth_has_the_shares_and_the_gini_of_the_survey():
    people = (np.arange(2_000_000) + 0.5) / 2_000_000
    worth = us_wealth_quantile(people)
    held, total = np.cumsum(worth), worth.sum()
    assert total / len(people) == pytest.approx(1.0, abs=2e-3)
    assert held[len(people) // 2 - 1] / total == pytest.approx(0.027, abs=1e-3)
    assert 1 - held[int(0.9 * len(people)) - 1] / total == pytest.approx(0.687, abs=1e-3)
    assert 1 - held[int(0.99 * len(people)) - 1] / total == pytest.approx(0.314, abs=1e-3)
    assert float(gini(worth)) == pytest.approx(0.803, abs=1e-3)
    assert (np.diff(worth) > 0).all()


def test_the_table_of_samples_is_what_sampling_us_wealth_gives():
    rng = np.random.default_rng(1)
    for size, mean, spread in SAMPLES[[0, 2, 5]]:
        drawn = gini(us_wealth_quantile(rng.random((20_000, int(size)))))
        assert drawn.mean() == pytest.approx(mean, abs=4 * spread / 20_000**0.5)
        assert drawn.std() == pytest.approx(spread, rel=0.03)


def test_sampling_us_wealth_comes_near_the_three_known_samples():
    rows = SAMPLES[np.isin(SAMPLES[:, 0], KNOWN_SAMPLES[:, 0])]
    assert np.abs(rows - KNOWN_SAMPLES)[:, 1].max() < 0.0025
    assert np.abs(rows - KNOWN_SAMPLES)[:, 2].max() < 0.0055


def test_the_gini_target_depends_on_the_number_of_households():
    for size, mean, spread in KNOWN_SAMPLES:
        assert wealth_gini_target(int(size)) == pytest.approx((mean, spread))
    sizes = (20, 50, 100, 170, 250, 300, 500, 1000, 2500, 10**6)
    means, sds = zip(*(wealth_gini_target(n) for n in sizes), strict=True)
    assert list(means) == sorted(means)
    assert list(sds) == sorted(sds, reverse=True)
    assert means[-1] == pytest.approx(0.803, abs=1e-4)
    assert wealth_gini_target() == (0.803, 0.0)
