"""A PNG file that is written here is the picture that any reader shows."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from analysis.figures.png import png

PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))


@given(picture=PICTURES, step=st.sampled_from([1, -1]))
@settings(max_examples=60, deadline=None)
def test_what_is_read_back_is_what_was_drawn(picture, step):
    shown = picture[::step, :, ::step]
    read = Image.open(BytesIO(png(shown)))
    assert (read.format, read.mode) == ("PNG", "RGB")
    read.verify()
    assert np.array_equal(np.asarray(Image.open(BytesIO(png(shown)))), shown)
