"""The labour market: matches and separations by hand, carried remainders, luck without favourites."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from markets.labor import counted, draw_systematic, match, separate

PUBLIC = 2  # the firm slot behind the last of two firms


def part(employer, hazard, carry, u):
    """Separations of one replica as [(firm, household)], and the carry left."""
    left = np.array([carry])
    rows = separate(np.array([employer], np.int32), np.array([hazard], np.float64), left, np.array([u]))
    return list(zip(rows[1].tolist(), rows[2].tolist())), left[0]


def hire(searching, vacancies, efficiency, carry, u, intensity=None):
    """Hires of one replica as [(firm, household)], and the carry left; intensities are 1 unless given."""
    left, posted = np.array([carry]), np.array([vacancies], np.float64)
    eager = np.ones(posted.shape) if intensity is None else np.array([intensity], np.float64)
    rows = match(np.array([searching], np.bool_), posted, eager, np.array([efficiency]), left, np.array([u]))
    return list(zip(rows[1].tolist(), rows[2].tolist())), left[0]


def quotas(weight, count, start):
    quota = np.zeros(len(weight), np.int64)
    draw_systematic(np.array(weight, np.float64), count, start, quota)
    return quota


def test_separations_by_hand():
    # Firm 0 has workers 0 and 1, firm 1 worker 2; 3 is unemployed, 4 public. Expected 1 + 0 separations: one,
    # at firm 0. Worker 0 of 2 goes if u * 2 < 1, else worker 1 must.
    employer = [0, 0, 1, -1, PUBLIC]
    assert part(employer, [1, 0], 0.0, [0.4, 0.9, 0.0, 0.0, 0.0, 0.5]) == ([(0, 0)], 0.0)
    assert part(employer, [1, 0], 0.0, [0.6, 0.9, 0.0, 0.0, 0.0, 0.5]) == ([(0, 1)], 0.0)
    # Start .5 of a step of 1 marks .5 on the line [0, .25) of firm 0, [.25, 1) of firm 1.
    assert part(employer, [0.25, 0.75], 0.0, [0.4, 0.9, 0.0, 0.0, 0.0, 0.5]) == ([(1, 2)], 0.0)


def test_hires_by_hand():
    # Four search, 1 + 3 vacancies: .5 sqrt(4 * 4) = 2 hires, a step of 2 vacancies. Marks at .5 * 2 = 1 and 3
    # lie on the line of firm 1, [1, 4): both hires are its. Household 0 is passed over (.9 * 4 >= 2), 2 is
    # hired (.5 * 3 < 2), 3 is not (.8 * 2 >= 1), then 4 must be (.9 * 1 < 1). Household 1 has a job.
    who = [0.9, 0.0, 0.5, 0.8, 0.9]
    hires, left = hire([1, 0, 1, 1, 1], [1, 3], 0.5, 0.0, [*who, *[0.5] * 5, 0.5])
    assert hires == [(1, 2), (1, 4)]
    assert left == 0.0
    # From .25 the marks are .5 and 2.5: one ticket of each firm. At u = .1 the first hired draws the first.
    hires, _ = hire([1, 0, 1, 1, 1], [1, 3], 0.5, 0.0, [*who, *[0.1] * 5, 0.25])
    assert hires == [(0, 2), (1, 4)]


def test_recruiting_intensity_decides_who_hires_and_not_how_many_are_hired():
    # As above, two hires; but weights of 1 * 3 and 3 * 1 make a line of 6 and a step of 3: from .5 the marks
    # 1.5 and 4.5 are one ticket of each firm. At u = .9 the first hired draws the second.
    who = [0.9, 0.0, 0.5, 0.8, 0.9]
    u = [*who, *[0.9] * 5, 0.5]
    assert hire([1, 0, 1, 1, 1], [1, 3], 0.5, 0.0, u, intensity=(3, 1)) == ([(1, 2), (0, 4)], 0.0)
    # Twelve times the other's intensity for a third of its posts: on a line of 12 + 3 both marks, 3.75 and
    # 11.25, are its.
    assert hire([1, 0, 1, 1, 1], [1, 3], 0.5, 0.0, u, intensity=(12, 1)) == ([(0, 2), (0, 4)], 0.0)


def test_discouraged_workers_leave_the_labour_force_and_are_not_counted():
    # Of 4 points of joblessness above normal a quarter, one point, leaves: 9 of 99 are unemployed.
    assert counted(0.10, 0.06, 0.25) == pytest.approx(9 / 99)
    # Two points less than normal draw half a point in: 4.5 of 100.5 search.
    assert counted(0.04, 0.06, 0.25) == pytest.approx(4.5 / 100.5)
    np.testing.assert_array_equal(counted(np.array([0.06, 0.2]), np.array([0.06, 0.2]), 0.25), [0.06, 0.2])
    np.testing.assert_array_equal(counted(np.array([0.0, 0.3, 1.0]), 0.06, 0.0), [0.0, 0.3, 1.0])


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.5), st.floats(0, 0.9))
def test_the_unemployment_rate_is_a_share_that_rises_with_joblessness(one, other, natural, slope):
    low, high = sorted((one, other))
    rates = counted(np.array([low, high]), natural, slope)
    assert (rates >= 0.0).all()
    assert (rates <= 1.0 + 1e-12).all()
    assert rates[1] - rates[0] >= -1e-12
    assert counted(1.0, natural, slope) == pytest.approx(1.0)


def test_a_small_economy_has_the_separations_of_its_hazards():
    # .3 + .3 a month: .6, 1.2, .8, 1.4, 1.0 (up to rounding) give 0, 1, 0, 1 and so on, three in five months.
    carry, found = 0.0, []
    for _ in range(4):
        rows, carry = part([0, 0, 1, 1], [0.3, 0.3], carry, [0.5] * 5)
        found.append(len(rows))
    assert found == [0, 1, 0, 1]
    assert carry == pytest.approx(0.4)


def test_a_separation_drawn_beyond_a_firms_staff_stays_due():
    # .6 carried + .95 + .5 = 2.05: two due at steps of 1.45 / 2 = .725. From .1 on, both marks, .0725 and
    # .7975, hit firm 0, which has one worker: one leaves, one stays due.
    rows, carry = part([0, *[1] * 10], [0.95, 0.5], 0.6, [0.5] * 11 + [0.1])
    assert rows == [(0, 0)]
    assert carry == pytest.approx(1.05)


def test_nobody_is_hired_when_nobody_searches_or_nobody_posts():
    u = [0.5] * 7
    assert hire([0, 0, 0], [2, 3], 0.5, 0.7, u) == ([], 0.7)
    assert hire([1, 1, 1], [0, 0], 0.5, 0.7, u) == ([], 0.7)
    assert hire([1, 1, 1], [2, 3], 0.0, 0.7, u) == ([], 0.7)


def test_hires_that_cannot_be_made_stay_due_and_those_made_too_early_are_made_up_for():
    u = [0.5] * 7
    # 2.5 are due, and .9 more; but one searches, or nobody, or nobody posts.
    hires, left = hire([0, 1, 0], [2, 2], 0.75, 2.5, u)
    assert (len(hires), left) == (1, pytest.approx(2.5 + 0.9 - 1))
    assert hire([0, 0, 0], [2, 2], 0.75, 2.5, u) == ([], 2.5)
    assert hire([1, 1, 1], [0, 0], 0.75, 2.5, u) == ([], 2.5)
    # A hire a month, .5 sqrt(2 * 2), makes up for 1.25 persons in two months; the third has one to make.
    found, carry = [], -1.25
    for _ in range(3):
        hires, carry = hire([1, 1, 0], [1, 1], 0.5, carry, u)
        found.append(len(hires))
    assert found == [0, 0, 1]
    assert carry == pytest.approx(0.75)


def test_nobody_leaves_when_nobody_works_or_nothing_threatens():
    u = [0.5] * 4
    for due in (0.7, 1.7):
        assert part([-1, -1, PUBLIC], [0, 0], due, u) == ([], due)
        assert part([0, 1, PUBLIC], [0, 0], due, u) == ([], due)


def test_not_more_than_nine_in_ten_searchers_are_expected_to_find_work():
    hires, left = hire([1] * 10, [1000], 5.0, 0.25, [0.5] * 21)
    assert len(hires) == 9
    assert left == pytest.approx(0.25)


starts = st.floats(2.0**-53, 1 - 2.0**-53)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.integers(1, 20), starts)
def test_systematic_draws_give_every_cell_its_share_rounded_down_or_up(weight, count, start):
    quota, total = quotas(weight, count, start), sum(weight)
    if total < 1e-6:
        return
    assert quota.sum() == count
    assert (np.abs(quota - count * np.array(weight) / total) < 1 + 1e-6).all()


def test_a_draw_that_rounding_pushes_off_the_end_of_the_line_goes_to_the_last_cell_on_it():
    # The marks at 5/3, 10/3 and 5, less next to nothing; the last rounds to 5, the end of the line.
    assert quotas([1, 3, 1, 0], 3, 1 - 2.0**-52).tolist() == [0, 2, 1, 0]
    # The last mark, 4 - 2^-53 steps of .05, rounds to .2, the end of the line.
    assert quotas([0.1, 0.1, 0], 4, 1 - 2.0**-53)[:2].sum() == 4


def test_systematic_draws_of_nothing_give_nothing():
    assert quotas([0, 0, 0], 3, 0.5).tolist() == [0, 0, 0]


@st.composite
def economies(draw):
    """Employer (2, households) of two firms, hazards as shares of staff, posts, intensities, a seed."""
    households = draw(st.integers(1, 12))
    slots = draw(st.lists(st.integers(-1, PUBLIC), min_size=2 * households, max_size=2 * households))
    employer = np.array(slots, np.int32).reshape(2, households)
    share = np.array(draw(st.lists(st.floats(0, 1), min_size=4, max_size=4))).reshape(2, 2)
    posts = st.one_of(st.just(0.0), st.floats(0, 9))
    posted = np.array(draw(st.lists(posts, min_size=4, max_size=4))).reshape(2, 2)
    eager = np.array(draw(st.lists(st.floats(0.05, 20), min_size=4, max_size=4))).reshape(2, 2)
    return employer, share, posted, eager, draw(st.integers(0, 2**32 - 1))


def staff(employer):
    return np.stack([(employer == firm).sum(axis=1) for firm in range(2)], axis=1).astype(np.float64)


@given(economies())
def test_separations_are_the_carried_remainder_and_each_is_a_worker_of_the_firm(economy):
    employer, share, _, _, seed = economy
    luck, carry = np.random.default_rng(seed), np.full(2, 0.5)
    for _ in range(3):
        before, hazard = carry.copy(), share * staff(employer)
        rows = separate(employer, hazard, carry, luck.random((2, employer.shape[1] + 1)))
        replica, firm, household = rows
        count = np.bincount(replica, minlength=2)
        np.testing.assert_allclose(count + carry, before + hazard.sum(axis=1), atol=1e-9)
        assert (carry >= 0).all()
        assert len(set(zip(replica, household))) == len(replica)
        np.testing.assert_array_equal(employer[replica, household], firm)
        assert (np.diff(replica) >= 0).all()
        assert all(column.dtype == np.int32 for column in rows)
        employer[replica, household] = -1


TINY = np.array([[0.0, 0.0], [0.0, 5e-324]])
"""Vacancies that are no weight once they are multiplied."""


@given(economies())
@example((np.array([[0] * 7, [0] * 6 + [-1]], np.int32), None, TINY, np.full((2, 2), 0.5), 1))
def test_hires_are_the_carried_remainder_and_nobody_is_hired_twice(economy):
    employer, _, vacancies, intensity, seed = economy
    luck, efficiency = np.random.default_rng(seed), np.array([0.3, 0.9])
    carry = luck.uniform(-2.0, 3.0, 2)
    for _ in range(3):
        searching, before = employer < 0, carry.copy()
        u = luck.random((2, 2 * employer.shape[1] + 1))
        rows = match(searching, vacancies, intensity, efficiency, carry, u)
        replica, firm, household = rows
        made, pool, posts = np.bincount(replica, minlength=2), searching.sum(axis=1), vacancies.sum(axis=1)
        flow = np.minimum(efficiency * np.sqrt(pool * posts), 0.9 * pool)
        np.testing.assert_allclose(made + carry, before + flow, atol=1e-9)
        assert ((carry >= 0) | (made == 0)).all()
        drawable = (vacancies * intensity).sum(axis=1) > 0
        assert ((carry < 1) | (made == np.where(drawable, pool, 0))).all()
        assert len(set(zip(replica, household))) == len(replica)
        assert searching[replica, household].all()
        assert (vacancies[replica, firm] > 0).all()
        assert all(column.dtype == np.int32 for column in rows)
        employer[replica, household] = firm


@settings(max_examples=30)
@given(economies())
def test_a_replica_alone_has_the_luck_it_has_in_company(economy):
    employer, share, vacancies, intensity, seed = economy
    luck, households = np.random.default_rng(seed), employer.shape[1]
    leaving, finding = luck.random((2, households + 1)), luck.random((2, 2 * households + 1))
    hazard, efficiency, carry = share * staff(employer), np.array([0.4, 0.8]), np.array([0.3, 0.9])
    both = (
        separate(employer, hazard, carry.copy(), leaving),
        match(employer < 0, vacancies, intensity, efficiency, carry.copy(), finding),
    )
    for r in range(2):
        only = slice(r, r + 1)
        alone = (
            separate(employer[only], hazard[only], carry[only].copy(), leaving[only]),
            match(
                employer[only] < 0, vacancies[only], intensity[only], efficiency[only], carry[only].copy(),
                finding[only],
            ),
        )  # fmt: skip
        for rows, own in zip(both, alone):
            for column in (1, 2):
                np.testing.assert_array_equal(rows[column][rows[0] == r], own[column])


DRAWS = 4000


@pytest.mark.parametrize(("posted", "eager"), [((1.0, 3.0), (1.0, 1.0)), ((2.0, 2.0), (0.4, 1.2))])
def test_every_unemployed_is_equally_likely_to_be_hired_and_firms_hire_by_posts_and_intensity(posted, eager):
    # Six of eight search; four vacancies, .5 sqrt(24) = 2.4 hires a month, three quarters of them by firm 1.
    searching = np.tile([True, False, True, True, True, False, True, True], (DRAWS, 1))
    vacancies, u = np.tile(posted, (DRAWS, 1)), np.random.default_rng(5).random((DRAWS, 17))
    intensity, carry = np.tile(eager, (DRAWS, 1)), np.random.default_rng(6).random(DRAWS)
    _, firm, household = match(searching, vacancies, intensity, np.full(DRAWS, 0.5), carry, u)
    pairs = np.zeros((8, 2))
    np.add.at(pairs, (household, firm), 1)
    found = pairs[searching[0]]
    hires = len(firm)
    assert hires / DRAWS == pytest.approx(0.5 * 24**0.5, abs=0.03)
    assert stats.chisquare(found.sum(axis=1)).pvalue > 0.01
    assert stats.chisquare(found.sum(axis=0), [hires / 4, 3 * hires / 4]).pvalue > 0.01
    assert stats.chi2_contingency(found).pvalue > 0.01


def test_every_worker_of_a_firm_is_equally_likely_to_leave_and_firms_lose_by_hazard():
    # Firm 0 has five workers and .5 expected separations, firm 1 three and 1.
    employer = np.tile(np.array([0, 1, 0, 0, -1, 1, 0, 1, 0, PUBLIC], np.int32), (DRAWS, 1))
    hazard, u = np.tile([0.5, 1.0], (DRAWS, 1)), np.random.default_rng(7).random((DRAWS, 11))
    carry = np.random.default_rng(8).random(DRAWS)
    _, firm, household = separate(employer, hazard, carry, u)
    count = np.bincount(household, minlength=10)
    assert len(firm) / DRAWS == pytest.approx(1.5, abs=0.03)
    assert count[4] == count[9] == 0
    assert stats.chisquare(count[employer[0] == 0]).pvalue > 0.01
    assert stats.chisquare(count[employer[0] == 1]).pvalue > 0.01
    assert (firm == 1).mean() == pytest.approx(2 / 3, abs=0.02)
