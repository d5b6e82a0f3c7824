"""The macro world's configuration: what no key alone can refuse."""

import pytest

import simengine
from simengine.config import ConfigError, validated
from simengine.errors import UserError
from simengine.scenarios import Scenario
from simengine.worlds.macro.config import MacroConfig


def test_more_suppliers_than_firms_are_refused_in_one_line():
    said = r"firm.suppliers is 4 \(at most firms, which is 3\)"
    with pytest.raises(ConfigError, match=said) as refused:
        validated(MacroConfig, {"firms": 3})
    assert "\n" not in str(refused.value)
    assert validated(MacroConfig, {"firms": 3, "firm": {"suppliers": 3}}).firms == 3


@pytest.mark.parametrize("said", [{"until": 48 * 9000}, {"ticks": 48 * 9000}, {"years": 9000}])
@pytest.mark.parametrize("how", ["run", "history"])
def test_python_refuses_what_commands_refuse(how, said):
    sizes = {"households": 20, "firms": 3, "banks": 1, "warmup_years": 0, "firm": {"suppliers": 3}}
    sim = simengine.Simulation("macro", config=sizes, policies="rule")
    with pytest.raises(UserError, match=r"years = 9000: valid are at most .* with these settings"):
        getattr(sim, how)(**said)
    assert sim.tick == 0
    sim.run(ticks=4)


@pytest.mark.parametrize("months", [10**9 + 1, 2**31, 2**63, 10**30])
def test_months_of_benefits_that_no_column_holds_are_refused(months):
    with pytest.raises(UserError, match=r"government\.benefit_months = .* less than or equal to 1000000000"):
        simengine.Simulation("macro", config={"government": {"benefit_months": months}})


def test_a_run_that_money_would_outgrow_is_refused_at_the_start():
    with pytest.raises(ConfigError, match="years = 100000: valid are at most 263 with these settings"):
        Scenario(world="macro", years=100_000.0).checked()
    growing = ("inflation_target_annual", "productivity_growth_annual", "labour_force_growth_annual")
    still = dict.fromkeys(growing, 0.0)
    Scenario(world="macro", years=600.0, config={"trend": still}).checked()
