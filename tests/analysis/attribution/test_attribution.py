"""What learning changed, on series whose answer is known."""

import json

import numpy as np
import pytest

from analysis.attribution import (
    FIELDS,
    Attribution,
    Further,
    Outcome,
    attribute,
    return_of,
    returns,
    sectors,
)
from analysis.figures.attribution import attribution_figure
from analysis.inference import paired

REPLICAS, QUARTERS = 8, 40
SECTORS = ("households", "firms")
GAIN = 0.02


WELFARE = Outcome("welfare", "welfare", "% of consumption", 1, return_of("households"), True)


def series(households=0.0, firms=0.0):
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 0.1, (2, REPLICAS, QUARTERS))
    return {
        f"reward_{name}": noise[k] + more
        for k, (name, more) in enumerate(zip(SECTORS, (households, firms), strict=True))
    }


@pytest.fixture(scope="module")
def found():
    by = (*returns(series()), WELFARE)
    rows = {
        "random": series(households=-3.0),
        "rule": series(),
        "households learned": series(households=GAIN),
        "firms learned": series(firms=-GAIN),
        "all learned": series(households=GAIN, firms=GAIN),
    }
    alone = {name: f"{name} learned" for name in SECTORS}
    effects = attribute(rows, by)
    return Attribution("command", REPLICAS, 10.0, by, effects, tuple(rows), alone, "all learned")


def test_the_populations_that_were_rewarded_are_the_sectors():
    assert sectors(series()) == SECTORS
    only = {"reward_shops": np.zeros((3, 1))}
    assert [by.name for by in returns(only)] == ["return_shops"]


def test_a_gain_on_common_noise_is_exact_whatever_the_noise(found):
    change = found.effects["all learned"]["return_firms"].change
    assert (change.mean, change.low, change.high) == pytest.approx((GAIN, GAIN, GAIN))
    assert found.effects["rule"]["return_firms"].change[:3] == (0.0, 0.0, 0.0)


def test_welfare_is_the_consumption_that_is_worth_the_change(found):
    worth = 100.0 * (np.exp(GAIN) - 1.0)
    assert found.effects["households learned"]["welfare"].change.mean == pytest.approx(worth)
    assert found.effects["rule"]["welfare"].level.mean == 0.0


def test_the_text_names_first_who_does_not_gain(found):
    lines = found.text().splitlines()
    assert lines[0].startswith("lose by learning: firms alone −0.020")
    assert lines[1] == "do not measurably gain by learning: none"
    assert "households alone 0.020" in lines[2]
    assert "firms together 0.020" in lines[2]
    row = next(line for line in lines if line.startswith("firms learned"))
    assert row.split()[2:4] == ["0.000", "−0.020*"]


def test_rows_are_tidy_and_numbers_survive_json(found):
    rows = found.rows()
    assert all(tuple(row) == FIELDS for row in rows)
    assert len({(row["row"], row["column"], row["against"]) for row in rows}) == len(rows)
    again = json.loads(json.dumps(found.payload(), allow_nan=False))
    assert len(again["rows"]) == len(rows)
    assert again["outcomes"]["welfare"]["better"] == 1


def test_what_a_sector_gains_by_learning_on_is_said_in_its_own_spread(found):
    from dataclasses import replace

    gain = paired([0.0, 0.0, 0.0], [1.0, 2.0, 3.0])
    more = replace(found, further={"firms": Further(5, gain, 4.0)})
    said = "firms finds nothing measurably better: 2.0000 [−0.4841, 4.4841], 0.50 sd of its return, in 5"
    assert said in more.text()
    last = more.rows()[-1]
    assert (last["row"], last["change"], last["against"]) == (
        "all learned, firms further",
        2.0,
        "all learned",
    )
    assert last["mean"] is None


class Remark:
    """What a world adds: one line of each kind."""

    def rows(self, found):
        yield dict.fromkeys(FIELDS, "") | {"row": "rule", "column": "remark"}

    def payload(self):
        return {"remark": 1}

    def text(self, found):
        yield f"a remark on {len(found.effects)} rows"


def test_what_a_world_adds_stands_in_the_table_the_payload_and_the_text(found):
    from dataclasses import replace

    more = replace(found, added=Remark())
    assert [row["column"] for row in more.rows()][-1] == "remark"
    assert more.payload()["remark"] == 1
    assert "a remark on 5 rows" in more.text().splitlines()


def test_the_figure_has_a_panel_per_outcome_and_an_arrow_for_what_is_far_off(found):
    figure = attribution_figure(found)
    axes = [ax for ax in figure.axes if ax.axison]
    titles = [ax.get_title(loc="left").strip() for ax in axes]
    assert titles == [by.title for by in found.outcomes]
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == list(found.shown)
    assert axes[0].get_xlim() == pytest.approx((-1.25 * GAIN, 1.25 * GAIN))
    assert "−3.00" in [text.get_text() for text in axes[0].texts]
