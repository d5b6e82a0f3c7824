"""Every mechanism of the macro world can be switched off, matters, and leaves an economy at rest."""

import numpy as np
import pytest

from simengine.config import merged
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.mechanisms import MECHANISMS
from tests.simengine.worlds.macro.history import REST, simulate

SMALL = {"warmup_years": 0}


def eventful(config):
    """Six years with a wave of defaults in the second, so that firms fail and banks run short of capital."""
    return simulate(config, replicas=4, years=6, shocks=["default_wave:0.4@1y"])[1]


@pytest.fixture(scope="module")
def history():
    return eventful(SMALL)


@pytest.mark.parametrize("name", MECHANISMS)
def test_without_a_mechanism_history_takes_another_course(name, history):
    other = eventful(merged(SMALL, MECHANISMS[name].off))
    assert any(not np.array_equal(history[column], other[column]) for column in history)


@pytest.mark.parametrize("name", MECHANISMS)
def test_without_a_mechanism_the_opening_is_still_a_rest_point(name):
    world, series = simulate(merged(REST, MECHANISMS[name].off), replicas=1, years=3)
    growth = (1.0 + world.world.growth) ** 3
    path = series["gdp"] / series["gdp"][:, :1] / growth ** np.arange(12)
    assert np.abs(path - 1.0).max() < 0.005


def test_a_mechanism_names_settings_that_differ_from_the_default():
    default = MacroConfig().model_dump()
    for name, mechanism in MECHANISMS.items():
        assert mechanism.says, name
        assert mechanism.source, name
        for section, settings in mechanism.off.items():
            for key, value in settings.items():
                assert default[section][key] != value, f"{name}: {section}.{key}"
