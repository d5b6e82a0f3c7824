import numpy as np
import pytest
from statsmodels.datasets import macrodata
from statsmodels.tsa.filters.hp_filter import hpfilter

from analysis.filters import hp_cycle


def test_a_straight_line_has_no_cycle():
    lines = np.array([2000.0 + 0.75 * np.arange(100), -3.0 * np.arange(100), np.full(100, 7.0)])
    assert np.abs(hp_cycle(lines)).max() < 1e-9


def test_three_points_filtered_by_hand():
    # With K = (1, -2, 1) and x = (0, 1, 0): (I + λ K'K) trend = x gives cycle = -K' 2λ / (1 + 6λ).
    expected = np.array([-1.0, 2.0, -1.0]) * 2 * 1600 / (1 + 6 * 1600)
    np.testing.assert_allclose(hp_cycle([0.0, 1.0, 0.0]), expected, atol=1e-12)


def test_cycles_agree_with_statsmodels_on_real_data():
    data = macrodata.load_pandas().data
    x = np.array([100 * np.log(data.realgdp), data.unemp, data.tbilrate])
    expected = [np.asarray(hpfilter(row, 1600)[0]) for row in x]
    np.testing.assert_allclose(hp_cycle(x), expected, atol=1e-7)


def test_the_shape_is_kept_and_each_series_is_filtered_alone():
    x = np.random.default_rng(0).normal(size=(2, 3, 40))
    assert hp_cycle(x).shape == x.shape
    np.testing.assert_allclose(hp_cycle(x)[1, 2], hp_cycle(x[1, 2]), atol=1e-12)


def test_a_series_with_a_gap_is_nan_and_spoils_no_other():
    x = np.random.default_rng(0).normal(size=(2, 40))
    alone = hp_cycle(x[1])
    x[0, 5] = np.nan
    cycle = hp_cycle(x)
    assert np.isnan(cycle[0]).all()
    np.testing.assert_array_equal(cycle[1], alone)


def test_a_series_of_two_quarters_is_refused():
    with pytest.raises(ValueError, match="2 quarters, at least 3"):
        hp_cycle([1.0, 2.0])
