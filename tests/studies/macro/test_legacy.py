"""The legacy score of short runs of the macro world."""

import numpy as np

from analysis.macro.legacy import CHECKS
from simengine.studies.arms import Arm
from simengine.studies.macro.legacy import measured


def test_rules_and_random_decisions_are_scored_on_the_same_noise():
    found = {
        policy: measured(
            Arm("macro", policies={"all": policy}, replicas=2, years=5.0, seed=3, config={"warmup_years": 1})
        )
        for policy in ("rule", "random")
    }
    for score in found.values():
        assert score.scores.shape == (2,)
        assert np.isfinite([row.score for row in score.rows if row.check.category == "Stability"]).all()
        assert 0.0 < score.score < 100.0
        assert sum(np.isfinite(row.score) for row in score.rows if row.check.counted) >= len(CHECKS) - 3
    taylor = {policy: score.categories["Taylor rule"].mean() for policy, score in found.items()}
    assert taylor["rule"] > taylor["random"]
