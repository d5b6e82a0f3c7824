"""`list WORLD` tells what a world has, from what it declares."""

import json

import pytest

from simengine.catalogue import HEADS, settings
from simengine.registry import config_model, world_class, worlds
from tests.simengine.command import called

STARTER = "simengine.starter:Starter"


def listed(world):
    code, out, err = called("list", world, "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_world_of_ones_own_is_listed_with_everything_it_declares():
    found = listed(STARTER)
    assert list(found) == list(HEADS)
    assert found["settings"][1] == {
        "setting": "price", "default": "3.0", "unit": "dollar", "source": "", "what it is": "",
    }  # fmt: skip
    assert found["populations"] == [
        {
            "population": "makers", "agents": "10", "head": "make", "decides unless told otherwise": "rule",
            "answers": "an index below 5: goods",
        }
    ]  # fmt: skip
    assert [row["sees"] for row in found["features"]] == ["asked for yesterday", "market day"]
    assert found["metrics"][0]["unit"] == "share"
    assert found["shocks"][0]["shock"] == "demand"
    columns = [row["column"] for row in found["events"]]
    assert columns[columns.index("made") - 1] == ""
    assert {"made", "sold"} <= set(columns)


def test_tables_leave_out_what_a_world_does_not_have():
    code, out, _ = called("list", STARTER)
    assert code == 0
    assert "mechanisms" not in out
    assert "waste" in out


@pytest.mark.parametrize("name", sorted(worlds()))
def test_every_setting_of_a_shipped_world_has_a_unit(name):
    rows = list(settings(config_model(world_class(name))))
    assert len(rows) > 10
    assert [row[0] for row in rows if not row[2]] == []


def test_values_of_the_macro_world_name_their_sources():
    rows = {row[0]: row for row in settings(config_model(world_class("macro")))}
    assert rows["labor.separation_monthly"][1:4] == ("0.034", "share of staff", "Shimer (2005): .034")
    assert sum(bool(row[3]) for row in rows.values()) > 120


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--version",), "simengine 0."), ((), "simengine new world"), (("--help",), "--install-completion")],
)
def test_the_way_in_is_shown(words, said):
    code, out, _ = called(*words)
    assert code == 0
    assert said in out


def test_shells_complete_worlds():
    from simengine.cli.look import known_worlds

    assert known_worlds("ma") == ["macro"]
    assert known_worlds("x") == []
