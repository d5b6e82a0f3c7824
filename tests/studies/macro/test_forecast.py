"""The forecast study on a small ensemble, and where its real data come from."""

import numpy as np
import pytest

from analysis.tables import read_table
from simengine.errors import UserError
from simengine.studies.macro import forecast
from simengine.studies.request import Request


def test_the_us_sample_is_the_one_that_is_described():
    dates, observed = forecast.us_quarters()
    assert (dates[0], dates[-1], observed.shape) == (1959.25, 2009.5, (202, 4))
    assert np.std(observed[:, 0] / 4, ddof=1) == pytest.approx(0.88, abs=0.005)  # growth, q/q, %


def test_without_statsmodels_the_error_names_what_to_install(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(forecast, "import_module", missing)
    with pytest.raises(UserError, match=r"statsmodels, .*, is not installed: pip install statsmodels"):
        forecast.us_quarters()


def test_a_part_of_the_study_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(UserError, match="'growth': this study has no parts"):
        forecast.carry_out(Request("macro", tmp_path, names=("growth",)))


def test_short_histories_are_refused_before_anything_runs(tmp_path):
    with pytest.raises(UserError, match="--years 2: forecasts learn from histories of 12"):
        forecast.carry_out(Request("macro", tmp_path, years=2.0))


def test_the_study_forecasts_over_twenty_origins_and_its_own_histories(tmp_path):
    request = Request("macro", tmp_path, replicas=4, years=12.0, config={"warmup_years": 1})
    found = forecast.carry_out(request)
    assert [file.name for file in found.files] == ["forecast.csv", "forecast.png"]
    command, rows = read_table(found.files[0])
    assert command == request.command("study forecast")
    assert {row["data"] for row in rows} == {forecast.US, forecast.OWN}
    assert {int(row["quarters"]) for row in rows} == {1, 2, 4, 8}
    ratios = [row for row in rows if row["against"] and row["data"] == forecast.US]
    assert all(float(row["low"]) < float(row["high"]) and 0 <= float(row["p"]) <= 1 for row in ratios)
    assert int(found.text.split(": ")[1].split()[0]) >= 20
    assert "a look-ahead that AR(1) and VAR(1) do not have" in found.text
