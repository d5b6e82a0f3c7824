"""Margins that are reckoned hold what stands in them, as measured."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.figures.margins import Margins
from analysis.figures.style import foot, grid, look

SCALES = st.sampled_from([1e-4, 0.03, 1.0, 250.0, 4e5])


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), SCALES, st.booleans())
def test_no_text_leaves_the_figure_or_meets_another_panel(rows, columns, scale, named):
    with look():
        figure, axes = grid(rows, columns, "Title", width=4.0 * columns, margins=Margins())
        for ax in axes:
            ax.plot([0, 1], [-scale, scale])
            ax.set(title="panel", ylabel="% of something" if named else "", xlabel="years" if named else "")
        foot(figure, "two lines\nof a note")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        whole = figure.bbox
        boxes = [ax.get_tightbbox(canvas.get_renderer()) for ax in axes]
        lines = [text.get_window_extent() for text in (figure._suptitle, figure._supxlabel)]
    for box in (*boxes, *lines):
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1
        assert whole.y0 <= box.y0 < box.y1 <= whole.y1
    everything = [*boxes, *lines]
    for place, box in enumerate(everything):
        assert not any(box.overlaps(other) for other in everything[place + 1 :])


def test_what_is_written_beside_has_its_room():
    figure, (ax,) = grid(1, 1, "Title", margins=Margins(left=2.0, right=1.0, above=0.5))
    plain, (other,) = grid(1, 1, "Title", margins=Margins())
    for each in (figure, plain):
        FigureCanvasAgg(each).draw()
    width, height = figure.get_size_inches()
    wide, narrow = other.get_position(), ax.get_position()
    assert narrow.x0 - wide.x0 == pytest.approx(2.0 / width)
    assert wide.x1 - narrow.x1 == pytest.approx(1.0 / width)
    assert wide.y1 - narrow.y1 == pytest.approx(0.5 / height)


def test_measured_figures_make_room_for_title_and_foot():
    with look():
        figure, axes = grid(2, 1, "Title")
        for ax in axes:
            ax.set(title="panel", xlabel="years")
        foot(figure, "two lines\nof a note")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        boxes = [ax.get_tightbbox(canvas.get_renderer()) for ax in axes]
    for text in (figure._suptitle, figure._supxlabel):
        assert not any(text.get_window_extent().overlaps(box) for box in boxes)
