"""What learning changed, as a study: its rows, its refusals, its files, in two small worlds."""

import json
import shutil

import numpy as np
import pytest

from agents.weights import load
from analysis.macro.reaction import reaction
from analysis.tables import read_table
from simengine.learning.plan import Plan
from simengine.learning.training import Trainer
from simengine.studies.arms import Arm
from simengine.studies.attribution import networks, planned
from simengine.studies.best_response import further
from simengine.studies.macro.attribution import AMONG_LEARNERS, EXTENSION, TAYLOR, followed
from simengine.studies.request import Request
from tests.simengine.command import SMALL, called

TINY = {"warmup_years": 0, "households": 50, "firms": 10, "banks": 2}
SETTINGS = [f"--set={name}={value}" for name, value in TINY.items()]


def trained(folder, **plan):
    """A folder of models, each trained for one iteration, together and alone alike."""
    trainer = Trainer.begin(Plan(iterations=1, replicas=2, evaluate_every=0, **plan), folder / "training")
    trainer.run(lambda _: None, lambda: False)
    for kind in ("together", "alone"):
        shutil.copytree(folder / "training" / "models", folder / "models" / kind)
    return folder / "models"


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("inventory"), world="inventory", span_years=1.0)


@pytest.fixture(scope="module")
def banks(tmp_path_factory):
    plan = {"populations": ("central_bank", "banks"), "config": TINY, "span_years": 1.0}
    return trained(tmp_path_factory.mktemp("macro"), **plan)


def test_rows_share_their_noise_and_differ_by_who_has_learned(banks, tmp_path):
    request = Request("macro", tmp_path, replicas=3, years=5.0, seed=9, config=TINY)
    learned = networks("macro", banks), networks("macro", banks, "learned_alone")
    arms = planned(request, *learned, EXTENSION)
    assert list(arms) == [
        "random", "fixed", "untrained", "rule", "banks learned", "central bank learned", "all learned",
        "all learned but banks", "all learned but central bank", TAYLOR, AMONG_LEARNERS,
    ]  # fmt: skip
    assert {(arm.seed, arm.replicas, arm.years, str(arm.config)) for arm in arms.values()} == {
        (9, 3, 5.0, str(TINY))
    }
    assert _other_than_rules(arms["banks learned"]) == {"banks"}
    assert _other_than_rules(arms["all learned"]) == {"banks", "central_bank"}
    assert _other_than_rules(arms["all learned but banks"]) == {"central_bank"}
    among = arms[AMONG_LEARNERS].policies
    assert among == {**arms["all learned"].policies, "central_bank": "taylor1993"}
    assert str(banks / "alone") in arms["banks learned"].policies["banks"]


def _other_than_rules(arm):
    return {name for name, policy in arm.policies.items() if policy != "rule"}


def test_the_rules_of_the_macro_world_are_found_from_its_meetings():
    config = {**TINY, "warmup_years": 1}
    for policy, rule in (("rule", (0.792, 1.67, 0.465)), ("taylor1993", (0.0, 1.5, 0.5))):
        request = Request("macro", ".", config=config, replicas=2, years=3.0, seed=4)
        arm = request.arm(policies={"central_bank": policy})
        series = followed(arm)
        assert series["meeting_rate"].shape == (2, 24)
        found = reaction(series)
        assert [r.mean for r in found.responses] == pytest.approx(list(rule), abs=1e-6)
        assert found.r_squared == pytest.approx(1.0)


def test_the_banks_loss_is_what_it_is_rewarded_for_but_for_steadiness():
    # Without a cost of changes the reward is less the loss, of every month; meetings see two in three.
    config = {**TINY, "rewards": {"rate_change": 0.0}}
    series = followed(Request("macro", ".", config=config, replicas=2, years=4.0, seed=4).arm())
    missed = series["meeting_inflation"] - series["meeting_target"]
    loss = missed**2 + 0.25 * series["meeting_output_gap"] ** 2
    assert np.allclose(loss.mean(axis=1), -series["reward_central_bank"].mean(axis=1), rtol=0.25)
    assert "legacy_score" in series


def test_the_inventory_world_is_attributed_and_its_shops_learn_on(shops, tmp_path):
    arguments = ["attribute", "inventory", "--models", shops, "--replicas", 4, "--years", 1, "--workers", 1,
                 "--best-response", "shops", "--iterations", 1, "--out", tmp_path]  # fmt: skip
    code, out, err = called(*arguments)
    assert code == 0, err
    assert "best response: one sector learns on" in out
    command, rows = read_table(tmp_path / "attribution.csv")
    assert command.startswith("python -m simengine attribute inventory --seed 700003 --replicas 4 --years 1 ")
    assert [row["row"] for row in rows] == [
        "rule", "random", "fixed", "untrained", "shops learned", "all learned", "all learned, shops further",
    ]  # fmt: skip
    by_row = {row["row"]: row for row in rows}
    assert float(by_row["random"]["change_high"]) < 0.0
    assert by_row["shops learned"] | {"row": ""} == by_row["all learned"] | {"row": ""}  # there are no others
    assert (tmp_path / "figures" / "attribution.png").stat().st_size > 5000


def test_a_training_that_is_over_is_kept_until_a_network_changes(shops, tmp_path):
    arm = Arm("inventory", replicas=2, years=1.0, policies={"shops": "rule"})
    here = tmp_path / "shops.safetensors"
    shutil.copy(shops / "together" / "shops.safetensors", here)
    size = {"replicas": 2, "span_years": 1.0, "evaluate_replicas": 2, "evaluate_years": 1.0}
    learned = further("shops", {"shops": here}, arm, 2, tmp_path / "out", **size)
    written = learned.stat().st_mtime_ns
    assert load(learned).digest != load(here).digest
    assert further("shops", {"shops": here}, arm, 2, tmp_path / "out", **size) == learned
    assert learned.stat().st_mtime_ns == written
    shutil.copy(learned, here)
    assert further("shops", {"shops": here}, arm, 2, tmp_path / "out", **size) != learned


def test_the_macro_world_is_attributed_with_facts_banks_and_legacy_score(banks, tmp_path):
    code, out, err = called("attribute", "macro", "--models", banks, "--replicas", 2, "--years", 4,
                            "--workers", 1, "--out", tmp_path, *SETTINGS)  # fmt: skip
    assert code == 0, err
    assert out.startswith("lose by learning: ")
    assert "Taylor 1993, typed in" in out
    assert "legacy score: random" in out
    payload = json.loads((tmp_path / "attribution.json").read_text())
    assert {"facts", "welfare", "inflation_sd", "gdp_sd", "recession_depth", "central_bank_loss"} <= set(
        payload["outcomes"]
    )
    _, rows = read_table(tmp_path / "attribution.csv")
    assert len({(row["row"], row["column"], row["against"]) for row in rows}) == len(rows)
    against = {row["against"] for row in rows if row["column"] == "central_bank_loss"}
    assert against == {"rule", TAYLOR, AMONG_LEARNERS}
    beside = [row for row in rows if row["against"].startswith("all learned but")]
    assert sorted(row["column"] for row in beside) == ["return_banks", "return_central_bank"]
    assert "by its own network, all others having learned: banks " in out
    assert (tmp_path / "figures" / "reaction.png").stat().st_size > 5000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["makro"], "unknown world 'makro': did you mean 'macro'?"),
        ([SMALL], "no learned networks: none are shipped: train some, then give --models"),
        (["inventory", "--models", "nowhere"], "nowhere/together holds no .safetensors files"),
        (["macro", "--replicas", "1"], "Invalid value for '--replicas'"),
    ],
)
def test_a_mistake_is_one_line(arguments, said):
    code, out, err = called("attribute", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_sector_that_does_not_learn_cannot_learn_on(shops):
    code, _, err = called("attribute", "inventory", "--models", shops, "--best-response", "shop")
    assert code == 2
    assert "unknown sector 'shop': did you mean 'shops'?" in err
