"""The journal: what was written is read, what was cut short is dropped, what was changed is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.errors import UserError
from simengine.live.commands import Answer, Directing, Pacing, Setting
from simengine.live.journal import Entry, Journal, read

COMMANDS = st.one_of(
    st.builds(Setting, lever=st.just("rate"), value=st.floats(-1, 1), at=st.integers(0, 99)),
    st.builds(Directing, kind=st.sampled_from(["play", "drop"]), population=st.just("firms"),
              agent=st.integers(0, 9), at=st.integers(0, 99)),
    st.builds(Answer, population=st.just("firms"), agent=st.integers(0, 9), tick=st.integers(0, 99),
              action=st.none() | st.fixed_dictionaries({"price": st.integers(0, 4)})),
    st.builds(Pacing, kind=st.sampled_from(["pause", "go", "stop"])),
)  # fmt: skip
ENTRIES = st.lists(st.builds(Entry, st.integers(-99, 99), COMMANDS), min_size=1, max_size=5)


def written(path, entries, run="this"):
    path.unlink(missing_ok=True)
    Journal(path, run).extend(entries)
    return path.read_bytes()


@settings(deadline=None, max_examples=30)
@given(ENTRIES, st.data())
def test_a_crash_loses_at_most_the_line_that_it_cut(tmp_path_factory, entries, data):
    path = tmp_path_factory.mktemp("journal") / "commands.jsonl"
    text = written(path, entries)
    assert Journal(path, "this").entries == read(path) == entries
    left = data.draw(st.integers(0, len(text)))
    path.write_bytes(text[:left])
    journal = Journal(path, "this")
    assert journal.entries == entries[: max(0, text[:left].count(b"\n") - 1)]
    journal.extend(entries[len(journal.entries) :])
    assert path.read_bytes() == text


@settings(deadline=None, max_examples=60)
@given(ENTRIES, st.data())
def test_a_flipped_bit_is_found(tmp_path_factory, entries, data):
    path = tmp_path_factory.mktemp("journal") / "commands.jsonl"
    text = bytearray(written(path, entries))
    text[data.draw(st.integers(0, len(text) - 2))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(text)
    with pytest.raises(UserError, match=r"damaged|another run"):
        Journal(path, "this")


def test_the_journal_of_another_run_is_refused(tmp_path):
    written(tmp_path / "commands.jsonl", [Entry(3, Pacing(kind="stop"))], run="that")
    with pytest.raises(UserError, match=r"commands.jsonl: this is the journal of another run"):
        Journal(tmp_path / "commands.jsonl", "this")


def test_nothing_is_written_before_the_first_command(tmp_path):
    journal = Journal(tmp_path / "commands.jsonl", "this")
    assert journal.entries == read(tmp_path / "commands.jsonl") == []
    assert not journal.path.exists()


def test_a_line_in_another_order_is_found(tmp_path):
    path = tmp_path / "commands.jsonl"
    first, second, third = written(
        path, [Entry(1, Pacing(kind="pause")), Entry(2, Pacing(kind="go"))]
    ).splitlines()
    path.write_bytes(b"\n".join([first, third, second, b""]))
    with pytest.raises(UserError, match="line 2 is damaged"):
        Journal(path, "this")
