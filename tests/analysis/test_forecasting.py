import numpy as np
import pytest
from scipy.special import ndtri
from statsmodels.regression.linear_model import OLS

from analysis.forecasting import (
    diebold_mariano,
    ensemble_crps,
    forecast_ar1,
    forecast_var1,
    interval,
    moving_blocks,
    normal_crps,
    relative,
    var1_path,
)

MATRIX = np.array([[0.5, 0.2], [-0.1, 0.8]])
COVARIANCE = np.array([[1.0, 0.3], [0.3, 0.5]])
CONSTANT = np.array([1.0, -0.5])


def var1_history(rng, quarters):
    y, noise = np.zeros((quarters, 2)), rng.normal(size=(quarters, 2)) @ np.linalg.cholesky(COVARIANCE).T
    for t in range(1, quarters):
        y[t] = CONSTANT + MATRIX @ y[t - 1] + noise[t]
    return y


def test_the_crps_of_a_normal_in_closed_form():
    # At the mean of a standard normal it is 2 φ(0) − 1/√π.
    assert normal_crps(0.0, 1.0, 0.0) == pytest.approx(2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi))
    assert normal_crps(3.0, 2.0, 3.0) == pytest.approx(2 * normal_crps(0.0, 1.0, 0.0))
    assert normal_crps(0.0, 1e-9, 5.0) == pytest.approx(5.0)  # of a point forecast: the absolute error


def test_the_crps_of_an_ensemble_by_hand():
    assert ensemble_crps([0.0, 1.0], 0.5) == pytest.approx(0.0)
    assert ensemble_crps([0.0, 1.0], 2.0) == pytest.approx(1.5 - 0.5)
    assert ensemble_crps([2.0, 0.0, 1.0], 0.0) == pytest.approx(1.0 - 0.5 * 4 / 3)
    with pytest.raises(ValueError, match="1 member"):
        ensemble_crps([1.0], 0.0)


def test_a_fine_ensemble_of_a_normal_scores_like_the_normal():
    members = ndtri((np.arange(4000) + 0.5) / 4000)[:, None]
    outcomes = np.array([-2.0, 0.0, 0.7])
    np.testing.assert_allclose(ensemble_crps(members, outcomes), normal_crps(0, 1, outcomes), atol=1e-3)


def test_the_fair_crps_does_not_depend_on_the_number_of_members():
    rng = np.random.default_rng(0)
    for members in (2, 20):
        found = ensemble_crps(rng.normal(size=(members, 40_000)), np.full(40_000, 0.5))
        error = found.std() / np.sqrt(40_000)
        assert found.mean() == pytest.approx(float(normal_crps(0, 1, 0.5)), abs=4 * error)


def test_the_forecast_variance_of_an_ar1_in_closed_form():
    found = var1_path(np.zeros(1), np.array([[0.5]]), np.array([[4.0]]), np.array([8.0]), (1, 2, 60))
    np.testing.assert_allclose(found.mean[:, 0], [4.0, 2.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(found.sd[:, 0] ** 2, [4.0, 4.0 * 1.25, 4.0 / (1 - 0.25)])


def test_the_forecasts_of_a_known_var1_by_hand():
    last = np.array([2.0, 1.0])
    found = var1_path(CONSTANT, MATRIX, COVARIANCE, last, (1, 2))
    first = np.array([1.0 + 1.0 + 0.2, -0.5 - 0.2 + 0.8])
    np.testing.assert_allclose(found.mean, [first, CONSTANT + MATRIX @ first])
    np.testing.assert_allclose(found.sd[1] ** 2, np.diag(COVARIANCE + MATRIX @ COVARIANCE @ MATRIX.T))


def test_least_squares_find_the_var1_behind_a_long_history():
    y = var1_history(np.random.default_rng(1), 60_000)
    found = forecast_var1(y, (1, 4))
    known = var1_path(CONSTANT, MATRIX, COVARIANCE, y[-1], (1, 4))
    np.testing.assert_allclose(found.mean, known.mean, atol=0.03)
    np.testing.assert_allclose(found.sd, known.sd, rtol=0.02)


def test_an_ar1_per_variable_is_a_var1_of_one_variable():
    y = var1_history(np.random.default_rng(2), 80)
    both = forecast_ar1(y, (1, 8))
    for column in (0, 1):
        alone = forecast_var1(y[:, [column]], (1, 8))
        np.testing.assert_allclose(both.mean[:, column], alone.mean[:, 0])
        np.testing.assert_allclose(both.sd[:, column], alone.sd[:, 0])


def test_too_few_quarters_are_refused():
    with pytest.raises(ValueError, match="5 quarters, at least 6"):
        forecast_var1(np.ones((5, 2)), (1,))


def test_blocks_are_runs_of_neighbours():
    uniforms = np.array([[0.0, 0.999, 0.5, 0.1, 0.1, 0.1, 0.1]])
    assert moving_blocks(uniforms, 7, 3).tolist() == [[0, 1, 2, 4, 5, 6, 2]]
    assert moving_blocks(uniforms, 7, 50).tolist() == [list(range(7))]


def test_a_bootstrap_interval_of_independent_losses_is_the_textbook_one():
    rng = np.random.default_rng(3)
    losses = rng.exponential(size=400)
    found = interval(losses, moving_blocks(rng.random((4000, 400)), 400, 1), root=False)
    half = 1.96 * losses.std() / 20
    assert found.value == pytest.approx(losses.mean())
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), abs=0.1 * half)


def test_a_forecast_compared_with_itself_is_neither_better_nor_worse():
    losses = np.random.default_rng(4).random(40)
    positions = moving_blocks(np.random.default_rng(5).random((200, 40)), 40, 4)
    assert relative(losses, losses, positions, root=True)[:3] == (1.0, 1.0, 1.0)
    assert relative(4 * losses, losses, positions, root=True)[:3] == pytest.approx((2.0, 2.0, 2.0))
    assert np.isnan(diebold_mariano(losses, losses, 1)).all()


@pytest.mark.parametrize(("count", "horizon", "lags"), [(40, 1, 3), (100, 8, 7)])
def test_diebold_and_mariano_agree_with_a_regression_on_a_constant(count, horizon, lags):
    d = np.convolve(np.random.default_rng(6).normal(size=count + 3), np.ones(4), "valid") + 0.4
    fit = OLS(d, np.ones(count)).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
    small = np.sqrt((count + 1 - 2 * horizon + horizon * (horizon - 1) / count) / count)
    statistic, p = diebold_mariano(d, np.zeros(count), horizon)
    assert statistic == pytest.approx(float(fit.tvalues[0]) * small)
    assert diebold_mariano(np.zeros(count), d, horizon) == pytest.approx((-statistic, p))


def test_equal_forecasts_are_seldom_called_different():
    rng = np.random.default_rng(7)
    overlapping = np.array([np.convolve(rng.normal(size=133), np.ones(4), "valid") for _ in range(600)])
    rejected = np.mean([diebold_mariano(d, np.zeros(130), 4)[1] < 0.05 for d in overlapping])
    assert 0.02 < rejected < 0.12
