"""What policies are compared by in the macro economy, on synthetic series."""

import numpy as np
import pytest

from analysis.attribution import attribute
from analysis.facts import measure
from analysis.inference import bootstrapped
from analysis.macro.facts import FACTS
from analysis.macro.outcomes import outcomes
from tests.analysis.macro.synthetic import economy


def series(seed, quarters=40):
    rewards = {"reward_households": np.zeros((8, quarters))}
    return {**economy(8, quarters, seed=seed), **rewards}


def names(series, **config):
    return [by.name for by in outcomes(series, **config)]


def test_series_too_short_for_facts_have_no_outcomes_of_their_own():
    assert names(series(1, quarters=11), log_utility=True) == []
    assert names(series(1, quarters=12))[0] == "facts"


def test_welfare_is_said_only_where_households_are_rewarded_by_log_utility():
    assert "welfare" in names(series(1), log_utility=True)
    assert "welfare" not in names(series(1))
    assert "welfare" not in names(economy(2, 40), log_utility=True)


def test_loss_and_legacy_score_are_outcomes_where_they_were_followed():
    more = {"meeting_rate": np.zeros((8, 3)), "legacy_score": np.zeros((8, 1))}
    assert names(series(1) | more)[-2:] == ["central_bank_loss", "legacy_score"]


def test_levels_and_depths_are_those_of_the_facts():
    rule, random = series(1), series(2)
    effects = attribute({"rule": rule, "random": random}, outcomes(rule))["random"]
    facts = measure(random, FACTS)
    assert effects["inflation_sd"].level.mean == pytest.approx(facts["infl_sd"].mean())
    assert effects["recession_depth"].level.mean == pytest.approx(-facts["rec_worst"].mean())
    change = bootstrapped(measure(rule, FACTS)["gdp_hp_sd"], facts["gdp_hp_sd"])
    assert effects["gdp_sd"].change[:3] == change[:3]
