"""Results on the disk: an entry is on disk whole, or as good as never written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.sweeps.results import ResultsFile

ENTRIES = [{"point": 0, "value": [0.1, float("inf")]}, ["two"], {"point": 2, "text": "zwei\nDrei"}]


def written(path):
    file = ResultsFile(path, "mine")
    for entry in ENTRIES:
        file.append(entry)
    return path.read_bytes()


@settings(max_examples=40)
@given(data=st.data())
def test_what_is_torn_or_has_lost_a_bit_is_dropped_and_nothing_else(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "results.jsonl"
    whole = written(path)
    assert ResultsFile(path, "mine").entries == ENTRIES
    if data.draw(st.booleans()):
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 2))])
    else:
        bit = data.draw(st.integers(0, 8 * len(whole) - 1))
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
    file = ResultsFile(path, "mine")
    assert len(file.entries) < len(ENTRIES) or path.read_bytes() == whole
    assert all(entry in ENTRIES for entry in file.entries)
    kept = list(file.entries)
    file.append("more")
    again = ResultsFile(path, "mine")
    assert (again.entries, again.damaged) == ([*kept, "more"], 0)


def test_entries_of_another_are_no_entries(tmp_path):
    written(tmp_path / "results.jsonl")
    file = ResultsFile(tmp_path / "results.jsonl", "another")
    assert (file.entries, file.damaged) == ([], len(ENTRIES))
