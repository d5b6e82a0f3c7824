"""Jobs in the macro world: why people leave, who is counted, one rounding of separations and hires."""

import numpy as np

from agents.macro import firm
from markets import labor
from simengine import Simulation
from simengine.config import merged
from streams.macro.events import Separation
from tests.simengine.worlds.macro.history import LUCK_OF_MATCHING

QUIT, LAYOFF = range(2)


def opened(**sections):
    """The world before its first month, with the luck of matching alone, in three replicas."""
    return Simulation("macro", policies="rule", seed=3, replicas=3, config=merged(LUCK_OF_MATCHING, sections))


def test_whoever_leaves_a_firm_with_lasting_excess_staff_is_laid_off_and_the_others_quit():
    sim = opened(
        labor={"separation_monthly": 0.2, "overstaffing": 0.1, "layoff_monthly": 0.5},
        firm={"labour_gap_monthly": 0.0},
    )
    f, left = sim.world.firms, []
    # All firms have twice the staff they want; the odd ones have had it since this month only.
    f.labour_target *= 0.5
    f.staff_normal[:, 1::2] *= 0.5
    sim.events(Separation).subscribe(lambda batch: left.extend(zip(batch.firm % 2, batch.cause)))
    sim.run(ticks=1)
    odd, cause = np.array(left).T
    assert (cause[odd == 0] == LAYOFF).all()
    assert (cause[odd == 1] == QUIT).all()
    assert set(odd) == {0, 1}


def test_where_nobody_is_ever_laid_off_everybody_quits():
    sim, causes = opened(labor={"separation_monthly": 0.2, "layoff_monthly": 0.0}), set()
    sim.world.firms.labour_target *= 0.1
    sim.events(Separation).subscribe(lambda batch: causes.update(batch.cause.tolist()))
    sim.run(ticks=1)
    assert causes == {QUIT}


def test_the_unemployment_rate_counts_who_still_searches():
    sim = opened(labor={"participation_slope": 0.5})
    h, e = sim.world.households, sim.world.economy
    natural = e.natural_rate.copy()
    # Beside those at rest, replica 1 has five and replica 2 ten jobless of a hundred more.
    for replica, more in ((1, 5), (2, 10)):
        h.employer[replica, np.flatnonzero(h.employer[replica] >= 0)[:more]] = -1
    sim.run(ticks=1)
    discouraged = 0.5 * ((h.employer < 0).mean(axis=1) - natural)
    searching = (h.employer < 0).mean(axis=1) - discouraged
    np.testing.assert_allclose(e.unemployment, searching / (1.0 - discouraged))
    assert discouraged[2] > discouraged[1] > 0.0


def test_joblessness_is_the_nearest_whole_number_to_what_separations_and_hires_expect(monkeypatch):
    sim, flows = opened(), []
    h, expected = sim.world.households, (sim.world.households.employer < 0).sum(axis=1).astype(float)
    hazard, match = firm.separation_hazard, labor.match

    def leave(*rule):
        flows.append(hazard(*rule))
        return flows[-1]

    def find(searching, vacancies, intensity, efficiency, carry, u):
        pool, posts = searching.sum(axis=1), vacancies.sum(axis=1)
        flows.append(np.minimum(efficiency * np.sqrt(pool * posts), 0.9 * pool))
        return match(searching, vacancies, intensity, efficiency, carry, u)

    monkeypatch.setattr(firm, "separation_hazard", leave)
    monkeypatch.setattr(labor, "match", find)
    for _ in range(36):
        sim.run(ticks=4)
        leaving, finding = flows[-2:]
        expected += leaving.sum(axis=1) - finding
        jobless = (h.employer < 0).sum(axis=1)
        assert (np.abs(jobless - expected) <= 0.5 + 1e-9).all()
    assert len(flows) == 72
