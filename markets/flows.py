"""The chart of accounts and the table of flows: who may pay whom, in which money, against which claim.

Every sector holds one *money*: banks and the central bank hold reserves, a government its treasury account,
everyone else deposits. Every account has an *issuer* of its money: deposits are owed by the home bank,
treasury accounts by the central bank; banks and the central bank are issuers themselves.

A flow of x from a payer to a payee is made of legs, each of which moves x of one instrument between two
accounts:

    cash   the payer's money      payer -> its issuer        (not if it is an issuer itself)
           reserves               payer's issuer -> payee's  (not if they are the same)
           the payee's money      its issuer -> payee        (not if it is an issuer itself)
    claim  loans, bills, …        payee -> payer             (whoever gives value receives the claim)

So a loan is `Flow("banks", "firms", claim=LOANS)`, its repayment `Flow("firms", "banks", claim=LOANS)`, and
a default a repayment without the cash: `Flow("firms", "banks", claim=LOANS, cash=False)`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

INSTRUMENTS = ("deposits", "loans", "bills", "reserves", "advances", "treasury")
DEPOSITS, LOANS, BILLS, RESERVES, ADVANCES, TREASURY = range(len(INSTRUMENTS))
MONEYS = [DEPOSITS, RESERVES, TREASURY]
MONEY_OF = {"banks": RESERVES, "central_bank": RESERVES, "government": TREASURY}
ISSUER_OF = {
    DEPOSITS: "banks",
    BILLS: "government",
    RESERVES: "central_bank",
    ADVANCES: "banks",
    TREASURY: "central_bank",
}
UNLIMITED = 2**63 - 1
NONE = -1


@dataclass(frozen=True)
class Flow:
    """A named kind of transfer between two sectors: a payment, a payment against a claim, or a claim alone.

    `payer` and `payee` are sector names; `claim` is the instrument that moves from payee to payer, if any;
    `cash=False` moves the claim without a payment, which cancels a debt of the payer (a default).
    """

    payer: str
    payee: str
    claim: int | None = None
    cash: bool = True


class Plan(NamedTuple):
    """A flow as the numbers that the kernel `markets.posting.book` reads; NONE where there is no such leg."""

    flow: int
    most: int  # cents that the flow may turn over in all
    payer_start: int
    payer_size: int
    payee_start: int
    payee_size: int
    cash: int
    own: int  # the payer's money
    other: int  # the payee's money
    claim: int
    lowest_own: int
    lowest_reserves: int
    lowest_claim: int  # of the payee, who gives the claim
    highest_claim: int  # of the payer, who receives it
    sign: int = 1

    def undo(self) -> "Plan":
        """The plan that takes bookings back, unchecked."""
        unchecked = self._replace(lowest_own=-UNLIMITED, lowest_reserves=-UNLIMITED, lowest_claim=-UNLIMITED)
        return unchecked._replace(highest_claim=UNLIMITED, sign=-1)


def nearest(kind: str, name: str, known: Collection[str]) -> str:
    """One line saying that `name` is no known `kind`, with the likeliest or all valid names."""
    close = get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"valid: {', '.join(known)}"
    return f"unknown {kind} {name!r}: {hint}"


class Chart:
    """The accounts of an economy: one per slot of every sector, in the order in which the sectors are given.

    `sectors` maps a sector's name to its number of slots. Sectors named in `overdraft` may hold less than
    nothing of their money between two settlements. Raises ValueError for a chart that cannot pay.
    """

    def __init__(self, sectors: Mapping[str, int], overdraft: Collection[str] = ()) -> None:
        self.size = dict(sectors)
        self.sectors = tuple(sectors)
        self.edges = np.cumsum([0, *sectors.values()], dtype=np.int64)
        self.start = {name: int(edge) for name, edge in zip(self.sectors, self.edges)}
        self.accounts = int(self.edges[-1])
        self.money = {name: MONEY_OF.get(name, DEPOSITS) for name in self.sectors}
        self.overdraft = frozenset(overdraft)
        for name in overdraft:
            self.check_sector(name, "overdraft: ")
        for name, size in self.size.items():
            if size < 1 or (name == "central_bank" and size > 1):
                raise ValueError(f"sector {name!r} has {size} accounts (valid: 1 or more, one central bank)")
        for name in self.sectors:
            if self.issuer(name) not in self.size:
                raise ValueError(f"no sector {self.issuer(name)!r}, which issues the money of {name!r}")

    def check_sector(self, name: str, where: str = "") -> None:
        """Raise ValueError if there is no such sector."""
        if name not in self.size:
            raise ValueError(where + nearest("sector", name, self.sectors))

    def accounts_of(self, sector: str) -> slice:
        """Where the accounts of `sector` lie on the account axis."""
        self.check_sector(sector)
        return slice(self.start[sector], self.start[sector] + self.size[sector])

    def label(self, account: int) -> str:
        """An account as people name it: `firms 7`."""
        sector = int(np.searchsorted(self.edges, account, side="right")) - 1
        return f"{self.sectors[sector]} {account - int(self.edges[sector])}"

    def issuer(self, sector: str) -> str:
        """The sector that issues the money of `sector` (banks and the central bank: themselves)."""
        return sector if self.money[sector] == RESERVES else ISSUER_OF[self.money[sector]]

    def issues(self, sector: str, instrument: int) -> bool:
        """Whether `instrument` is a debt of `sector`; loans are the debts of all who hold deposits."""
        return self.money[sector] == DEPOSITS if instrument == LOANS else sector == ISSUER_OF[instrument]

    def limit(self, sector: str, instrument: int, settled: bool = False) -> tuple[int, int]:
        """The lowest and highest balance allowed: issuers owe, others own; no overdrafts when `settled`."""
        overdrawn = () if settled else self.overdraft
        drawn = any(self.money[name] == instrument for name in overdrawn)
        issuer, own = self.issues(sector, instrument), self.money[sector] == instrument
        lowest = -UNLIMITED if issuer or (own and sector in overdrawn) else 0
        return lowest, 0 if issuer and not drawn else UNLIMITED

    def limits(self, settled: bool = False) -> NDArray[np.int64]:
        """`limit` of every account, int64 (2, instruments, accounts)."""
        limits = np.empty((2, len(INSTRUMENTS), self.accounts), np.int64)
        for instrument in range(len(INSTRUMENTS)):
            for sector in self.sectors:
                limits[:, instrument, self.accounts_of(sector)].T[:] = self.limit(sector, instrument, settled)
        return limits

    def incidence(self, flow: Flow) -> NDArray[np.int64]:
        """What one unit of `flow` does to every sector's balances, int64 (instruments, sectors)."""
        effect = np.zeros((len(INSTRUMENTS), len(self.sectors)), np.int64)

        def leg(instrument: int, source: str, target: str) -> None:
            effect[instrument, self.sectors.index(source)] -= 1
            effect[instrument, self.sectors.index(target)] += 1

        if flow.cash:
            leg(self.money[flow.payer], flow.payer, self.issuer(flow.payer))
            leg(RESERVES, self.issuer(flow.payer), self.issuer(flow.payee))
            leg(self.money[flow.payee], self.issuer(flow.payee), flow.payee)
        if flow.claim is not None:
            leg(flow.claim, flow.payee, flow.payer)
        return effect

    def plan(self, number: int, most: int, flow: Flow) -> Plan:
        """What the kernel needs to know of `flow`, which may turn over `most` cents in all."""
        payer, payee, claim = flow.payer, flow.payee, flow.claim
        moved = [self.money[s] if flow.cash and self.issuer(s) != s else NONE for s in (payer, payee)]
        return Plan(
            flow=number,
            most=most,
            payer_start=self.start[payer],
            payer_size=self.size[payer],
            payee_start=self.start[payee],
            payee_size=self.size[payee],
            cash=int(flow.cash),
            own=moved[0],
            other=moved[1],
            claim=NONE if claim is None else claim,
            lowest_own=self.limit(payer, self.money[payer])[0],
            lowest_reserves=self.limit(self.issuer(payer), RESERVES)[0],
            lowest_claim=0 if claim is None else self.limit(payee, claim)[0],
            highest_claim=0 if claim is None else self.limit(payer, claim)[1],
        )

    def check(self, name: str, flow: Flow) -> None:
        """Raise ValueError if `flow` names no sector or instrument or would make a claim out of nothing."""
        where = f"flow {name!r}: "
        self.check_sector(flow.payer, where)
        self.check_sector(flow.payee, where)
        if flow.claim is not None and flow.claim not in range(len(INSTRUMENTS)):
            raise ValueError(f"{where}unknown instrument {flow.claim} (valid: 0 to {len(INSTRUMENTS) - 1})")
        if not flow.cash and (flow.claim is None or not self.issues(flow.payer, flow.claim)):
            raise ValueError(f"{where}without cash a debt of the payer is cancelled ({flow.payer} owe none)")
