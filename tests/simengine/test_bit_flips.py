"""A bit that flips in a folder is found or changes nothing; `make study-flips` flips 200 of each kind."""

import pytest

from tests.simengine.bit_flips import FOUND, KINDS, SAME, flipped


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_found_or_changes_nothing(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    counts, wrong = flipped(kind, 3, tmp_path)
    assert wrong == []
    assert counts[FOUND] + counts[SAME] == 3
