import numpy as np
import pytest
from scipy import stats

from analysis import statistics as st
from tests.analysis.macro.synthetic import ar1


def test_a_first_order_autocorrelation_by_hand():
    # Deviations −1.5 −.5 .5 1.5: products .75 − .25 + .75 = 1.25 over squares 5.
    assert st.autocorrelation(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.25)


def test_an_autoregression_shows_its_coefficient():
    x = ar1(np.random.default_rng(1), 4, 20_000, 0.7)
    np.testing.assert_allclose(st.autocorrelation(x), 0.7, atol=0.03)
    np.testing.assert_allclose(st.autocorrelation(x, 3), 0.7**3, atol=0.05)


def test_moments_agree_with_scipy():
    x, y = np.random.default_rng(2).gamma(2.0, size=(2, 60))
    assert st.correlation(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)
    assert st.slope(y, x) == pytest.approx(stats.linregress(x, y).slope)
    assert st.skewness(x) == pytest.approx(stats.skew(x))


def test_a_relative_sd_by_hand():
    assert st.relative_sd(np.array([0.0, 3.0, 0.0]), np.array([0.0, 1.0, 0.0])) == pytest.approx(3.0)


def test_a_constant_series_has_no_correlation_even_with_rounding():
    noise = 1e-12 * np.random.default_rng(3).normal(size=50)
    x = np.arange(50.0)
    for statistic in (st.correlation(x, noise), st.slope(x, noise), st.relative_sd(x, noise)):
        assert np.isnan(statistic)
    assert np.isnan(st.autocorrelation(noise))
    assert np.isnan(st.skewness(noise))
