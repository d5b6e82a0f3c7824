import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.macro.facts import FACTS, SOURCES
from analysis.run import Run
from analysis.scorecard import Row, Scorecard, score, score_series, window_score
from tests.analysis.macro.synthetic import economy, write_run


def card(*offsets, quarters=100):
    """A scorecard whose histories miss every target by these numbers of standard deviations."""
    rows = tuple(Row(t, t.real + t.sd * np.array(offsets, dtype=float)) for t in FACTS.targets.values())
    return Scorecard(FACTS, rows, quarters)


def test_real_windows_score_96_and_84_by_the_same_yardstick():
    assert window_score("us_1960_84", FACTS) == pytest.approx(96.0)
    assert window_score("us_1985_2019", FACTS) == pytest.approx(84.0)


def test_a_history_on_the_targets_scores_100_and_one_two_sd_away_0():
    assert card(0.0).score == 100.0
    assert card(2.0).score == 0.0
    assert card(1.9, -1.9).score == 100.0


def test_the_score_is_the_mean_over_histories_with_its_standard_error():
    half = card(0.0, 3.0)
    assert half.scores.tolist() == [100.0, 0.0]
    assert half.score == 50.0
    assert half.se == pytest.approx(50.0)
    assert card(0.0).se is None


def test_an_undefined_fact_is_a_miss_and_is_left_out_of_the_mean():
    target = FACTS.targets["rec_depth"]
    row = Row(target, np.array([np.nan, target.real]))
    assert row.pass_share == 0.5
    assert row.value == target.real
    never = Row(target, np.array([np.nan]))
    assert (never.pass_share, np.isnan(never.value)) == (0.0, True)


def test_the_payload_is_json_with_nulls_for_the_undefined(series):
    series["government"] = np.full_like(series["government"], 20.0)
    card = score_series(series, FACTS, random_policy=41.5)
    payload = json.loads(json.dumps(card.payload(), allow_nan=False))
    assert payload["controls"] == {"us_1960_84": 96.0, "us_1985_2019": 84.0, "random_policy": 41.5}
    assert len(payload["facts"]) == 50
    assert set(payload["facts"][0]) == {"name", "value", "real", "sd", "z", "pass_share"}
    (government,) = [fact for fact in payload["facts"] if fact["name"] == "corr_g_y"]
    assert (government["value"], government["z"], government["pass_share"]) == (None, None, 0.0)


def test_histories_of_another_length_are_scored_with_a_warning():
    assert card(0.0).note is None
    assert "these have 40" in score_series(economy(2, quarters=40), FACTS).note
    assert "understates" in card(0.0, quarters=40).note
    assert "overstates" in card(0.0, quarters=200).note


def test_the_table_puts_misses_first_and_prints_the_controls():
    lines = score_series(economy(3), FACTS).text().splitlines()
    shares = [int(line.split()[5]) for line in lines[1:51]]
    assert shares == sorted(shares)
    assert lines[-2:] == ["  96.0 %  US 1960–84", "  84.0 %  US 1985–2019"]


def test_constant_series_score_without_an_error():
    assert score_series({name: np.full((2, 100), 5.0) for name in SOURCES}, FACTS).score < 25


def test_arms_on_the_same_noise_count_once_in_the_standard_error(series):
    card = score_series(series, FACTS)
    twice = {name: np.concatenate([values, values]) for name, values in series.items()}
    numbers = tuple(range(len(card.scores))) * 2
    doubled = replace(score_series(twice, FACTS), numbers=numbers)
    assert doubled.score == pytest.approx(card.score)
    assert doubled.se == pytest.approx(card.se)


@pytest.mark.parametrize(
    ("hits", "scored", "said"),
    [
        ([], [0, 1, 2, 3], None),
        ([[2, 3]], [0, 1], "scored are the 2 of 4 histories that no shock or command hit"),
        ([[2], [1, 3]], [0], "scored are the 1 of 4 histories that no shock or command hit"),
        ([[0, 1], [2, 3]], [0, 1, 2, 3], "shocks or commands hit every history that is scored"),
    ],
)
def test_what_something_struck_is_left_out_of_a_score_or_said_to_be_in_it(tmp_path, hits, scored, said):
    histories = economy(4)
    strikes = [{"shock": "rate +1", "tick": 9, "until": None, "hit": hit} for hit in hits]
    card = score(Run(write_run(tmp_path / "run", histories, strikes=strikes, numbers=[0, 1, 0, 1])), FACTS)
    assert card.scores.tolist() == score_series(histories, FACTS).scores[scored].tolist()
    assert len(card.numbers) == len(scored)
    assert card.note == said
