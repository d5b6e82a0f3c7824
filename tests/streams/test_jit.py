"""Compiled code is kept in a folder of its own for every state of the kernels."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from streams import jit as compiler
from streams.jit import cache_folder, fingerprint, jit, kernel_files

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def packages(tmp_path):
    """Two packages with a kernel each, one that imports from a plain module, and a bystander."""
    for name, text in {
        "streams/kernel.py": "from streams.codes import RATE\n@jit\ndef f(x): return x * RATE\n",
        "streams/codes.py": "RATE = 3\n",
        "streams/plain.py": "x = 1\n",
        "markets/deep/clear.py": "@jit\ndef g(x): return x\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_kernels_and_what_they_import_from_are_hashed_and_nothing_else(packages):
    assert list(kernel_files(packages)) == ["markets/deep/clear.py", "streams/codes.py", "streams/kernel.py"]


@pytest.mark.parametrize("name", ["streams/kernel.py", "streams/codes.py", "markets/deep/clear.py"])
def test_editing_a_kernel_or_a_constant_it_reads_starts_a_new_folder(packages, name):
    before = fingerprint(packages)
    (packages / name).write_text((packages / name).read_text() + "# edited\n")
    assert fingerprint(packages) != before


def test_editing_another_file_keeps_the_folder(packages):
    before = fingerprint(packages)
    (packages / "streams/plain.py").write_text("x = 2\n")
    assert fingerprint(packages) == before


def test_renaming_a_kernel_file_starts_a_new_folder(packages):
    before = fingerprint(packages)
    (packages / "markets/deep/clear.py").rename(packages / "markets/deep/other.py")
    assert fingerprint(packages) != before


def test_the_files_of_this_distribution_with_kernels_are_found():
    assert {"streams/jit.py", "streams/batch.py"} <= kernel_files(ROOT).keys()


def test_the_cache_goes_where_the_user_wants_it(monkeypatch, tmp_path, packages):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "mine"))
    folder = cache_folder(packages)
    assert folder == tmp_path / "mine" / "kernels" / fingerprint(packages)
    assert folder.is_dir()


def test_bounds_checked_code_has_a_folder_of_its_own(monkeypatch, tmp_path, packages):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path))
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", 1)
    assert cache_folder(packages).name == fingerprint(packages) + "-bounds"


def test_a_cache_that_cannot_be_written_is_replaced_by_a_temporary_one(monkeypatch, tmp_path, packages):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(compiler.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    assert cache_folder(packages).parent == tmp_path


def test_old_folders_are_forgotten_when_a_new_one_is_made(monkeypatch, tmp_path, packages):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "cache"))
    old = [tmp_path / "cache" / "kernels" / f"old{number:02d}" for number in range(compiler.KEPT_FOLDERS + 2)]
    for number, folder in enumerate(old):
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    newest = cache_folder(packages)
    left = sorted(newest.parent.iterdir())
    assert len(left) == compiler.KEPT_FOLDERS
    assert newest in left
    assert old[-1] in left
    assert old[0] not in left


def test_kernels_divide_by_zero_as_numpy_does_and_take_read_only_arrays():
    @jit
    def ratio(x, y):
        return x[0] / y

    values = np.ones(1)
    values.flags.writeable = False
    assert ratio(values, 0.0) == np.inf


def test_compiling_leaves_the_cache_setting_of_numba_alone():
    before = numba.config.CACHE_DIR

    @jit
    def same(x):
        return x

    assert same(3) == 3
    assert before == numba.config.CACHE_DIR


def test_a_second_process_finds_the_compiled_code(tmp_path):
    module = tmp_path / "once.py"
    module.write_text(
        "from streams.jit import jit\n\n@jit\ndef double(x):\n    return 2 * x\n\n"
        "assert double(4) == 8\nprint(sum(double.stats.cache_hits.values()))\n"
    )
    environment = os.environ | {"SIMENGINE_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    hits = [
        subprocess.run(
            [sys.executable, str(module)], env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert hits == ["0", "1"]
