"""One look: a user's matplotlibrc changes no figure, text is text, and a figure is drawn once."""

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis import Comparison, Effect
from analysis.figures import impulse_response, save
from analysis.figures.style import styled
from analysis.figures.through_time import Path, through_time

ODD = {
    "text.usetex": True, "font.family": "cursive", "axes.facecolor": "black", "savefig.bbox": "tight",
    "savefig.dpi": 10, "figure.dpi": 30, "savefig.transparent": True, "axes.formatter.limits": (0, 0),
    "figure.constrained_layout.use": False, "lines.linestyle": "--", "savefig.format": "svg",
    "path.sketch": (1, 100, 2), "axes.titley": 0.2, "figure.autolayout": True,
}  # fmt: skip
PATHS = {
    "rain": Path("mm", np.arange(5.0), np.arange(10.0).reshape(2, 5)),
    "a $good_{ of $": Path("$", np.arange(5.0), np.ones((2, 5))),
}


def drawn(file):
    return save(through_time("Weather of $ and {", PATHS), file).read_bytes()


@pytest.mark.parametrize("name", ODD)
def test_no_setting_of_a_user_changes_a_byte(tmp_path, name):
    plain = drawn(tmp_path / "plain.png")
    with matplotlib.rc_context({name: ODD[name]}):
        assert drawn(tmp_path / "odd.png") == plain
        assert matplotlib.rcParams[name] == matplotlib.RcParams({name: ODD[name]})[name]


def test_a_figure_is_drawn_again_only_when_it_has_changed(tmp_path):
    calls = []

    @styled
    def one():
        figure = Figure(figsize=(2, 2))
        ax = figure.subplots()
        ax.plot([0, 1])
        draw = ax.draw
        ax.draw = lambda renderer: (calls.append(1), draw(renderer))
        return figure

    figure = one()
    first = save(figure, tmp_path / "a.png").read_bytes()
    assert len(calls) == 1
    figure.axes[0].set_title("changed")
    assert save(figure, tmp_path / "b.png").read_bytes() != first
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("pairs", "labels"), [(1, ["the one pair"]), (4, ["each pair", "mean"]), (30, ["95 % of pairs", "mean"])]
)
def test_few_pairs_are_drawn_one_by_one_and_a_single_one_has_no_interval(pairs, labels):
    effects = {"gdp": Effect("gdp", "%", np.random.default_rng(0).normal(size=(pairs, 6)))}
    comparison = Comparison("a", "b", tuple(range(pairs)), effects, cause="rate +0.01")
    figure = impulse_response(comparison)
    found = {text.get_text() for text in figure.legends[0].get_texts()}
    assert found == {*labels, *(["95 % interval of the mean"] if pairs > 1 else [])}
    assert figure.get_suptitle() == "Effect of rate +0.01"
    assert ("no interval" in comparison.text(), "95 %" in comparison.text()) == (pairs == 1, pairs > 1)
