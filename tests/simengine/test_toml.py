"""TOML is read in one way everywhere, and numbers are typed in one way."""

from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.config import overrides, settings_in
from simengine.errors import UserError
from simengine.learning.settings import hyperparameters
from simengine.scenarios import read
from simengine.studies.calibration import read_space
from simengine.toml import read_toml, value_of
from simengine.typed import number, whole, wholes
from tests.simengine.command import SMALL, called

BEYOND_THE_READER = {
    "digits": "a = " + "9" * 5000,
    "depth": "a = " + "[" * 5000 + "]" * 5000,
    "syntax": "a = = 1",
    "bytes": b"a = '\xff'",
    "size": "#" * 1_000_001,
}


@pytest.mark.parametrize("reader", [read, settings_in, read_space])
@pytest.mark.parametrize("kind", BEYOND_THE_READER)
def test_what_cannot_be_read_is_one_line_for_every_reader(tmp_path, reader, kind):
    text = BEYOND_THE_READER[kind]
    file = tmp_path / "it.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError) as refused:
        reader(file)
    assert str(refused.value).startswith(str(file))
    assert "\n" not in str(refused.value)


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_part_of_the_text(tmp_path):
    file = tmp_path / "it.toml"
    file.write_bytes(b"\xef\xbb\xbfwalkers = 4\r\n")
    assert read_toml(file, "scenario") == ("walkers = 4\n", {"walkers": 4})
    assert settings_in(file) == {"walkers": 4}


def test_values_that_no_reader_holds_are_words_in_settings_and_refused_as_hyperparameters():
    assert overrides(["a=" + "9" * 5000]) == {"a": "9" * 5000}
    assert overrides(["a=1\nb = 2"]) == {"a": "1\nb = 2"}
    for said in ("9" * 5000, "[" * 5000, "=", "1\nb = 2"):
        with pytest.raises(UserError, match="--hyper"):
            hyperparameters([f"all.learning_rate={said}"])
    assert value_of("[1, 2]") == [1, 2]


@given(st.text(max_size=30) | st.integers().map(str) | st.floats().map(str))
def test_a_typed_number_is_ascii_finite_and_what_python_reads(text):
    found, counted = number(text), whole(text)
    assert found is None or (isfinite(found) and found == float(text) and text.isascii())
    assert counted is None or (counted == int(text) and abs(counted) < 10**18 and text.isascii())
    assert wholes(f"3,{text}") == (None if counted is None else [3, counted]) or "," in text


DIGITS = st.integers(0, 999).map(lambda n: "".join(chr(0x0660 + int(digit)) for digit in str(n)))
PLACES = (
    ("--years", "{}"), ("--replicas", "{}"), ("--replicas", "0-{}"), ("--ticks", "{}"), ("--seed", "{}"),
    ("--policy", "walkers=fixed:{}"), ("--shock", "rate:{}@1y"), ("--shock", "rate:.1@{}y"),
    ("--shock", "rate:.1@1y#{}"), ("--record", "every={}"), ("--record", "replicas={}"),
    ("--set", "walkers={}"), ("--checkpoint-every", "{}"),
)  # fmt: skip


@pytest.mark.parametrize(("option", "form"), PLACES)
@pytest.mark.parametrize("digits", [DIGITS, st.sampled_from(["inf", "nan", "²", "1e999", "-inf"])])
def test_other_digits_and_infinities_are_refused_in_one_line_wherever_a_number_is_typed(
    option, form, digits, tmp_path_factory
):
    @settings(max_examples=8, deadline=None, database=None)
    @given(digits)
    def check(typed):
        out = tmp_path_factory.getbasetemp() / "never"
        code, said, err = called("run", SMALL, "--quiet", "--out", out, option, form.format(typed))
        assert (code, said, err.count("\n")) == (2, "", 1), err
        assert not out.exists()

    check()


@pytest.mark.parametrize(
    "words",
    [
        ("train", SMALL, "--span-years", "inf"), ("train", SMALL, "--evaluate-years", "nan"),
        ("calibrate", "--minutes", "inf"), ("calibrate", "--step", "nan"), ("bench", SMALL, "--years", "inf"),
        ("attribute", "--years", "inf"), ("audit", "--years", "nan"), ("study", "scale", "--years", "-inf"),
        ("eval", ".", "--years", "inf"), ("bench", SMALL, "--replicas", "²"), ("study", "scale", "²"),
    ],
)  # fmt: skip
def test_no_command_takes_a_number_that_is_not_finite_or_not_ascii(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = called(*words)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert list(tmp_path.iterdir()) == []
