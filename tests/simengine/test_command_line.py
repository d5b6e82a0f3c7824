"""The command line: what works, and that every mistake is one line with exit code 2."""

import json
import re

import pytest

from simengine.scenarios import shipped
from tests.simengine.command import SMALL, called, finished

RUN = ("run", SMALL, "--years", "1", "--quiet")


def test_a_run_records_and_prints_its_manifest(tmp_path):
    code, out, _ = called(*RUN, "--json", "--out", tmp_path / "a", "--replicas", "0-1,0-1", "--seed", "5")
    found = json.loads(out)
    assert code == 0
    assert (found["status"], found["numbers"], found["seed"]) == ("finished", [0, 1, 0, 1], 5)
    assert found["digests"][:2] == found["digests"][2:]


def test_settings_policies_shocks_and_recording_come_from_the_command_line(tmp_path):
    code, out, _ = called(
        *RUN, "--json", "--out", tmp_path / "a", "--set", "walk.drift=0.5", "--policy", "walkers=fixed:2",
        "--shock", "rate:.01@3..9", "--record", "Output", "--record", "every=4", "--observe",
        "tests.simengine.test_recording:clumsy",
    )  # fmt: skip
    found = json.loads(out)
    assert code == 0
    assert found["config"]["walk"]["drift"] == 0.5
    assert found["scenario"]["policies"] == {"walkers": "fixed:2"}
    assert found["scenario"]["record"] == {
        "events": ["Output"], "every": 4, "replicas": "first", "postings": False
    }  # fmt: skip
    assert found["scenario"]["shock"][0]["size"] == 0.01


def test_one_policy_for_all_populations(tmp_path):
    runs = [("--policy", "all=random"), ("--policy", "walkers=random"), ()]
    digests = [
        json.loads(called(*RUN, "--json", "--out", tmp_path / str(i), *p)[1])["digest"]
        for i, p in enumerate(runs)
    ]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "makro"], "unknown world 'makro': did you mean 'macro'?"),
        (["run", SMALL, "--yers", "1"], "No such option: --yers"),
        (["run", SMALL, "--years", "many"], "Invalid value for '--years'"),
        (["run", SMALL, "--years", "-1"], "greater than 0"),
        (["run", SMALL, "--years", "1", "--ticks", "4"], "years and ticks: give one of the two"),
        (["run", SMALL, "--replicas", "0"], "valid is a count from 1"),
        (["run", SMALL, "--set", "walkers"], "write key=value"),
        (["run", SMALL, "--set", "wlakers=3"], "config: unknown key 'wlakers': did you mean 'walkers'?"),
        (["run", SMALL, "--policy", "walkers="], "write households=random"),
        (["run", SMALL, "--policy", "walkers=clever"], "unknown policy 'clever'"),
        (["run", SMALL, "--policy", "walkers=builtins:object"], "object has no needs_observation"),
        (["run", SMALL, "--policy", "walkers=builtins:range"], "cannot be made without arguments"),
        (["run", SMALL, "--checkpoint-every", "-1"], "checkpoint every = '-1': valid is a span of time"),
        (["run", SMALL, "--policy", "wakers=rule"], "unknown seat 'wakers': did you mean 'walkers'?"),
        (["run", SMALL, "--policy", "walkers=fixed:two"], "write fixed:K or fixed:K,K"),
        (["run", SMALL, "--shock", "rate"], "write type:size@start..end#replicas"),
        (["run", SMALL, "--observe", "nonsense"], "write module:name"),
        (["run", SMALL, "--observe", "json:nonsense"], "unknown name in json 'nonsense'"),
        (["run", SMALL, "--record", "every=often"], "record.every = 'often': valid is a tick"),
        (["run", SMALL, "--record", "Outptu"], "unknown event 'Outptu': did you mean 'Output'?"),
        (["run", SMALL, "--record", "replicas=4"], "valid are positions from 0 to 0"),
        (["run", SMALL, "--out", "/dev/null/x"], "cannot be made"),
        (["run", "no.such:World"], "cannot import no.such"),
        (["run", "nowhere.toml"], "nowhere.toml: cannot read this scenario: No such file or directory"),
        (["resume", "."], "no run folder: it has no manifest.json"),
        (["validate", "."], "so this is not a run folder"),
        (["report", "nowhere"], "so this is not a run folder"),
        (["compare", "nowhere", "neither"], "so this is not a run folder"),
        (["check", "makro"], "unknown world 'makro'"),
        (["bench", SMALL, "--replicas", "some"], "write counts such as 1,64"),
        (["rum"], "No such command 'rum'"),
        (["resume"], "Missing argument 'folder'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = called(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_debug_shows_where_an_error_came_from():
    code, _, err = called("run", "makro", "--debug")
    assert code == 2
    assert "Traceback" in err


def test_a_run_that_fails_is_one_line_and_exit_code_1(tmp_path):
    code, _, err = called(*RUN, "--years", "2", "--set", "fragile=true", "--out", tmp_path / "a")
    assert code == 1
    assert err.count("\n") == 1
    assert re.match(r"error: small failed at tick 51 .*rerun: simengine resume", err)


def test_ctrl_c_leaves_a_folder_that_resumes_to_the_same_bits(tmp_path):
    whole = json.loads(called(*RUN, "--json", "--out", tmp_path / "whole", "--years", "2")[1])
    stop = "tests.simengine.test_command_line:press_ctrl_c"
    code, _, err = finished(*RUN, "--years", "2", "--out", tmp_path / "cut", "--observe", stop)
    assert code == 130
    assert f"go on with: simengine resume {tmp_path / 'cut'}" in err
    status = json.loads((tmp_path / "cut" / "manifest.json").read_text())
    assert (status["status"], 24 <= status["tick"] <= 28) == ("interrupted", True)
    code, out, _ = finished("resume", tmp_path / "cut", "--quiet", "--json")
    assert code == 0
    assert json.loads(out)["digests"] == whole["digests"]


def press_ctrl_c(sim):
    import os
    import signal

    from streams.macro.events import Output

    def press(batch):
        if batch.tick == 23:
            os.kill(os.getpid(), signal.SIGINT)

    sim.events(Output).subscribe(press)


def test_list_names_worlds_scenarios_shocks_and_policies():
    code, out, _ = called("list", "--json")
    found = json.loads(out)
    assert code == 0
    assert "macro" in found["worlds"]
    assert set(found["scenarios"]) == set(shipped())
    assert "rate (macro)" in found["shocks"]
    assert found["policies"]["taylor1993 (macro)"] == "a rule for central_bank, in its rule's place"
    assert all(said for entries in found.values() for said in entries.values())
    assert called("list")[0] == 0


def test_check_puts_a_world_through_the_conformance_test():
    code, out, _ = called("check", SMALL, "--json")
    assert code == 0, out
    assert len(json.loads(out)) > 5


def test_check_says_that_a_scenario_is_valid(tmp_path):
    path = tmp_path / "it.toml"
    path.write_text(f'world = "{SMALL}"\n')
    assert called("check", path) == (0, f"{path}: valid, 0 shocks on {SMALL}\n", "")


def test_check_and_run_doubt_a_size_that_is_hardly_meant_and_refuse_a_shock_that_never_strikes(tmp_path):
    path = tmp_path / "it.toml"
    shock = '[[shock]]\ntype = "rate"\nsize = 1\nstart = "6 months"\n'
    path.write_text(f'world = "{SMALL}"\nyears = 1\n{shock}')
    said = (
        "warning: shock rate: size = 1 (share per year, 0.01 = 1 percentage point): "
        "plausible is -0.1 to 0.1\n"
    )
    assert called("check", path) == (0, f"{path}: valid, 1 shock on {SMALL}\n", said)
    assert said in called("run", path, "--no-report", "--out", tmp_path / "a")[2]
    path.write_text(path.read_text().replace("6 months", "6 years"))
    for command in (["check"], ["run", "--out", tmp_path / "b"]):
        code, out, err = called(*command, path)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"error: {path}:6: shock rate: start = 6 years: never strikes")
    assert not (tmp_path / "b").exists()


def test_bench_counts_rows_barriers_and_batches():
    code, out, err = called("bench", SMALL, "--years", "1", "--replicas", "1,3", "--repeats", "1", "--json")
    assert code == 0, err
    one, three = json.loads(out)
    bare, recorded = (three[f"{kind}_agent_months_per_second"] for kind in ("bare", "recorded"))
    assert three["recording_share_of_time"] == pytest.approx(1 - recorded / bare)
    assert (one["rows"], one["barriers"], one["agents"]) == (three["rows"], three["barriers"], 5)
    assert one["batches"] > 0
    assert sum(share for part, share in one.items() if part.endswith("_percent")) == pytest.approx(100)


@pytest.mark.parametrize(
    "command", [[], ["run"], ["resume"], ["validate"], ["compare"], ["doctor"], ["bench"]]
)
def test_every_command_explains_itself(command):
    code, out, _ = called(*command, "--help")
    assert code == 0
    assert "Usage: simengine" in out


@pytest.mark.parametrize("ticks", ["1", "5", "11", "12"])
def test_a_run_shorter_than_a_quarter_says_what_it_lacks(tmp_path, ticks):
    short = ("--policy", "rule", "--set", "warmup_years=0")
    code, out, err = called("run", "macro", "--ticks", ticks, *short, "--out", tmp_path / "a")
    assert (code, err) == (0, "")
    expected = {"1": "without a report: ", "12": "no score: facts: 1 periods"}
    assert expected.get(ticks, "report.html") in out


def test_two_years_are_reported_but_too_short_for_a_score(tmp_path):
    short = ("--policy", "rule", "--set", "warmup_years=0", "--record", "replicas=1", "--replicas", "2")
    code, out, err = called("run", "macro", "--years", "2", *short, "--out", tmp_path / "a")
    assert (code, err) == (0, "")
    assert "no score: facts: 8 periods, at least 12 are needed" in out
    assert "no score" in (tmp_path / "a" / "report.html").read_text()
    assert {"balance_sheets", "distributions"} <= {
        file.stem for file in (tmp_path / "a" / "figures").iterdir()
    }
    code, _, err = called("validate", tmp_path / "a")
    assert (code, err) == (2, "error: facts: 8 periods, at least 12 are needed\n")


def test_a_module_of_yours_that_breaks_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "broken_module.py").write_text("1 / 0\n")
    (tmp_path / "greedy_module.py").write_text("def watch(a, b):\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    code, _, err = called(*RUN, "--out", tmp_path / "a", "--observe", "broken_module:watch")
    assert code == 2
    assert "cannot import broken_module: ZeroDivisionError: division by zero" in err
    code, _, err = called(*RUN, "--out", tmp_path / "b", "--observe", "greedy_module:watch")
    assert code == 2
    assert err.count("\n") == 1
    assert "failed before the run: TypeError" in err
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()
