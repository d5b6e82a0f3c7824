"""Panels of arms: one colour per arm everywhere, intervals where the numbers put them; and the page."""

import numpy as np
import pytest

from analysis.figures import save
from analysis.figures.panels import Cloud, Dots, Lines, panels
from analysis.inference import paired
from analysis.pages import Section, page

PATHS = {
    "a": np.array([[0.0, 1.0, 2.0], [0.0, 3.0, 4.0]]),
    "b": np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]),
}
FOUND = {name: paired(0.0, values[:, -1]) for name, values in PATHS.items()}


@pytest.fixture
def figure():
    drawn = [
        Lines("paths", "%", PATHS),
        Dots("arms", "pp", FOUND, level=0.0, note="nothing"),
        Dots("measures", "%", {"growth": FOUND["a"]}),
        Cloud("both", "x", "y", {name: (found, found) for name, found in FOUND.items()}),
    ]
    return panels("Title", drawn, "a note")


def test_an_arm_has_one_colour_in_every_panel_and_measures_have_none(figure):
    lines, arms, measures, cloud = figure.axes[:4]
    color = lines.lines[0].get_color()
    assert arms.lines[0].get_color() == cloud.lines[0].get_color() == color
    assert lines.lines[1].get_color() != color
    assert measures.lines[0].get_color() != color
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]


def test_lines_show_means_and_dots_their_intervals(figure):
    lines, arms = figure.axes[:2]
    np.testing.assert_allclose(lines.lines[0].get_ydata(), [0.0, 2.0, 3.0])
    np.testing.assert_allclose(arms.lines[0].get_xdata(), [FOUND["a"].low, FOUND["a"].high])
    np.testing.assert_allclose(arms.lines[1].get_xdata(), [3.0])


def test_places_without_a_panel_stay_empty(figure):
    assert [ax.axison for ax in figure.axes] == [True] * 4 + [False] * 2


def test_a_page_holds_its_figures_and_escapes_its_text(figure, tmp_path):
    file = save(figure, tmp_path / "figure.png")
    html = page("A & B", "two", [Section("First", "less < more", file), Section("Second", "x", file)])
    assert html.count("data:image/png;base64,") == 2
    assert "<h1>A &amp; B</h1>" in html
    assert "less &lt; more" in html
    assert "http" not in html.replace("http-equiv", "")
