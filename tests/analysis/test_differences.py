"""In what runs differ: one cause is an effect, several are a mixture; two arms name their shock."""

import json

import pytest

from analysis import Run, compare_arms
from analysis.differences import causes, differences
from tests.simengine.command import SMALL, called

RUN = ("run", SMALL, "--seed", 3, "--quiet", "--no-report")
SHOCK = ("--shock", "rate:.01@3m..9m")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    asked = {
        "base": ("--years", 1, "-r", 2),
        "shocked": ("--years", 1, "-r", 2, *SHOCK),
        "long": ("--years", 2, "-r", 3, *SHOCK),
        "ruled": ("--years", 1, "-r", 2, "--policy", "walkers=fixed:2", *SHOCK),
        "drift": ("--years", 1, "-r", 2, "--set", "walk.drift=0.02"),
        "arms": ("--years", 1, "-r", "0-1,0-1", "--shock", "rate:.01@3m..9m#half"),
    }
    for name, words in asked.items():
        code, _, err = called(*RUN, *words, "--out", place / name)
        assert code == 0, err
    code, _, err = called("run", SMALL, "--seed", 4, "--quiet", "--years", 1, "--out", place / "seed")
    assert code == 0, err
    return place


def said(runs, a, b):
    return [str(each) for each in differences(Run(runs / a), Run(runs / b))]


def test_every_difference_is_listed_and_only_causes_count(runs):
    assert said(runs, "base", "base") == []
    (shock,) = differences(Run(runs / "base"), Run(runs / "shocked"))
    assert shock.what == "shocks"
    assert shock.name.startswith("rate +0.01")
    assert said(runs, "base", "drift") == ["walk.drift: 0.01 → 0.02"]
    assert said(runs, "shocked", "ruled") == ["policy of walkers: rule → fixed:2"]
    longer = differences(Run(runs / "shocked"), Run(runs / "long"))
    assert [each.what for each in longer] == ["length", "replica numbers"]
    assert causes(longer) == []
    assert "seed: 3 → 4" in said(runs, "base", "seed")


def compared(runs, *words):
    code, out, err = called("compare", *words, "--out", runs / "figure.png")
    assert code == 0, err
    assert (runs / "figure.png").is_file()
    return out


def test_one_difference_is_an_effect(runs):
    out = compared(runs, runs / "base", runs / "shocked")
    assert "Effect of rate +0.01" in out
    assert "2 pairs" in out


def test_a_mixture_is_never_called_an_effect(runs):
    out = compared(runs, runs / "base", runs / "ruled")
    assert "differs in policy of walkers: rule → fixed:2" in out
    assert "differs in shocks: none → rate +0.01" in out
    assert "Effect of" not in out
    assert "mean level" in out
    out = compared(runs, runs / "base", runs / "ruled", "--mixture")
    assert "Mixture of policy of walkers: rule → fixed:2 and rate +0.01" in out
    assert "mean level" in compared(runs, runs / "base", runs / "seed")
    code, out, _ = called("compare", runs / "base", runs / "ruled", "--json")
    assert code == 0
    assert [each["what"] for each in json.loads(out)["differences"]] == ["policy of walkers", "shocks"]


def test_two_arms_of_a_run_name_their_shock_in_its_report(runs):
    assert compare_arms(Run(runs / "arms")).title.startswith("Effect of rate +0.01")
    code, out, err = called("report", runs / "arms")
    assert code == 0, err
    assert "figures/impulse_response.png" in out
    page = (runs / "arms" / "report.html").read_text()
    assert page.index("Who decided: rules (walkers).") < page.index("Shock: rate +0.01") < page.index("<h2")
    assert "on 2 of 4 histories" in page
    assert page.index("What the shock did") < page.index("Through time")
