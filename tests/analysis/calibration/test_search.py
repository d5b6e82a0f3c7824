"""The search: screening, redrawn noise, and a stop that leaves no trace."""

import json

import numpy as np
import pytest

from analysis.calibration import REFUSED, CalibrationError, Judgement, Search, SearchSettings

CENTRE = np.array([0.3, 0.7, 0.5, 0.2])
SMALL = SearchSettings(population=8, redraw=3, screen=16, seed=4)


def judged(points, noise):
    """A bowl whose bottom moves a little with the noise."""
    shift = 0.01 * np.sin(17.0 * noise + np.arange(4))
    losses = ((points - CENTRE - shift) ** 2).sum(axis=1)
    return [Judgement(float(loss), 100.0 - float(loss), None, {}) for loss in losses]


def went(search, rounds):
    for _ in range(rounds):
        search.tell(judged(search.ask(), search.noise))
    return search


def started(**settings):
    return Search(np.full(4, 0.9), SMALL if not settings else SearchSettings(**settings), {"world": "bowl"})


def test_screening_begins_at_the_start_and_covers_every_sixteenth_of_the_box():
    box = started().box
    assert np.array_equal(box[0], np.full(4, 0.9))
    for column in box[1:].T:
        assert sorted((16 * column).astype(int)) == list(range(16))


def test_the_best_screened_point_is_where_the_evolution_begins():
    search = went(started(), 3)
    assert not search.screening
    assert len(search.screened) == 17
    assert np.array_equal(search.mean, search.box[int(np.argmin(search.screened))])
    assert search.generation == 0


def test_without_screening_the_evolution_begins_at_the_start():
    search = started(screen=0)
    assert np.array_equal(search.ask()[-1], np.full(4, 0.9))
    assert search.noise == 1


def test_noise_is_redrawn_every_third_generation_and_the_mean_meets_it_first():
    search = went(started(), 3)
    seen = []
    for _ in range(7):
        seen.append((search.noise, len(search.ask())))
        went(search, 1)
    assert seen == [(1, 9), (1, 8), (1, 8), (2, 9), (2, 8), (2, 8), (3, 9)]
    assert [row["fresh_loss"] is not None for row in search.history] == [True, False, False] * 2 + [True]


def test_the_mean_is_judged_on_noise_it_was_not_fitted_to():
    search = went(started(), 6)
    assert (search.generation, search.noise) == (3, 2)
    expected = judged(search.mean[None], 2)[0]
    assert went(search, 1).history[-1]["fresh_loss"] == expected.loss


def test_candidates_are_the_start_the_last_mean_and_the_average_of_the_later_ones():
    search = started(screen=0, population=8, redraw=1)
    assert list(search.candidates) == ["start"]
    means = []
    for _ in range(4):
        means.append(search.mean)
        went(search, 1)
    found = search.candidates
    assert np.array_equal(found["start"], np.full(4, 0.9))
    assert np.array_equal(found["last mean"], search.mean)
    assert found["average mean"] == pytest.approx(np.mean([means[2], means[3], search.mean], axis=0))


def test_the_bottom_of_the_bowl_is_found_to_the_size_of_the_noise():
    search = went(started(), 120)
    assert np.abs(search.mean - CENTRE).max() < 0.02


@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 5, 6])
def test_a_search_that_was_stopped_goes_on_to_the_same_bits(tmp_path, rounds):
    """Stopped before, in and after the screening, and on old and new noise."""
    alone, resumed = tmp_path / "alone.json", tmp_path / "resumed.json"
    went(started(), 9).save(alone)
    went(started(), rounds).save(resumed)
    went(Search.load(resumed), 9 - rounds).save(resumed)
    assert resumed.read_bytes() == alone.read_bytes()


def test_economies_that_break_down_are_counted_and_do_not_lead():
    search = went(started(), 3)
    points = search.ask()
    sound = points[:, 0] <= np.median(points[:, 0])
    found = [each if fine else REFUSED for fine, each in zip(sound, judged(points, 1))]
    search.tell(found)
    row = search.history[-1]
    assert row["refused"] == (~sound[:-1]).sum()
    assert row["mean_loss"] == np.mean([each.loss for each in found[:-1] if each is not REFUSED])
    assert np.isfinite([row["best_loss"], row["mean_loss"], row["best_score"]]).all()


def test_what_is_no_saved_search_is_refused_in_one_line(tmp_path):
    file = tmp_path / "search.json"
    with pytest.raises(CalibrationError, match="nothing to resume"):
        Search.load(file)
    for text in ("{", "{}", json.dumps({"format": 99})):
        file.write_text(text)
        with pytest.raises(CalibrationError, match=r"search\.json"):
            Search.load(file)


@pytest.mark.parametrize("wrong", [{"population": 3}, {"screen": 12}, {"redraw": 0}, {"step": 0.0}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(CalibrationError, match=next(iter(wrong))):
        SearchSettings(**wrong)
