import json

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analysis import ComparisonError, Run, RunError, compare, compare_arms, compare_series
from analysis.comparison import unit_of_change
from analysis.macro.facts import FACTS
from streams.sealed import write_json
from tests.analysis.macro.synthetic import UNITS, economy, write_run

CUTS = np.array([0.01, 0.02, 0.03, 0.04])


def shocked(series):
    """GDP of replica r lower by 1, 2, 3 … % and unemployment up by .5 pp from quarter 10 on."""
    changed = {name: values.copy() for name, values in series.items()}
    replicas = len(changed["gdp"])
    changed["gdp"][:, 10:] *= 1 - np.resize(CUTS, replicas)[:, None]
    changed["unemployment_rate"][:, 10:] += 0.5
    return changed


@pytest.fixture
def pair(tmp_path):
    series = economy(4, 40)
    return Run(write_run(tmp_path / "base", series)), Run(write_run(tmp_path / "hit", shocked(series)))


def test_levels_differ_in_percent_and_rates_in_points(pair):
    result = compare(*pair)
    np.testing.assert_allclose(result.effects["gdp"].mean[10:], -2.5)
    np.testing.assert_allclose(result.effects["unemployment_rate"].mean[10:], 0.5)
    assert (result.effects["gdp"].unit, result.effects["unemployment_rate"].unit) == ("%", "pp")


def test_before_the_shock_the_effect_is_exactly_zero(pair):
    result = compare(*pair)
    assert result.start == 10
    assert all((effect.paths[:, :10] == 0).all() for effect in result.effects.values())


def test_the_interval_is_students_over_pairs(pair):
    low, high = compare(*pair).effects["gdp"].interval
    expected = stats.t.interval(0.95, 3, loc=-2.5, scale=stats.sem(-100 * CUTS))
    assert (low[20], high[20]) == pytest.approx(expected)


def test_inflation_falls_in_the_quarter_in_which_prices_do(tmp_path):
    series = economy(2, 20)
    lower = {name: values.copy() for name, values in series.items()}
    lower["price_level"][:, 8:] *= np.exp(-0.01)
    runs = Run(write_run(tmp_path / "a", series)), Run(write_run(tmp_path / "b", lower))
    result = compare(*runs, FACTS.derived)
    expected = np.zeros(20)
    expected[8] = -4.0
    np.testing.assert_allclose(result.effects["inflation"].mean, expected, atol=1e-9)


def test_runs_pair_by_replica_number_not_by_position(tmp_path):
    series = economy(4, 40)
    order = [3, 1, 0]
    part = {name: values[order] for name, values in shocked(series).items()}
    result = compare(
        Run(write_run(tmp_path / "a", series)), Run(write_run(tmp_path / "b", part, numbers=order))
    )
    assert result.numbers == (0, 1, 3)
    np.testing.assert_allclose(result.effects["gdp"].paths[:, -1], -100 * CUTS[[0, 1, 3]])


def test_a_shorter_run_is_compared_over_the_quarters_both_have(tmp_path):
    series = economy(2, 40)
    short = {name: values[:, :25] for name, values in series.items()}
    result = compare(Run(write_run(tmp_path / "a", series)), Run(write_run(tmp_path / "b", short)))
    assert result.effects["gdp"].paths.shape == (2, 25)
    assert result.start is None
    assert "equals a bit for bit in 2 pairs" in result.text()


def arms(tmp_path, numbers, order):
    """One run: a control and a treated copy of two histories, in a given order."""
    base = economy(2, 40)
    both = {name: np.concatenate([base[name], shocked(base)[name]])[order] for name in base}
    return Run(write_run(tmp_path / "arms", both, numbers=numbers))


def test_a_repeated_replica_number_is_a_second_arm(tmp_path):
    result = compare_arms(arms(tmp_path, [0, 1, 0, 1], [0, 1, 2, 3]))
    assert result.numbers == (0, 1)
    np.testing.assert_allclose(result.effects["gdp"].paths[:, -1], -100 * CUTS[:2])


def test_the_treated_arm_can_be_named(tmp_path):
    result = compare_arms(arms(tmp_path, [0, 0, 1, 1], [2, 0, 3, 1]), treated=[0, 2])
    np.testing.assert_allclose(result.effects["gdp"].paths[:, -1], -100 * CUTS[:2])


@pytest.mark.parametrize("numbers", [[0, 1, 2, 3], [0, 1, 0, 2], [0, 0, 0, 1]])
def test_arms_that_do_not_pair_are_refused(tmp_path, numbers):
    with pytest.raises(ComparisonError, match="each number once in either arm"):
        compare_arms(arms(tmp_path, numbers, [0, 1, 2, 3]))


def test_series_of_two_arms_pair_row_by_row():
    series = economy(4, 40)
    result = compare_series(series, shocked(series), ("base", "hit"), UNITS)
    np.testing.assert_allclose(result.effects["gdp"].paths[:, -1], -100 * CUTS)
    assert (result.control, result.treated, result.numbers) == ("base", "hit", (0, 1, 2, 3))
    fewer = {name: values[:3] for name, values in series.items()}
    with pytest.raises(ComparisonError, match="base has 4 replicas, hit 3"):
        compare_series(series, fewer, ("base", "hit"), UNITS)


def metered(folder, values, name="welfare", year=8):
    """A finished run of a world without series: a metric (replica, tick)."""
    folder.mkdir()
    replica, tick = (index.ravel() for index in np.indices(values.shape))
    rows = {"tick": tick, "replica": replica, "name": [name] * values.size, "value": values.ravel()}
    pl.DataFrame(rows).write_parquet(folder / "metrics.parquet")
    size = {"numbers": list(range(len(values))), "ticks_per_year": year, "status": "finished"}
    manifest = {"seed": 1, "calendar": {"year": year, "season": year // 4}, **size}
    write_json(folder / "manifest.json", manifest)
    return Run(folder)


def test_worlds_without_series_are_compared_by_quarterly_means_of_their_metrics(tmp_path):
    base = np.zeros((2, 9))
    base[1, 4] = np.nan
    hit = base.copy()
    hit[:, 3:] += [[1.0], [2.0]]
    found = compare(metered(tmp_path / "a", base), metered(tmp_path / "b", hit))
    assert list(found.effects) == ["welfare"]  # of 9 ticks the last is no whole quarter of 2
    np.testing.assert_allclose(found.effects["welfare"].paths, [[0, 0.5, 1, 1], [0, 1, 2, 2]])
    assert (found.start, found.period) == (1, "season")
    assert "welfare" in found.text()
    assert "+0.7500 ± " in found.text()


def test_runs_that_measure_nothing_alike_are_refused(tmp_path):
    one, other = (metered(tmp_path / name, np.zeros((2, 4)), name) for name in ("welfare", "prices"))
    with pytest.raises(ComparisonError, match="nothing is measured in both welfare and prices"):
        compare(one, other)


def test_a_run_shorter_than_a_quarter_has_nothing_to_compare(tmp_path):
    short = metered(tmp_path / "a", np.zeros((2, 1)))
    with pytest.raises(RunError, match="no period of 2 ticks"):
        compare(short, short)


def test_runs_without_common_noise_are_refused(tmp_path, pair):
    series = economy(4, 40)
    with pytest.raises(ComparisonError, match="seeds 3 and 4 differ"):
        compare(pair[0], Run(write_run(tmp_path / "seed", series, seed=4)))
    with pytest.raises(ComparisonError, match="no replica number is in both"):
        compare(pair[0], Run(write_run(tmp_path / "numbers", series, numbers=[7, 8, 9, 10])))
    with pytest.raises(ComparisonError, match="repeats replica numbers"):
        compare(pair[0], Run(write_run(tmp_path / "arms", series, numbers=[0, 1, 0, 1])))


def test_the_table_stars_what_excludes_zero(pair):
    lines = {line.split()[0]: line for line in compare(*pair).text().splitlines()[2:-1]}
    assert lines["gdp"].rstrip().endswith("-2.50 ± 2.05*")
    assert lines["government"].rstrip().endswith(" 0")


def test_the_payload_is_json_with_nulls_for_the_interval_of_one_pair(tmp_path):
    series = economy(1, 40)
    result = compare(Run(write_run(tmp_path / "a", series)), Run(write_run(tmp_path / "b", shocked(series))))
    payload = json.loads(json.dumps(result.payload(), allow_nan=False))
    (row,) = [row for row in payload["effects"] if row["name"] == "gdp" and row["horizon"] == 8]
    assert row == {
        "name": "gdp",
        "unit": "%",
        "horizon": 8,
        "mean": pytest.approx(-1.0),
        "low": None,
        "high": None,
    }
    assert (payload["start"], payload["period"]) == (10, "quarter")


def test_values_undefined_in_both_runs_are_no_difference(tmp_path):
    series = economy(2, 40)
    series["gini_income"][:, :3] = np.nan
    series["bank_loans"][:, :3] = 0.0
    assert compare(*(Run(write_run(tmp_path / name, series)) for name in "ab")).start is None


@pytest.mark.parametrize(
    ("unit", "change"),
    [
        ("%", "pp"), ("% a year", "pp"), ("% of loans", "pp"), ("pp", "pp"), ("share", "share"), ("", ""),
        ("persons", "%"), ("index, opening 100", "%"),
    ],
)  # fmt: skip
def test_what_a_change_is_measured_in_follows_from_the_unit(unit, change):
    assert unit_of_change(unit) == change


def test_what_is_derived_from_a_series_that_is_not_there_is_left_out():
    series = {"gdp": np.ones((2, 4))}
    result = compare_series(series, series, ("a", "b"), {"gdp": "dollars"}, FACTS.derived)
    assert list(result.effects) == ["gdp"]
