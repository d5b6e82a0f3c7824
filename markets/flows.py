"""The chart of accounts and the table of flows: who may pay whom, in which money, against which claim.

Every sector holds one *money*: banks and the central bank hold reserves, a government holds its treasury
account, everyone else holds deposits. Every account has an *issuer* for its money: deposits are owed by the
home bank, treasury accounts by the central bank; banks and the central bank are issuers themselves.

A flow of x from a payer to a payee is made of legs, each moving x of one instrument from one account to another:

    cash   the payer's money      payer -> its issuer        (not if it is an issuer itself)
           reserves               payer's issuer -> payee's  (not if they are the same)
           the payee's money      its issuer -> payee        (not if it is an issuer itself)
    claim  loans, bills, …        payee -> payer             (whoever gives value receives the claim)

So a loan is `Flow("banks", "firms", claim=LOANS)`, its repayment `Flow("firms", "banks", claim=LOANS)`, and a
default a repayment without the cash, `Flow("firms", "banks", claim=LOANS, cash=False)`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

INSTRUMENTS = ("deposits", "loans", "bills", "reserves", "advances", "treasury")
DEPOSITS, LOANS, BILLS, RESERVES, ADVANCES, TREASURY = range(len(INSTRUMENTS))
MONEY = {"banks": RESERVES, "central_bank": RESERVES, "government": TREASURY}
UNLIMITED = 2**63 - 1
NONE = -1


@dataclass(frozen=True)
class Flow:
    """A named kind of transfer between two sectors: a payment, a payment against a claim, or a claim alone.

    `payer` and `payee` are sector names; `claim` is the instrument that moves from payee to payer, if any;
    `cash=False` moves the claim without a payment (a default: the payer is then the debtor).
    """

    payer: str
    payee: str
    claim: int | None = None
    cash: bool = True


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
        for name in overdraft:
            if name not in sectors:
                raise ValueError(f"overdraft: {nearest('sector', name, sectors)}")
        self.sectors = tuple(sectors)
        self.size = dict(sectors)
        self.edges = np.concatenate(([0], np.cumsum(list(sectors.values())))).astype(np.int64)
        self.start = {name: int(edge) for name, edge in zip(self.sectors, self.edges)}
        self.accounts = int(self.edges[-1])
        self.money = {name: MONEY.get(name, DEPOSITS) for name in self.sectors}
        self.overdraft = frozenset(overdraft)
        self._check()

    def _check(self) -> None:
        for name, size in self.size.items():
            if size < 1 or (name == "central_bank" and size != 1):
                raise ValueError(f"sector {name!r} has {size} accounts (must be {1 if name == 'central_bank' else '>= 1'})")
        if DEPOSITS in self.money.values() and "banks" not in self.size:
            raise ValueError("no sector 'banks': somebody must issue the deposits")
        if TREASURY in self.money.values() and "central_bank" not in self.size:
            raise ValueError("no sector 'central_bank': somebody must issue the treasury account")

    def accounts_of(self, sector: str) -> slice:
        """Where the accounts of `sector` lie on the account axis; KeyError for an unknown sector."""
        if sector not in self.size:
            raise KeyError(nearest("sector", sector, self.sectors))
        return slice(self.start[sector], self.start[sector] + self.size[sector])

    def label(self, account: int) -> str:
        """An account as people name it: `firms 7`."""
        sector = int(np.searchsorted(self.edges, account, side="right")) - 1
        return f"{self.sectors[sector]} {account - int(self.edges[sector])}"

    def issues(self, sector: str, instrument: int) -> bool:
        """Whether `instrument` is a debt of `sector`, whose balances in it are then negative or zero."""
        if instrument == LOANS:
            return self.money[sector] == DEPOSITS
        issuers = {DEPOSITS: "banks", BILLS: "government", RESERVES: "central_bank", ADVANCES: "banks"}
        return sector == issuers.get(instrument, "central_bank")

    def limits(self, settled: bool) -> np.ndarray:
        """Lowest and highest balance allowed, int64 (2, instruments, accounts); overdrafts end when `settled`."""
        limits = np.zeros((2, len(INSTRUMENTS), self.accounts), np.int64)
        drawn = set() if settled else {self.money[name] for name in self.overdraft}
        for instrument in range(len(INSTRUMENTS)):
            for sector in self.sectors:
                lowest, highest = limits[:, instrument, self.accounts_of(sector)]
                issuer, own = self.issues(sector, instrument), self.money[sector] == instrument
                lowest[:] = -UNLIMITED if issuer or (own and sector in self.overdraft and not settled) else 0
                highest[:] = UNLIMITED if not issuer or instrument in drawn else 0
        return limits

    def incidence(self, flow: Flow) -> np.ndarray:
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

    def issuer(self, sector: str) -> str:
        """The sector that issues the money of `sector` (banks and the central bank: themselves)."""
        return {DEPOSITS: "banks", TREASURY: "central_bank"}.get(self.money[sector], sector)

    def plan(self, flow: Flow) -> tuple[int, ...]:
        """A flow as the eight numbers its kernel reads; see `markets.posting`."""
        money = [NONE if self.issuer(s) == s or not flow.cash else self.money[s] for s in (flow.payer, flow.payee)]
        claim = NONE if flow.claim is None else flow.claim
        start, size = self.start, self.size
        return (start[flow.payer], size[flow.payer], start[flow.payee], size[flow.payee], *money, claim, int(flow.cash))

    def check(self, name: str, flow: Flow) -> None:
        """Raise ValueError if `flow` names no sector of this chart or would create a claim out of nothing."""
        for sector in (flow.payer, flow.payee):
            if sector not in self.size:
                raise ValueError(f"flow {name!r}: {nearest('sector', sector, self.sectors)}")
        if flow.claim is not None and not 0 <= flow.claim < len(INSTRUMENTS):
            raise ValueError(f"flow {name!r}: unknown instrument {flow.claim} (valid: 0 to {len(INSTRUMENTS) - 1})")
        if not flow.cash and (flow.claim is None or not self.issues(flow.payer, flow.claim)):
            raise ValueError(f"flow {name!r}: without cash only a debt can be cancelled, so the payer must owe the claim")
