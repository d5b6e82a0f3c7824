"""The legacy score of two histories whose every check is worked out by hand."""

import json

import numpy as np
import pytest

from analysis.macro.legacy import CATEGORIES, CHECKS, LISTED, LegacyScore, legacy_score
from tests.analysis.macro.legacy.histories import steady, swinging

UNDEFINED = float("nan")

# Points of `steady`: check -> points.
STEADY = {
    "GDP growth, mean": 100.0,
    "inflation, mean": 100.0,
    "unemployment, mean": 100.0,
    "policy rate, mean": 100.0,
    "unemployment near NAIRU": 100 * (1 - 1.3 / 9),
    "inflation near target": 80.0,
    "GDP growth, sd": 25.0,
    "inflation, sd": 35.0,
    "unemployment, sd": 25.0,
    "policy rate, sd": 35.0,
    "GDP growth, skewness": UNDEFINED,
    "GDP growth, excess kurtosis": UNDEFINED,
    "GDP growth, AC(1)": 30 * 0.15,
    "GDP growth, AC(4)": 30 * 0.40,
    "inflation, AC(1)": 30 * 0.15,
    "unemployment, AC(1)": 30 * 0.05,
    "policy rate, AC(1)": 30 * 0.25,
    "Δ unemployment, GDP growth": 30 * 0.15,
    "Δ inflation, GDP growth": 70.0,
    "credit growth, GDP growth": 30 * 0.30,
    "consumption, GDP growth": 30 * 0.15,
    "investment, GDP growth": 30 * 0.10,
    "Taylor rule": 100 * (1 - 0.3 * 0.7 / 2.5),  # 4.2 where the rule says 2 + 2.8 + 1.2
    "rate up when inflation high": UNDEFINED,
    "rate down when inflation low": UNDEFINED,
    "rate in the right direction": 0.0,
    "unemployment, Δ inflation": UNDEFINED,
    "unemployment, output gap": UNDEFINED,
    "rate → GDP, 12–18 months": UNDEFINED,
    "rate → inflation, 18–24 months": UNDEFINED,
    "transmission active": UNDEFINED,
    "GDP never tenfold": 100.0,
    "GDP never under a tenth": 100.0,
    "inflation ≤ 50 %": 100.0,
    "inflation ≥ −10 %": 100.0,
    "unemployment ≤ 25 %": 100.0,
    "not at the zero bound": 70.0,
    "has recessions": 0.0,
    "time in recession": 0.0,
    "recession depth": UNDEFINED,
    "recovery": UNDEFINED,
    "Gini": 100 * (1 - (0.85 - 0.5975) / 1.7),
    "top 10 % share": 100 * (1 - 12.5 / 140),
    "top 1 % share": 100 * (1 - 6.75 / 70),
    "bottom half share": 100 * (1 - 0.3 * 2.5 / 10),
    "policy rate variability": 35.0,
    "policy impact": UNDEFINED,
    "stabilisation": 70.0,
    "crisis depth": UNDEFINED,
    "peak unemployment": UNDEFINED,
    "share of mild recessions": UNDEFINED,
    "policy response": UNDEFINED,
    "severe crises": UNDEFINED,
}

# Of `swinging`, where it differs: growth 12 and -6, inflation 5 and -1, unemployment 5 and 7, rate 4 and 3.
GAP = 0.75 * 60 / 121  # half of its swing, nearly: 61 months of 121 are low
SWINGING = STEADY | {
    "GDP growth, mean": 100 * (1 - 0.3 / 5.4),
    "inflation, mean": 100 * (1 - 0.8 / 5.6),
    "unemployment, mean": 100 * (1 - 0.2 / 11.6),
    "policy rate, mean": 100 * (1 - 0.7 / 8.4),
    "unemployment near NAIRU": 100 * (1 - 1.5 / 9),
    "inflation near target": 100.0,
    "GDP growth, sd": 100 * (1 - 0.3 * 1.25 / 7.25),
    "inflation, sd": 100 * (1 - 0.3 * 0.35 / 2.35),
    "unemployment, sd": 100 * (1 - 0.3 * 1.75 / 2.25),
    "policy rate, sd": 100 * (1 - 0.3 * 3.65 / 3.85),
    "GDP growth, skewness": 100 * (1 - 0.3 * 0.75 / 1.25),
    "GDP growth, excess kurtosis": 0.0,
    "GDP growth, AC(1)": 0.0,
    "GDP growth, AC(4)": 60.0,
    "inflation, AC(1)": 0.0,
    "unemployment, AC(1)": 0.0,
    "policy rate, AC(1)": 0.0,
    "Δ unemployment, GDP growth": 85.0,
    "Δ inflation, GDP growth": 30.0,
    "credit growth, GDP growth": 70.0,
    "consumption, GDP growth": 85.0,
    "investment, GDP growth": 0.0,
    # 4 where the rule says 2 + 5 + 4.5 and half the gap; 3 where it is below 0: 5.25 + a quarter of the gap.
    "Taylor rule": 50 * (1 - (0.25 + 0.25 * (0.75 - GAP)) / 5),
    "rate up when inflation high": 70.0,
    "rate down when inflation low": 70.0,
    "rate in the right direction": 70.0,
    "unemployment, Δ inflation": 50 * (1 - 0.2),
    "unemployment, output gap": 70.0,
    "rate → GDP, 12–18 months": 50 * (1 - (1 / 3 - 0.2)),  # correlations of 1, -1 and 1
    "rate → inflation, 18–24 months": 50 * (1 - (1 / 3 - 0.2)),
    "transmission active": 70.0,
    "has recessions": 100.0,
    "time in recession": 50 * (1 - 15 / 35),
    "recession depth": 100 * (1 - 0.3 * 1.75 / 7.25),
    "policy rate variability": 100 * (1 - 0.3 * 3.65 / 3.85),
    "policy impact": 100 * (1 - 0.3 * 0.75 / 1.25),  # the same month of the next year: no change
    "stabilisation": 100 * (1 - 0.3 * (1 / (1 + 9 / 1200 + 0.3) - 0.55) / 0.45),
    "crisis depth": 100 - 5 * 3.08,
    "peak unemployment": 100 - 100 * 1.91 / 8.91,
    "share of mild recessions": 42.3,
    "policy response": 100 * (1 - 235.6 / 671.2),
    "severe crises": 100.0,
}


def points(found: LegacyScore) -> dict[str, float]:
    return {row.check.name: float(row.points[0]) for row in found.rows}


@pytest.mark.parametrize(("history", "expected"), [(steady, STEADY), (swinging, SWINGING)])
def test_every_check_of_a_history_earns_what_was_worked_out_by_hand(history, expected):
    found = points(legacy_score(history()))
    assert list(found) == list(expected)
    for name, earned in expected.items():
        assert found[name] == pytest.approx(earned, abs=1e-6, nan_ok=True), name


def test_fifty_checks_are_counted_and_three_more_are_shown():
    assert len(CHECKS) == 50
    assert [check.name for check in LISTED if not check.counted] == [
        "consumption, GDP growth", "investment, GDP growth", "top 1 % share",
    ]  # fmt: skip
    assert len({check.name for check in LISTED}) == 53


def test_the_weights_are_those_of_the_list():
    assert sum(CATEGORIES.values()) == 20.5
    listed = {
        name: (sum(c.weight for c in CHECKS if c.category == name), sum(c.category == name for c in CHECKS))
        for name in CATEGORIES
    }
    assert listed == {
        "First moments": (10.0, 6),
        "Second moments": (7.0, 6),
        "Persistence": (6.5, 5),
        "Co-movement": (4.0, 3),
        "Taylor rule": (7.5, 4),
        "Phillips curve": (4.0, 2),
        "Monetary transmission": (5.5, 3),
        "Stability": (11.5, 6),
        "Business cycle": (5.5, 4),
        "Wealth": (3.0, 3),
        "Policy effectiveness": (5.0, 3),
        "Crisis": (6.5, 5),
    }


def test_the_total_is_the_weighted_mean_of_categories_of_the_weighted_means_of_checks():
    found = legacy_score(swinging())
    moments = [SWINGING[c.name] for c in CHECKS if c.category == "First moments"]
    assert found.categories["First moments"] == pytest.approx(
        [np.dot(moments, [2, 2, 2, 1.5, 1, 1.5]) / 10], abs=1e-6
    )
    recessions = (100.0 * 2 + SWINGING["time in recession"] * 1.5 + SWINGING["recession depth"]) / 4.5
    assert found.categories["Business cycle"] == pytest.approx([recessions], abs=1e-6)  # no recovery
    total = sum(CATEGORIES[name] * found.categories[name][0] for name in CATEGORIES) / 20.5
    assert found.scores == pytest.approx([total])
    assert found.se is None


def test_a_category_without_a_defined_check_has_no_part_in_the_total():
    found = legacy_score(steady())
    out = {name for name, earned in found.categories.items() if np.isnan(earned[0])}
    assert out == {"Phillips curve", "Monetary transmission", "Crisis"}
    weight = 20.5 - 1.5 - 2.0 - 1.5
    total = sum(CATEGORIES[n] * e[0] for n, e in found.categories.items() if n not in out) / weight
    assert found.score == pytest.approx(total)


def test_what_is_not_counted_changes_no_total():
    history = swinging()
    history["consumption"] = 1.0 / history["consumption"]
    assert legacy_score(history).score == legacy_score(swinging()).score


def test_pooling_scores_the_mean_of_the_histories_instead_of_each():
    both = {name: np.concatenate([steady()[name], swinging()[name]]) for name in steady()}
    found = legacy_score(both)
    apart = [legacy_score(steady()).score, legacy_score(swinging()).score]
    assert found.scores == pytest.approx(apart)
    assert found.score == pytest.approx(np.mean(apart))
    assert found.se == pytest.approx(abs(apart[0] - apart[1]) / 2)
    assert legacy_score(steady()).pooled == pytest.approx(apart[0])
    # Half of the histories have recessions, which is over .3; a quarter of the months are one.
    pooled = [row for row in found.rows if row.check.category == "Business cycle"]
    assert [float(row.check.scorer(row.value)) for row in pooled[:2]] == pytest.approx([100.0, 90.0])
    assert found.pooled != pytest.approx(found.score)


def test_the_table_marks_faults_and_prints_what_the_source_programs_own_policies_scored():
    lines = legacy_score(swinging()).text().splitlines()
    marked = [line for line in lines if line.startswith("! ")]
    assert len(marked) == sum(bool(check.fault) for check in LISTED)
    assert "  GDP never tenfold" in "\n".join(lines)
    assert any(line.startswith("! GDP growth, mean") and "a measured 0 earns 50" in line for line in lines)
    assert lines[-1].endswith(
        "trained 72–75, uniform random policy 65.6, untrained 64.6, all-zero actions 64.0"
    )
    assert "a comparison, never a target" in lines[-3]


def test_the_payload_is_json_with_nulls_for_the_undefined():
    payload = json.loads(json.dumps(legacy_score(steady()).payload(), allow_nan=False))
    assert payload["replicas"] == 1
    assert payload["categories"]["Crisis"] is None
    assert len(payload["checks"]) == 53
    (depth,) = [check for check in payload["checks"] if check["name"] == "crisis depth"]
    assert (depth["value"], depth["score"], depth["target"]) == (None, None, "-2.92")
    assert payload["its_own"]["uniform random policy"] == "65.6"
