"""The transmission study end to end, on two histories."""

import pytest

from analysis.macro.responses import ranges
from analysis.tables import read_table
from simengine.__main__ import main
from simengine.errors import UserError
from simengine.studies.macro import transmission
from simengine.studies.request import Request

SMALL = {"warmup_years": 0}


def test_the_study_names_the_shocks_that_the_literature_table_names():
    assert {one.shock for one in ranges()} == set(transmission.impulses(0.08))


def test_a_shock_of_the_study_ends_in_a_table_a_text_and_a_figure(tmp_path):
    request = Request(
        "macro", tmp_path, replicas=2, years=8.25, workers=1, names=("government_spending",), config=SMALL
    )
    findings = transmission.carry_out(request)
    assert [file.name for file in findings.files] == [
        "transmission.csv", "transmission.txt", "transmission.png",
    ]  # fmt: skip
    assert all(file.stat().st_size > 0 for file in findings.files)
    command, rows = read_table(tmp_path / "transmission.csv")
    assert command == request.command("study transmission")
    assert {row["shock"] for row in rows} == {"government_spending"}
    spent = [float(row["mean"]) for row in rows if row["response"] == "multiplier"]
    assert len(spent) == 2
    assert "government spending raises GDP" in findings.text
    assert "policy_rate" not in findings.text
    arms = sorted(path.name for path in (tmp_path / "arms").iterdir())
    assert transmission.carry_out(request) == findings
    assert sorted(path.name for path in (tmp_path / "arms").iterdir()) == arms


def test_spending_rises_by_one_percent_of_gdp_whatever_its_share():
    for share in (0.08, 0.2):
        size = float(transmission.impulses(share)["government_spending"].shock.split(":")[1].split("@")[0])
        assert share * (2.718281828459045**size - 1) == pytest.approx(0.01, abs=1e-6)


def test_unknown_shocks_and_runs_that_end_too_early_are_refused(tmp_path):
    with pytest.raises(UserError, match="unknown shock of the study 'policy_rates': did you mean"):
        transmission.carry_out(Request("macro", tmp_path, names=("policy_rates",)))
    with pytest.raises(UserError, match=r"--years 8: .* 8\.25 or more"):
        transmission.carry_out(Request("macro", tmp_path, years=8.0))


def test_the_command_line_refuses_an_unknown_study_in_one_line(capsys):
    assert main(["study", "transmision"]) == 2
    assert capsys.readouterr().err == "error: unknown study 'transmision': did you mean 'transmission'?\n"
