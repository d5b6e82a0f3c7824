"""How the macro world opens: the appeal at which firms sell what they make."""

import numpy as np
import pytest

from markets.goods import spread_demand
from simengine.kernel import room
from simengine.worlds.macro.opening_plants import Plants, appeal
from tests.simengine.command import called

NAMES = tuple(Plants.__dataclass_fields__)


def plants(sales, delivered, public):
    """Plants of one replica of which only what `appeal` reads is set."""
    given = {"sales": [sales], "delivered": [delivered], "public": [public], "output": [sales]}
    columns = {name: np.array(given[name], np.float64) if name in given else None for name in NAMES}
    return Plants(**columns)


def test_twice_the_sales_among_the_same_buyers_is_twice_the_appeal():
    # A household and two firms spend 3, 2 and 1 at both firms, which sell 4 and 2.
    suppliers = np.tile(np.array([0, 1], np.int32), (1, 3, 1))
    found = appeal(plants([4, 2], [2, 1], 0), suppliers, np.array([[3.0]]))[0]
    np.testing.assert_allclose(found[0] - found[1], np.log(2))
    sold = spread_demand(suppliers, np.array([[3.0, 2.0, 1.0]]), np.exp(found)[None, :])
    np.testing.assert_allclose(sold, [[4, 2]])


def test_what_the_state_buys_needs_no_appeal():
    # The state takes 3 of 9 by size: 2 of 6 and 1 of 3; 4 and 2 are left for the others.
    suppliers = np.tile(np.array([0, 1], np.int32), (1, 3, 1))
    found = appeal(plants([6, 3], [0, 0], 3), suppliers, np.array([[6.0]]))[0]
    np.testing.assert_allclose(found[0] - found[1], np.log(2))


def test_a_firm_that_is_nobodys_supplier_leaves_the_others_where_they_rest():
    suppliers = np.tile(np.array([0, 1], np.int32), (1, 4, 1))
    found = appeal(plants([4, 2, 1], [0, 0, 0], 0), suppliers, np.array([[6.0]]))[0]
    np.testing.assert_allclose(found[0] - found[1], np.log(2))
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    ("size", "fewer"),
    [(("--set", "households=100000000"), "households"), (("--replicas", "100000"), "replicas")],
)
def test_a_size_beyond_memory_is_one_line_before_anything_is_laid_out(monkeypatch, tmp_path, size, fewer):
    monkeypatch.setattr(room, "memory", lambda: 10**9)
    code, out, err = called("run", "macro", *size, "--quiet", "--out", tmp_path / "it")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Households: " in err
    assert f"this machine has 1 GB: valid is a smaller number of {fewer}" in err
    assert not (tmp_path / "it").exists()
