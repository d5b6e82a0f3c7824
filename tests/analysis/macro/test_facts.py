"""Each fact on series whose answer is known in closed form, and on real US data."""

import numpy as np
import pytest
from statsmodels.datasets import macrodata
from statsmodels.tsa.filters.hp_filter import hpfilter

from analysis.facts import measure
from analysis.macro.facts import FACTS, SOURCES
from analysis.macro.facts import economy as panel
from tests.analysis.macro.synthetic import ar1, economy

Q = 100
T = np.arange(Q)
WAVE = np.sin(2 * np.pi * T / 20)
OTHER = np.cos(2 * np.pi * T / 14)


def constants(**series):
    """Constant series but for the ones given, one history."""
    return {name: np.full(Q, 5.0) for name in SOURCES} | series


def one(name, **series):
    """The value of one fact for one history."""
    return float(measure(constants(**series), FACTS)[name][0])


def waves(level=100.0, size=0.02, trend=0.005, wave=WAVE):
    """A level with a trend and a wave of a given size in logs."""
    return level * np.exp(trend * T + size * wave)


def test_every_target_has_a_fact_in_the_order_of_the_file():
    assert list(FACTS.facts) == list(FACTS.targets)
    assert len(FACTS.facts) == 50
    assert all(fact.unit and FACTS.source(name) for name, fact in FACTS.facts.items())


def test_growth_by_hand():
    # Log growth alternates between 1 % and 2 %.
    gdp = np.exp(np.cumsum(np.where(T % 2, 0.02, 0.01)))
    assert one("gdp_growth_mean", gdp=gdp) == pytest.approx(4 * (50 * 2 + 49 * 1) / 99)
    assert one("gdp_growth_sd_q", gdp=gdp) == pytest.approx(np.std([2] * 50 + [1] * 49, ddof=1))
    assert one("gdp_growth_sd_yoy", gdp=gdp) == pytest.approx(0.0, abs=1e-10)
    assert one("gdp_growth_ac1", gdp=gdp) == pytest.approx(-0.99, abs=0.01)


def test_one_bad_quarter_in_ten_skews_growth():
    gdp = np.exp(np.cumsum(np.where(T % 10 == 5, -0.02, 0.01)))
    p = 10 / 99  # share of bad quarters; skewness of a coin is (1 − 2q)/√(q(1 − q))
    assert one("gdp_growth_skew", gdp=gdp) == pytest.approx(-(1 - 2 * p) / np.sqrt(p * (1 - p)))


def test_the_cycle_of_gdp_is_statsmodels():
    gdp = np.exp(0.05 * ar1(np.random.default_rng(0), 1, Q, 0.8)[0])
    cycle = np.asarray(hpfilter(100 * np.log(gdp), 1600)[0])
    assert one("gdp_hp_sd", gdp=gdp) == pytest.approx(cycle.std(ddof=1))
    centred = cycle - cycle.mean()
    assert one("gdp_hp_ac1", gdp=gdp) == pytest.approx((centred[1:] @ centred[:-1]) / (centred @ centred))


def test_recessions_by_hand():
    y = np.full(Q, 1.0)
    y[20:23] = y[50:54] = -1.0  # 3 and 4 quarters of −1 %
    gdp = np.exp(np.cumsum(y) / 100)
    assert one("rec_depth", gdp=gdp) == pytest.approx(-3.5)
    assert one("rec_worst", gdp=gdp) == pytest.approx(-4.0)
    assert one("rec_per_100q", gdp=gdp) == pytest.approx(2.0)


def test_without_a_recession_the_worst_is_zero_and_the_mean_depth_undefined():
    facts = measure(constants(gdp=np.exp(0.01 * T)), FACTS)
    assert facts["rec_worst"][0] == 0.0
    assert facts["rec_per_100q"][0] == 0.0
    assert np.isnan(facts["rec_depth"][0])


RELATIVE = {
    "relsd_c": "consumption",
    "relsd_fi": "fixed_investment",
    "relsd_g": "government",
    "relsd_h": "hours",
    "relsd_w": "real_wage",
    "relsd_v": "vacancies",
    "relsd_hhdebt": "household_debt",
    "relsd_dpi": "disposable_income",
}


@pytest.mark.parametrize(("fact", "column"), RELATIVE.items())
def test_a_wave_three_times_as_high_is_three_times_as_volatile(fact, column):
    gdp = waves()
    assert one(fact, gdp=gdp, **{column: waves(level=7.0, size=0.06, trend=0.01)}) == pytest.approx(3.0)


CYCLICAL = {
    "corr_c_y": "consumption",
    "corr_fi_y": "fixed_investment",
    "corr_g_y": "government",
    "corr_h_y": "hours",
    "corr_lp_y": "productivity",
    "corr_v_y": "vacancies",
    "corr_loans_y": "bank_loans",
    "corr_nw_y": "household_net_worth",
    "corr_rev_y": "tax_receipts",
}


@pytest.mark.parametrize(("fact", "column"), CYCLICAL.items())
def test_a_level_on_the_wave_of_gdp_is_procyclical_and_its_mirror_countercyclical(fact, column):
    assert one(fact, gdp=waves(), **{column: waves(size=0.07, trend=0.0)}) == pytest.approx(1.0)
    assert one(fact, gdp=waves(), **{column: waves(size=-0.07)}) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("fact", "column"),
    {"corr_u_y": "unemployment_rate", "corr_ff_y": "policy_rate", "corr_baa_y": "lending_spread"}.items(),
)
def test_a_rate_against_the_wave_of_gdp_is_countercyclical(fact, column):
    assert one(fact, gdp=waves(), **{column: 6.0 - 2.0 * WAVE}) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("fact", "column", "value"),
    [
        ("u_mean", "unemployment_rate", 3.0),
        ("ff_mean", "policy_rate", 3.0),
        ("baa_mean", "lending_spread", 3.0),
        ("cu_mean", "capacity_utilisation", 3.0),
        ("u_sd", "unemployment_rate", np.sqrt(100 / 99)),
        ("ff_sd", "policy_rate", np.sqrt(100 / 99)),
        ("inv_gdp_share_sd", "inventory_change_share", np.sqrt(100 / 99)),
        ("u_ac1", "unemployment_rate", -0.99),
        ("ff_ac1", "policy_rate", -0.99),
    ],
)
def test_a_rate_that_alternates_between_two_and_four(fact, column, value):
    assert one(fact, **{column: 3.0 + np.where(T % 2, 1.0, -1.0)}) == pytest.approx(value)


def test_okun_is_the_slope_of_changes():
    y = 100 * np.log(waves())
    growth = y[4:] - y[:-4]
    unemployment = np.zeros(Q)
    for t in range(4, Q):
        unemployment[t] = unemployment[t - 4] - 0.4 * (growth[t - 4] - 3.0)
    assert one("okun_diff", gdp=waves(), unemployment_rate=unemployment) == pytest.approx(-0.4)


def test_the_beveridge_curve_falls_when_vacancies_mirror_unemployment():
    assert one("beveridge", vacancies=waves(size=0.3), unemployment_rate=6 - WAVE) == pytest.approx(-1.0)


def test_inflation_by_hand():
    # Quarterly log changes alternate between .5 % and 1.5 %.
    prices = np.exp(np.cumsum(np.where(T % 2, 0.015, 0.005)))
    assert one("infl_mean", price_level=prices) == pytest.approx(4 * (50 * 1.5 + 49 * 0.5) / 99)
    assert one("infl_sd", price_level=prices) == pytest.approx(0.0, abs=1e-10)
    assert one("infl_ac1", price_level=prices) == pytest.approx(-0.99, abs=0.01)


def test_inflation_on_the_wave_of_gdp_is_procyclical_in_the_same_quarter():
    prices = np.exp(np.cumsum(0.01 + 0.002 * WAVE))
    assert one("corr_infl_y", gdp=waves(), price_level=prices) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("fact", "column"), {"phillips_corr": "price_level", "wage_phillips": "nominal_wage"}.items()
)
def test_inflation_over_four_quarters_against_unemployment(fact, column):
    level = np.exp(np.cumsum(0.01 + 0.002 * OTHER))
    over_four = 100 * (np.log(level[4:]) - np.log(level[:-4]))
    unemployment = np.r_[np.full(4, 99.0), 10.0 - over_four]
    assert one(fact, unemployment_rate=unemployment, **{column: level}) == pytest.approx(-1.0)


def test_wage_inflation_by_hand():
    # Wages jump 2 % every eighth quarter: four-quarter growth is 2 half of the time, else 0.
    wage = np.exp(0.02 * (T // 8))
    over_four = 100 * (np.log(wage[4:]) - np.log(wage[:-4]))
    assert one("wage_infl_sd", nominal_wage=wage) == pytest.approx(over_four.std(ddof=1))
    assert set(np.round(over_four, 9)) == {0.0, 2.0}


def test_loans_two_quarters_behind_gdp():
    loans = np.r_[waves()[:2], waves()[:-2]]
    facts = measure(constants(gdp=waves(), bank_loans=loans), FACTS)
    assert facts["corr_loans_y_lag2"][0] > 0.98 > facts["corr_loans_y"][0]


def test_productivity_against_hours():
    assert one("corr_lp_h", productivity=waves(size=-0.01), hours=waves(size=0.03)) == pytest.approx(-1.0)


def test_an_economy_at_rest_has_no_cyclical_facts():
    facts = measure({name: 100 * np.exp(0.0075 * T) for name in SOURCES}, FACTS)
    undefined = [name for name in facts if name.startswith(("relsd", "corr")) and np.isnan(facts[name][0])]
    assert "corr_g_y" in undefined
    assert "relsd_c" in undefined


def test_a_history_alone_has_the_facts_it_has_in_company():
    series = economy(5)
    together = measure(series, FACTS)
    alone = measure({name: values[3] for name, values in series.items()}, FACTS)
    for name in FACTS.facts:
        np.testing.assert_allclose(together[name][3], alone[name][0], rtol=1e-9, atol=1e-9)


def test_a_net_worth_below_zero_leaves_its_fact_undefined_in_that_history_only():
    series = economy(3)
    series["household_net_worth"][1, 40] = -1.0
    assert np.isnan(measure(series, FACTS)["corr_nw_y"]).tolist() == [False, True, False]


def test_missing_and_misshapen_series_are_refused_by_name():
    series = economy(2)
    with pytest.raises(ValueError, match="series vacancies missing"):
        panel({name: values for name, values in series.items() if name != "vacancies"})
    with pytest.raises(ValueError, match=r"hours \(2, 99\) differs from gdp \(2, 100\)"):
        panel(series | {"hours": series["hours"][:, :99]})


def test_real_us_data_give_the_values_of_the_facts_sheet():
    data = macrodata.load_pandas().data
    series = {name: np.full(len(data), 5.0) for name in SOURCES}
    series |= {"gdp": data.realgdp, "consumption": data.realcons, "unemployment_rate": data.unemp}
    series["fixed_investment"] = data.realinv  # gross, with inventories: more volatile than the target
    facts = {name: round(float(value[0]), 2) for name, value in measure(series, FACTS).items()}
    assert facts["gdp_growth_sd_q"] == 0.88
    assert facts["gdp_growth_sd_yoy"] == 2.32
    assert facts["gdp_hp_sd"] == 1.54
    assert facts["relsd_c"] == 0.80
    assert facts["relsd_fi"] == 4.66
    assert facts["okun_diff"] == -0.38


def test_unemployment_1960_84_matches_its_target_column():
    data = macrodata.load_pandas().data.query("1960 <= year <= 1984")
    series = constants(gdp=data.realgdp.to_numpy(), unemployment_rate=data.unemp.to_numpy())
    facts = measure(series, FACTS)
    for name in ("u_mean", "u_sd", "u_ac1", "corr_u_y", "rec_per_100q"):
        target = FACTS.targets[name].windows["us_1960_84"]
        assert round(float(facts[name][0]), 2) == pytest.approx(target, abs=0.011), name
