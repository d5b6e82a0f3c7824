"""Rows of numbers that networks take: several arrays, items of which there are many or few, memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.observation import Feature, Items, RowLayout, read_features, written_features

PRICE, SIZE = Feature("price", "dollar", 0.1), Feature("size", "1")
FEATURES = {
    "own": (PRICE, SIZE),
    "offers": Items((PRICE, SIZE), 3),
    "place": (SIZE,),
    "heard": Items((SIZE,), 2),
}


def test_a_row_holds_arrays_then_items_with_their_mask_then_memory():
    observation = {
        "own": np.array([[1, 2]], np.float32),
        "offers": np.array([[[3, 4], [5, 6]]], np.float32),
        "offers_mask": np.array([[True, False]]),
        "place": np.array([7], np.float32),
        "heard": np.array([[8, 9]], np.float32),
        "heard_mask": np.array([[True, True]]),
    }
    layout = RowLayout.of(FEATURES, memory=2)
    row = layout.packed(observation, np.array([[10, 11]], np.float32))
    offers, heard = [3, 4, 0, 0, 0, 0, 1, 0, 0], [8, 9, 1, 1]
    assert row.tolist() == [[1, 2, 7, *offers, *heard, 10, 11]]
    assert row.dtype == np.float32
    assert (layout.width, layout.features) == (row.shape[1], 3)
    assert layout.flat(row).tolist() == [[1, 2, 7]]
    assert [part.tolist() for part in layout.described(row, "heard")] == [[[[8], [9]]], [[1, 1]]]
    assert layout.remembered(row).tolist() == [[10, 11]]


def test_one_array_is_the_row_itself():
    seen = np.ones((4, 2), np.float32)
    assert np.shares_memory(RowLayout.of((PRICE, SIZE)).packed(seen), seen)
    assert RowLayout.of(2) == RowLayout.of((PRICE, SIZE))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_row_does_not_depend_on_padding(rows, most, more, seed):
    rng = np.random.default_rng(seed)
    there = rng.random((rows, most)) < 0.5
    offers = rng.normal(size=(rows, most, 2)).astype(np.float32) * there[..., None]
    layout = RowLayout.of({"offers": FEATURES["offers"]})
    padded = {
        "offers": np.concatenate([offers, np.zeros((rows, more, 2), np.float32)], axis=1),
        "offers_mask": np.concatenate([there, np.zeros((rows, more), np.bool_)], axis=1),
    }
    row = layout.packed({"offers": offers, "offers_mask": there})
    assert row.tobytes() == layout.packed(padded).tobytes()
    items, mask = layout.described(row, "offers")
    np.testing.assert_array_equal(items[:, :most], offers)
    np.testing.assert_array_equal(mask[:, :most], there)


def test_more_items_than_there_is_room_for_and_other_features_are_refused():
    layout = RowLayout.of({"own": (PRICE, SIZE), "offers": Items((PRICE,), 2)})
    seen = {"own": np.zeros((1, 2), np.float32), "offers": np.zeros((1, 3, 1), np.float32)}
    seen["offers_mask"] = np.ones((1, 3), np.bool_)
    with pytest.raises(ValueError, match="'offers': 3 items of 1 features: valid are up to 2 of 1"):
        layout.packed(seen)
    with pytest.raises(ValueError, match="'own': 3 features: valid is 2"):
        layout.packed({**seen, "own": np.zeros((1, 3), np.float32)})


@pytest.mark.parametrize("features", [(PRICE, SIZE), FEATURES])
def test_features_can_be_written_and_read(features):
    assert read_features(written_features(features)) == features
