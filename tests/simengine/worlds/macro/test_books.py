"""The macro world's books: exact at every event, GDP counted in three ways, tampering caught."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.kernel import SimulationFailed
from simengine.worlds.macro.accounts import gdp_three_ways
from simengine.worlds.macro.flows import FLOWS
from streams.macro.events import Trade

SHORT = {"warmup_years": 0}


def test_the_residual_is_zero_after_every_post_of_64_replicas(monkeypatch):
    sim = Simulation("macro", policies="rule", seed=1, replicas=64, config=SHORT)
    books, post, residuals = sim.world.books, sim.world.books.post, set()

    def checked(*transfer, **more):
        post(*transfer, **more)
        residuals.add(books.residual())

    monkeypatch.setattr(books, "post", checked)
    sim.run(ticks=48)
    assert residuals == {0}


def test_gdp_is_the_same_by_expenditure_income_and_production_at_the_end_of_every_month():
    sim = Simulation("macro", policies="rule", seed=1, replicas=3, config=SHORT)
    for month in range(1, 30):
        sim.run(until=4 * month - 1)
        sim.world.books.read("deposits", "firms")
        sim.run(ticks=1)
        ways = gdp_three_ways(sim.world)
        assert (ways == ways[0]).all()
    assert (ways[0] != 0).any()


def test_households_firms_banks_and_the_state_hold_what_the_flows_say():
    sim = Simulation("macro", policies="rule", seed=1, replicas=2, config=SHORT)
    sim.run(years=2)
    books = sim.world.books
    assert books.verify() == []
    assert books.check_settled() == []
    for replica in range(2):
        assert (books.matrix(replica).values.sum(axis=1) % 1 == 0).all()


def test_goods_sold_are_goods_taken_from_stock():
    sim = Simulation("macro", policies="rule", seed=4, replicas=2, config=SHORT)
    f, sold = sim.world.firms, []
    sim.events(Trade).subscribe(lambda batch: sold.append(np.bincount(batch.replica, batch.quantity, 2)))
    before = f.stock.sum(axis=1)
    produced = np.zeros(2)
    for _ in range(24):
        sim.run(ticks=1)
        produced += 0.25 * f.output.sum(axis=1)
    np.testing.assert_allclose(before + produced - sum(sold), f.stock.sum(axis=1), rtol=1e-9)


def tampered(meddle):
    """Run a quarter with a meddling shock in week 5 and return the failure."""

    class Meddling:
        name = "meddling"

        def start(self, world, sim, mask):
            meddle(world)

        def stop(self, world, sim, mask):
            raise AssertionError("never lifted")

    sim = Simulation("macro", policies="rule", seed=1, replicas=2, config=SHORT)
    sim.at(5, Meddling())
    with pytest.raises(SimulationFailed) as caught:
        sim.run(ticks=12)
    return caught.value


def poke_balance(world):
    world.books.columns()["balance"][0, 0, 3] += 1


def poke_between_firms(world):
    world.books.columns()["balance"][1, 0, 100:102] += (500, -500)


def poke_stock_value(world):
    world.firms.stock_value[0, 0] += 7


def poke_revenue(world):
    world.accounts.revenue[1] += 1


def poke_wages(world):
    world.accounts.wages_received[0] += 1


def poke_surplus(world):
    world.firms.surplus[0, 2] -= 1


def poke_stock(world):
    world.firms.stock[1, 3] = np.nan


def poke_price(world):
    world.firms.price[:] = -1


def halve_stocks(world):
    world.firms.stock[1] *= 0.5


def wear_out(world):
    world.firms.capital[0, 2] *= 1.0 - 1e-8


def sell_twice(world):
    world.firms.stock[0, 4] += 1e-6 * world.firms.output[0, 4]


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (halve_stocks, "stock of firm 0 in replica 1 is "),
        (wear_out, "capital of firm 2 in replica 0 is "),
        (sell_twice, "stock of firm 4 in replica 0 is "),
    ],
)
def test_goods_that_vanish_or_appear_fail_the_run_at_the_next_close_by_firm_and_replica(meddle, said):
    failure = tampered(meddle)
    assert failure.tick == 7
    assert said in str(failure)
    assert "what was made, traded, worn out and lost leaves" in str(failure)


def lose_consumption(world):
    world.households.consumption[0, 7] = np.nan
    world.households.hand_to_mouth[0, 7] = False


def explode_wages(world):
    world.firms.wage[1, 2] = 1e300


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (lose_consumption, "the spending of a household is nan: valid is a finite number"),
        (explode_wages, r"is [0-9.]+e\+[0-9]+: valid is a finite number between -2\*\*62 and 2\*\*62"),
    ],
)
def test_what_no_word_holds_stops_the_run_by_what_it_was(meddle, said):
    sim = Simulation("macro", policies="rule", seed=1, replicas=2, config=SHORT)
    sim.run(ticks=4)
    meddle(sim.world)
    with pytest.raises(SimulationFailed, match=said) as caught:
        sim.run(ticks=4)
    assert "\n" not in str(caught.value)


def test_what_is_missing_before_a_checkpoint_is_found_after_it(tmp_path):
    sim = Simulation("macro", policies="rule", seed=1, replicas=2, config=SHORT)
    sim.run(ticks=5)
    sim.world.firms.stock[1, 3] *= 0.5
    sim.checkpoint(tmp_path)
    again = Simulation("macro", policies="rule", seed=1, replicas=2, config=SHORT)
    again.restore(tmp_path)
    with pytest.raises(SimulationFailed, match="stock of firm 3 in replica 1"):
        again.run(ticks=4)


@pytest.mark.parametrize(
    "meddle",
    [
        poke_balance, poke_between_firms, poke_stock_value, poke_revenue, poke_wages, poke_surplus,
        poke_stock, poke_price,
    ],
    ids=lambda f: f.__name__,
)  # fmt: skip
def test_tampering_is_caught_when_the_books_close_and_named(meddle):
    failure = tampered(meddle)
    assert 5 <= failure.tick <= 11
    assert "macro failed at tick" in str(failure)


def test_a_refused_transfer_blames_its_replica_and_names_the_command_that_repeats_it():
    sim = Simulation("macro", policies="rule", seed=1, replicas=[4, 9], config=SHORT)
    sim.rerun = "again"
    post = sim.world.books.post

    def overdrawn(flow, replica, payer, payee, amount, **more):
        if flow == "wages" and sim.tick == 3:
            amount = amount.copy()
            amount[1, 0] = 10**15
            payer = payer.copy()
            payer[1, 0] = 2
        post(flow, replica, payer, payee, amount, **more)

    sim.world.books.post = overdrawn
    with pytest.raises(SimulationFailed, match=r"replica 9\b.*wages: transfer 0 of replica 1.*rerun: again"):
        sim.run(ticks=4)


def test_only_lending_repayment_default_the_state_and_the_central_bank_change_the_amount_of_money():
    table = Simulation("macro", policies="rule", replicas=1, config=SHORT).world.books.creation_table()
    assert set(table.rows) == set(FLOWS)
    deposits = dict(zip(table.rows, table.values[:, list(table.columns).index("deposits")], strict=True))
    assert all(deposits[name] == 0 for name in ("consumption", "investment", "wages", "dividends"))
    assert all(deposits[name] > 0 for name in ("household_loans", "firm_loans", "public_wages", "benefits"))
    assert all(deposits[name] < 0 for name in ("household_repayment", "firm_repayment", "income_tax"))


def test_a_broken_invariant_is_told_with_the_bound_it_has():
    sim = Simulation("macro", policies="rule", seed=1, replicas=2, config=SHORT)
    world = sim.world
    world.economy.rate[1] = -2.0
    world.firms.stock[0, 3] = world.stores.stock[0, 3] = -1.0
    assert list(world.invariants(sim)) == [
        "stock of replica 0 is -1.0 (must be finite and >= 0)",
        "rate of replica 1 is -2.0 (must be finite and >= -1)",
    ]
