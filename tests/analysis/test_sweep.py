"""What a sweep found, drawn: lines, a map, main effects; failed points and undefined values are left out."""

from itertools import product

import numpy as np
import polars as pl
import pytest

from analysis.figures.sweep import sweep_figure
from analysis.sweep import Swept, report

SETTINGS = {
    "markup": [1.0, 1.1, 1.2],
    "size": [3, 10, 100],
    "market": ["nash", "walras"],
    "zlb": [True, False],
}


def swept(*names, replicas=2, failing=(1,)):
    """A grid in which `gdp` rises with the first setting, `rate` never moves and `gap` is undefined."""
    rows = []
    points = list(product(*(SETTINGS[name] for name in names)))
    for point, settings in enumerate(points):
        at = {"point": point, **dict(zip(names, settings))}
        blank = {"replica": None, "outcome": None, "value": None, "unit": None}
        if point in failing:
            rows.append({**at, **blank, "failed": "it broke <down>"})
            continue
        level = SETTINGS[names[0]].index(settings[0])
        for name, value in (("gdp", 10.0 * level), ("rate", 2.0), ("gap", None)):
            told = {"outcome": name, "unit": "%", "failed": None}
            jitter = 0.0 if name == "rate" else 1.0
            for number in range(replicas):
                shown = None if value is None else value + jitter * number
                rows.append({**at, "replica": number, "value": shown, **told})
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return Swept(frame, {name: "unit of " + name for name in names})


def test_outcomes_are_arrays_by_point_and_replica():
    gdp, rate, gap = swept("markup", "size").outcomes()
    assert (gdp.name, gdp.unit, gdp.values.shape) == ("gdp", "%", (8, 2))
    assert gdp.settings["markup"].tolist() == [1.0, 1.0, 1.1, 1.1, 1.1, 1.2, 1.2, 1.2]
    assert gdp.values[:, 0].tolist() == [0, 0, 10, 10, 10, 20, 20, 20]
    assert (rate.values == 2.0).all()
    assert np.isnan(gap.values).all()


@pytest.mark.parametrize("names", [("markup",), ("market",), ("size",)])
def test_one_setting_is_a_line_or_a_mark_for_each_of_its_words(names):
    figure = sweep_figure("a sweep", swept(*names, failing=()))
    ax = figure.axes[0]
    middle = next(line for line in ax.lines if line.get_marker() == "o")
    assert middle.get_ydata().tolist() == [10 * n + 0.5 for n in range(len(SETTINGS[names[0]]))]
    assert ax.get_xlabel() == f"{names[0]}, unit of {names[0]}"
    assert ax.get_ylabel() == "%"
    said = [text.get_text() for each in figure.axes for text in each.texts]
    assert said == ["2 % in every run", "never defined"]


def test_two_settings_are_a_map_whose_failed_points_are_told():
    figure = sweep_figure("a sweep", swept("markup", "size"))
    ax = figure.axes[0]
    cells = ax.collections[0].get_array()
    assert np.ma.getmaskarray(cells).sum() == 1
    assert cells[0].tolist() == [0.5, 10.5, 20.5]
    assert "failed" in [text.get_text() for text in ax.texts]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "10", "100"]
    assert "1 points failed" in figure._supxlabel.get_text()


def test_points_of_two_settings_that_are_no_grid_are_dots():
    frame = swept("markup", "size", failing=()).frame
    drawn = frame.with_columns(markup=pl.col("point") * 0.1, size=pl.col("point") * 7 % 9)
    figure = sweep_figure("a sweep", Swept(drawn, {"markup": "", "size": ""}))
    assert len(figure.axes[0].collections[0].get_offsets()) == 9


def test_more_settings_are_main_effects():
    figure = sweep_figure("a sweep", swept("markup", "size", "zlb", failing=()))
    first, second = (line.get_ydata().tolist() for line in figure.axes[0].lines[:2])
    assert first == [0.5, 10.5, 20.5]
    assert second == [10.5] * 3
    assert [text.get_text() for text in figure.legends[0].texts] == ["markup", "size", "zlb"]


def test_the_page_says_what_was_run_and_which_points_failed(tmp_path):
    made = report(swept("market", "zlb"), "said first", {"world": "toy", "command": "again"}, tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert made == ["figures/sweep.png", "report.html"]
    assert page.index("said first") < page.index("<img")
    assert "it broke &lt;down&gt;" in page
    assert "toy: a sweep of market, zlb" in page
    lost = report(swept("market", failing=(0, 1)), "", {"world": "toy"}, tmp_path / "figures")
    assert lost == ["report.html"]
