"""The double-entry ledger: exact int64 balances of every account, changed only by posting named flows.

    books = Ledger(R, {"households": 100, "firms": 20, "banks": 5, "government": 1, "central_bank": 1}, FLOWS)
    books.endow("deposits", "households", "banks", amount)       # the opening stocks, before the first post
    books.post("wages", replica, firm, household, amount)        # long-form rows
    books.post("taxes", None, slots, 0, amounts)                 # dense: amounts (R, n), zeros are skipped

`balance[replica, instrument, account]` is positive for a claim and negative for a debt; every instrument sums to
zero over all accounts. A post is booked as a whole or refused as a whole. Amounts are in cents.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets import posting
from markets.flows import DEPOSITS, INSTRUMENTS, RESERVES, Chart, Flow, nearest

Amounts = NDArray[np.int64]


class Refused(ValueError):
    """A post that the books refused; nothing of it was booked."""


def _salt(accounts: int) -> Amounts:
    """Well-mixed odd numbers, int64 (instruments, accounts), the same for every run (splitmix64's finaliser)."""
    x = np.arange(1, len(INSTRUMENTS) * accounts + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x ^ (x >> np.uint64(31)) | np.uint64(1)).view(np.int64).reshape(len(INSTRUMENTS), accounts)


class Ledger:
    """The books of R replicas of an economy with the given sectors (name -> slots) and flows (name -> Flow).

    `home` maps a sector to the bank slots (n,) or (R, n) where its accounts are kept (default: slot modulo banks).
    Sectors in `overdraft` may be short of their money between settlements; see `check_settled`.
    """

    def __init__(
        self,
        replicas: int,
        sectors: Mapping[str, int],
        flows: Mapping[str, Flow],
        home: Mapping[str, Any] | None = None,
        overdraft: Collection[str] = (),
    ) -> None:
        self.replicas = replicas
        self.chart = chart = Chart(sectors, overdraft)
        self.flow_table = dict(flows)
        for name, flow in flows.items():
            chart.check(name, flow)
        shape = (replicas, len(INSTRUMENTS), chart.accounts)
        self._balance = np.zeros(shape, np.int64)
        self._issuer = self._issuers(home or {})
        self._totals = np.zeros((replicas, len(flows)), np.int64)
        self._closed = np.zeros((replicas, len(flows)), np.int64)
        self._endowed = np.zeros((replicas, len(INSTRUMENTS), len(chart.sectors)), np.int64)
        self._tally = np.zeros((replicas, 2), np.int64)
        self._limits, self._salt = chart.limits(settled=False), _salt(chart.accounts)
        self._every = _frozen(np.arange(replicas, dtype=np.int32))
        self._plans = {name: (chart.plan(flow), self._totals[:, f]) for f, (name, flow) in enumerate(flows.items())}
        self.incidence = _frozen(np.array([chart.incidence(flow) for flow in flows.values()], np.int64))
        self.balance, self.totals = _frozen(self._balance), _frozen(self._totals)

    def _issuers(self, home: Mapping[str, Any]) -> NDArray[np.int32]:
        chart = self.chart
        issuer = np.tile(np.arange(chart.accounts, dtype=np.int32), (self.replicas, 1))
        for sector in chart.sectors:
            where = chart.accounts_of(sector)
            if chart.issuer(sector) == "central_bank":
                issuer[:, where] = chart.start["central_bank"]
            elif chart.money[sector] == DEPOSITS:
                banks = chart.size["banks"]
                slots = np.asarray(home.get(sector, np.arange(chart.size[sector]) % banks))
                if slots.min() < 0 or slots.max() >= banks:
                    raise ValueError(f"home of {sector}: slots {slots.min()} to {slots.max()} (banks: 0 to {banks - 1})")
                issuer[:, where] = slots + chart.start["banks"]
        return issuer

    def post(self, flow: str, replica: Any, payer: Any, payee: Any, amount: Any, control: Any = None) -> None:
        """Book all transfers of a batch, or raise and book none.

        `amount` int64 cents (n,) with `replica`, `payer`, `payee` int32 (n,) or one int for all rows; or dense
        (R, n) with `replica` None and slots int, (n,), (R, 1) or (R, n). Rows are booked in order, so a payer may
        spend what an earlier row brought; rows of amount zero are skipped unread. `control` (R,) or int are the
        amounts' sums per replica that the batch must have. Raises KeyError (unknown flow), TypeError (dtypes),
        ValueError (shapes, control) and `Refused` (slot, sign, overflow, funds, claim).
        """
        known = self._plans.get(flow)
        if known is None:
            raise KeyError(nearest("flow", flow, self._plans))
        self._book(flow, known, replica, payer, payee, amount, control)

    def endow(self, instrument: str, holders: str, issuers: str, amount: Any, holder: Any = None, issuer: Any = None) -> None:
        """Opening stocks, before the first post: claims of `holders` against `issuers`, dense int64 (R, n) or (n,).

        Slots as in a dense `post`; `holder` defaults to 0 … n - 1, `issuer` to slot 0, or for money to its issuer.
        """
        if self._totals.any():
            raise ValueError(f"endow {instrument}: flows have been posted already (opening stocks come first)")
        chart, i = self.chart, _instrument(instrument)
        debt = Flow(holders, issuers, claim=i, cash=False)
        for sector in (holders, issuers):
            chart.accounts_of(sector)
        if chart.issues(holders, i) or not chart.issues(issuers, i):
            raise ValueError(f"endow {instrument}: {issuers} cannot owe them to {holders}")
        amount = np.ascontiguousarray(np.broadcast_to(amount, (self.replicas, np.shape(amount)[-1])))
        if holder is None:
            holder = np.arange(amount.shape[1], dtype=np.int32)
        if chart.money[holders] == i:
            if issuer is not None:
                raise ValueError(f"endow {instrument}: the issuer is the holder's own ({issuers}); leave it out")
            slots = np.broadcast_to(holder, amount.shape)
            issuer = np.take_along_axis(self._issuer[:, chart.accounts_of(holders)], slots, 1) - chart.start[issuers]
        total = np.zeros((self.replicas, 2), np.int64)[:, 0]
        name = f"endow {instrument}"
        self._book(name, (chart.plan(debt), total), None, holder, 0 if issuer is None else issuer, amount, None)
        for sector, sign in ((holders, 1), (issuers, -1)):
            self._endowed[:, i, chart.sectors.index(sector)] += sign * total

    def _book(self, name: str, known: Any, replica: Any, payer: Any, payee: Any, amount: Any, control: Any) -> None:
        amount = _amounts(name, amount)
        if amount.ndim == 2:
            shape = amount.shape
            if replica is not None or shape[0] != self.replicas:
                raise ValueError(f"{name}: dense amounts {shape} (replica must be None, shape ({self.replicas}, n))")
            replicas, steps = self._every, (1, 0)
        else:
            shape = (1, amount.size)
            replicas, *steps = _slots(name, "replica", replica, shape)
        payers, *by_payer = _slots(name, "payer", payer, shape)
        payees, *by_payee = _slots(name, "payee", payee, shape)
        steps = (*steps, *by_payer, *by_payee)
        flat = amount.reshape(-1)
        flat.flags.writeable = False
        if control is not None:
            self._check_control(name, replicas, amount, control)
        plan, total = known
        verdict, place, r, account = posting.book_all(
            self._balance, self._issuer, self._limits, self._salt, self._tally,
            total, plan, shape, steps, replicas, payers, payees, flat,
        )  # fmt: skip
        if verdict:
            row, column = divmod(place, shape[1])
            ends = [int(v[row * i + column * j]) for v, i, j in ((payers, *by_payer), (payees, *by_payee))]
            reason = self._reason(verdict, plan, r, account)
            raise Refused(
                f"{name}: transfer {column} of replica {r} refused: {ends[0]} -> {ends[1]} amount {flat[place]} ({reason})"
            )

    def _check_control(self, name: str, replicas: Any, amount: Amounts, control: Any) -> None:
        sums = np.zeros(self.replicas, np.int64)
        if amount.ndim == 2:
            sums += amount.sum(axis=1)
        else:
            np.add.at(sums, np.broadcast_to(replicas, amount.shape), amount)
        wrong = np.flatnonzero(sums != control)
        if wrong.size:
            r = wrong[0]
            expected = np.broadcast_to(control, sums.shape)[r]
            raise ValueError(f"{name}: amounts of replica {r} add up to {sums[r]} (control total {expected})")

    def _reason(self, verdict: int, plan: Any, r: int, account: int) -> str:
        chart = self.chart
        payer_start, payer_size, payee_start, payee_size, money, _, claim, _ = plan
        if verdict == posting.REPLICA:
            return f"replicas are 0 to {self.replicas - 1}"
        if verdict in (posting.PAYER, posting.PAYEE):
            start, size = (payer_start, payer_size) if verdict == posting.PAYER else (payee_start, payee_size)
            side = "payers" if verdict == posting.PAYER else "payees"
            return f"{side} are {chart.label(start).split()[0]} 0 to {size - 1}"
        if verdict == posting.NEGATIVE:
            return "amounts must be >= 0"
        if verdict == posting.OVERFLOW:
            return "a replica turns over at most 2**62 cents"
        instrument = {posting.FUNDS: money, posting.CLEARING: RESERVES}.get(verdict, claim)
        held = self._balance[r, instrument, account]
        verb = "owe" if verdict == posting.DEBT else "hold"
        return f"{chart.label(account)} {verb} {abs(held)} of {INSTRUMENTS[instrument]} before this post"

    def read(self, instrument: str, sector: str) -> Amounts:
        """Balances of one instrument, a read-only view (R, slots) in cents."""
        return self.balance[:, _instrument(instrument), self.chart.accounts_of(sector)]

    def home(self, sector: str) -> NDArray[np.int32]:
        """The bank slots where the accounts of `sector` are kept, int32 (R, slots)."""
        return self._issuer[:, self.chart.accounts_of(sector)] - np.int32(self.chart.start["banks"])

    def net_worth(self, sector: str) -> Amounts:
        """Financial net worth (claims less debts) of every account of `sector`, (R, slots) in cents."""
        return self._balance[:, :, self.chart.accounts_of(sector)].sum(axis=1)

    def residual(self) -> int:
        """The largest absolute sum of an instrument over all accounts: 0, always."""
        return int(np.abs(self._balance.sum(axis=2)).max())

    def close(self) -> None:
        """Start a new period: `flows` and `changes` count from here."""
        self._closed[:] = self._totals

    def columns(self) -> dict[str, np.ndarray]:
        """The arrays, all (R, …), that hold everything the books remember: write them back to restore."""
        return {
            "balance": self._balance,
            "home": self._issuer,
            "totals": self._totals,
            "closed": self._closed,
            "endowed": self._endowed,
            "tally": self._tally,
        }

    def verify(self) -> list[str]:
        """What is wrong with the books, at most one line per replica; empty when they are sound.

        Sound: every instrument sums to zero; every sector's balances are the opening stocks plus all flows × their
        incidence; only issuers owe; every bank's deposits are those of its customers; and no balance was written
        but by a post (fingerprint).
        """
        expected = self._endowed + _times(self._totals, self.incidence)
        faults = posting.audit(
            self._balance, self._issuer, self._limits, self._salt, self._tally, expected, self.chart.edges
        )
        return [self._fault(int(r), *map(int, faults[r])) for r in np.flatnonzero(faults[:, 0])]

    def _fault(self, r: int, kind: int, i: int, where: int, found: int) -> str:
        instrument = INSTRUMENTS[i]
        if kind == posting.SUM:
            return f"replica {r}: {instrument} sum to {found} over all accounts (must be 0)"
        if kind == posting.SECTOR:
            return f"replica {r}: {self.chart.sectors[where]} hold {found} of {instrument}, which no flows explain"
        if kind == posting.SIGN:
            return f"replica {r}: {self.chart.label(where)} have {found} of {instrument} (only issuers may owe, only others own)"
        if kind == posting.HOME:
            return f"replica {r}: deposits at {self.chart.label(where)} differ by {found} from what its customers hold"
        return f"replica {r}: balances were written other than by a post"

    def check_settled(self) -> list[str]:
        """Accounts that are short of their money now that overdrafts must be settled; empty when none is."""
        low, high = self.chart.limits(settled=True)
        wrong = np.argwhere((self._balance < low) | (self._balance > high))
        return [
            f"replica {r}: {self.chart.label(a)} have {self._balance[r, i, a]} of {INSTRUMENTS[i]} at settlement (must be "
            f"{'>= 0' if self._balance[r, i, a] < 0 else '<= 0'})"
            for r, i, a in wrong.tolist()
        ]


def _times(totals: Amounts, incidence: Amounts) -> Amounts:
    """Flow totals (R, F) × what a unit of each does (F, instruments, sectors): balances (R, instruments, sectors)."""
    return np.tensordot(totals, incidence, axes=1)


def _instrument(name: str) -> int:
    if name not in INSTRUMENTS:
        raise KeyError(nearest("instrument", name, INSTRUMENTS))
    return INSTRUMENTS.index(name)


def _frozen(array: Any) -> Any:
    view = array.view()
    view.flags.writeable = False
    return view


@lru_cache(4096)
def _single(value: int) -> NDArray[np.int32]:
    return _frozen(np.array([value], np.int32))


def _amounts(name: str, amount: Any) -> Amounts:
    if not isinstance(amount, np.ndarray):
        amount = np.atleast_1d(np.asarray(amount))
    if amount.dtype != np.int64 or not 1 <= amount.ndim <= 2:
        raise TypeError(f"{name}: amount is {amount.dtype} {amount.shape} (must be int64 cents, (n,) or (R, n))")
    return amount


def _slots(name: str, what: str, slots: Any, shape: tuple[int, int]) -> tuple[NDArray[np.int32], int, int]:
    """Slots flat and read-only, and their steps along the two axes of `shape`."""
    if isinstance(slots, (int, np.integer)):
        return _single(int(slots)), 0, 0
    if isinstance(slots, list):
        slots = np.array(slots)
        slots = slots.astype(np.int32) if slots.dtype == np.int64 else slots
    if not isinstance(slots, np.ndarray) or slots.dtype != np.int32:
        raise TypeError(f"{name}: {what} is {getattr(slots, 'dtype', type(slots).__name__)} (must be int32 or one int)")
    rows, n = shape
    if slots.shape == (n,):
        steps = (0, 1)
    elif slots.shape == shape:
        steps = (n, 1)
    elif slots.shape == (rows, 1):
        steps = (1, 0)
    else:
        raise ValueError(f"{name}: {what} has shape {slots.shape}, amount {shape if rows > 1 else (n,)}")
    flat = slots.reshape(-1)
    flat.flags.writeable = False
    return flat, *steps
