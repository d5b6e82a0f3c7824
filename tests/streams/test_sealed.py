"""What is sealed comes back as it was, or not at all."""

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams import sealed, segments
from streams.sealed import DamagedFile

HERE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CONTENT = {"name": "ä run", "numbers": [0, 1, 2], "years": 5.0, "sheet": {"rows": ["a", "b"], "on": True}}


def flip(data, bit):
    """The same bytes with one bit another."""
    flipped = bytearray(data)
    flipped[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(flipped)


@HERE
@given(bit=st.integers(0, 1 << 12))
def test_a_flipped_bit_in_sealed_json_is_found_or_changes_nothing(tmp_path, bit):
    file = tmp_path / "manifest.json"
    sealed.write_json(file, CONTENT)
    assert sealed.read_json(file) == CONTENT
    file.write_bytes(flip(file.read_bytes(), bit))
    try:
        found = sealed.read_json(file)
    except DamagedFile:
        found = CONTENT
    assert found == CONTENT


@HERE
@given(bit=st.integers(0, 1 << 12), data=st.binary(max_size=40))
def test_a_flipped_bit_in_sealed_bytes_is_found(tmp_path, bit, data):
    file = tmp_path / "arm.npz"
    sealed.write_sealed(file, data)
    assert sealed.unsealed(file) == data
    file.write_bytes(flip(file.read_bytes(), bit))
    with pytest.raises(DamagedFile, match="damaged"):
        sealed.unsealed(file)


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"a": 1}', "[" * 100_000, '{"seal": "00"}', "\udc80"])
def test_what_was_never_sealed_is_refused(tmp_path, text):
    file = tmp_path / "manifest.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(DamagedFile, match=r"manifest\.json"):
        sealed.read_json(file)


@pytest.mark.parametrize("file", ["../other/00000.parquet", "/tmp/00000.parquet", "events/../../x.parquet"])
def test_a_segment_outside_its_folder_is_refused(tmp_path, file):
    with pytest.raises(segments.DamagedSegment, match="lies outside: valid is a file inside"):
        segments.verify(tmp_path, [{"event": "Trade", "file": file, "rows": 1, "blake2b": ""}])


def test_a_link_below_a_folder_is_refused_wherever_it_leads(tmp_path):
    (tmp_path / "run" / "events").mkdir(parents=True)
    segments.refuse_links(tmp_path / "run")
    (tmp_path / "link").symlink_to(tmp_path / "run")
    segments.refuse_links(tmp_path / "link")
    (tmp_path / "run" / "events" / "Trade").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DamagedFile, match=r"events/Trade: a symbolic link"):
        segments.refuse_links(tmp_path / "run")


def test_only_what_a_recorder_names_is_forgotten(tmp_path):
    frame = pl.DataFrame({"tick": np.arange(3)})
    kept = segments.write_segment(tmp_path, "Trade", "events/Trade/00000.parquet", frame)
    ours = [
        "events/Trade/00001.parquet",
        "events/Trade/00002.parquet.tmp",
        "series.parquet",
        "metrics.parquet.tmp",
    ]
    others = [
        "mine.parquet",
        "old.parquet.bak",
        "events/Trade/best.parquet",
        "events/00000.parquet",
        "a[1].parquet",
    ]
    for name in (*ours, *others):
        (tmp_path / name).write_bytes(b"thesis")
    segments.forget_others(tmp_path, [kept])
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {kept["file"], *others}
