"""Banks: spreads by hand, margins, payout of capital above its target, actions as multiples of the rule."""

import math

import numpy as np
import pytest

from agents.macro import bank
from simengine.worlds.macro.state import Banks
from tests.agents.macro.states import (
    RULES,
    assert_a_replica_alone_has_the_same_bits,
    assert_heads_match_tables,
    assert_shuffling_agents_shuffles_results,
    drawn,
    drawn_economy,
    economy,
    population,
)

P = RULES.bank._replace(
    spread_base_annual=0.017, default_probability_annual=0.006, loss_given_default=0.5, default_slope=5.0,
    spread_gain_monthly=1.0, deposit_margin_annual=0.012, capital_target=0.1, capital_slope=0.3,
    payout_monthly=0.1,
)  # fmt: skip


def one(head=0, index=1, **values):
    b = population(Banks, 1, action=bank.NEUTRAL, **values)
    b.action[0, 0, head] = index
    return b


def spread(capital=100, loans=1000, slack=0.0, p=P, shared=None, b=None):
    b = one() if b is None else b
    sheet = (np.array([[number]]) for number in (capital, loans, slack))
    bank.set_spreads(b, shared or economy(), *sheet, p)
    return b.spread[0, 0]


def test_action_tables_have_the_documented_sizes_and_a_neutral_entry():
    assert bank.RISK.tolist() == [0.5, 1.0, 1.5]
    tables = {"spread": (bank.SPREAD, 1), "margin": (bank.MARGIN, 1), "risk": (bank.RISK, 1)}
    assert_heads_match_tables(bank, 36, **tables)


def test_the_spread_of_a_sound_bank_is_its_base_and_expected_losses():
    assert spread() == pytest.approx(0.017 + 0.006 * 0.5)
    assert spread(capital=500) == pytest.approx(0.02)
    assert spread(loans=0) == pytest.approx(0.02)


def test_idle_clients_and_missing_capital_make_loans_dear():
    assert spread(slack=-0.2) == pytest.approx(0.017 + 0.003 * math.exp(1))
    assert spread(slack=0.2) == pytest.approx(0.017 + 0.003 * math.exp(-1))
    assert spread(capital=60) == pytest.approx(0.02 + 0.3 * 0.04)
    assert spread(shared=economy(credit=0.01)) == pytest.approx(0.03)


def test_expected_losses_are_counted_up_to_one_in_five():
    assert spread(slack=-10.0) == pytest.approx(0.017 + 0.2 * 0.5)


def test_spreads_move_part_of_the_way():
    assert spread(p=P._replace(spread_gain_monthly=0.4), b=one(spread=0.01)) == pytest.approx(0.014)


def test_actions_multiply_the_rules_spread_and_margin():
    for index, multiple in enumerate((0.5, 1.0, 1.5, 2.0)):
        assert spread(b=one(0, index)) == pytest.approx(0.02 * multiple)
    for index, multiple in enumerate((0.5, 1.0, 1.5)):
        b = one(1, index)
        assert spread(b=b) == pytest.approx(0.02)
        assert b.margin[0, 0] == pytest.approx(0.012 * multiple)


def test_a_share_of_the_capital_above_its_target_is_paid_out():
    # A tenth of what 158, 100 and -50 exceed a tenth of 1,000 by; a bank that lends nothing needs no capital.
    paid = bank.payout(np.array([[158, 100, -50, 70]]), np.array([[1000, 1000, 1000, 0]]), P)
    assert paid.tolist() == [[5, 0, 0, 7]]


KERNELS = {
    "set_spreads": lambda b, e, capital, loans, slack: bank.set_spreads(b, e, capital, loans, slack, P),
    "payout": lambda b, e, capital, loans, slack: bank.payout(capital, loans, P),
}


@pytest.fixture
def sheet():
    luck = np.random.default_rng(3)
    capital, loans = luck.integers(-50, 200, (3, 5)), luck.integers(0, 2000, (3, 5))
    views = drawn(Banks, 5, 3, bank.HEADS, seed=1), drawn_economy(3, seed=2)
    return *views, capital, loans, luck.normal(0, 0.1, (3, 5))


@pytest.mark.parametrize("kernel", KERNELS)
def test_shuffling_banks_shuffles_what_they_do(kernel, sheet):
    assert_shuffling_agents_shuffles_results(KERNELS[kernel], *sheet)


@pytest.mark.parametrize("kernel", KERNELS)
def test_banks_of_a_replica_alone_do_what_they_do_in_company(kernel, sheet):
    assert_a_replica_alone_has_the_same_bits(KERNELS[kernel], *sheet)
