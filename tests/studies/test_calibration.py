"""Calibration of a world: what runs, what is kept, what the file of values says."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from analysis.calibration import Free, SearchSettings, Space, judge
from analysis.macro.facts import FACTS
from simengine.errors import UserError
from simengine.scenarios.scenario import make_world
from simengine.studies import Pool
from simengine.studies.calibration import (
    CHOICE_SEED,
    REPORT_REPLICAS,
    STATE,
    Calibration,
    default_space,
    opened,
    searched,
    starting_from,
)
from simengine.studies.calibration_result import result
from simengine.studies.identification import identified
from tests.simengine.command import called

SPACE = Space(
    (
        Free("household.habit_monthly", 0.5, 0.9, "someone (2000)", 0.8),
        Free("disturbances.wage_sd", 0.001, 0.02, "no direct evidence", scale="log"),
    ),
    {"unemployment_rate": (4.0, 8.0)},
    {"warmup_years": 0},
)
TINY = Calibration(SPACE, "macro", replicas=2, years=3)
SETTINGS = SearchSettings(population=4, redraw=2, screen=2)


class Bar:
    """What `searched` needs of a progress bar."""

    def __init__(self):
        self.moved = 0

    def update(self, steps):
        self.moved += steps

    def set_description_str(self, text, refresh):
        self.text = text

    def set_postfix_str(self, text, refresh):
        self.text = text


@pytest.fixture(scope="module")
def pool():
    with Pool(2) as processes:
        yield processes


def reaching(generations):
    return lambda search: search.generation >= generations


def test_points_of_one_round_run_on_common_noise_and_in_order(pool):
    points = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    first, second, third = TINY.judged(pool, points, noise=3)
    assert first == third
    assert first.loss != second.loss
    assert TINY.judged(pool, points[:1], noise=4)[0].loss != first.loss


def test_a_stopped_search_of_a_world_goes_on_to_the_same_bits(pool, tmp_path):
    searched(
        TINY, opened(tmp_path / "alone", TINY, SETTINGS, False), pool, tmp_path / "alone", reaching(3), Bar()
    )
    halves = tmp_path / "halves"
    searched(TINY, opened(halves, TINY, SETTINGS, False), pool, halves, reaching(1), Bar())
    resumed = opened(halves, TINY, SETTINGS, True)
    searched(TINY, resumed, pool, halves, reaching(3), Bar())
    assert (halves / STATE).read_bytes() == (tmp_path / "alone" / STATE).read_bytes()


def test_the_file_of_values_holds_what_was_judged_and_runs(pool, tmp_path):
    search = opened(tmp_path, TINY, SETTINGS, False)
    own, report = TINY.validated(pool, search.mean, [0])
    text = result(TINY, search, own, [0], report, "2000-01-01", "the command")
    assert tomllib.loads(text) == SPACE.settings(search.mean)
    make_world("macro", tomllib.loads(text))
    for said in (
        "2000-01-01",
        "the command",
        "literature 0.8: someone (2000)",
        f"{report.score:.1f}",
        "900001",
    ):
        assert said in text


def test_values_at_the_end_of_their_range_say_so(pool, tmp_path):
    search = opened(tmp_path, TINY, SETTINGS, False)
    ends = np.array([0.0, 1.0])
    judged = TINY.judged(pool, ends[None], 0)
    text = result(TINY, search, judged, [0], judged[0], "", "", "start", ends)
    assert "answer: its start" in text
    assert "habit_monthly = 0.5  # 0.5 to 0.9; at its LOW end" in text
    assert "wage_sd = 0.02  # 0.001 to 0.02; at its HIGH end" in text


def test_the_answer_is_the_candidate_with_the_least_loss_on_noise_of_its_own(pool):
    points = {"one": np.array([0.0, 0.0]), "other": np.array([1.0, 1.0])}
    arms = {
        name: replace(TINY.arm(SPACE.settings(point), 0), seed=CHOICE_SEED, replicas=REPORT_REPLICAS)
        for name, point in points.items()
    }
    losses = {name: judge(series, FACTS, SPACE.plausible).loss for name, series in pool.run(arms).items()}
    assert TINY.answer(pool, points) == min(losses, key=losses.get)


def test_a_search_may_begin_where_another_ended(tmp_path):
    file = tmp_path / "calibrated.toml"
    file.write_text("[household]\nhabit_monthly = 0.6\n[other]\nthing = 3\n")
    start = Calibration(starting_from(SPACE, file), "macro").start
    assert start[0] == pytest.approx(0.25)
    assert start[1] == Calibration(SPACE, "macro").start[1]


def test_a_folder_with_a_search_is_neither_overwritten_nor_resumed_as_another(tmp_path, pool):
    searched(TINY, opened(tmp_path, TINY, SETTINGS, False), pool, tmp_path, lambda s: bool(s.screened), Bar())
    with pytest.raises(UserError, match="holds a search already"):
        opened(tmp_path, TINY, SETTINGS, False)
    with pytest.raises(UserError, match="another replicas: 2, now 3"):
        opened(tmp_path, Calibration(SPACE, "macro", replicas=3, years=3), SETTINGS, True)


def test_identification_finds_the_facts_a_parameter_moves_and_keeps_what_ran(tmp_path):
    """Natural unemployment is where unemployment rests; the share of the luck of firms hardly matters."""
    space = Space(
        (
            Free("trend.unemployment_natural", 0.04, 0.1, "made for this test"),
            Free("luck.firm_demand_sd_monthly", 0.02, 0.0201, "made for this test"),
        ),
        config={"warmup_years": 2},
    )
    calibration = Calibration(space, "macro", replicas=2, years=5)
    report = identified(calibration, np.array([0.5, 0.5]), tmp_path, workers=1, replicas=4)
    assert dict(report.top(0))["u_mean"] > 1.0
    assert report.norms[0] > 3 * report.norms[1]
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    assert len(kept) == 4
    again = identified(calibration, np.array([0.5, 0.5]), tmp_path, workers=1, replicas=4)
    assert np.array_equal(again.effects, report.effects)
    assert kept == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (Free("household.habits", 0.1, 0.5, ""), "has no such setting"),
        (Free("household", 0.1, 0.5, ""), "not a number"),
        (Free("household.habit_monthly", 0.1, 1.5, ""), "household.habit_monthly = 1.5"),
        (Free("firm.suppliers", 3.0, 4.5, ""), "firm.suppliers"),
    ],
)
def test_a_parameter_the_world_cannot_take_is_refused_before_anything_runs(free, said):
    with pytest.raises(UserError, match=said):
        Calibration(Space((free,)), "macro")


def test_the_space_that_comes_with_the_macro_world_fits_it():
    space = default_space("macro")
    start = Calibration(space, "macro").start
    assert len(space.free) <= 50
    assert all(free.source for free in space.free)
    assert start.min() >= 0
    assert start.max() <= 1


def test_a_world_without_a_space_asks_for_one():
    assert "--space" in called("calibrate", "tests.simengine.small_world:Small")[2]


def test_the_command_searches_and_writes_values_that_a_run_takes(tmp_path):
    space = tmp_path / "space.toml"
    row = '"household.habit_monthly" = { low = 0.5, high = 0.9, source = "s" }'
    space.write_text(f"[free]\n{row}\n[config]\nwarmup_years = 0\n")
    folder = tmp_path / "found"
    tiny = ("--replicas", 1, "--years", 3, "--population", 4, "--screen", 0, "--workers", 1, "--quiet")
    code, out, err = called(
        "calibrate", "macro", "--space", space, "--generations", 1, "--out", folder, *tiny
    )
    assert (code, err) == (0, "")
    assert "score on seed 900001" in out
    assert (folder / "history.csv").read_text().count("\n") == 2
    record = ("--years", 1, "--out", tmp_path / "run", "--no-report", "--quiet", "--json")
    code, out, err = called("run", "macro", "--config", folder / "calibrated.toml", *record)
    assert code == 0, err
    assert '"warmup_years": 0' in out
