"""The emergence audit as a study: which arms it runs, what it refuses, what it leaves behind."""

import numpy as np
import pytest

from analysis.audit import FLOOR, HALVED, STEP, Removal, load
from analysis.audit.tables import FILES
from analysis.macro.facts import FACTS
from simengine.errors import UserError
from simengine.studies.audit import judged, mechanisms, planned
from simengine.studies.macro.audit import CHANCE, OWN_LUCK, carry_out, processes
from simengine.studies.request import Request
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.mechanisms import MECHANISMS
from tests.analysis.macro.synthetic import economy
from tests.simengine.command import SMALL, called

TINY = {"warmup_years": 0, "households": 20, "firms": 5, "banks": 2}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return planned(Request("macro", tmp_path_factory.mktemp("audit"), replicas=3, years=5.0, seed=9), CHANCE)


def test_every_mechanism_and_every_shared_process_has_an_arm_on_the_same_noise(plan):
    names = {removal.name for removal in plan.without}
    assert names | set(plan.idle) >= set(MECHANISMS)
    shocks = {name for name in processes(MacroConfig()) if name != OWN_LUCK}
    assert shocks <= names
    everyone = [plan.base, *plan.without.values(), *plan.others.values()]
    assert {(arm.seed, arm.replicas, arm.years, arm.world) for arm in everyone} == {(9, 3, 5.0, "macro")}
    assert len({str(arm.config) + str(arm.policies) for arm in everyone}) == len(everyone)


def test_what_takes_chance_away_is_a_shock_and_everything_else_a_mechanism(plan):
    sorts = {removal.name: removal.sort for removal in plan.without}
    assert (sorts["credit_shock"], sorts["firm_luck"], sorts["habit"]) == ("shock", "shock", "mechanism")


def test_halving_all_shocks_halves_every_variance_and_nothing_else(plan):
    base, quiet = MacroConfig(), MacroConfig(**plan.without[HALVED].config)
    assert quiet.disturbances.wage_sd**2 == pytest.approx(base.disturbances.wage_sd**2 / 2)
    assert quiet.luck.firm_demand_sd_monthly**2 == pytest.approx(base.luck.firm_demand_sd_monthly**2 / 2)
    assert quiet.disturbances.wage_rho == base.disturbances.wage_rho
    assert quiet.model_copy(update={"disturbances": base.disturbances, "luck": base.luck}) == base


def test_a_process_alone_leaves_one_and_nothing_leaves_none(plan):
    sizes = {name: len(processes(MacroConfig(**arm.config))) for name, arm in plan.others.items()
             if name.startswith(("only", "nothing"))}  # fmt: skip
    assert sizes.pop("nothing") == 0
    assert set(sizes) == {f"only {name}" for name in processes(MacroConfig())}
    assert set(sizes.values()) == {1}


def test_every_typed_in_value_is_a_parameter_of_the_macro_world_and_is_raised(plan):
    for fact, typed in FACTS.assumed.items():
        section, name = typed.parameter.split(".")
        value = getattr(getattr(MacroConfig(), section), name)
        if typed.scale:
            rise = plan.others[f"raised {fact}"].config[section][name] - value
            assert typed.scale * rise == pytest.approx(STEP * FACTS.targets[fact].sd)
        else:
            assert Removal(typed.shock, "shock") in plan.without


def test_what_is_off_already_is_named_and_not_run(tmp_path):
    off = MECHANISMS["habit"].off
    found = planned(Request("macro", tmp_path, names=("habit", "inventories"), config=off), CHANCE)
    assert found.idle == ("habit",)
    assert [removal.name for removal in found.without] == ["inventories"]


def test_named_removals_are_the_only_ones(tmp_path):
    found = planned(Request("macro", tmp_path, names=("habit", "credit_shock")), CHANCE)
    assert {removal.name for removal in found.without} == {"habit", "credit_shock"}
    assert {name for name in found.others if not name.startswith("raised")} == {
        "only credit_shock", "nothing", "random",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["macro", "habbit"], "unknown mechanism 'habbit': did you mean 'habit'?"),
        (["makro"], "unknown world 'makro': did you mean 'macro'?"),
        ([SMALL], "no mechanisms to take away: its class lists none"),
        (["macro", "--years", "2"], "--years 2: facts need at least 3 years"),
        (["macro", "--set", "firm.markdown=1.0"], "unknown key 'markdown'"),
        (["macro", "--replicas", "1"], "Invalid value for '--replicas'"),
    ],
)
def test_a_mistake_is_one_line(arguments, said):
    code, out, err = called("audit", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_mechanisms_of_the_macro_world_are_the_ones_it_lists():
    assert mechanisms("macro") == MECHANISMS


def test_an_arm_that_breaks_down_is_named_and_explains_nothing(plan):
    base, broken = economy(3, 40), Removal("habit", "mechanism")
    found = {"without mechanism inventories": economy(3, 40, seed=1), "nothing": economy(3, 40, seed=2)}
    audit = judged(plan, base, found, "", FACTS).audit
    assert broken in audit.broken
    assert [removal.name for removal in audit.matrix.removals] == ["inventories"]
    with pytest.raises(UserError, match="every arm broke down"):
        judged(plan, base, {}, "", FACTS)


def test_the_command_repeats_the_audit(tmp_path):
    request = Request("macro", tmp_path, 8, 25.0, 2, None, ("habit",), {"firms": 30, "firm": {"markup": 1.4}})
    assert request.command("audit macro") == (
        "python -m simengine audit macro habit --seed 2 --replicas 8 --years 25 "
        "--set firms=30 --set firm.markup=1.4"
    )


def test_an_audit_leaves_tables_a_figure_and_what_it_needs_to_resume(tmp_path):
    request = Request("macro", tmp_path, 2, 3.0, 2, 1, ("inventories", "credit_shock"), TINY)
    findings = carry_out(request)
    assert [file.name for file in findings.files] == [*FILES, "audit.png"]
    written = {file.name: file.read_bytes() for file in findings.files}
    kept = load(findings.files[:3], FACTS)
    assert {removal.name for removal in kept.audit.matrix.removals} == {"inventories", "credit_shock"}
    assert {share.process for share in kept.shares} == {"credit_shock", FLOOR}
    assert np.isfinite([share.removed[0] for share in kept.shares if share.process != FLOOR]).all()
    assert all(np.isfinite(one.base_pass) for one in kept.audit.labels)
    arms = {path: path.stat().st_mtime_ns for path in (tmp_path / "arms").iterdir()}
    again = carry_out(request)
    assert arms == {path: path.stat().st_mtime_ns for path in (tmp_path / "arms").iterdir()}
    assert written == {file.name: file.read_bytes() for file in again.files}
    assert "single shock" in again.text
