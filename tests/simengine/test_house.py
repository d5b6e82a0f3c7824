"""The house: who imports whom, what things may be called, how long they may get."""

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.simengine.command import ROOT
from tests.simengine.public_names import PACKAGES, SNAPSHOT, names

SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES + TESTS}

CLOCK_CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now"}
CLOCKS_ALLOWED = {
    "simengine/recording.py",
    "simengine/metering.py",
    "simengine/live/inbox.py",
    "simengine/live/pace.py",
    "simengine/live/steering.py",
    "simengine/learning/collecting.py",
    "simengine/learning/distributed.py",
    "simengine/learning/training.py",
    "simengine/cli/bench.py",
    "simengine/cli/speed.py",
    "simengine/cli/calibrate.py",
}
HOMES = {
    "simpy": ("simengine/kernel/",),
    "reactivex": ("streams/",),
    "torch": ("agents/", "simengine/learning/", "simengine/cli/doctor.py"),
    "pettingzoo": ("simengine/environments/",),
    "gymnasium": ("simengine/environments/",),
    "ray": ("simengine/environments/rllib.py", "simengine/workers/cluster.py"),
}
SKIPS_ALLOWED = {  # extras that are tested where they are installed
    "tests/environments/test_rllib.py": ["pytest.importorskip("],
    "tests/simengine/learning/test_ray.py": ["pytest.importorskip("],
    "tests/simengine/workers/test_cluster.py": ["pytest.importorskip("],
    "tests/simengine/test_train_command.py": ["mark.skip"],
}
BANNED_NAMES = {"manager", "handler", "helper", "helpers", "engine", "utils", "misc", "common", "base"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def imports(path):
    """Every module a file imports, anywhere in it, with its line."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def definitions(path):
    return [node for node in ast.walk(TREES[path]) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


def test_packages_import_only_what_the_design_allows():
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


WINGS = {"macro", "barter", "inventory", "language", "exchange"}
MECHANISMS = "markets/"  # a floor without wings: its folders are mechanisms, whatever they are called


def is_shared(path):
    return not WINGS & set(path.relative_to(ROOT).parts[:-1]) and not name_of(path).startswith(MECHANISMS)


def test_shared_rooms_neither_import_nor_name_a_wing():
    wrong = []
    for path in SOURCES:
        if not is_shared(path) or name_of(path) == "simengine/registry.py":
            continue
        for node in ast.walk(TREES[path]):
            if isinstance(node, ast.Constant) and node.value in WINGS:
                wrong.append(f"{name_of(path)}:{node.lineno} names {node.value!r}")
        for module, line in imports(path):
            if WINGS & set(module.split(".")):
                wrong.append(f"{name_of(path)}:{line} imports {module}")
    assert not wrong


def test_random_numbers_come_from_keyed_noise_and_time_from_the_simulation():
    wrong = []
    for path in SOURCES:
        for module, line in imports(path):
            root = module.partition(".")[0]
            clock = root == "time" and name_of(path) not in CLOCKS_ALLOWED
            if root in ("random", "secrets", "uuid") or module.startswith("numpy.random") or clock:
                wrong.append(f"{name_of(path)}:{line} imports {module}")
        for node in ast.walk(TREES[path]):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {
                "np.random",
                "torch.manual_seed",
                *CLOCK_CALLS,
            }:
                wrong.append(f"{name_of(path)}:{node.lineno} uses {ast.unparse(node)}")
    assert not wrong


def test_simpy_reactivex_and_torch_stay_in_their_homes():
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in SOURCES
        for module, line in imports(path)
        if (homes := HOMES.get(module.partition(".")[0])) and not name_of(path).startswith(homes)
    ]
    assert not wrong


def test_every_library_that_is_imported_is_declared_and_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = dict(project["optional-dependencies"])
    tools = {re.split(r"[<>=]", line)[0] for line in extras.pop("dev")}
    needed = [*project["dependencies"], *(line for lines in extras.values() for line in lines)]
    declared = {re.split(r"[\[<>=]", line)[0] for line in needed}
    pinned = {
        line.partition("==")[0]
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    known = {"numpy", "importlib", *sys.stdlib_module_names, *PACKAGES}
    used = {module.partition(".")[0] for path in SOURCES for module, _ in imports(path)} - known
    assert used <= declared
    assert declared | tools <= pinned


def test_names_say_what_things_are():
    wrong = [name_of(path) for path in SOURCES if path.stem in BANNED_NAMES]
    for path in SOURCES:
        for node in definitions(path):
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", node.name)}
            if words & BANNED_NAMES:
                wrong.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not wrong


def test_files_and_functions_stay_short():
    wrong = []
    for path in SOURCES + TESTS:
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_FILE:
            wrong.append(f"{name_of(path)} has {lines} lines")
        for node in definitions(path):
            length = node.end_lineno - node.lineno + 1
            if isinstance(node, ast.FunctionDef) and length > LONGEST_FUNCTION:
                wrong.append(f"{name_of(path)}:{node.lineno} {node.name} has {length} lines")
    assert not wrong


def test_everything_public_has_a_docstring():
    wrong = []
    for path in SOURCES:
        for node in [TREES[path], *public(TREES[path])]:
            if ast.get_docstring(node) is None:
                wrong.append(
                    f"{name_of(path)}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', 'the module')}"
                )
    assert not wrong


def public(node):
    """Public classes and functions of a module or class, and of the public classes in it."""
    for child in node.body:
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)) and not child.name.startswith("_"):
            if not any("overload" in ast.unparse(mark) for mark in child.decorator_list):
                yield child
            if isinstance(child, ast.ClassDef):
                yield from public(child)


def test_the_public_surface_is_what_the_five_init_files_list():
    found = names()
    for package in PACKAGES:
        module = importlib.import_module(package)
        assert all(hasattr(module, name) for name in found[package])
    assert found == json.loads(SNAPSHOT.read_text()), (
        "run python tests/simengine/public_names.py if this is meant"
    )


def test_test_names_are_sentences_and_no_test_is_skipped():
    wrong = []
    for path in TESTS:
        text = path.read_text(encoding="utf-8")
        marks = re.findall(r"mark\.(?:skip|xfail)|pytest\.(?:skip|xfail|importorskip)\(", text)
        allowed = marks if path == Path(__file__) else SKIPS_ALLOWED.get(name_of(path), [])
        wrong += [f"{name_of(path)}: {mark}" for mark in marks if mark not in allowed]
        for node in definitions(path):
            if node.name.startswith("test_") and node.name.count("_") < 3:
                wrong.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not wrong


def test_no_file_names_a_machine_or_a_folder_of_its_author():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines() or [name_of(path) for path in SOURCES + TESTS]
    pattern = re.compile(r"/(?:work|root|home)/\w+")
    wrong = []
    for name in names:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".txt", ".json", ".css", "") and path.is_file():
            wrong += [f"{name}: {found}" for found in pattern.findall(path.read_text(encoding="utf-8"))]
    assert not wrong


def test_the_scaffold_ships_what_packages_need_at_run_time():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert tuple(wheel["packages"]) == PACKAGES
    wing = "simengine/worlds/macro"
    for data in ("analysis/macro/data/us_macro_facts.csv", f"{wing}/scenarios/rate_shock.toml"):
        assert (ROOT / data).is_file()
        assert any(fnmatch(data, pattern) for pattern in wheel["artifacts"])


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_can_be_imported_first(package):
    done = subprocess.run(
        [sys.executable, "-c", f"import {package}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
