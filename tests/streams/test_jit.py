"""Compiled code is kept in a folder of its own for every state of the kernels."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np

from streams import jit as compiler
from streams import kept
from streams.jit import cache_folder, jit
from streams.notices import compiling

ROOT = Path(__file__).resolve().parents[2]


def test_the_cache_goes_where_the_user_wants_it(monkeypatch, tmp_path):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "mine"))
    folder = cache_folder()
    assert folder == tmp_path / "mine" / "kernels" / compiler.FOLDER.name
    assert folder.is_dir()


def test_bounds_checked_code_has_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path))
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", 1)
    assert cache_folder().name.endswith("-bounds")


def test_a_cache_that_cannot_be_written_is_replaced_by_one_temporary_folder(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(kept.tempfile, "gettempdir", lambda: str(tmp_path))
    first, second = cache_folder(), cache_folder()
    assert first == second
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [f"simengine-{os.getuid()}"]
    assert (tmp_path / f"simengine-{os.getuid()}").stat().st_mode & 0o077 == 0


def test_a_temporary_folder_that_is_another_users_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setenv("SIMENGINE_CACHE", "/dev/null")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"simengine-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(kept.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(kept.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    assert cache_folder() == tmp_path / "simengine-kernels-"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_folders_used_longest_ago_are_forgotten_and_those_of_others_are_not(monkeypatch, tmp_path):
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "cache"))
    mine = cache_folder()
    foreign = mine.parent / "foreign"
    old = [mine / f"old{number:03d}" for number in range(kept.KEPT_FOLDERS + 2)]
    for number, folder in enumerate([foreign, *old]):
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    cache_folder()
    assert sorted(mine.iterdir()) == old[2:]
    assert foreign.is_dir()


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


def run(path, cache):
    environment = os.environ | {"SIMENGINE_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, path], env=environment, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def test_a_second_process_finds_the_code_until_a_callee_or_a_constant_of_another_module_is_edited(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "rates.py").write_text("RATE = 3\n")
    callee = "from streams.jit import jit\n\n@jit\ndef taxed(x):\n    return x + 1\n"
    (shop / "taxes.py").write_text(callee)
    (tmp_path / "main.py").write_text(
        "from shop import rates\nfrom shop.taxes import taxed\nfrom streams.jit import jit\n\n"
        "@jit\ndef price(x):\n    return taxed(x) * rates.RATE\n\n"
        "print(price(4), sum(price.stats.cache_hits.values()))\n"
    )
    main, cache = tmp_path / "main.py", tmp_path / "cache"
    assert [run(main, cache), run(main, cache)] == ["15 0", "15 1"]
    (shop / "taxes.py").write_text(callee.replace("x + 1", "x + 2"))
    assert run(main, cache) == "18 0"
    (shop / "rates.py").write_text("RATE = 5\n")
    assert run(main, cache) == "30 0"
    assert not any(kept.damaged(file) for file in cache.rglob("*.nb?"))
    for damage in (lambda data: data[:9], lambda data: b"", changed_somewhere):
        for file in cache.rglob("*price*.nb?"):
            file.write_bytes(damage(file.read_bytes()) if file.stat().st_size else b"")
            assert kept.damaged(file)
        assert [run(main, cache), run(main, cache)] == ["30 0", "30 1"]


def changed_somewhere(data):
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_whoever_asks_hears_what_is_compiled_and_nothing_of_what_is_found(monkeypatch, tmp_path):
    monkeypatch.setattr(compiler, "FOLDER", tmp_path)
    heard = []
    compiling.listeners.append(heard.append)
    try:

        @jit
        def thrice(x):
            return 3 * x

        thrice(2)
        thrice(4)
    finally:
        compiling.listeners.remove(heard.append)
    assert heard == ["thrice"]


def test_what_only_compiling_needs_is_parsed_when_a_caller_is_compiled(tmp_path):
    (tmp_path / "taxes.py").write_text(
        "from streams.jit import jit\n\n@jit\ndef taxed(x):\n    return x + 1\n"
    )
    main, cache = tmp_path / "main.py", tmp_path / "cache"
    code = (
        "from streams import loaded\nfrom streams.jit import jit\nfrom taxes import taxed\n\n"
        "parsed, parse = [], loaded.ll.parse_bitcode\n"
        "loaded.ll.parse_bitcode = lambda code: parsed.append(code) or parse(code)\n"
        "print(taxed(4), sum(taxed.stats.cache_hits.values()), len(parsed))\n"
    )
    main.write_text(code)
    assert [run(main, cache), run(main, cache)] == ["5 0 0", "5 1 0"]
    main.write_text(code + "\n@jit\ndef dear(x):\n    return 2 * taxed(x)\n\nprint(dear(4), len(parsed))\n")
    assert run(main, cache).splitlines() == ["5 1 0", "10 1"]
