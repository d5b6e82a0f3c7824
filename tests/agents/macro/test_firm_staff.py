"""Firms' staff by hand: who is laid off, how many posts are open, how hard a firm looks for people."""

import math

import pytest

from agents.macro import firm
from simengine.worlds.macro.state import Firms
from tests.agents.macro.states import RULES, population

LABOR = RULES.labor


def staffed(labour, target, normal=None, **values):
    """A firm with its staff, the staff it wants and the staff it has had of late: the same unless given."""
    normal = labour if normal is None else normal
    staff = {"heads": labour, "labour": labour, "labour_target": target, "staff_normal": normal}
    return population(Firms, 1, action=firm.NEUTRAL, **{**staff, **values})


TURNOVER = LABOR._replace(separation_monthly=0.03, overstaffing=0.06, layoff_monthly=0.4)
RECRUITING = LABOR._replace(
    vacancy_rate_normal=0.03, vacancy_elasticity=5.0, vacancy_floor=0.1, staff_gain_monthly=0.25,
    recruiting_elasticity=4.0,
)  # fmt: skip


def recruited(f, p=RECRUITING):
    """Posted vacancies and recruiting intensity of one firm."""
    posted, intensity = firm.recruit(f, p)
    return posted[0, 0], intensity[0, 0]


def test_a_firm_at_its_target_expects_normal_turnover_and_posts_normal_vacancies():
    f = staffed(10, 10)
    assert firm.separation_hazard(f, TURNOVER)[0, 0] == pytest.approx(0.3)
    assert recruited(f) == (pytest.approx(0.3), 1.0)
    assert f.staff_normal[0, 0] == 10


def test_excess_staff_is_laid_off_in_part_and_never_more_than_there_is():
    # 20 workers where 10 (1 + .06) are tolerated: .4 * 9.4 = 3.76 layoffs, turnover of .6.
    assert firm.separation_hazard(staffed(20, 10), TURNOVER)[0, 0] == pytest.approx(4.36)
    # With a target of nothing, layoffs are three in ten.
    assert firm.separation_hazard(staffed(20, 0), TURNOVER)[0, 0] == pytest.approx(6.6)
    assert firm.separation_hazard(staffed(30, 0, heads=1), TURNOVER)[0, 0] == 1
    assert firm.separation_hazard(staffed(0, 9), TURNOVER)[0, 0] == 0


def test_only_excess_that_lasts_is_laid_off():
    # Of late the firm has had 11, which is .4 too many: .4 * .4 layoffs, turnover of .03 * 20.
    assert firm.separation_hazard(staffed(20, 10, normal=11), TURNOVER)[0, 0] == pytest.approx(0.76)
    assert firm.separation_hazard(staffed(20, 10, normal=10), TURNOVER)[0, 0] == pytest.approx(0.6)
    # Nor is anybody laid off for what has gone since: 11 are left of 20.
    assert firm.separation_hazard(staffed(11, 10, normal=20), TURNOVER)[0, 0] == pytest.approx(0.49)
    assert firm.separation_hazard(staffed(10, 10, normal=20), TURNOVER)[0, 0] == pytest.approx(0.3)


def test_vacancies_follow_the_lasting_gap_in_a_line_and_intensity_the_gap_of_the_moment():
    # Two of ten are missing: normal staff moves a quarter of the way, to 9.5; posts rise by 5 * .05,
    # intensity by exp(4 * .2).
    f = staffed(8, 10, normal=10)
    assert recruited(f) == (pytest.approx(0.3 * 1.25), pytest.approx(math.exp(0.8)))
    assert f.staff_normal[0, 0] == pytest.approx(9.5)
    # Two too many are the mirror image.
    f = staffed(12, 10, normal=10)
    assert recruited(f) == (pytest.approx(0.3 * 0.75), pytest.approx(math.exp(-0.8)))
    assert f.staff_normal[0, 0] == pytest.approx(10.5)
    # Whoever comes at once leaves most of the lasting gap: 6 + .25 * 4 = 7, three of ten.
    assert recruited(staffed(10, 10, normal=6)) == (pytest.approx(0.3 * 2.5), 1.0)


def test_vacancies_never_fall_below_their_floor_and_intensity_stays_in_its_bounds():
    assert recruited(staffed(30, 10)) == (pytest.approx(0.3 * 0.1), pytest.approx(math.exp(-3)))
    assert recruited(staffed(0, 10)) == (pytest.approx(0.3 * 6), pytest.approx(math.exp(3)))
    # Who wants nobody posts as if it wanted a fifth of a worker.
    assert recruited(staffed(0, 0)) == (pytest.approx(0.03 * 0.2 * 6), pytest.approx(math.exp(3)))
