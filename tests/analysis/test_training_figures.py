"""Figures of a training, drawn from logs made up here."""

import numpy as np
import polars as pl
import pytest

from analysis.figures import save
from analysis.figures.reaction_surfaces import Axis, Surface, reaction_surfaces
from analysis.figures.rewards_by_population import rewards_by_population
from analysis.figures.training_curves import training_curves


def log(iterations, populations=("firms", "central_bank")):
    rng = np.random.default_rng(1)
    return pl.DataFrame(
        [
            {
                "iteration": k + 1,
                "agent_steps": (k + 1) * 50_000,
                "population": name,
                "reward": rng.normal(),
                "entropy": 3.0 - 0.01 * k,
                "divergence": 0.01 * rng.random(),
                "clipped": 0.25,
                "explained": 0.5,
                "gain": 0.1 * k if k % 5 == 4 else None,
                "undone": "loss of firms is not finite" if (k, name) == (3, "firms") else "",
            }
            for k in range(iterations)
            for name in populations
        ]
    )


def drawn(figure, tmp_path):
    assert save(figure, tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")
    return figure


@pytest.mark.parametrize("iterations", [1, 5, 60])
def test_training_curves_have_a_row_per_population_and_a_column_per_number(iterations, tmp_path):
    axes = drawn(training_curves(log(iterations), iterations), tmp_path).axes
    assert len(axes) == 12
    assert [ax.get_ylabel() for ax in axes[::6]] == ["firms", "central bank"]
    assert axes[0].get_title(loc="left").strip() == "Gain on the rule"
    unit = "million agent-steps" if iterations == 60 else "thousand agent-steps"
    assert {ax.get_xlabel() for ax in axes[6:]} == {unit}


def test_clipped_shares_are_drawn_in_percent_and_undone_updates_are_marked():
    figure = training_curves(log(5))
    clipped = figure.axes[4].lines[-2]  # the cross comes last
    np.testing.assert_array_equal(clipped.get_ydata(), 25.0)
    assert [len(ax.lines) for ax in (figure.axes[4], figure.axes[10])] == [3, 2]
    assert "undone" in figure.get_supxlabel()


def test_a_moving_mean_joins_the_numbers_of_a_long_training():
    values = log(60).filter(pl.col("population") == "firms")["reward"].to_numpy()
    thin, thick = training_curves(log(60)).axes[1].lines[:2]
    np.testing.assert_array_equal(thin.get_ydata(), values)
    assert thick.get_ydata()[-1] == pytest.approx(values[-3:].mean())


def test_a_training_without_evaluations_says_so():
    figure = training_curves(log(4).with_columns(gain=pl.lit(None, pl.Float64)))
    assert [text.get_text() for text in figure.axes[6].texts] == ["not evaluated"]


def test_rewards_say_the_paired_gain_of_each_population(tmp_path):
    rule = np.random.default_rng(2).normal(size=8)
    rewards = {
        "rule": {"banks": rule, "firms": rule},
        "learned": {"banks": rule + 0.5, "firms": rule - np.linspace(0.9, 1.1, 8)},
        "random": {"banks": rule - 9.0, "firms": rule},
    }
    axes = drawn(rewards_by_population(rewards, ("firms",)), tmp_path).axes
    assert [ax.get_title(loc="left").strip() for ax in axes] == ["firms", "banks (by rule)"]
    said = [ax.texts[0].get_text() for ax in axes]
    assert said[0].startswith("−1.00 [")
    assert said[1] == "+0.50 [0.50, 0.50]"
    assert f"random: {rule.mean() - 9.0:.2f}".replace("-", "−") in axes[1].texts[1].get_text()


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_a_surface_has_its_units_and_white_at_the_rule(slope, tmp_path):
    x, y = np.linspace(-4, 4, 9), np.linspace(-2, 2, 9)
    surface = Surface(
        "central_bank", "rate", "pp added to the rule's rate", Axis("inflation gap", "pp", x),
        Axis("output gap", "%", y), slope * np.add.outer(y, x), 0.0, np.linspace(-5, 5, 21), np.zeros((3, 2)),
    )  # fmt: skip
    figure = drawn(reaction_surfaces([surface]), tmp_path)
    ax, bar = figure.axes
    assert ax.get_title(loc="left") == "central bank: rate"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("inflation gap, pp", "output gap, %")
    assert bar.get_ylabel() == "pp added to the rule's rate"
    low, high = ax.collections[0].get_clim()
    assert (low, high) == pytest.approx((-1.2, 1.2) if slope else (-0.25, 0.25))
