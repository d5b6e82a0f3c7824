"""Impact by fork: pairs differ by the order alone, and the order moves the price its own way."""

import numpy as np
import pytest

from simengine.errors import UserError
from simengine.studies.exchange import impact
from simengine.studies.request import Request


def test_an_order_moves_the_price_its_own_way_and_a_larger_one_farther(tmp_path):
    request = Request("exchange", tmp_path, replicas=4, seed=5)
    moved = {lots: np.subtract(*impact.paths(request, lots)[::-1]) for lots in (50, 800)}
    at_once = 1e4 * np.array([moved[50][0], moved[800][0]])
    assert (at_once > 0).all()
    assert (at_once[1] > 2 * at_once[0]).all()


def test_the_table_says_what_made_it_and_other_sizes_are_refused(tmp_path):
    found = impact.carry_out(Request("exchange", tmp_path, replicas=2, names=("100",)))
    assert "100 lots" in found.text
    lines = found.files[0].read_text().splitlines()
    assert lines[0].startswith("# python -m simengine study impact 100")
    assert len(lines) == 2 + len(impact.HORIZONS)
    with pytest.raises(UserError, match="sizes are lots from 1"):
        impact.carry_out(Request("exchange", tmp_path, names=("many",)))
