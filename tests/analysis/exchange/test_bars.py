"""Daily bars of a user: good files, and one line about each kind of bad one."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analysis.exchange.bars import BadBars, read_bars
from tests.analysis.exchange.synthetic import market, write_market
from tests.simengine.command import called


def bars(days=400, seed=0):
    rng = np.random.default_rng(seed)
    dates = [date(2020, 1, 1) + timedelta(days=day) for day in range(days)]
    close = 100 * np.exp(np.cumsum(0.01 * rng.standard_normal(days)))
    return pl.DataFrame({"date": dates, "close": close, "volume": rng.integers(1, 9, days)})


def written(frame, file):
    (frame.write_parquet if file.suffix == ".parquet" else frame.write_csv)(file)
    return file


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "[b]*.csv"])
def test_csv_and_parquet_say_the_same(name, tmp_path):
    found = read_bars(written(bars(), tmp_path / name))
    assert np.allclose(found.closes, bars()["close"].to_numpy())
    assert found.volume.tolist() == bars()["volume"].to_list()


def test_names_of_columns_may_be_capitals_and_volume_may_be_missing(tmp_path):
    frame = bars().drop("volume").rename({"date": "Date", "close": " Close"}).with_columns(Open=pl.lit("x"))
    assert read_bars(written(frame, tmp_path / "a.csv")).volume is None


def spoiled(column, value):
    return bars().with_columns(
        pl.when(pl.int_range(pl.len()) == 7)
        .then(pl.lit(value))
        .otherwise(pl.col(column).cast(pl.String))
        .alias(column)
    )


BAD = {
    "no column close": bars().drop("close"),
    "no column date, close: valid are date, close and, maybe, volume, there are volume": bars().select(
        "volume"
    ),
    "99 days, at least 100 are needed": bars(99),
    "0 days, at least 100": bars(0),
    "row 8: close '-1': valid is a number above 0": spoiled("close", "-1"),
    "row 8: close '0'": spoiled("close", "0"),
    "row 8: close 'inf'": spoiled("close", "inf"),
    "row 8: close 'nan'": spoiled("close", "nan"),
    "row 8: close None": spoiled("close", None),
    "row 8: close 'n/a'": spoiled("close", "n/a"),
    "row 8: volume '-3': valid is 0 or more": spoiled("volume", "-3"),
    "row 8: date 'soon'": spoiled("date", "soon"),
    "row 8: date '2020-02-30'": spoiled("date", "2020-02-30"),
    "row 8: 2020-01-07 follows 2020-01-07": spoiled("date", "2020-01-07"),
    "row 31: a gap of 21 days before 2020-02-20": pl.concat([bars()[:30], bars()[50:]]),
    "row 2: 2021-02-02 follows 2021-02-03": bars().reverse(),
    "dates are Int64": bars().with_columns(date=pl.int_range(pl.len())),
}


@pytest.mark.parametrize("said", BAD)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_one_line_says_what_is_wrong_and_where(said, kind, tmp_path):
    file = written(BAD[said], tmp_path / f"bars.{kind}")
    said = "row 1: date '0'" if said.startswith("dates are") and kind == "csv" else said
    with pytest.raises(BadBars) as error:
        read_bars(file)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00PAR1", b"a,b\n1,2,3\n"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_is_no_table_is_one_line(content, kind, tmp_path):
    (file := tmp_path / f"bars.{kind}").write_bytes(content)
    with pytest.raises(BadBars) as error:
        read_bars(file)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_and_a_folder(tmp_path):
    for file in (tmp_path / "none.csv", tmp_path):
        code, _, err = called("validate", "exchange", "--data", file)
        assert code == 2
        assert err.count("\n") == 1
        assert str(file) in err


def test_a_series_is_judged_by_what_daily_bars_can_answer(tmp_path):
    code, out, _ = called("validate", "exchange", "--data", written(bars(450), tmp_path / "a.csv"))
    assert code == 0
    for gate in ("tails", "aggregation", "AC1", "clustering", "leverage", "volume–volatility"):
        assert f"\n{gate}" in out
    assert "not judged: impact (no large orders)" in out


def test_a_run_is_judged_by_a_series(tmp_path):
    run = write_market(tmp_path / "run", market(days=120))
    code, out, _ = called("validate", run, "--data", written(bars(450), tmp_path / "own.csv"))
    assert code == 0
    assert "120-day windows of own.csv" in out
    assert "windows of own.csv, 3 gates" in out


def test_a_world_whose_facts_take_no_file_says_so(tmp_path):
    code, _, err = called("validate", "macro", "--data", written(bars(), tmp_path / "a.csv"))
    assert code == 2
    assert err == "error: --data: macro: the facts of this world take no series from a file\n"
