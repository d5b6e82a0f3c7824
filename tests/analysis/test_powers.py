"""Ticks of logarithmic axes are read as numbers, whatever their range."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.powers import power
from analysis.figures.style import grid, styled


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1"), (0.02, "0.02"), (50_000, "50000"), (1e5, "10⁵"), (2e-5, "2·10⁻⁵"), (-1e-7, "−10⁻⁷"), (0, "0")],
)
def test_powers_in_words(number, said):
    assert power(number) == said


@settings(max_examples=6, deadline=None)
@given(st.integers(-9, 6), st.sampled_from([0.3, 1.0, 3.0, 8.0]), st.sampled_from(["log", "symlog"]))
def test_no_tick_is_a_formula_and_some_is_there(low, decades, scale):
    @styled
    def drawn():
        figure, (ax,) = grid(1, 1, "a price of $5 and one of $6")
        ax.plot([1, 2], [10.0**low, 10.0 ** (low + decades)])
        ax.set_yscale(scale)
        return figure

    (ax,) = drawn().axes
    said = [text.get_text() for text in ax.get_yticklabels(which="both")]
    assert not any("$" in text or "\\" in text for text in said)
    assert any(said)
