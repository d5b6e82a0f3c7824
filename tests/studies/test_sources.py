"""The files behind a world are followed through its imports, whatever package they are in."""

import sys

import pytest

from simengine.studies.sources import files_behind


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in {
        "bakery/__init__.py": "",
        "bakery/world.py": "import numpy, flour\nfrom .prices import PRICE\nfrom bakery import ovens\n",
        "bakery/prices.py": "PRICE = 3\n",
        "bakery/ovens.py": "def bake():\n    from bakery.heat import degrees\n    import missing\n",
        "bakery/heat.py": "import bakery.ovens\n",
        "bakery/unread.py": "",
        "flour.py": "import json\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in ("bakery", "flour")]:
        del sys.modules[name]


def test_a_world_s_own_files_and_those_it_imports_are_found_and_libraries_are_not(files):
    found = {path.relative_to(files).as_posix() for path in files_behind("bakery.world")}
    own = {f"bakery/{name}.py" for name in ("__init__", "world", "prices", "ovens", "heat")}
    assert found == {*own, "flour.py"}


def test_a_library_of_another_environment_is_a_library_and_one_that_cannot_be_imported_is_left_out(
    files, monkeypatch
):
    place = files / "elsewhere" / "site-packages"
    for name, text in {
        "sugar.py": "import salt\n",
        "salt.py": "",
        "sour/__init__.py": "raise AssertionError('this cannot be imported')\n",
        "sour/milk.py": "",
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    monkeypatch.syspath_prepend(place)
    (files / "bakery" / "tart.py").write_text("import sugar, sour.milk\n")
    found = {path.relative_to(files).as_posix() for path in files_behind("bakery.tart")}
    assert found == {"bakery/tart.py"}
