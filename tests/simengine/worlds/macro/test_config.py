"""The macro world's configuration: what no key alone can refuse."""

import pytest

from simengine.config import ConfigError, validated
from simengine.scenarios import Scenario
from simengine.worlds.macro.config import MacroConfig


def test_more_suppliers_than_firms_are_refused_in_one_line():
    said = r"firm.suppliers is 4 \(at most firms, which is 3\)"
    with pytest.raises(ConfigError, match=said) as refused:
        validated(MacroConfig, {"firms": 3})
    assert "\n" not in str(refused.value)
    assert validated(MacroConfig, {"firms": 3, "firm": {"suppliers": 3}}).firms == 3


def test_a_run_that_money_would_outgrow_is_refused_at_the_start():
    with pytest.raises(ConfigError, match="years = 100000: valid are at most 263 with these settings"):
        Scenario(world="macro", years=100_000.0).checked()
    growing = ("inflation_target_annual", "productivity_growth_annual", "labour_force_growth_annual")
    still = dict.fromkeys(growing, 0.0)
    Scenario(world="macro", years=600.0, config={"trend": still}).checked()
