"""Whole numbers out of floats: what has no such value stops whoever asked, by name, in arrays and kernels."""

import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.jit import jit
from streams.whole import LARGEST, NotWhole, whole


@jit
def purse(cents):
    return whole(np.floor(cents), "a purse")


@given(st.floats(width=64))
def test_a_kernel_and_an_array_give_the_integer_or_refuse_by_name_and_value(cents):
    rounded = np.floor(cents)
    if abs(rounded) < LARGEST:
        assert purse(cents) == whole(rounded, "a purse") == int(rounded)
        return
    for asked in (lambda: purse(cents), lambda: whole(rounded, "a purse")):
        with pytest.raises(NotWhole) as caught:
            asked()
        valid = "valid is a finite number between -2**62 and 2**62"
        assert str(caught.value) == f"a purse is {rounded:.6g}: {valid}"


def test_an_array_says_where_and_the_error_crosses_processes():
    with pytest.raises(NotWhole, match=r"a wage at 1, 2 is nan: valid is"):
        whole([[0.0, 1.0, 2.0], [3.0, 4.0, np.nan]], "a wage")
    error = NotWhole("a wage", np.inf, (3,))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert whole(np.zeros((2, 3)), "a wage").dtype == np.int64


ROUNDED = r"(?:rint|floor|ceil)"
UNCHECKED = re.compile(rf"np\.int64\((?:\w+\()*np\.{ROUNDED}|{ROUNDED}\(.*\)\.astype\(np\.int")
CHECKED_ITSELF = {"money.py"}  # a split checks its total and its weights


def test_no_float_becomes_a_whole_number_of_the_economy_unchecked():
    root = Path(__file__).resolve().parents[2]
    folders = (root / "markets", root / "agents" / "macro", root / "simengine" / "worlds")
    files = [file for folder in folders for file in folder.rglob("*.py") if file.name not in CHECKED_ITSELF]
    assert [file.name for file in files if UNCHECKED.search(file.read_text())] == []
    assert UNCHECKED.search("np.int64(max(np.floor(asked), 0.0))")
    assert UNCHECKED.search("np.rint(loss).astype(np.int64)")
