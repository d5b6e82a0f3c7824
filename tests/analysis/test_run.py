import numpy as np
import polars as pl
import pytest

from analysis.run import Run, RunError, series_arrays
from streams.sealed import read_json, write_json
from streams.segments import DamagedSegment
from tests.analysis.macro.synthetic import UNITS, economy, series_frame, snapshots, write_run


@pytest.fixture
def folder(tmp_path):
    return write_run(tmp_path / "run", economy(3, 20), snapshots(20))


def test_a_run_opens_as_lazy_frames(folder):
    run = Run(folder)
    assert isinstance(run.series, pl.LazyFrame)
    assert run.recorded == ["Balance", "Income", "Output", "Trade", "Wealth"]
    assert run.events("Trade").select(pl.len()).collect().item() == 800
    assert run.manifest["seed"] == 3
    assert run.numbers == [0, 1, 2]


def test_series_come_as_arrays_whatever_the_order_of_the_rows():
    series = economy(3, 20)
    arrays = series_arrays(series_frame(series).sample(fraction=1.0, shuffle=True, seed=1), list(UNITS))
    assert list(arrays) == list(UNITS)
    for name, values in arrays.items():
        np.testing.assert_array_equal(values, series[name])


def test_events_can_be_asked_for_by_class(folder):
    class Wealth:
        pass

    assert Run(folder).events(Wealth).collect_schema().names() == ["tick", "replica", "agent", "amount"]


def test_a_damaged_segment_is_named(folder):
    file = folder / "events" / "Trade" / "00000.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedSegment, match=r"Trade/00000.parquet: damaged"):
        Run(folder)
    assert Run(folder, verify=False).recorded


@pytest.mark.parametrize("name", ["run[1]", "run*", "run?", "run[!a]"])
def test_a_folder_whose_name_looks_like_a_pattern_is_read_as_itself(tmp_path, name):
    write_run(tmp_path / "run1", economy(3, 20), snapshots(20))
    run = Run(write_run(tmp_path / name, economy(2, 8), snapshots(8)))
    assert run.series.collect().height == 16
    assert run.events("Wealth").collect().height == snapshots(8)["Wealth"].height


def test_a_manifest_that_was_changed_is_refused(folder):
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"seed": 3', '"seed": 4'))
    with pytest.raises(RunError, match=r"manifest\.json: damaged or changed by hand"):
        Run(folder)


def test_a_missing_segment_is_named(folder):
    (folder / "events" / "Wealth" / "00000.parquet").unlink()
    with pytest.raises(DamagedSegment, match=r"Wealth/00000.parquet: sealed"):
        Run(folder)


def test_a_file_that_was_never_sealed_is_left_out(folder):
    sealed = folder / "events" / "Trade" / "00000.parquet"
    (folder / "events" / "Trade" / "00001.parquet").write_bytes(sealed.read_bytes())
    assert Run(folder).events("Trade").select(pl.len()).collect().item() == 800


def test_a_manifest_without_segments_has_no_events(folder):
    file = folder / "manifest.json"
    manifest = read_json(file)
    del manifest["segments"]
    write_json(file, manifest)
    assert Run(folder).recorded == []


def test_a_folder_that_is_no_run_is_refused_in_one_line(tmp_path):
    with pytest.raises(RunError, match=r"no manifest.json, so this is not a run folder"):
        Run(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(RunError, match="not readable as JSON"):
        Run(tmp_path)


def test_what_was_not_recorded_is_refused_with_what_was(folder):
    with pytest.raises(RunError, match="no Hire events, recorded are Balance, Income"):
        Run(folder).events("Hire")
    with pytest.raises(RunError, match=r"metrics.parquet: not there"):
        _ = Run(folder).metrics


def test_a_table_that_a_finished_world_has_nothing_for_is_not_waited_for(tmp_path):
    write_json(tmp_path / "manifest.json", {"status": "finished", "world": "barter"})
    with pytest.raises(RunError, match=r"series.parquet: not there; world 'barter' has nothing for it"):
        _ = Run(tmp_path).series


def test_series_that_are_not_rectangular_are_refused():
    frame = series_frame(economy(2, 20))
    with pytest.raises(RunError, match="39 rows for 2 replicas and 20 instants"):
        series_arrays(frame.head(39), list(UNITS))
    with pytest.raises(RunError, match="columns vacancies are missing"):
        series_arrays(frame.drop("vacancies"), list(UNITS))
