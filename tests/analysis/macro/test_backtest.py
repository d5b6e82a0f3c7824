"""Analogues and back-tests on linear worlds whose best forecasts are known."""

import numpy as np
import pytest

from analysis.figures import save
from analysis.forecasting import var1_path
from analysis.macro.analogues import COLUMNS, STATE, VARIABLES, Analogues, observations, states
from analysis.macro.backtest import AGENTS, AHEAD, AR1, REPORTED, SCORES, VAR1, pooled, run_backtest, text
from analysis.macro.figures.forecast import forecast_figure

MEANS = np.array([3.0, 4.0, 6.0, 5.0])
MATRIX = np.array([[0.0, 0.0, 1.5, -0.2], [0.0, 0.8, -0.1, 0.0], [-0.1, 0.0, 0.9, 0.0], [0.0, 0.1, 0.0, 0.9]])
SDS = np.array([1.0, 0.8, 0.5, 0.3])


def linear_world(rng, replicas, quarters):
    """Histories (replica, quarter, 4) in which growth follows unemployment, which an AR(1) does not see."""
    y = np.zeros((replicas, quarters + 60, 4))
    for t in range(1, quarters + 60):
        y[:, t] = y[:, t - 1] @ MATRIX.T + SDS * rng.normal(size=(replicas, 4))
    return MEANS + y[:, 60:]


@pytest.fixture(scope="module")
def world():
    return linear_world(np.random.default_rng(0), 80, 100)


@pytest.fixture(scope="module")
def tested(world):
    analogues = Analogues.of(world[10:], AHEAD)
    return pooled([run_backtest(history, analogues, range(60, 92, 4)) for history in world[:10]])


def draws(test, count=400):
    return np.random.default_rng(1).random((count, len(test.origins)))


def test_observations_are_annual_rates_of_change_and_rates():
    found = observations([1.0, np.exp(0.01)], [2.0, 2.0], [5.0, 6.0], [3.0, 2.5])
    np.testing.assert_allclose(found, [[4.0, 0.0, 6.0, 2.5]], atol=1e-12)
    assert found.shape[-1] == len(COLUMNS)


def test_a_state_by_hand():
    deviations = np.array([[0.0, 0.0, 1.0, 0.0], [2.0, 1.0, 0.0, 0.0], [4.0, 5.0, 3.0, 7.0]])
    assert states(deviations).tolist() == [[3.0, 3.0, 3.0, 2.0, 7.0]]
    assert len(STATE) == 5


def test_analogues_forecast_a_linear_world_as_its_own_equations_do(world):
    analogues = Analogues.of(world, AHEAD)
    past = world[0] - MEANS
    past[-3:] = [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1]]
    members = analogues.forecast(past)
    known = var1_path(np.zeros(4), MATRIX, np.diag(SDS**2), past[-1], AHEAD)
    np.testing.assert_allclose(members.mean(axis=0), known.mean[:, :2], atol=0.2)
    np.testing.assert_allclose(members.std(axis=0), known.sd[:, :2], rtol=0.15)


def test_the_regression_carries_on_where_no_analogue_lies(world):
    analogues = Analogues.of(world, AHEAD)
    past = np.zeros((10, 4))
    past[-3:, 2] = 8.0  # no history comes near it
    known = var1_path(np.zeros(4), MATRIX, np.diag(SDS**2), past[-1], AHEAD)
    assert analogues.forecast(past)[:, 0, 0].mean() == pytest.approx(known.mean[0, 0], rel=0.15)


def test_too_short_an_ensemble_is_refused(world):
    with pytest.raises(ValueError, match="2 simulated quarters with a future"):
        Analogues.of(world[:1, :12], AHEAD)


def test_a_forecast_knows_nothing_of_what_comes_after_its_origin(world):
    analogues = Analogues.of(world[1:], AHEAD)
    changed = world[0].copy()
    changed[71:] += 50.0
    before, after = (run_backtest(history, analogues, [60, 70]) for history in (world[0], changed))
    for model in (AGENTS, AR1, VAR1):
        np.testing.assert_array_equal(before.means[model], after.means[model])
    np.testing.assert_array_equal(before.fans, after.fans)
    assert not np.array_equal(before.outcomes, after.outcomes)


def test_forecasts_shift_with_the_mean_of_the_sample(world):
    analogues = Analogues.of(world[1:], AHEAD)
    moved = world[0] + np.array([1.0, -2.0, 3.0, 4.0])
    here, there = (run_backtest(history, analogues, [80]) for history in (world[0], moved))
    for model in (AGENTS, AR1, VAR1):
        np.testing.assert_allclose(
            there.means[model] - here.means[model], here.means[model] * 0 + [1.0, -2.0], atol=1e-8
        )


def test_agents_who_are_the_world_beat_an_ar1_and_are_calibrated(tested):
    uniforms = draws(tested)
    for score in SCORES:
        assert tested.ratio(AR1, score, 1, "GDP growth", uniforms).high < 1.0
        assert tested.ratio(VAR1, score, 1, "inflation", uniforms).value < 1.1
    for variable in VARIABLES:
        assert all(abs(tested.coverage(h, variable) - 0.8) < 0.13 for h in REPORTED)


def test_scores_by_hand(tested):
    errors = tested.means[AR1][:, 3, 1] - tested.outcomes[:, 3, 1]
    found = tested.score(AR1, "RMSE", 4, "inflation", draws(tested))
    assert found.value == pytest.approx(np.sqrt(np.mean(errors**2)))
    assert found.low < found.value < found.high


def test_every_score_and_ratio_has_one_row_and_the_worst_comes_first(tested):
    rows = tested.rows("linear world", draws(tested))
    assert len(rows) == 2 * len(REPORTED) * len(SCORES) * 5
    keys = {tuple(row[k] for k in ("variable", "quarters", "score", "model", "against")) for row in rows}
    assert len(keys) == len(rows)
    lines = text(rows, tested).splitlines()[1:17]
    worst = [float(line.split("[")[-2].split()[-1]) for line in lines]
    assert worst == sorted(worst, reverse=True)


def test_the_table_says_how_many_comparisons_chance_alone_would_call_different(tested):
    rows = tested.rows("linear world", draws(tested))

    def said(p):
        ratios = iter(p)
        return text([row | {"p": next(ratios)} if row["against"] else row for row in rows], tested)

    lone, many = said([0.013] + [0.4] * 31), said([0.001] * 4 + [0.4] * 28)
    assert "32 comparisons: 1.6 would have p below .05 by chance, 1 do, and 0 are findings" in lone
    assert "4 do, and 4 are findings" in many


def test_the_figure_of_forecasts_is_drawn(tested, world, tmp_path):
    one = run_backtest(world[0], Analogues.of(world[1:], AHEAD), range(60, 92))
    rows = one.rows("real", draws(one)) + tested.rows("own", draws(tested))
    figure = forecast_figure(one, rows, 1960 + np.arange(100) / 4, world[0])
    assert save(figure, tmp_path / "forecast.png").stat().st_size > 20_000
