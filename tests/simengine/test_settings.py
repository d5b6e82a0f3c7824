"""Settings within their bounds open an economy, or are refused in one line that names one of them."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import simengine
from simengine.config import models_in
from simengine.errors import UserError
from simengine.registry import config_model, world_class

FIRST = {"inventory": {"shops": 2}, "barter": {"agents": 3}, "macro": {"warmup_years": 0}}
FACTORS = st.sampled_from([0.0, 1e-6, 0.1, 0.5, 1.0, 2.0, 10.0, 1e6])


def numbers(model, above=()):
    """Path and default of every setting that is a number, sizes apart."""
    for name, field in model.model_fields.items():
        if models_in(field.annotation) and isinstance(field.default, BaseModel):
            yield from numbers(type(field.default), (*above, name))
        elif isinstance(field.default, float):
            yield (*above, name), field.default


CASES = {world: [*numbers(config_model(world_class(world)))] for world in FIRST}


def wholes(model, above=()):
    """Path of every setting that is a whole number."""
    for name, field in model.model_fields.items():
        if models_in(field.annotation) and isinstance(field.default, BaseModel):
            yield from wholes(type(field.default), (*above, name))
        elif type(field.default) is int:
            yield (*above, name)


@pytest.mark.parametrize("world", FIRST)
@pytest.mark.parametrize("value", [2**31, 2**63, 10**40])
def test_no_whole_number_is_taken_that_32_bits_do_not_hold(world, value):
    for path in wholes(config_model(world_class(world))):
        config = value
        for name in reversed(path):
            config = {name: config}
        with pytest.raises(UserError, match=f"{'.'.join(path)} = "):
            simengine.Simulation(world, config=config)


@st.composite
def configurations(draw):
    """A world and some of its settings, each a multiple of its default or a round number."""
    world = draw(st.sampled_from([*FIRST]))
    config = dict(FIRST[world])
    for path, default in draw(st.lists(st.sampled_from(CASES[world]), min_size=1, max_size=3)):
        branch = config
        for name in path[:-1]:
            branch = branch.setdefault(name, {})
        branch[path[-1]] = draw(FACTORS) * draw(st.sampled_from([1.0, default]))
    return world, config


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(configurations())
@example(("macro", {"household": {"hand_to_mouth_share": 1.0}}))
@example(("macro", {"government": {"employment_share": 1.0}}))
@example(("macro", {"firm": {"exit_capital_loss": 1.0}}))
@example(("inventory", {"demand_daily": 1e6}))
def test_whatever_is_set_opens_or_is_refused_by_name(case):
    world, config = case
    try:
        simengine.Simulation(world, config=config)
    except UserError as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said
    assert not said or any(name in said for part in config.items() for name in _names(*part))


def _names(name, value):
    return [name, *value] if isinstance(value, dict) else [name]


SIZES = {"households": 20, "firms": 4}


def test_sizes_that_open_on_some_seeds_only_are_named():
    with pytest.raises(UserError, match=r"config.households = 20: .* valid is nearer to the default, 100"):
        simengine.Simulation("macro", seed=2, config={**FIRST["macro"], **SIZES})
