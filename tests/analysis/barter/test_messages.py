"""What is said, on messages whose components are known."""

import numpy as np
import pytest

from analysis.barter.messages import (
    chance_spectrum,
    effective_dimension,
    first_component,
    meaning,
    narrowing,
    participation,
    principal,
    spectrum,
)

RNG = np.random.default_rng(0)


def on_a_line(*lead, rows=40, numbers=4):
    return RNG.normal(size=(*lead, rows, 1)) * np.array([1.0, -2.0, 0.5, 1.0])[:numbers]


def test_components_of_four_points_on_a_cross():
    # Points ±3 along (1, 1)/√2 and ±1 along (1, −1)/√2, around (5, 5).
    along, across = np.array([1.0, 1.0]) / np.sqrt(2), np.array([1.0, -1.0]) / np.sqrt(2)
    messages = 5.0 + np.array([3 * along, -3 * along, across, -across])
    found = principal(messages)
    assert found.explained == pytest.approx([0.9, 0.1])
    np.testing.assert_allclose(found.axes[0], along)
    np.testing.assert_allclose(np.abs(found.axes[1]), np.abs(across))
    np.testing.assert_allclose(found.scores[:, 0], [3.0, -3.0, 0.0, 0.0], atol=1e-12)
    assert spectrum(messages) == pytest.approx([18 / 3, 2 / 3])
    assert participation(spectrum(messages)) == pytest.approx(400 / 328)


def test_components_rebuild_the_messages_and_do_not_flip():
    messages = RNG.normal(size=(30, 5))
    found = principal(messages)
    np.testing.assert_allclose(found.scores @ found.axes + messages.mean(axis=0), messages)
    assert (found.axes[np.arange(5), np.abs(found.axes).argmax(axis=1)] > 0).all()
    np.testing.assert_allclose(found.scores.var(axis=0, ddof=1), spectrum(messages))


def test_silence_has_no_dimension():
    silent = np.zeros((3, 10, 4))
    assert effective_dimension(silent).n == 0
    assert first_component(silent).verdict == "not defined in these histories"
    assert np.isnan(principal(silent[0]).explained).all()


def test_messages_on_a_line_have_one_dimension_below_chance():
    found = effective_dimension(on_a_line(8))
    # Shuffled apart, the numbers keep variances 1, 4, 1/4, 1: (6.25)² / (1 + 16 + 1/16 + 1) ≈ 2.16.
    assert found.value == pytest.approx(1.0)
    assert found.null == pytest.approx(6.25**2 / 18.0625, abs=0.25)
    assert found.sign == -1
    assert first_component(on_a_line(8)).sign == 1


def test_independent_numbers_have_the_dimension_that_chance_gives_so_few_rows():
    messages = RNG.normal(size=(32, 20, 6))
    found = effective_dimension(messages)
    assert found.value < 5.0  # not 6: few rows look related
    assert abs(found.value - found.null) < 4 * (found.high - found.low) / 3.92


def test_shuffling_numbers_apart_keeps_total_variance():
    messages = on_a_line(3)
    np.testing.assert_allclose(chance_spectrum(messages).sum(-1), spectrum(messages).sum(-1))
    assert (chance_spectrum(messages)[:, 0] < spectrum(messages)[:, 0]).all()


def test_messages_that_fall_onto_a_line_have_narrowed():
    found = narrowing(RNG.normal(size=(8, 200, 4)), on_a_line(8))
    assert found.value == pytest.approx(3.0, abs=0.15)
    assert found.sign == 1


def test_messages_that_name_the_job_mean_it_wholly():
    jobs = RNG.integers(0, 3, (4, 30))
    found = meaning("job", np.eye(3)[jobs][:, None], jobs[:, None])
    assert (found.name, found.value, found.null) == ("meaning of messages, job", pytest.approx(1.0), 2 / 29)


def test_half_the_variance_between_two_labels_by_hand():
    # Values 0, 2 | 2, 4 around 2: total 8, between 2 · (1 + 1) = 4.
    messages = np.array([[[0.0], [2.0], [2.0], [4.0]]])
    labels = np.array([[7, 7, 9, 9]])
    assert meaning("job", messages[:, None], labels[:, None]).value == pytest.approx(0.5)


def test_where_all_do_one_thing_messages_mean_nothing_and_do_not_count():
    pictures = np.array([[[[0.0], [2.0], [2.0], [4.0]]] * 2] * 2)
    one, two = [7, 7, 7, 7], [7, 7, 9, 9]
    found = meaning("job", pictures, np.array([[one, two], [one, one]]))
    assert (found.value, found.n) == (pytest.approx(0.5), 1)


def test_where_all_say_one_thing_there_is_no_chance_to_count_either():
    told, silent = [[0.0], [2.0], [2.0], [4.0]], [[1.0]] * 4
    found = meaning("job", np.array([[told, silent]]), np.array([[[7, 7, 9, 9], [6, 7, 8, 8]]]))
    assert (found.value, found.null) == (pytest.approx(1 / 2), pytest.approx(1 / 3))


def test_meaningless_messages_are_at_the_mean_over_orders_of_labels():
    messages, jobs = RNG.normal(size=(200, 2, 12, 3)), RNG.integers(0, 3, (200, 2, 12))
    found = meaning("job", messages, jobs)
    assert abs(found.value - found.null) < 4 * (found.high - found.low) / 3.92
