"""Every figure draws with many, one and troublesome histories, and says so when data are missing."""

import numpy as np
import pytest

from analysis import Comparison, Effect, Run, compare, score_series
from analysis.figures import Unavailable, impulse_response, save, scorecard_figure
from analysis.figures.style import quantiles
from analysis.macro.facts import FACTS
from analysis.macro.figures import balance_sheets, distributions, macro_variables, policy_transmission
from analysis.macro.figures.policy_transmission import LEADS, cross_correlations
from tests.analysis.macro.synthetic import ar1, economy, snapshots, write_run

PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module", params=[1, 4], ids=["one history", "four histories"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures") / "run"
    return Run(write_run(folder, economy(request.param, 30), snapshots(30)))


def titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes]


def drawn(figure, tmp_path):
    file = save(figure, tmp_path / "figures" / "one.png")
    assert file.read_bytes().startswith(PNG)
    return figure


def test_macro_variables_have_a_panel_and_a_unit_each(run, tmp_path):
    figure = drawn(macro_variables(run), tmp_path)
    assert dict(run).keys() == run.arrays.keys()
    assert "Unemployment" in titles(figure)
    assert all(ax.get_ylabel() for ax in figure.axes)


def test_policy_transmission_ends_with_bank_loans(run, tmp_path):
    assert titles(drawn(policy_transmission(run.arrays), tmp_path))[2] == "Bank loans"


def test_balance_sheets_are_drawn_as_shares_of_gdp(run, tmp_path):
    figure = drawn(balance_sheets(run), tmp_path)
    assert titles(figure) == ["Deposits", "Loans", "Government bills", "Financial net worth"]
    assert figure.axes[0].get_ylabel() == "% of annual GDP"


def test_distributions_show_the_us_gini(run, tmp_path):
    figure = drawn(distributions(run), tmp_path)
    assert any("US 0.803" in text.get_text() for text in figure.axes[0].texts)


def test_scorecard_names_all_facts_and_the_real_rows(run, tmp_path):
    card = score_series(run.arrays, FACTS)
    figure = drawn(scorecard_figure(card), tmp_path)
    written = {text.get_text() for text in figure.axes[0].texts}
    assert all(row.target.says in written for row in card.rows)
    assert "US 1960–84: 96, US 1985–2019: 84" in figure.get_suptitle()


def test_an_impulse_response_of_metrics_has_a_panel_for_each(tmp_path):
    effects = {name: Effect(name, "", np.eye(3)) for name in ("welfare", "gini_consumption")}
    axes = drawn(impulse_response(Comparison("a", "b", (0, 1, 2), effects)), tmp_path).axes
    assert [ax.get_title(loc="left") or ax.get_title() for ax in axes] == ["Welfare", "Gini consumption"]


def test_an_impulse_response_of_one_pair_and_of_none(run, tmp_path):
    changed = {name: values.copy() for name, values in run.arrays.items()}
    changed["gdp"][:, 12:] *= 0.99
    other = Run(write_run(tmp_path / "other", changed))
    axes = drawn(impulse_response(compare(run, other)), tmp_path).axes
    shown = [ax for ax in axes if ax.get_visible()]
    assert all(tick == round(tick) for ax in shown for tick in ax.get_xticks())
    drawn(impulse_response(compare(run, run)), tmp_path)


def test_inequality_through_time_has_the_target_of_its_number_of_households(tmp_path):
    run = Run(write_run(tmp_path / "sized", economy(2, 30), config={"households": 300}))
    labels = [line.get_label() for line in distributions(run).axes[3].lines]
    assert "US wealth 0.791, 300 households" in labels


def test_the_same_data_give_the_same_file(run, tmp_path):
    first = save(macro_variables(run.arrays), tmp_path / "a.png").read_bytes()
    assert save(macro_variables(run.arrays), tmp_path / "b.png").read_bytes() == first


def test_constant_and_undefined_series_draw(tmp_path):
    series = economy(2, 30)
    series["policy_rate"][:] = 2.0
    series["bank_loans"][:] = 0.0
    series["gini_income"][:] = np.nan
    for figure in (
        macro_variables(series),
        policy_transmission(series),
        scorecard_figure(score_series(series, FACTS)),
    ):
        drawn(figure, tmp_path)


def test_without_snapshots_the_figures_say_what_was_not_recorded(tmp_path):
    run = Run(write_run(tmp_path / "bare", economy(2, 30)))
    with pytest.raises(Unavailable, match="no Balance events"):
        balance_sheets(run)
    figure = drawn(distributions(run), tmp_path)
    notes = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert [note for note in notes if note.startswith("no ")] == [
        "no Wealth events recorded",
        "no Income events recorded",
        "no Trade events recorded",
    ]


def test_balance_sheets_without_output_are_in_millions_and_take_sector_codes(tmp_path):
    events = snapshots(10)
    names = ["households", "firms", "banks", "government", "central_bank"]
    balance = events["Balance"]
    codes = [names.index(name) for name in balance["sector"]]
    balance = balance.with_columns(sector=np.array(codes, dtype=np.int8))
    figure = balance_sheets(Run(write_run(tmp_path / "codes", economy(1, 12), {"Balance": balance})))
    assert figure.axes[0].get_ylabel() == "millions"


def test_a_follower_shows_up_at_its_lag():
    x = ar1(np.random.default_rng(0), 3, 300, 0.5)
    y = np.roll(x, 3, axis=1)
    assert (LEADS[cross_correlations(x, y).argmax(axis=1)] == 3).all()


def test_bands_leave_out_undefined_histories():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    middle = quantiles(values, [50])[0]
    assert middle[0] == 2.0
    assert np.isnan(middle[1])
