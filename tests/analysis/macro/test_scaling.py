import numpy as np
import pytest

from analysis import score_series
from analysis.figures import save
from analysis.macro.facts import FACTS
from analysis.macro.figures.scale import scale_figure
from analysis.macro.scaling import (
    ARMS,
    LUCK,
    LUCK_ZIPF,
    QUIET,
    QUIET_ZIPF,
    WHOLE,
    Scaling,
    Size,
    herfindahl,
    jackknife,
    quarterly_growth_sd,
)
from analysis.macro.wealth import wealth_gini_target
from tests.analysis.macro.synthetic import economy


def test_herfindahl_by_hand():
    assert herfindahl([3.0, 1.0]) == pytest.approx(10 / 16)
    assert herfindahl(np.ones((2, 20))) == pytest.approx([0.05, 0.05])
    zipf = 1 / np.arange(1, 21)
    assert herfindahl(zipf) == pytest.approx(0.123, abs=5e-4)  # of 20 firms by Zipf's law


def test_the_quarterly_growth_of_a_monthly_process_at_both_ends():
    assert quarterly_growth_sd(0.01, 0.0) == pytest.approx(0.01 * np.sqrt(2 / 3))
    # Differences of three-month means of a random walk weigh five innovations 1, 2, 3, 2, 1 in thirds.
    assert quarterly_growth_sd(0.01, 1 - 1e-9) == pytest.approx(0.01 * np.sqrt(19) / 3, rel=1e-4)


def test_the_quarterly_growth_of_a_monthly_process_is_what_a_long_one_shows():
    rng = np.random.default_rng(0)
    z, path = 0.0, np.empty(600_000)
    for t, shock in enumerate(rng.normal(size=len(path))):
        path[t] = z = 0.9 * z + shock
    quarters = path.reshape(-1, 3).mean(axis=1)
    assert np.diff(quarters).std() == pytest.approx(quarterly_growth_sd(1.0, 0.9), rel=0.01)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.array([1.0, 4.0, 2.0, 9.0, 3.0])
    found = jackknife(float, values)
    assert found.value == pytest.approx(values.mean())
    assert found.se == pytest.approx(values.std(ddof=1) / np.sqrt(5))


def granular_economies(power: float = 1.0) -> Scaling:
    """Common variance .64; luck 9/n; firms' shocks .01·1.5²·H^power / .01: variances that are known."""
    sizes = []
    for firms in (20, 80, 320):
        h = 1.2 / firms, 0.8 / np.log(firms) ** 2
        luck = np.full(12, 9.0 / firms)
        grown = [1.5**2 * each**power for each in h]
        variance = {
            WHOLE: 0.64 + luck + grown[0],
            QUIET: luck + grown[0],
            LUCK: luck,
            QUIET_ZIPF: luck + grown[1],
            LUCK_ZIPF: luck,
        }
        noise = 1 + 1e-3 * np.random.default_rng(firms).normal(size=12)
        both = {name: np.stack([v * noise, 2 * v * noise], axis=1) for name, v in variance.items()}
        card = score_series(economy(12, 40, firms), FACTS)
        ginis = np.full(12, wealth_gini_target(5 * firms)[0])
        sizes.append(Size(firms, 5 * firms, card, ginis, both, h))
    return Scaling(sizes, 1.5)


def test_parts_of_volatility_add_up_in_variances():
    scaling = granular_economies()
    parts = scaling.volatility(scaling.sizes[0], 0)
    assert parts["from common shocks"].value == pytest.approx(0.8, rel=2e-3)
    assert parts["luck of meetings"].value == pytest.approx(np.sqrt(9 / 20), rel=2e-3)
    assert parts["firms' shocks"].value == pytest.approx(parts["rule σ√H"].value, rel=2e-3)
    assert parts["firms' shocks, Zipf sizes"].value == pytest.approx(
        parts["rule σ√H, Zipf sizes"].value, rel=2e-3
    )
    squares = [parts[name].value ** 2 for name in ("from common shocks", "luck of meetings", "firms' shocks")]
    assert sum(squares) == pytest.approx(parts["whole"].value ** 2, rel=1e-6)


@pytest.mark.parametrize("power", [1.0, 0.5])
def test_the_granular_elasticity_is_found_in_both_size_laws(power):
    scaling = granular_economies(power)
    for zipf in (False, True):
        for measure in (0, 1):
            found = scaling.granular_elasticity(measure, zipf)
            assert found.value == pytest.approx(power, abs=0.01)
            assert 0 < found.se < 0.02
    assert scaling.elasticity(LUCK, 0).value == pytest.approx(-0.5, abs=1e-3)
    assert (power < 1) == (scaling.granular_share().value > 1.01)


def test_an_elasticity_of_what_is_not_there_is_not_defined():
    scaling = granular_economies()
    scaling.sizes[1].variances[LUCK][:] = 1e3
    assert str(scaling.granular_elasticity(0)) == "not defined"
    assert str(scaling.sizes[1].spread(QUIET, 0, less=LUCK)) == "0.00"


def test_a_size_measures_its_arms():
    arms = {name: economy(4, 60, seed) for seed, name in enumerate(ARMS)}
    size = Size.of(20, 100, arms, (0.06, 0.12))
    growth = np.diff(100 * np.log(arms[QUIET]["gdp"]))
    np.testing.assert_allclose(size.variances[QUIET][:, 0], growth.var(axis=1, ddof=1))
    assert size.card.score == score_series(arms[WHOLE], FACTS).score
    mean, sd = wealth_gini_target(100)
    assert size.gini_z == pytest.approx((arms[WHOLE]["gini_wealth"][:, -1].mean() - mean) / sd)


def test_every_fact_has_one_fate_and_every_number_a_row():
    scaling = granular_economies()
    assert sorted(name for names in scaling.fates.values() for name in names) == sorted(scaling.pass_shares)
    rows = scaling.rows()
    assert len({(row["firms"], row["quantity"]) for row in rows}) == len(rows)
    assert all("nan" not in str(row.values()) for row in rows if "meet" not in str(row["quantity"]))
    text = scaling.text()
    assert all(str(size.firms) in text.splitlines()[0] for size in scaling.sizes)
    assert "the rule says 1" in text


def test_the_figure_of_scale_is_drawn(tmp_path):
    figure = scale_figure(granular_economies())
    assert save(figure, tmp_path / "scale.png").stat().st_size > 20_000
