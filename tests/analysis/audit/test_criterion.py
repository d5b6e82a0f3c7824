"""The audit on tables whose labels are known because we made them."""

import numpy as np
import pytest

from analysis.audit import HALVED, STEP, Removal, examine
from analysis.macro.facts import FACTS

REPLICAS = 40
HABIT, HOURS, CREDIT = (Removal(name, "mechanism") for name in ("habit", "hours", "credit"))
WAGES, SPENDING = Removal("wage_shock", "shock"), Removal("government_shock", "shock")
NAMES = (
    "gdp_hp_sd", "gdp_hp_ac1", "relsd_c", "corr_c_y", "relsd_h", "u_sd", "u_ac1", "okun_diff", "infl_ac1",
    "ff_sd", "u_mean", "relsd_g", "beveridge",
)  # fmt: skip


def values(at=None, replicas=REPLICAS, noise=0.3):
    """Facts on the US value with a little scatter, the same in every arm, moved by `at` deviations."""
    rng = np.random.default_rng(7)
    drawn = {fact: noise * rng.normal(size=replicas) for fact in NAMES}
    return {
        fact: FACTS.targets[fact].real + FACTS.targets[fact].sd * (drawn[fact] + (at or {}).get(fact, 0.0))
        for fact in NAMES
    }


def jitter(found, seed, size=0.1):
    """The same with a change of its own in each history, 0 on average: nothing is equal to the bit."""
    rng = np.random.default_rng(seed)
    return {
        fact: x + size * FACTS.targets[fact].sd * (e - e.mean())
        for fact, x in found.items()
        for e in [rng.normal(size=len(x))]
    }


BASE = {"beveridge": 4.0}  # nowhere near the band
OFF = {
    HABIT: {"relsd_c": 3.0, "corr_c_y": 3.0, "okun_diff": 3.0, "u_ac1": 0.5},
    HOURS: {"corr_c_y": 3.0, "relsd_h": 3.0, "u_sd": 3.0, "beveridge": 0.0},
    CREDIT: {"u_sd": -3.0, "infl_ac1": 3.0},
    WAGES: {"infl_ac1": 3.0, "okun_diff": 3.0, "ff_sd": 3.0},
    SPENDING: {"relsd_g": 9.0},
}
KNOWN = {
    "gdp_hp_sd": "robust",  # nothing moves it
    "u_ac1": "robust",  # moved, and still inside
    "relsd_c": "mechanical",  # one mechanism
    "ff_sd": "mechanical",  # one shock
    "corr_c_y": "emergent",  # two mechanisms
    "u_sd": "emergent",  # two mechanisms, in opposite directions
    "okun_diff": "driven",  # a mechanism and a shock
    "infl_ac1": "driven",
    "u_mean": "assumed",
    "relsd_g": "assumed",
    "beveridge": "unmet",
}


def arms(off=None):
    return {
        removal: jitter(values(BASE | moved), seed)
        for seed, (removal, moved) in enumerate((off or OFF).items(), 1)
    }


def found(off=None, base=None, **more):
    audit = examine(FACTS, base or values(BASE), off or arms(), **more)
    return {one.fact: one for one in audit.labels}, audit


@pytest.fixture(scope="module")
def labels():
    return found(raised=values(BASE | {"u_mean": 0.9 * STEP}), random=values({"beveridge": 0.0}))[0]


@pytest.mark.parametrize(("fact", "label"), KNOWN.items())
def test_every_fact_gets_the_label_it_was_made_for(labels, fact, label):
    assert labels[fact].label == label, labels[fact].why


def test_clear_cases_are_firm(labels):
    assert all(labels[fact].firm == 1.0 for fact in KNOWN)


def test_the_reason_names_the_carriers_and_the_fall_of_the_pass_share(labels):
    assert labels["relsd_c"].why == "weakened without habit (−100) alone"
    assert set(labels["corr_c_y"].why.split(" without ")[1].split(", ")) == {"habit (−100)", "hours (−100)"}
    assert labels["beveridge"].why == "0 % of histories meet it; met without hours (+100)"
    assert labels["gdp_hp_sd"].why.endswith("random decisions meet it in 100 %")


def test_a_typed_in_value_that_does_not_obey_is_not_called_assumed():
    obeys = found(raised=values(BASE | {"u_mean": STEP}))[0]["u_mean"]
    assert obeys.label == "assumed"
    assert "trend.unemployment_natural types it in, 100 % of a rise comes back" in obeys.why
    stays = found(raised=jitter(values(BASE | {"u_mean": 0.3 * STEP}), 9, 0.01))[0]["u_mean"]
    assert stays.label == "robust"
    assert "30 % of a rise comes back" in stays.why
    assert found()[0]["u_mean"].why.endswith("(not tested)")


def test_a_process_that_carries_nothing_does_not_make_its_fact_assumed():
    label = found(arms(OFF | {SPENDING: {}}))[0]["relsd_g"]
    assert (label.label, "yet does not carry it" in label.why) == ("robust", True)


def test_a_removal_that_takes_most_facts_with_it_breaks_the_economy_and_explains_none():
    wreck = Removal("wreck", "mechanism")
    labels, audit = found(arms(OFF | {wreck: dict.fromkeys(NAMES, 5.0)}))
    assert audit.matrix.breaks.tolist() == [False] * 5 + [True]
    assert {fact: labels[fact].label for fact in KNOWN} == KNOWN
    assert audit.matrix.carries[-1].sum() == len(NAMES) - 1  # all but the fact that is unmet


def test_a_weak_fall_that_is_a_finding_carries_nothing():
    # Everyone moves by half a deviation, and 4 of 40 thereby leave: certain, but 10 points are no carrier.
    base = values(BASE)
    base["relsd_c"][:4] = FACTS.targets["relsd_c"].real + 1.7 * FACTS.targets["relsd_c"].sd
    off = jitter(base, 3)
    off["relsd_c"] = base["relsd_c"] + 0.5 * FACTS.targets["relsd_c"].sd
    matrix = found({HABIT: off}, base)[1].matrix
    f = matrix.facts.index("relsd_c")
    assert (matrix.off_pass[0, f], matrix.base_pass[f]) == (0.9, 1.0)
    assert matrix.findings[0, f]
    assert not matrix.carries[0, f]


def test_the_burden_of_proof_is_on_emergence():
    # A shock takes 3 of 12 histories out of the band, too few to be a finding, beside two clear mechanisms.
    base = values(BASE, replicas=12)
    off = {
        HABIT: jitter(values(BASE | {"corr_c_y": 3.0}, 12), 1),
        HOURS: jitter(values(BASE | {"corr_c_y": 3.0}, 12), 2),
    }
    alone = examine(FACTS, base, off)
    doubtful = jitter(base, 3)
    doubtful["corr_c_y"][:3] += 6 * FACTS.targets["corr_c_y"].sd
    audit = examine(FACTS, base, off | {WAGES: doubtful})
    f = audit.matrix.facts.index("corr_c_y")
    assert audit.matrix.falls[2, f]
    assert not audit.matrix.findings[2, f]
    assert not audit.matrix.carries[2, f]
    assert [one.labels[f].label for one in (alone, audit)] == ["emergent", "driven"]
    assert "wage_shock (−25)" in audit.labels[f].why


def test_a_fall_that_chance_could_make_leaves_a_fact_undecided_and_not_robust():
    base = values(BASE, replicas=12)
    doubtful = jitter(base, 3)
    doubtful["corr_c_y"][:3] += 6 * FACTS.targets["corr_c_y"].sd
    labels = {one.fact: one for one in examine(FACTS, base, {HABIT: doubtful}).labels}
    assert labels["corr_c_y"].label == "undecided"
    assert labels["corr_c_y"].why == "weakened without habit (−25), which chance could do with 12 histories"
    assert labels["u_sd"].label == "robust"


def test_what_goes_when_all_shocks_are_halved_is_driven_whatever_else_carries_it():
    halved = {"corr_c_y": 3.0, "gdp_hp_sd": -3.0, "relsd_c": 3.0}
    labels = found(arms(OFF | {HALVED: halved}))[0]
    assert {fact: labels[fact].label for fact in halved} == dict.fromkeys(halved, "driven")
    assert labels["gdp_hp_sd"].why == "weakened without all_shocks_halved (−100)"
    assert labels["u_sd"].label == "emergent"


def test_a_fact_whose_size_a_shock_sets_is_driven_even_where_it_is_met_without_the_shock():
    # Two mechanisms carry it. A shock moves it by 1.2 sampling deviations to the US value, in every history.
    base = values(BASE | {"corr_c_y": 1.2})
    gone = [jitter(values(BASE | {"corr_c_y": 3.0}), seed) for seed in (1, 2)]
    off = {HABIT: gone[0], HOURS: gone[1]}
    assert found(off, base)[0]["corr_c_y"].label == "emergent"
    labels = found(off | {WAGES: jitter(values(BASE | {"corr_c_y": 0.0}), 3)}, base)[0]
    assert labels["corr_c_y"].label == "driven"
    assert labels["corr_c_y"].why.startswith("another size without wage_shock (+0); weakened without")


def test_a_mean_that_leaves_the_band_carries_nothing_while_as_many_histories_stay_inside():
    base = values(BASE)
    off = jitter(base, 3)
    inside = 1.5 * FACTS.targets["u_sd"].sd
    base["u_sd"] = FACTS.targets["u_sd"].real + np.full(REPLICAS, inside)
    off["u_sd"] = base["u_sd"].copy()
    base["u_sd"][:4] += FACTS.targets["u_sd"].sd
    off["u_sd"][:4] += 40 * FACTS.targets["u_sd"].sd + np.arange(4)
    matrix = found({HABIT: off}, base)[1].matrix
    f = matrix.facts.index("u_sd")
    assert matrix.off_pass[0, f] == matrix.base_pass[f] == 0.9
    assert abs(matrix.off[0, f] - FACTS.targets["u_sd"].real) > FACTS.targets["u_sd"].halfwidth
    assert not matrix.falls[0, f]


def test_a_fact_that_ceases_to_exist_is_judged_by_its_passes():
    off = jitter(values(BASE), 3)
    off["relsd_g"] = np.full(REPLICAS, np.nan)
    matrix = found({SPENDING: off})[1].matrix
    f = matrix.facts.index("relsd_g")
    assert np.isnan([matrix.off[0, f], matrix.difference[0, f], matrix.low[0, f]]).all()
    assert matrix.p[0, f] == pytest.approx(2 * 0.5**REPLICAS)
    assert matrix.carries[0, f]


def test_a_few_undefined_histories_leave_their_pairs_and_count_as_misses():
    base = values(BASE)
    off = jitter(base, 3)
    off["u_sd"] = base["u_sd"] + 0.5 * FACTS.targets["u_sd"].sd
    off["u_sd"][:10] = np.nan
    matrix = found({HABIT: off}, base)[1].matrix
    f = matrix.facts.index("u_sd")
    assert matrix.difference[0, f] == pytest.approx(0.5 * FACTS.targets["u_sd"].sd)
    assert matrix.off_pass[0, f] == pytest.approx(0.75)


def test_an_arm_equal_to_the_last_bit_is_no_test():
    audit = found({HABIT: values(BASE), HOURS: arms()[HOURS]})[1]
    assert audit.matrix.tested == len(NAMES)
    assert not audit.matrix.findings[0].any()
    assert audit.score.mean[0] == 0.0


def test_arms_of_pure_chance_make_every_fact_robust_and_hardly_any_finding():
    off = {Removal(f"m{seed}", "mechanism"): jittered(seed) for seed in range(40)}
    labels, audit = found(off)
    assert {labels[fact].label for fact in NAMES if fact not in FACTS.assumed} == {"robust", "unmet"}
    assert audit.matrix.tested == 40 * len(NAMES)
    assert 10 < audit.matrix.excluding < 45  # 26 expected
    assert audit.matrix.findings.sum() <= 2


def jittered(seed):
    """The base with an independent change in each history."""
    rng = np.random.default_rng(100 + seed)
    return {
        fact: x + 0.1 * FACTS.targets[fact].sd * rng.normal(size=REPLICAS) for fact, x in values(BASE).items()
    }


def test_the_change_of_the_score_is_that_of_the_pass_shares():
    audit = found()[1]
    matrix = audit.matrix
    change = 100 * (matrix.off_pass - matrix.base_pass).mean(axis=1)
    assert audit.score.mean == pytest.approx(change)
    assert audit.base_score == pytest.approx(100 * matrix.base_pass.mean())


def test_two_replicas_are_enough_to_run_and_one_tests_nothing():
    for replicas, tested in ((2, len(NAMES)), (1, 0)):
        base = values(BASE, replicas)
        off = {
            HABIT: {
                fact: x + 0.1 * FACTS.targets[fact].sd * (1 + np.arange(replicas)) for fact, x in base.items()
            }
        }
        audit = examine(FACTS, base, off)
        assert audit.matrix.tested == tested
        assert all(np.isnan(one.firm) for one in audit.labels)
