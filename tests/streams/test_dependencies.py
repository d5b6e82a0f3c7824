"""Compiled code depends on what its function reads, in whatever package that is, and on nothing else."""

import importlib
import sys
from collections import namedtuple

import numba
import numpy as np
import pytest

from streams.dependencies import dependencies
from streams.jit import jit

FILES = {
    "__init__.py": "",
    "kernel.py": (
        "from shop import codes\nfrom shop.callee import add\nfrom shop.twin import rounded\n"
        "from streams.jit import jit\n\n@jit\ndef price(x, low=0):\n"
        "    return rounded(add(x)) + codes.FEES[0] + codes.TABLE[x] * (x in {1, 2})\n"
    ),
    "callee.py": (
        "from shop.deeper import STEP\nfrom streams.jit import jit\n\n"
        "@jit\ndef add(x):\n    return x + STEP\n"
    ),
    "deeper.py": "STEP = 1.5\nUNREAD = 7\n",
    "codes.py": "import numpy as np\nFEES = (1, 2)\nTABLE = np.arange(3)\n",
    "twin.py": (
        "from numba.extending import overload\nfrom shop.implementation import whole\n\n"
        "def rounded(x): ...\n\n@overload(rounded)\ndef _rounded(x):\n    return lambda x: whole(x)\n"
    ),
    "implementation.py": "from streams.jit import jit\n\n@jit\ndef whole(x):\n    return int(x)\n",
}


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The digest of `price` after an edit: file, what stands there, what shall stand there."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "shop").mkdir()
    for name, text in FILES.items():
        (tmp_path / "shop" / name).write_text(text)

    def digest(file="kernel.py", old="", new=""):
        assert old in FILES[file]
        (tmp_path / "shop" / file).write_text(FILES[file].replace(old, new) if old else FILES[file])
        for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
            del sys.modules[name]
        importlib.invalidate_caches()
        return dependencies(importlib.import_module("shop.kernel").price.py_func)

    return digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kernel.py", "{1, 2}", "{1, 3}"),
        ("kernel.py", "low=0", "low=1"),
        ("callee.py", "x + STEP", "x - STEP"),
        ("callee.py", "@jit", "@numba.njit(fastmath=True)"),
        ("deeper.py", "1.5", "2.5"),
        ("codes.py", "(1, 2)", "(1, 3)"),
        ("codes.py", "arange(3)", "arange(1, 4)"),
        ("twin.py", "whole(x)", "whole(x) + 1"),
        ("implementation.py", "int(x)", "int(x) + 1"),
    ],
)
def test_what_a_kernel_reads_changes_its_digest(shop, file, old, new):
    before = shop()
    if "numba" in new:
        new = f"import numba\n{new}"
    assert shop(file, old, new) != before
    assert shop(file) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("deeper.py", "7", "8"),
        ("callee.py", "def add", "# a comment\ndef add"),
        ("codes.py", "import", "OTHER = 3\nimport"),
    ],
)
def test_what_it_does_not_read_changes_nothing(shop, file, old, new):
    assert shop(file, old, new) == shop(file)


def test_closures_and_the_fields_of_arguments_are_read():
    def adds(step):
        @jit
        def add(x):
            return x.a + step

        return add.py_func

    kinds = [numba.typeof(namedtuple("Pair", fields)(1, 2.0)) for fields in (("a", "b"), ("b", "a"))]
    kinds.append(numba.typeof((namedtuple("Pair", "a b")(1, 2.0), 3)))
    digests = {dependencies(adds(step), [kind]) for step in (1, 2) for kind in kinds}
    assert len(digests) == 4  # the first and the last kind have the same named tuple


def test_functions_that_call_each_other_are_read_once():
    @jit
    def even(n):
        return n == 0 or odd(n - 1)

    @jit
    def odd(n):
        return n != 0 and even(n - 1)

    assert dependencies(even.py_func) != dependencies(odd.py_func)
    assert dependencies(even.py_func) == dependencies(even.py_func)
    assert np.array_equal([even.py_func(n) for n in (2, 3)], [True, False])
