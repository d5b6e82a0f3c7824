"""Designs: their points, their noise, and everything that is refused before anything is simulated."""

import pytest

from simengine.config import validated
from simengine.errors import UserError
from simengine.scenarios.reading import read_as
from simengine.sweeps.design import Sweep
from tests.simengine.command import SMALL


def swept(setting, world="inventory", replicas=2, config=None, **design):
    """A sweep of a world, not yet checked."""
    given = {"world": world, "replicas": replicas, "years": 1, "config": config or {}}
    return validated(Sweep, {**given, "sweep": {"set": setting, **design}})


def test_a_grid_is_every_combination_in_the_order_of_the_settings():
    points = swept({"price": "6:8:2", "walk": {"drift": [1, 2, 3]}}).points()
    assert [tuple(point) for point in points] == [("price", "walk.drift")] * 6
    assert [tuple(point.values()) for point in points] == [
        *((6.0, drift) for drift in (1, 2, 3)),
        *((8.0, drift) for drift in (1, 2, 3)),
    ]


@pytest.mark.parametrize("design", ["random", "sobol"])
def test_drawn_points_fill_the_box_and_hang_on_the_seed_alone(design):
    sweep = swept({"price": "6:8", "shops": "3:6"}, design=design, points=64)
    points = sweep.points()
    assert points == sweep.points()
    assert points != sweep.model_copy(update={"seed": 1}).points()
    assert {point["shops"] for point in points} == {3, 4, 5, 6}
    quarters = [int((point["price"] - 6) / 0.5) for point in points]
    counts = [quarters.count(n) for n in range(4)]
    assert min(counts) > 0
    assert design == "random" or counts == [16] * 4


def test_points_share_their_noise_or_have_no_number_in_common():
    kinds = ("common", "independent")
    common, own = (swept({"price": "6:8:3"}, replicas="1,4", noise=noise) for noise in kinds)
    assert [run.replicas for run in common.scenarios(common.points())] == [[1, 4]] * 3
    assert [run.replicas for run in own.scenarios(own.points())] == [[1, 4], [6, 9], [11, 14]]


def test_a_setting_is_varied_on_top_of_what_holds_for_all():
    sweep = swept({"walk.drift": [0.1, 0.2]}, SMALL, config={"walkers": 3, "walk": {"noise_sd": 0.5}})
    runs = list(sweep.checked().scenarios(sweep.points()))
    assert [run.config for run in runs] == [
        {"walkers": 3, "walk": {"noise_sd": 0.5, "drift": drift}} for drift in (0.1, 0.2)
    ]


@pytest.mark.parametrize(
    ("setting", "design", "said"),
    [
        (
            {"prise": "1:2:3"},
            {},
            r"point 0 \(prise = 1\.0\): config: unknown key 'prise': did you mean 'price'",
        ),
        ({"price": [3, 1, -1]}, {}, r"point 2 \(price = -1\): config\.price = -1: "),
        ({"order_most": [5, 30]}, {}, r"point 1 .*order_most is 30"),
        ({"price.x": [1, 2]}, {}, r"config\.price = \{'x': 1\}"),
        ({}, {}, "no setting is varied"),
        ({"price": "1:2:3"}, {"outcomes": ["profitt"]}, "unknown outcome 'profitt': did you mean 'profit'"),
        ({"price": "1:2:3"}, {"from": "1y"}, "from = 1y: valid is a moment of the run, 0 to 335"),
        ({"price": "1:2:3"}, {"from": "-1d"}, "from = -1d"),
        ({"price": "1:2:3"}, {"from": "1 parsec"}, "from = '1 parsec': unknown unit"),
        ({"price": "1:2:3"}, {"points": 4}, "a grid has those of its axes"),
        ({"price": "1:2"}, {"design": "random"}, "say how many points"),
        ({"price": "1:2"}, {"design": "sobol", "points": 6}, "a power of two"),
        ({"price": "1:2:999", "unit_cost": "1:2:999"}, {}, "998001 points: valid are at most 100000"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_one_line(setting, design, said):
    with pytest.raises(UserError, match=said) as refused:
        swept(setting, **design).checked()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("numbers", "noise", "said"),
    [([0, 0], "common", "by number"), ([2_147_483_646], "independent", "no noise numbers are left")],
)
def test_runs_are_told_apart_by_a_number_that_fits(numbers, noise, said):
    with pytest.raises(UserError, match=said):
        swept({"price": [1, 2]}, replicas=numbers, noise=noise).checked()


FILE = """world = "inventory"
years = 1
replicas = 2

[config]
shops = 4

[sweep]
noise = "independent"
from = "3 months"
outcomes = ["profit"]

[sweep.set]
price = "6:10:3"
order_cost = [5, 10]
"""


def test_a_file_says_what_is_swept_and_what_is_wrong_where(tmp_path):
    file = tmp_path / "design.toml"
    file.write_text(FILE)
    sweep = read_as(Sweep, file)
    assert (len(sweep.points()), sweep.since(), sweep.config) == (6, 84, {"shops": 4})
    assert validated(Sweep, sweep.model_dump(mode="json", exclude_none=True)).points() == sweep.points()
    for old, new, said in (
        ("price =", "prize =", r"design\.toml:14: point 0 .*unknown key 'prize'"),
        ("10:3", "10:x", r"design\.toml:14: price = '6:10:x'"),
        ("[5, 10]", "[5, -1]", r"design\.toml:15: point 1 .*config\.order_cost = -1"),
        ('"profit"', '"profile"', r"design\.toml:11: unknown outcome"),
        ("shops = 4", "shops = 0", r"design\.toml:6: point 0 .*config\.shops = 0"),
        ('noise = "independent"', "noisy = 1", r"design\.toml:9: .*unknown key 'noisy'"),
        ("years = 1", 'observe = ["a:b"]', r"design\.toml:2: observe: a sweep keeps its outcomes alone"),
    ):
        file.write_text(FILE.replace(old, new))
        with pytest.raises(UserError, match=said):
            read_as(Sweep, file)
