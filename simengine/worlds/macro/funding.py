"""The month's last payments between the treasury, the central bank and the banks.

Interest on bills, reserves and advances is paid; the central bank remits its profit; the treasury issues or
redeems bills to hold its cushion; the banks trade bills with the central bank, then take or repay advances,
to hold their required reserves. Reserves earn the policy rate (a floor system).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from markets.money import split_rows, to_cents
from simengine.worlds.macro.authorities import trend_gdp

if TYPE_CHECKING:
    from simengine.worlds.macro.world import Macro


def settle(world: Macro) -> None:
    """Pay the interest, then square the treasury and every bank's reserves."""
    pay_interest(world)
    fund_treasury(world)
    square_reserves(world)
    world.banks.reserves[:] = world.books.read("reserves", "banks")


def pay_interest(world: Macro) -> None:
    """Pay a month's interest on bills, reserves and advances, and remit the central bank's profit.

    Below zero, where only a lifted floor lets the policy rate go, they earn nothing, as deposits do.
    """
    books, slots = world.books, world.slots["banks"]
    monthly = np.maximum(world.economy.rate, 0.0)[:, None] / 12.0
    books.post("bill_interest", None, 0, slots, _part(books.read("bills", "banks"), monthly))
    books.post("central_bank_bill_interest", None, 0, 0, _part(books.read("bills", "central_bank"), monthly))
    books.post("reserve_interest", None, 0, slots, _part(world.banks.reserves, monthly))
    books.post("advance_interest", None, slots, 0, _part(-books.read("advances", "banks"), monthly))
    books.post("remittance", None, 0, 0, np.maximum(books.net_worth("central_bank"), 0))


def fund_treasury(world: Macro) -> None:
    """Issue bills to the banks by their deposits, or redeem theirs, to hold the treasury's cushion."""
    books, slots = world.books, world.slots["banks"]
    cushion = to_cents(world.config.government.treasury_months * trend_gdp(world), "the treasury's cushion")
    missing = cushion - books.read("treasury", "government")[:, 0]
    issue = np.maximum(missing, 0)
    deposits = (-books.read("deposits", "banks")).astype(np.float64)
    books.post("bill_issue", None, slots, 0, split_rows(issue, deposits))
    held = books.read("bills", "banks")
    redeem = np.minimum(np.maximum(-missing, 0), held.sum(axis=1))
    redeemed = np.minimum(split_rows(redeem, held.astype(np.float64)), held)
    books.post("bill_redemption", None, 0, slots, redeemed)


def square_reserves(world: Macro) -> None:
    """Bring each bank's reserves to their required share of deposits: bills first, advances last."""
    books, slots = world.books, world.slots["banks"]
    required = to_cents(-world.config.bank.reserve_ratio * books.read("deposits", "banks"), "reserves")
    spare = books.read("reserves", "banks") - required
    repay = np.clip(spare, 0, -books.read("advances", "banks"))
    books.post("advance_repayment", None, slots, 0, repay)
    sold = np.minimum(np.maximum(-spare, 0), books.read("bills", "banks"))
    books.post("bill_purchase", None, 0, slots, sold)
    books.post("advances", None, 0, slots, np.maximum(-spare, 0) - sold)
    wanted = np.maximum(spare - repay, 0)
    available = books.read("bills", "central_bank")[:, 0]
    before = np.cumsum(wanted, axis=1) - wanted
    books.post("bill_sale", None, slots, 0, np.clip(available[:, None] - before, 0, wanted))


def _part(stock: Any, rate: Any) -> Any:
    return to_cents(np.maximum(stock, 0) * rate, "interest")
