import numpy as np
import pytest

from tests.analysis.macro.synthetic import economy


@pytest.fixture
def series() -> dict[str, np.ndarray]:
    """Eight synthetic histories of 100 quarters."""
    return economy()
