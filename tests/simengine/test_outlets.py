"""What a command prints through, and what stands in its way before it begins."""

import errno
import io
import os
import re
import subprocess
import sys
import warnings

import pytest

from simengine.__main__ import main
from simengine.outlets import forgiving, held_warnings
from simengine.shadows import hidden_libraries, shadowed
from streams.notices import building
from tests.simengine.command import ROOT, SMALL, called


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp932", "utf-8"])
def test_a_terminal_of_any_encoding_gets_all_that_it_can_show(encoding):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    forgiving(stream)
    stream.write("a ½ × \udcc3 – b")
    stream.flush()
    assert raw.getvalue()[:2] == b"a "
    assert raw.getvalue()[-2:] == b" b"


def test_warnings_are_one_line_each_when_all_went_well_and_none_before_an_error(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with held_warnings(show=False):
            for _ in range(3):
                warnings.warn("over\nflow", RuntimeWarning, stacklevel=1)
            assert capsys.readouterr().err == ""
        said = capsys.readouterr().err
        assert (said.count("\n"), said.startswith("warning: RuntimeWarning: over flow (")) == (1, True)
        for debug in (False, True):
            with pytest.raises(KeyError), held_warnings(show=debug):
                failed_after_a_warning()
            assert capsys.readouterr().err.count("overflow") == debug


def failed_after_a_warning():
    warnings.warn("overflow", RuntimeWarning, stacklevel=1)
    raise KeyError


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (OSError(errno.ENAMETOOLONG, "File name too long", "x" * 300), 2, "File name too long"),
        (PermissionError(errno.EACCES, "Permission denied", "runs"), 1, "runs: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "error: the system: No space left on device"),
        (MemoryError("Unable to allocate 9 GiB"), 1, "more memory is needed than there is (Unable to"),
        (ZeroDivisionError("by zero"), 1, "a fault in the program"),
    ],
)
def test_what_the_system_refuses_is_one_plain_line(monkeypatch, fault, code, said):
    def fail(*ignored, **options):
        raise fault

    monkeypatch.setattr("simengine.cli.command", lambda: fail)
    found, out, err = called("list")
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert said in err
    assert len(err) < 330


def test_a_file_of_yours_that_hides_a_library_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "networkx.py").touch()
    monkeypatch.delitem(sys.modules, "networkx", raising=False)
    assert [line.partition(":")[0] for line in hidden_libraries()] == ["library networkx"]
    code, out, err = called("list")
    assert (code, out) == (2, "")
    assert err == (
        f"error: library networkx: {tmp_path / 'networkx.py'} is found instead of it: "
        "rename it, or work in another folder\n"
    )


def in_a_process(words, folder, **environment):
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", ["analysis", "agents", "streams"])
def test_a_file_of_yours_with_a_name_of_ours_is_named_and_nothing_else_is_said(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("")
    done = in_a_process(["-m", "simengine", "list"], tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: package {name}: {tmp_path / name}.py is found instead of ")
    used = in_a_process(["-c", "import simengine; simengine.Simulation"], tmp_path)
    assert used.stderr.splitlines()[-1].startswith(f"ImportError: package {name}: {tmp_path / name}.py")


def test_the_console_script_imports_from_the_current_folder_as_python_m_does(tmp_path):
    script = "import sys; sys.path.remove(''); from simengine.__main__ import main; sys.exit(main())"
    (tmp_path / "mine.py").write_text("class Mine:\n    pass\n")
    done = in_a_process(["-c", script, "list", "mine:Mine"], tmp_path)
    assert "world 'mine:Mine': this is no world" in done.stderr


def test_everything_can_be_declared_without_docstrings(tmp_path):
    declares = (
        "from streams.event import col, event, i8\nfrom streams.metrics import metric\n"
        "@event\nclass Sale:\n    'A sale.'\n    amount: i8 = col('cent')\n"
        "@metric('cent')\ndef sales(bus, month, quarter):\n    'Sales.'\n"
        "print(repr(sales.says), Sale.__doc__)"
    )
    done = in_a_process(["-OO", "-c", declares], tmp_path)
    assert (done.stdout, done.stderr) == ("'' None\n", "")


def test_our_own_packages_are_ours():
    assert [shadowed(name, ROOT) for name in ("agents", "analysis")] == ["", ""]
    assert main(["--version"]) == 0


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_at_once_what_is_being_done_until_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    words = ["run", "inventory", "--ticks", "14", "--out", str(tmp_path / "a")]
    assert main(words) == 0
    shown = sys.stderr.getvalue()
    assert shown.startswith("\r\x1b[Krun: starting")
    bar, report = shown.index("|"), shown.rindex("drawing the report")
    assert shown.index("run: starting") < bar < report
    assert shown.endswith("\r\x1b[K")


def test_a_world_that_takes_long_to_build_says_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    words = ["run", "macro", "--set", "warmup_years=0", "--set", "households=20", "--set", "firms=3"]
    words += ["--set", "banks=1", "--set", "firm.suppliers=3", "--policy", "all=rule"]
    words += ["--ticks", "4", "--no-report"]
    assert main([*words, "--out", str(tmp_path / "a")]) == 0
    shown = sys.stderr.getvalue()
    assert shown.index("run: starting") < shown.index("building macro") < shown.index("|")
    shares = [int(share) for share in re.findall(r"building macro: what everyone .*?, (\d+)%", shown)]
    assert shares == sorted(shares)
    assert {*shares} == {*range(101)}
    assert not building.listeners


def test_nothing_is_drawn_where_nobody_looks_or_wants_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    words = ["run", "inventory", "--ticks", "14", "--no-report", "--json"]
    assert main([*words, "--out", str(tmp_path / "a")]) == 0
    assert sys.stderr.getvalue().replace("\r\x1b[K", "") == ""
    assert called(*words[:-1], "--out", tmp_path / "b")[2] == ""


def test_a_run_of_rules_starts_without_networks_or_pictures_and_without_a_search_for_rubbish(tmp_path):
    start = (
        "import gc, sys\n"
        "from simengine.__main__ import SELDOM, main\n"
        "looked = []\n"
        "def look(phase, found):\n"
        "    if gc.get_threshold()[0] == SELDOM: looked.append(phase)\n"
        "gc.callbacks.append(look)\n"
        f"assert main(['run', {SMALL!r}, '--ticks', '2', '--quiet', '--no-report', '--out', 'a']) == 0\n"
        "print(sorted({'torch', 'matplotlib', 'scipy.stats'} & set(sys.modules)), looked, gc.isenabled())"
    )
    done = in_a_process(["-c", start], tmp_path)
    assert (done.stderr, done.stdout) == ("", "[] [] True\n")
