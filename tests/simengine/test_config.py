"""Settings are strict, and what is refused is named together with what would be valid."""

import pytest

from simengine.config import ConfigError, merged, nested, overrides, validated
from simengine.errors import UserError, unknown
from simengine.simulation import Simulation
from tests.simengine.command import SMALL
from tests.simengine.small_world import SmallConfig


def test_dotted_settings_become_a_nested_dict_with_toml_types():
    found = overrides(["walkers=7", "walk.drift=0.5", "fragile=true", "name=plain words"])
    assert found == {"walkers": 7, "walk": {"drift": 0.5}, "fragile": True, "name": "plain words"}


def test_a_config_takes_a_whole_number_where_it_wants_a_fraction():
    assert validated(SmallConfig, {"walk": {"drift": 1}}).walk.drift == 1.0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"walker": 3}, "config: unknown key 'walker': did you mean 'walkers'?"),
        ({"walk": {"drfit": 3.0}}, "config.walk: unknown key 'drfit': did you mean 'drift'?"),
        ({"walk": {"zzz": 3.0}}, "config.walk: unknown key 'zzz': valid are drift, noise_sd"),
        ({"walkers": "3"}, "config.walkers = '3': input should be a valid integer"),
        ({"walkers": 0}, "config.walkers = 0: input should be greater than or equal to 1"),
        ({"walk": {"drift": float("nan")}}, "config.walk.drift = nan: input should be a finite number"),
        ({"walk": 3}, "config.walk = 3: input should be a valid dictionary or instance of Walk"),
        ({"fragile": 1}, "config.fragile = 1: input should be a valid boolean"),
    ],
)
def test_a_refused_setting_is_one_sentence(values, said):
    with pytest.raises(ConfigError) as refused:
        validated(SmallConfig, values)
    assert str(refused.value) == said


@pytest.mark.parametrize("text", ["walkers", "=3", "a..b=3", ".=1"])
def test_a_setting_that_is_no_assignment_is_refused(text):
    with pytest.raises(UserError, match="write key=value"):
        overrides([text])


def test_a_setting_below_a_plain_value_is_refused():
    with pytest.raises(UserError, match="was given a value of its own before"):
        overrides(["walk=3", "walk.drift=4"])


def test_the_command_line_is_written_on_top_of_the_file():
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 9}, "e": 4}) == {
        "a": {"b": 9, "c": 2},
        "d": 3,
        "e": 4,
    }


def test_an_unknown_name_without_a_near_one_lists_the_valid_ones():
    assert unknown("world", "zzz", ["macro", "toy"]) == "unknown world 'zzz': valid are macro, toy"
    assert unknown("world", "makro", ["macro", "toy"]) == "unknown world 'makro': did you mean 'macro'?"


def test_settings_may_be_named_with_dots_in_python_too():
    flat = {"walk.drift": 0.5, "walkers": 7, "walk.noise_sd": 0.1}
    assert nested(flat) == {"walk": {"drift": 0.5, "noise_sd": 0.1}, "walkers": 7}
    sim = Simulation(SMALL, config={"walk.drift": 0.5, "walk": {"noise_sd": 0.2}}, seed=3)
    assert (sim.world.config.walk.drift, sim.world.config.walk.noise_sd) == (0.5, 0.2)
    said = "Simulation('small', seed=3, replicas=1) at tick -12 (-1q): 5 walkers"
    assert repr(sim) == f"{said}; who decides: rules (walkers)"
    for wrong in ({"walk.drfit": 1.0}, {"walk": 3, "walk.drift": 1.0}, {"walk.": 1.0}, {"": 1}):
        with pytest.raises(ConfigError, match="config"):
            Simulation(SMALL, config=wrong)
