"""The scale study on tiny economies: what it runs, and that its switches do what they say."""

import pytest

from analysis.macro.scaling import ARMS, LUCK, QUIET, QUIET_ZIPF, WHOLE
from analysis.tables import read_table
from simengine.errors import UserError
from simengine.simulation import Simulation
from simengine.studies.macro.scale import _arm, _opening_herfindahl, carry_out
from simengine.studies.request import Request


def test_the_study_runs_every_arm_and_writes_table_and_figure(tmp_path):
    request = Request("macro", tmp_path, replicas=2, years=3.0, names=("20",), config={"warmup_years": 1})
    found = carry_out(request)
    assert [file.name for file in found.files] == ["scale.csv", "scale.png"]
    command, rows = read_table(found.files[0])
    assert command == request.command("study scale")
    assert {row["firms"] for row in rows} == {"20"}
    volatility = {row["quantity"]: float(row["value"]) for row in rows}
    assert volatility["sd of quarterly GDP growth, %: luck of meetings"] > 0
    assert len(list((tmp_path / "arms").glob("*.npz"))) == len(ARMS)


def test_arms_switch_off_shocks_and_the_request_keeps_its_own_settings(tmp_path):
    request = Request("macro", tmp_path, config={"luck": {"matching": 0.0}, "banks": 3})
    luck = {name: dict(_arm(request, 20, name).config)["luck"] for name in ARMS}
    assert luck[WHOLE] == {"matching": 0.0}
    assert luck[QUIET] == {"matching": 0.0, "aggregate": 0.0}
    assert luck[LUCK]["firm_productivity_sd_monthly"] == 0.0
    config = Simulation(config=_arm(request, 20, QUIET).config).world.config
    assert (config.firms, config.households, config.banks) == (20, 100, 3)


def test_zipf_sizes_are_more_concentrated(tmp_path):
    request = Request("macro", tmp_path)
    own, zipf = (_opening_herfindahl(_arm(request, 40, name)) for name in (QUIET, QUIET_ZIPF))
    assert 1 / 40 < own < zipf


def test_a_size_that_is_no_number_of_firms_is_refused(tmp_path):
    with pytest.raises(UserError, match="sizes are numbers of firms"):
        carry_out(Request("macro", tmp_path, names=("many",)))
