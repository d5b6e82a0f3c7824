"""The study of a barter society's parts: what arms take away, and how histories are read."""

import numpy as np

from simengine.studies.barter.worth import COLUMNS, SOCIETY, carry_out, history, rows, summed
from simengine.studies.request import Request
from simengine.worlds.barter.config import BarterConfig
from simengine.worlds.barter.world import Barter
from tests.studies.barter.test_history import SMALL, followed


def test_the_number_of_goods_traded_is_none_in_autarky():
    assert summed(followed(market="autarky")[1])["volume"].tolist() == [0.0, 0.0]
    assert (summed(followed()[1])["volume"] > 0.01).all()


def test_a_history_is_what_the_measures_take():
    found = history(followed()[1])
    assert found.job.dtype == np.int64
    assert found.taste.dtype == np.float64
    assert found.born.dtype == np.bool_
    np.testing.assert_allclose(found.taste.sum(axis=-1), 1.0, rtol=1e-6)


def test_every_arm_has_a_baseline_that_is_run_and_a_question():
    planned = rows(until=80)
    for name, row in planned.items():
        assert row.against in planned
        assert planned[row.against].against in (row.against, SOCIETY)
        assert bool(row.asks) == (row.against != name)
        Barter(BarterConfig.model_validate(row.config))


def test_tastes_are_one_sided_where_only_one_good_is_liked():
    found = followed()[1]
    assert 0.5 < summed(found)["one_sidedness"].min() < 1.0
    alone = {**found, "taste": np.broadcast_to(np.float32([1.0, 0.0]), found["taste"].shape)}
    assert summed(alone)["one_sidedness"].tolist() == [1.0, 1.0]


def test_what_differs_from_neutral_selection_is_only_trade():
    planned = rows(until=80)
    row = planned["autarky, neutral selection"]
    assert row.config == {**planned[row.against].config, "market": "autarky"}


def test_the_study_answers_every_question_and_writes_what_it_says(tmp_path):
    request = Request("barter", tmp_path, replicas=6, years=4.0, seed=1, workers=1, config=SMALL)
    found = carry_out(request)
    for said in (
        "What is trade worth?", "Does social filtering improve", "differ from their null",
        "beyond exchange, against a frozen filter", "Gini of goods eaten", "common ancestor, within 9 ticks",
    ):  # fmt: skip
        assert said in found.text
    names = {file.name for file in found.files}
    assert names == {"attribution.csv", "measures.csv", "attribution.json", "attribution.png"}
    table = (tmp_path / "attribution.csv").read_text()
    assert table.startswith("# python -m simengine attribute barter --seed 1 --replicas 6 --years 4")
    assert table.count("\n") == 2 + len(rows(1)) * len(COLUMNS)
    again = carry_out(request)  # from what is kept
    assert again.text == found.text
