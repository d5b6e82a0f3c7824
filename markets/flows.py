"""The table of flows: who may pay whom, in which currency, against which claim.

Every sector that pays in a currency holds one money of it: the currency itself, or a money that is settled
in it. Every account has an *issuer* of its money: who owes it, or itself where it holds the currency.

A flow of x from a payer to a payee is made of legs, each of which moves one instrument between two accounts:

    cash   the payer's money      payer -> its issuer        (not if it holds the currency)
           the currency           payer's issuer -> payee's  (not if they are the same)
           the payee's money      its issuer -> payee        (not if it holds the currency)
    claim  loans, shares, …       payee -> payer             (whoever gives value receives the claim)

So a loan is `Flow("banks", "firms", claim="loans")`, its repayment `Flow("firms", "banks", claim="loans")`,
and a default a repayment without the cash: `Flow("firms", "banks", claim="loans", cash=False)`. All legs of a
transfer are booked or none is: delivery versus payment.

A claim counted in the unit of what is paid moves by the same amount. One with a unit of its own moves by
`units`, a column of the post: `Flow("traders", "traders", claim="shares")` is any trade of any share, and
with the kind of the currency itself as claim one currency buys another.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.instruments import Chart

NONE = -1
_NOTHING = range(0)


@dataclass(frozen=True)
class Flow:
    """A named kind of transfer between two sectors: a payment, a payment against a claim, or a claim alone.

    `payer` and `payee` are sector names; `claim` is the kind of instrument that moves from payee to payer, if
    any; `cash=False` moves the claim without a payment, which cancels a debt of the payer (a default);
    `currency` is the kind of base money that is paid (default: the only one there is).
    """

    payer: str
    payee: str
    claim: str | None = None
    cash: bool = True
    currency: str | None = None


class Route(NamedTuple):
    """A flow as the numbers that the kernels of `markets.posting` read; NONE where there is no such leg."""

    payment: int  # the counter of what is paid in the first of its currencies
    delivery: int  # the counter of the first of its claims, where they have a unit of their own
    most: int  # that a counter may turn over between two closes
    payer_start: int
    payer_size: int
    payee_start: int
    payee_size: int
    currency: int  # on the axis of currencies
    currencies: int
    base: int
    own: int  # the payer's money
    other: int  # the payee's money
    claim: int
    claims: int
    lowest_own: int
    lowest_base: int
    lowest_claim: int  # of the payee, who gives the claim
    highest_claim: int  # of the payer, who receives it

    @property
    def priced(self) -> bool:
        """Whether units of a claim are paid for, so that a transfer has two numbers."""
        return self.payment != NONE and self.delivery != NONE


ROUTE = np.dtype([(name, np.int64) for name in Route._fields], align=True)
"""A route as compiled code reads it."""


class Leg(NamedTuple):
    """What is paid and delivered by one flow: the places of its currencies and of its claims."""

    flow: Flow
    currencies: range
    claims: range
    linked: bool  # whether the claim moves by the amount paid

    @property
    def counters(self) -> int:
        """How many totals the flow needs: one a currency, and one a claim with a unit of its own."""
        return len(self.currencies) + (0 if self.linked else len(self.claims))


def resolve(chart: Chart, name: str, flow: Flow) -> Leg:
    """Find what `flow` pays and delivers.

    Raises ValueError if it names no sector or instrument or would make a claim out of nothing.
    """
    where = f"flow {name!r}: "
    chart.check_sector(flow.payer, where)
    chart.check_sector(flow.payee, where)
    claims = _NOTHING if flow.claim is None else chart.kind(flow.claim, where)
    if not flow.cash:
        if not claims or not chart.issues(flow.payer, claims.start):
            raise ValueError(f"{where}without cash a debt of the payer is cancelled ({flow.payer} owe none)")
        return Leg(flow, _NOTHING, claims, False)
    kinds = {chart.instruments[n].kind: None for n in chart.currencies}
    if flow.currency not in kinds and (flow.currency is not None or len(kinds) != 1):
        raise ValueError(
            f"{where}pays in {flow.currency} (valid: {', '.join(kinds) or 'no currency is declared'})"
        )
    currencies = chart.kind(flow.currency or next(iter(kinds)), where)
    for sector in (flow.payer, flow.payee):
        if chart.money(sector, currencies.start) is None:
            raise ValueError(f"{where}{sector} hold no money of {chart.instruments[currencies.start].kind}")
    units = [[chart.instruments[n].unit for n in places] for places in (currencies, claims)]
    return Leg(flow, currencies, claims, linked=claims != currencies and units[0] == units[1])


def labels(chart: Chart, name: str, leg: Leg) -> list[str]:
    """The names of a flow's counters: the flow's own where there is one alone."""
    moved = [*leg.currencies, *(() if leg.linked else leg.claims)]
    return [name] if len(moved) == 1 else [f"{name} {chart.names[n]}" for n in moved]


def incidence(chart: Chart, leg: Leg) -> NDArray[np.int64]:
    """What a unit of each counter does to the sectors' balances, int64 (counters, instruments, sectors)."""
    effect = np.zeros((leg.counters, len(chart.instruments), len(chart.sectors)), np.int64)
    payer, payee = leg.flow.payer, leg.flow.payee

    def move(counter: int, instrument: int | None, source: str, target: str) -> None:
        effect[counter, instrument, chart.sectors.index(source)] -= 1
        effect[counter, instrument, chart.sectors.index(target)] += 1

    for counter, base in enumerate(leg.currencies):
        move(counter, chart.money(payer, base), payer, chart.issuer(payer, base))
        move(counter, base, chart.issuer(payer, base), chart.issuer(payee, base))
        move(counter, chart.money(payee, base), chart.issuer(payee, base), payee)
    first = 0 if leg.linked else len(leg.currencies)
    for counter, claim in enumerate(leg.claims, first):
        move(counter, claim, payee, payer)
    return effect


def route(chart: Chart, leg: Leg, first: int, most: int) -> Route:
    """What the kernels need to know of a flow whose counters, from `first` on, may turn over `most` each."""
    payer, payee = leg.flow.payer, leg.flow.payee
    base = leg.currencies.start if leg.currencies else NONE
    claim = leg.claims.start if leg.claims else NONE
    own, other = (chart.money(sector, base) for sector in (payer, payee))
    return Route(
        payment=first if leg.currencies else NONE,
        delivery=NONE if leg.linked or not leg.claims else first + len(leg.currencies),
        most=most,
        payer_start=chart.start[payer],
        payer_size=chart.size[payer],
        payee_start=chart.start[payee],
        payee_size=chart.size[payee],
        currency=chart.currencies.index(base) if leg.currencies else NONE,
        currencies=len(leg.currencies),
        base=base,
        own=NONE if own in (None, base) else own,
        other=NONE if other in (None, base) else other,
        claim=claim,
        claims=len(leg.claims),
        lowest_own=0 if own is None else chart.limit(payer, own)[0],
        lowest_base=0 if base == NONE else chart.limit(chart.issuer(payer, base), base)[0],
        lowest_claim=0 if claim == NONE else chart.limit(payee, claim)[0],
        highest_claim=0 if claim == NONE else chart.limit(payer, claim)[1],
    )
