"""Figures of a society show what was recorded: numbers by hand, labels, and a line where data are missing."""

import numpy as np
import polars as pl
import pytest

from analysis import Run, RunError
from analysis.barter.favourites import favourites
from analysis.barter.figures import FIGURES
from analysis.barter.figures.ages import by_period, census
from analysis.barter.figures.attention import attention_at, cluster_order
from analysis.barter.figures.dimension import sampled
from analysis.barter.figures.edgeworth import boxed, contract, indifferent
from analysis.barter.figures.favourites import LARGEST, SMALLEST, placed, sizes
from analysis.barter.figures.lineages import contributions, family, through_births
from analysis.barter.figures.market import moved
from analysis.barter.figures.resources import totals
from analysis.barter.figures.roles import value_by_agent
from analysis.barter.figures.through_time import yearly
from analysis.barter.figures.trade import budget
from analysis.barter.recorded import Recorded, spoken, valued
from analysis.figures.style import Unavailable
from tests.analysis.barter.figures.village import (
    AGENTS,
    BIRTHS,
    TICKS,
    YEAR,
    attention,
    village,
    write_village,
)
from tests.analysis.macro.synthetic import sealed

NEEDED = {
    "resources": "Holding", "jobs": "Production", "rewards": "Reward", "ages": "Death", "trade": "Price",
    "market": "Clearing", "inequality": "Consumption", "messages": "Broadcast", "dimension": "Broadcast",
    "attention": "Attention", "favourites": "Attention", "lineages": "Birth", "learning": "GradientFlow",
}  # fmt: skip


@pytest.fixture(scope="module")
def society(tmp_path_factory):
    return village(tmp_path_factory.mktemp("village") / "run")


@pytest.fixture(scope="module")
def drawn(society):
    return {name: draw(society) for name, draw in FIGURES.items()}


def panel(figure, title):
    (ax,) = [ax for ax in figure.axes if ax.get_title(loc="left").startswith(title)]
    return ax


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_every_figure_has_a_title_and_names_its_axes(drawn):
    for name, figure in drawn.items():
        assert figure.get_suptitle(), name
        for ax in figure.axes:
            if ax.axison and ax.get_title(loc="left"):
                assert ax.get_xlabel() or ax.get_ylabel() or ax.get_yticklabels(), (
                    name,
                    ax.get_title(loc="left"),
                )


@pytest.mark.parametrize(("name", "event"), NEEDED.items())
def test_a_figure_whose_events_are_missing_says_so_in_one_line(name, event, tmp_path):
    with pytest.raises(Unavailable) as found:
        FIGURES[name](village(tmp_path / "run", without=(event,)))
    assert str(found.value) == f"no {event} events recorded"


def test_messages_without_ages_keep_their_other_panels(tmp_path):
    figure = FIGURES["messages"](village(tmp_path / "run", without=("Forager",)))
    assert [text.get_text() for text in panel(figure, "Age").texts] == ["no Forager events recorded"]
    assert len(panel(figure, "Job").collections[0].get_offsets()) == AGENTS


def test_a_run_of_another_world_is_refused_by_name(tmp_path):
    folder = write_village(tmp_path / "run", config={"households": 3})
    with pytest.raises(RunError, match="its config has no agents, goods, jobs, year"):
        Recorded(Run(folder))


def test_totals_of_resources_are_sums_over_agents(society, drawn):
    found = totals(society)
    np.testing.assert_allclose(found["eaten"][1], [[4.0, 8.0]] * TICKS)
    np.testing.assert_allclose(found["made"][1][[0, 1, 10]], [[8.0, 0.0], [0.0, 8.0], [4.0, 4.0]])
    np.testing.assert_allclose(
        found["held"][1][:, 0], np.arange(TICKS)
    )  # 4 agents with a quarter more a tick
    held = panel(drawn["resources"], "meat: held")
    np.testing.assert_allclose(held.lines[0].get_ydata(), np.arange(TICKS))
    assert labels(panel(drawn["resources"], "berries: made")) == ["made", "eaten"]


def test_shares_of_jobs_and_their_yearly_mean_are_drawn(drawn):
    ax = panel(drawn["jobs"], "Shares")
    ticks, mean = ax.lines[0].get_ydata(), ax.lines[1].get_ydata()
    np.testing.assert_allclose(ticks, [100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 50, 0])
    np.testing.assert_allclose(mean, [50.0] * 7 + [37.5] * 2)
    np.testing.assert_allclose(ax.lines[1].get_xdata()[[0, -1]], [1.5, 9.5])
    assert labels(ax) == ["berries", "meat"]


def test_a_year_is_averaged_by_ticks_however_often_they_were_recorded():
    ticks = np.arange(0, 12, 2)
    at, mean = yearly(ticks, ticks.astype(float), 4)
    np.testing.assert_allclose(at, [1, 3, 5, 7, 9])
    np.testing.assert_allclose(mean, at)


def test_mean_rewards_and_their_distribution_are_drawn(drawn):
    np.testing.assert_allclose(panel(drawn["rewards"], "Reward").lines[0].get_ydata(), [2.5] * TICKS)
    heights = [
        patch.get_height() for patch in panel(drawn["rewards"], "Its").patches if hasattr(patch, "get_height")
    ]
    assert sum(heights) == pytest.approx(200.0)  # the first and the last year, 100 % each


def test_a_census_counts_everyone_at_every_tick(society):
    ticks, age = society.snapshots("Forager", "age")
    across, up, people = census(ticks, age, rows=4, columns=6)
    np.testing.assert_allclose(people.sum(axis=0), AGENTS)
    assert (across[0], across[-1], up[0], up[-1]) == (0, TICKS, 0, 16)


def test_births_and_deaths_are_counted_by_year_and_cause(drawn):
    assert by_period(np.array([1, 5, 7]), 0, YEAR, 3).tolist() == [1, 2, 0]
    ax = panel(drawn["ages"], "Births")
    assert [bar.get_height() for bar in ax.containers[0]] == [1, 0, 0]  # of age
    assert [bar.get_height() for bar in ax.containers[1]] == [0, 1, 0]  # of hunger
    assert [bar.get_y() for bar in ax.containers[1]] == [1, 0, 0]
    assert ax.lines[0].get_ydata().tolist() == [1, 1, 0]
    assert sorted(labels(ax)) == ["births", "deaths of age", "deaths of hunger"]


def test_figures_of_an_instant_take_the_last_year_s_most_mixed_tick(society, drawn):
    assert (society.mixed(), society.mixed(first=True)) == (10, 3)
    assert drawn["attention"].get_suptitle() == "Attention at tick 10"


def test_arrows_lead_from_endowments_to_allocations_along_budget_lines(society, drawn):
    ax = panel(drawn["trade"], "Tick 10")
    assert [text.get_text() for text in ax.texts] == ["a unit of berries costs 0.33 of meat"]
    (arrows,) = [c for c in ax.collections if type(c).__name__ == "Quiver"]
    np.testing.assert_allclose(arrows.XY, [[1, 1], [2, 4], [3, 3], [4, 6]])
    np.testing.assert_allclose(
        np.c_[arrows.U, arrows.V], [[1.5, 2.5], [0.5, -0.5], [-0.5, 0.5], [-1.5, -2.5]]
    )
    assert len(ax.lines) == 3
    assert budget(3.0, np.array([0.25, 0.75])) == ([12.0, 0.0], [0.0, 4.0])


def test_the_box_of_a_market_joins_those_who_give_and_all_others(drawn):
    ax = panel(drawn["trade"], "Edgeworth box of tick 10")
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 10.0), (0.0, 14.0))
    assert ax.get_xlabel() == "berries of the 2 who give berries"
    assert [text.get_text() for text in ax.texts] == ["contract curve", "before", "after"]
    points = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert points == [[[7.0, 9.0]], [[5.0, 7.0]]]


def test_on_the_contract_curve_both_traders_value_goods_alike():
    holdings = np.array([[6.0, 1.0], [2.0, 1.0], [0.0, 8.0]])
    box = boxed(
        holdings, np.array([[3.0, 3.0], [1.0, 3.0], [4.0, 4.0]]), np.array([[0.6, 0.4]] * 2 + [[0.2, 0.8]])
    )
    assert (box.givers, box.before.tolist(), box.after.tolist()) == (2, [8.0, 2.0], [4.0, 6.0])
    x = np.array([1.0, 4.0, 7.0])
    y = contract(x, box)
    np.testing.assert_allclose(0.6 / 0.4 * y / x, 0.2 / 0.8 * (10.0 - y) / (8.0 - x))
    np.testing.assert_allclose(x**0.6 * indifferent(x, box.before, 0.6) ** 0.4, [8.0**0.6 * 2.0**0.4] * 3)


def test_where_nobody_trades_there_is_no_box():
    held = np.ones((3, 2))
    assert boxed(held, held, held) is None


def test_trade_with_one_good_is_no_picture(tmp_path):
    config = {"agents": AGENTS, "goods": ["berries"], "year": YEAR, "jobs": [{"good": "berries"}]}
    with pytest.raises(Unavailable, match="one good"):
        FIGURES["trade"](Recorded(Run(write_village(tmp_path / "run", config=config))))


def test_what_changes_hands_is_counted_once():
    before = np.array([[[1.0, 0.0], [0.0, 2.0]]])
    np.testing.assert_allclose(moved(before, before[:, ::-1]), [[1.0, 2.0]])


def test_goods_are_valued_at_the_tick_s_prices(society):
    ticks, eaten = valued(society.by_good("Consumption", "amount"), society.prices())
    assert ticks.tolist() == list(range(TICKS))
    np.testing.assert_allclose(eaten, 0.25 * 1.0 + 0.75 * 2.0)


def test_equal_consumption_has_a_gini_of_zero_and_rewards_have_a_quarter(drawn):
    ax = panel(drawn["inequality"], "Gini")
    assert ax.get_ylabel() == "Gini, goods and meals at market prices"
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_allclose(lines["meals"].get_ydata(), 0.0, atol=1e-12)
    np.testing.assert_allclose(lines["reward"].get_ydata(), 0.25)  # of 1, 2, 3 and 4


def test_messages_are_the_last_ones_of_each_speaker(society):
    said, who = spoken(society, 7)
    assert who == [0, 1, 2, 3]
    np.testing.assert_allclose(said, [[-1.5, 0, 0], [-0.5, 1, 0], [0.5, 0, 0], [1.5, 1, 0]])
    np.testing.assert_allclose(value_by_agent(society, "Consumption", "amount", 7), 3.0)


def test_the_spectrum_is_in_shares_of_variance_beside_chance(drawn):
    lines = {line.get_label(): line.get_ydata() for line in panel(drawn["dimension"], "Spectrum").lines}
    covariance = np.cov([[-1.5, -0.5, 0.5, 1.5], [0, 1, 0, 1]])
    values = np.linalg.eigvalsh(covariance)[::-1]
    np.testing.assert_allclose(lines["broadcasts"], [*(100 * values / values.sum()), 0.0], atol=1e-9)
    assert set(lines) == {"broadcasts", "numbers shuffled apart"}
    effective = panel(drawn["dimension"], "Effective").lines[0].get_ydata()
    np.testing.assert_allclose(effective, values.sum() ** 2 / (values**2).sum())
    assert sampled(np.arange(100), 3).tolist() == [0, 50, 99]


def test_the_matrix_of_attention_has_each_agent_once_and_no_diagonal(society, drawn):
    np.testing.assert_allclose(attention_at(society, 10), attention())
    order = cluster_order(attention())
    assert sorted(order.tolist()) == [0, 1, 2, 3]
    shown = drawn["attention"].axes[1].images[0].get_array()
    np.testing.assert_allclose(shown.filled(0.0), 100 * attention()[order][:, order], atol=1e-9)
    assert shown.mask.sum() == AGENTS


def test_attention_is_what_each_listener_gave_at_its_last_decision(tmp_path):
    society = village(tmp_path / "run", without=("Attention",))
    society.interval = 3
    rows = {
        "tick": [7, 8, 9, 9],
        "listener": [1, 0, 0, 0],
        "speaker": [2, 3, 1, 2],
        "share": [1.0, 1.0, 0.5, 0.5],
    }
    frame = pl.DataFrame({**rows, "replica": 0})
    society.run.manifest["segments"] += sealed(society.run.path, {"Attention": frame})
    np.testing.assert_allclose(attention_at(society, 9)[:2], [[0, 0.5, 0.5, 0], [0, 0, 1, 0]])


def test_clusters_of_listeners_lie_side_by_side():
    groups = np.array([0, 1, 0, 1, 0, 1])
    shares = (groups[:, None] == groups) / 2.0
    np.fill_diagonal(shares, 0.0)
    ordered = groups[cluster_order(shares)]
    assert (np.diff(ordered) != 0).sum() == 1


def test_sizes_of_favourites_grow_with_attention_received(drawn):
    received = attention().sum(axis=0)
    area = sizes(received)
    assert (area.min(), area.max()) == (SMALLEST, LARGEST)
    assert np.argmax(area) == 0
    places = placed(favourites(attention()))
    assert sorted(places) == [0, 1, 2, 3]
    ax = drawn["favourites"].axes[0]
    assert len(ax.patches) == AGENTS  # an arrow each
    assert {text.get_text() for text in ax.texts} == {"0", "1", "2", "3"}


def test_parts_of_founders_are_halves_of_halves(society, drawn):
    ticks, founders, parents = family(society)
    assert (len(ticks), founders.tolist()) == (TICKS, [0, 1, 2, 3])
    # At the end slot 1 is a child of 0 and 2, slot 3 of that child alone: each founder a half in both.
    np.testing.assert_allclose(contributions(parents), [0.5, 0.0, 0.5, 0.0])
    parts, lines, generation = through_births(parents, np.array([0, 2]))
    np.testing.assert_allclose(parts[[0, 1, 5]], [[0.25, 0.25], [0.375, 0.375], [0.5, 0.5]])
    assert lines.tolist() == [4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2]
    np.testing.assert_allclose(generation[[0, 1, 5]], [0.0, 0.25, 0.75])
    assert labels(panel(drawn["lineages"], "Part"))[:2] == ["founder 0", "founder 2"]


def test_lineages_need_every_birth(tmp_path):
    society = village(tmp_path / "run", without=("Birth",))
    frame = pl.DataFrame({**BIRTHS, "replica": 0}).filter(pl.col("tick") > 1)
    society.run.manifest["segments"] += sealed(society.run.path, {"Birth": frame})
    with pytest.raises(Unavailable, match="births were not recorded at every tick: parent 4"):
        FIGURES["lineages"](society)


def test_a_network_without_gradients_shows_as_nothing(drawn):
    norms, shares = drawn["learning"].axes[:2]
    assert norms.get_yscale() == "log"
    assert labels(norms) == ["broadcast", "social filter", "production", "trading", "consumption"]
    mesh = shares.collections[0].get_array().reshape(5, TICKS)
    np.testing.assert_allclose(mesh[:, 0], [100, 0, 100, 100, 100])
