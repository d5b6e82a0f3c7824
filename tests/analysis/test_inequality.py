import numpy as np
import pytest

from analysis import lorenz
from streams.measures import gini


def test_a_lorenz_curve_by_hand():
    people, share = lorenz([3.0, 1.0, 4.0, 2.0])
    np.testing.assert_allclose(people, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(share, [0, 0.1, 0.3, 0.6, 1])


def test_twice_the_area_above_the_curve_is_the_gini():
    amounts = np.random.default_rng(0).lognormal(0, 1.5, 500)
    people, share = lorenz(amounts)
    assert 1 - 2 * np.trapezoid(share, people) == pytest.approx(float(gini(amounts)), abs=1e-6)


def test_debts_pull_the_curve_below_zero():
    assert lorenz([-1.0, 2.0, 3.0])[1].min() == -0.25


def test_a_total_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="add up to -1"):
        lorenz([-2.0, 1.0])
