"""A central bank's reaction function and loss on meetings made by a known rule."""

import numpy as np
import pytest

from analysis.inference import paired
from analysis.macro.reaction import loss, reaction


def meetings(rho, inflation, output, error_sd=0.0, histories=12, count=160, seed=0):
    """Meetings under a rule, rates in % a year, with errors of decision."""
    rng = np.random.default_rng(seed)
    aim = 2.0 + np.cumsum(rng.normal(0, 0.02, (histories, count)), axis=1)
    gaps = rng.normal(size=(2, histories, count))
    missed, gap = np.cumsum(gaps, axis=2) * 0.2
    before, decided, rate = np.empty_like(aim), np.empty_like(aim), np.full(histories, 3.0)
    for m in range(count):
        before[:, m] = rate
        wanted = 1.0 + aim[:, m] + inflation * missed[:, m] + output * gap[:, m]
        rate = rho * rate + (1 - rho) * wanted + error_sd * rng.normal(size=histories)
        decided[:, m] = rate
    seen = {"inflation": aim + missed, "target": np.full_like(aim, 2.0), "aim": aim, "output_gap": gap}
    return {f"meeting_{name}": x for name, x in {**seen, "before": before, "decided": decided}.items()}


@pytest.mark.parametrize("rule", [(0.0, 1.5, 0.5), (0.9, 1.67, 0.465), (0.5, 0.8, 0.0)])
def test_a_rule_without_error_is_found_exactly(rule):
    found = reaction(meetings(*rule))
    exact = [rule[0] ** 2, *rule[1:]]
    assert [interval.mean for interval in found.responses] == pytest.approx(exact, abs=1e-9)
    assert found.r_squared == pytest.approx(1.0)


def test_intervals_hold_the_truth_about_as_often_as_they_say_and_widen_with_errors():
    held, widths = np.zeros(3), []
    for seed in range(60):
        found = reaction(meetings(0.8, 1.5, 0.5, error_sd=0.1, histories=40, count=80, seed=seed))
        held += [r.low < truth < r.high for r, truth in zip(found.responses, (0.64, 1.5, 0.5), strict=True)]
        widths.append(found.inflation.high - found.inflation.low)
    assert (held / 60 > 0.85).all()
    assert held.mean() / 60 < 0.99
    wild = reaction(meetings(0.8, 1.5, 0.5, error_sd=0.3, histories=40, count=80))
    assert wild.inflation.high - wild.inflation.low > max(widths)
    assert wild.r_squared < found.r_squared < 1.0


def test_an_estimate_agrees_with_least_squares_on_all_meetings():
    series = meetings(0.8, 1.5, 0.5, error_sd=0.2)
    aim = series["meeting_aim"]
    lag, missed = series["meeting_before"] - aim, series["meeting_inflation"] - aim
    x = np.column_stack(
        [np.ones(aim.size), lag.ravel(), missed.ravel(), series["meeting_output_gap"].ravel()]
    )
    y = (series["meeting_decided"] - aim).ravel()
    (_, rho, a, b), left, *_ = np.linalg.lstsq(x, y)
    found = reaction(series)
    assert [r.mean for r in found.responses] == pytest.approx([rho**2, a / (1 - rho), b / (1 - rho)])
    assert found.r_squared == pytest.approx(1 - left[0] / (y.var() * len(y)))


def test_a_loss_solved_by_hand():
    series = {
        "meeting_inflation": np.array([[2.0, 4.0], [2.0, 1.0]]),
        "meeting_target": np.full((2, 2), 2.0),
        "meeting_output_gap": np.array([[2.0, 0.0], [0.0, 4.0]]),
    }
    # (0 + ¼·4 + 4 + 0) / 2 and (0 + 0 + 1 + ¼·16) / 2.
    assert loss(series, 0.25).tolist() == [2.5, 2.5]
    assert paired(loss(series, 0.0), loss(series, 0.25)).mean == pytest.approx((0.5 + 2.0) / 2)
