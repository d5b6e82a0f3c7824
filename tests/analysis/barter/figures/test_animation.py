"""The animation has the frames it promises, and its artists are where the recording says."""

import numpy as np
import pytest
from PIL import Image

from analysis.barter.figures import animate
from analysis.barter.figures.animation import MOST_FRAMES, Stage, moments
from analysis.figures.style import Unavailable
from tests.analysis.barter.figures.village import village


@pytest.fixture(scope="module")
def society(tmp_path_factory):
    return village(tmp_path_factory.mktemp("village") / "run")


@pytest.mark.parametrize(("every", "frames"), [(1, 12), (5, 3), (None, 12)])
def test_a_gif_has_a_frame_for_every_tick_that_was_asked_for(society, tmp_path, every, frames):
    with Image.open(animate(society, tmp_path / "figures" / "one.gif", every)) as gif:
        assert (gif.format, gif.n_frames) == ("GIF", frames)


def test_of_a_long_run_the_last_years_are_shown_in_few_frames():
    assert moments(np.arange(1000), 40).tolist() == list(range(840, 1000, 2))
    assert len(moments(np.arange(5000), 300)) == MOST_FRAMES


def test_dots_stand_at_allocations_and_lines_begin_at_endowments(society):
    stage = Stage(society)
    stage.show(10)
    np.testing.assert_allclose(stage.dots.get_offsets(), [[2.5, 3.5]] * 4)
    np.testing.assert_allclose(
        [line[0] for line in stage.lines.get_segments()], [[1, 1], [2, 4], [3, 3], [4, 6]]
    )
    assert stage.title.get_text() == "Tick 10"
    assert [cursor.get_xdata()[0] for cursor in stage.cursors] == [10, 10]
    gatherer, hunter = stage.dots.get_facecolor()[:2]
    assert not np.allclose(gatherer, hunter)  # as their jobs


def test_only_what_moves_is_drawn_again(society):
    stage = Stage(society)
    seen = {child for ax in stage.figure.axes for child in ax.get_children() if child.get_visible()}
    assert seen == {stage.lines, stage.start, stage.dots, stage.title, *stage.cursors}


def test_without_holdings_there_is_no_animation(tmp_path):
    with pytest.raises(Unavailable, match=r"^no Holding events recorded$"):
        animate(village(tmp_path / "run", without=("Holding",)), tmp_path / "one.gif")
