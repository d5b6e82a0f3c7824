"""The experiments: arms from shipped scenarios, paragraphs that say what their series show."""

import re

import numpy as np
import pytest

from analysis.tables import read_table
from simengine.errors import UserError
from simengine.scenarios import read, shipped
from simengine.shocks import strike_of
from simengine.studies.macro.experiments import EXPERIMENTS, carry_out, policy_rules, stabilisers
from simengine.studies.macro.experiments.experiment import scenario_arm, short_form
from simengine.studies.macro.experiments.stabilisers import HIT, WITH, WITHOUT
from simengine.studies.request import STRIKE_YEAR, Request
from simengine.worlds.macro import shocks
from simengine.worlds.macro.world import Macro
from tests.analysis.macro.synthetic import economy

MACRO = Macro()
SHOCKS = {kind.name: kind for kind in shocks.SHOCKS}
REQUEST = Request("macro", ".", replicas=6, years=25.0)


def synthetic(name):
    """Series for every arm of an experiment: one economy, with a little luck of each arm's own."""
    series = {}
    for number, arm in enumerate(EXPERIMENTS[name].arms(REQUEST)):
        luck = np.random.default_rng(number).normal(0, 0.002, (6, 100))
        series[arm] = {column: values * np.exp(luck) for column, values in economy(6, 100).items()}
    return series


@pytest.mark.parametrize("name", sorted(SHOCKS))
def test_a_shock_survives_its_short_form(name):
    until = "" if SHOCKS[name].one_off else "..288"
    given = strike_of(f"{name}:0.123456789@240{until}", MACRO)
    assert strike_of(short_form(given), MACRO) == given


def test_the_bank_that_fails_survives_the_short_form():
    given = strike_of("bank_failure:0.5,bank=3@240", MACRO)
    assert strike_of(short_form(given), MACRO).shock.bank == 3


def test_what_hits_half_of_a_shipped_scenario_strikes_when_the_experiments_say():
    for name in ("demand_shock", "supply_shock", "credit_crisis", "zero_lower_bound"):
        scenario = read(shipped()[name])
        world = scenario.make_world()
        assert {block.strike(world).tick for block in scenario.shock} == {48 * STRIKE_YEAR}, name


def test_a_scenario_becomes_an_arm_of_the_studys_size_on_its_noise():
    request = Request("macro", ".", replicas=3, years=25.0, seed=9, config={"firms": 30, "trend": {"x": 1}})
    arm = scenario_arm("zero_lower_bound", request, only=("confidence",))
    assert (arm.replicas, arm.seed, arm.years) == (3, 9, 15.0)
    assert arm.shocks == ("confidence:-0.06@240..336",)
    assert arm.config["firms"] == 30
    assert arm.config["trend"]["neutral_real_rate_annual"] == 0.0
    assert len(scenario_arm("zero_lower_bound", request).shocks) == 2
    policies = scenario_arm("rule_random_rate", request).policies
    assert {name for name, policy in policies.items() if policy != "rule"} == {"central_bank"}
    assert policies["central_bank"] == "random"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_number_of_a_paragraph_was_measured(name):
    shown = EXPERIMENTS[name].show(synthetic(name), REQUEST)
    known = set()
    for one in shown.measured:
        for value in one.found[:3]:
            known |= {f"{abs(float(value)):.{digits}f}" for digits in (1, 2, 3, 4)}
    brackets = re.findall(r"(\d+\.\d+)(?: \S+)? \[−?(\d+\.\d+), −?(\d+\.\d+)\]", shown.paragraph)
    assert brackets
    assert {number for found in brackets for number in found} <= known
    assert len(shown.figure.axes) == 6
    assert len({(one.measure, one.arm, one.unit) for one in shown.measured}) == len(shown.measured)


def test_no_effect_is_claimed_where_arms_are_equal():
    same = economy(6, 100)
    for name, experiment in EXPERIMENTS.items():
        paragraph = experiment.show(dict.fromkeys(experiment.arms(REQUEST), same), REQUEST).paragraph
        if name == "stabilisers":
            assert "do not both rise" in paragraph
        if name == "policy_rules":
            assert "Certainly worse than it: none; certainly better: none" in paragraph
        assert "falls by" not in paragraph.replace("from the first quarter to the last it falls by", "")


def test_louder_cycles_and_deeper_recessions_are_measured_as_built_in():
    calm = economy(12, 200, seed=3)
    loud = {column: values.copy() for column, values in calm.items()}
    trend = np.exp(0.0075 * np.arange(200))
    loud["gdp"] = 100.0 * trend * (calm["gdp"] / (100.0 * trend)) ** 1.3
    series = {WITH: calm, WITHOUT: loud, f"{WITH} {HIT}": calm, f"{WITHOUT} {HIT}": loud}
    shown = stabilisers.EXPERIMENT.show(series, REQUEST)
    cycle = next(one for one in shown.measured if one.measure == "gdp_hp_sd: change")
    assert float(cycle.found.mean) == pytest.approx(30.0, abs=0.01)
    assert float(cycle.found.low) == pytest.approx(30.0, abs=0.05)
    assert "Volatility and depth both rise" in shown.paragraph


def test_the_loss_of_a_history_by_hand():
    quarters = np.arange(40)
    swing = np.where(quarters % 2 == 0, 1.0, -1.0)
    steady = {
        "price_level": np.exp(0.01 * quarters)[None],
        "gdp": np.exp(0.01 * quarters)[None],
        "policy_rate": (5.0 + swing)[None],
    }
    # Changes of the rate are ±2 in turn, 39 of them: sum −2, so Σ(x − x̄)² = 156 − 4/39.
    variance = (39 * 4.0 - 4.0 / 39.0) / 38.0
    assert policy_rules.loss(steady) == pytest.approx([0.5 * variance])


def test_an_experiment_runs_from_scenarios_to_a_page(tmp_path):
    small = {"warmup_years": 0}
    size = {"replicas": 2, "years": 10.25, "workers": 1}
    request = Request("macro", tmp_path, **size, names=("shock_response",), config=small)
    findings = carry_out(request)
    assert [file.name for file in findings.files] == [
        "experiments.html", "experiments.csv", "shock_response.png",
    ]  # fmt: skip
    html = (tmp_path / "experiments.html").read_text(encoding="utf-8")
    assert html.count("data:image/png;base64,") == 1
    assert "After the demand shock GDP" in html
    command, rows = read_table(tmp_path / "experiments.csv")
    assert command == request.command("study experiments")
    assert {row["arm"] for row in rows} == {"demand", "supply"}
    assert all(float(row["low"]) <= float(row["mean"]) <= float(row["high"]) for row in rows)


def test_unknown_experiments_and_runs_that_are_too_short_are_refused(tmp_path):
    with pytest.raises(UserError, match="unknown experiment 'policy_rule': did you mean 'policy_rules'"):
        carry_out(Request("macro", tmp_path, names=("policy_rule",)))
    with pytest.raises(UserError, match=r"--years 8: experiments need 10\.25 years or more"):
        carry_out(Request("macro", tmp_path, years=8.0))
