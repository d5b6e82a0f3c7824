"""The double-entry ledger: exact int64 balances of every account, changed only by posting named flows.

    books = Ledger(R, {"households": 100, "firms": 20, "banks": 5, "government": 1, "central_bank": 1}, FLOWS)
    books.endow("deposits", "households", "banks", amounts)      # opening stocks, before the first post
    books.post("wages", replica, firm, household, amount)        # long-form rows
    books.post("taxes", None, households, 0, amounts)            # dense: amounts (R, n), zeros are skipped

`balance[replica, instrument, account]` is positive for a claim and negative for a debt, in cents; an account
is a sector's start plus a slot. Every instrument sums to zero over all accounts. A post is booked whole or
refused whole.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets import matrices, posting
from markets.flows import DEPOSITS, INSTRUMENTS, MONEYS, RESERVES, Chart, Flow, Plan, nearest
from markets.matrices import Matrix
from markets.transfers import Transfers, check_offsets, frozen, lay_out

Amounts = NDArray[np.int64]
Plans = tuple[tuple[int, ...], ...]
TURNOVER = 2**62  # cents that a replica may turn over in all, so that no balance and no total can wrap


class Refused(ValueError):
    """A post that the books refused; nothing of it was booked. `replica` is the index of the guilty one."""

    def __init__(self, message: str, replica: int) -> None:
        super().__init__(message)
        self.replica = replica


class Ledger:
    """The books of R replicas of an economy with given sectors (name -> slots) and flows (name -> `Flow`).

    `home` maps a sector to the bank slots, (n,) or (R, n), where its accounts are kept (default: slot modulo
    banks). Sectors in `overdraft` may be short of their money between settlements; see `check_settled`.
    Raises ValueError for sectors, flows or homes that do not fit together.
    """

    def __init__(
        self,
        replicas: int,
        sectors: Mapping[str, int],
        flows: Mapping[str, Flow],
        home: Mapping[str, Any] | None = None,
        overdraft: Collection[str] = (),
    ) -> None:
        chart = Chart(sectors, overdraft)
        for name, flow in flows.items():
            chart.check(name, flow)
        self.replicas, self.chart, self.flow_table = replicas, chart, dict(flows)
        self._balance = np.zeros((replicas, len(INSTRUMENTS), chart.accounts), np.int64)
        self._issuer = _issuers(chart, replicas, home or {})
        self._fingerprint = np.zeros(replicas, np.int64)
        self._turnover = np.zeros((replicas, len(flows) + 1), np.int64)  # the last column: opening stocks
        self._closed = np.zeros((replicas, len(flows)), np.int64)
        self._endowed = np.zeros((replicas, len(INSTRUMENTS), len(chart.sectors)), np.int64)
        self._limits, self._salt = chart.limits(), _salt(chart.accounts)
        self._settled = chart.limits(settled=True)
        self._books = (self._balance, self._issuer, self._salt, self._fingerprint, self._turnover)
        self._every = frozen(np.arange(replicas, dtype=np.int32))
        self._plans: dict[Any, Plans] = {
            name: (tuple(self._plan(n, flow)),) for n, (name, flow) in enumerate(flows.items())
        }
        self.incidence: Amounts = frozen(np.array([chart.incidence(flow) for flow in flows.values()]))
        effects = np.argwhere(self.incidence)
        self._legs = np.column_stack([effects, self.incidence[tuple(effects.T)]])
        self.balance: Amounts = frozen(self._balance)
        self.totals: Amounts = frozen(self._turnover[:, :-1])
        self._views: dict[tuple[str, str], Amounts] = {}

    def _plan(self, number: int, flow: Flow) -> Plan:
        return self.chart.plan(number, TURNOVER // (len(self.flow_table) + 1), flow)

    def post(
        self,
        flow: str | tuple[str, ...],
        replica: Any,
        payer: Any,
        payee: Any,
        amount: Any,
        control: Any = None,
        offsets: Any = None,
    ) -> None:
        """Book all transfers of a batch, or raise and book none.

        Long-form: `amount` int64 (n,), `replica`, `payer`, `payee` int32 (n,) or one int for all. Dense:
        `amount` (R, n), `replica` None, slots one int, (n,), (R, 1) or (R, n). Rows are booked in order, so
        a payer may spend what an earlier row brought; rows with amount 0 are skipped unread. `control`: the
        sums per replica, (R,) or int, that the amounts must have. Several flows in one post: `flow` a tuple
        of names, and `offsets` (k + 1,) that cut long-form rows into stretches, of the flows in turn.

        Raises KeyError (unknown flow), TypeError (dtype), ValueError (shape, control total, offsets),
        `Refused` (replica, slot, sign, overflow, funds, claim).
        """
        plans = self._plans.get(flow) or self._several(flow)
        if getattr(amount, "base", None) is self._balance:
            amount = amount.copy()  # a view of the books, which booking changes
        if offsets is not None or len(plans) > 1:
            check_offsets(flow, offsets, amount, len(plans))
        transfers = lay_out(flow, self._every, replica, payer, payee, amount, offsets)
        if control is not None:
            self._check_control(flow, transfers, control)
        self._book(flow, plans, transfers)

    def compiled(self, *flows: str) -> tuple[Any, ...]:
        """The books, then a plan for each flow: what `posting.book_one` takes inside compiled code."""
        self._several(flows)
        return self._books, *self._plans[flows]

    def _several(self, flow: Any) -> Plans:
        names = flow if isinstance(flow, tuple) else (flow,)
        for name in names:
            if name not in self.flow_table:
                raise KeyError(nearest("flow", name, self.flow_table))
        self._plans[flow] = tuple(plan for name in names for plan in self._plans[name])
        return self._plans[flow]

    def endow(
        self, instrument: str, holders: str, issuers: str, amount: Any, holder: Any = None, issuer: Any = None
    ) -> None:
        """Opening stocks, before the first post: claims of `holders` on `issuers`, int64 (n,) or (R, n).

        Slots as in a dense `post`: `holder` defaults to 0 … n - 1, `issuer` to 0; deposits are always owed
        by the home bank. Raises ValueError when it comes too late or makes no sense.
        """
        chart, i, name = self.chart, _instrument(instrument), f"endow {instrument}"
        chart.check_sector(holders, f"{name}: ")
        chart.check_sector(issuers, f"{name}: ")
        if self.totals.any():
            raise ValueError(f"{name}: flows have been posted already (opening stocks come first)")
        if chart.issues(holders, i) or not chart.issues(issuers, i):
            raise ValueError(f"{name}: {issuers} cannot owe them to {holders}")
        amount = np.broadcast_to(amount, (self.replicas, np.shape(amount)[-1]))
        holder = np.arange(amount.shape[1], dtype=np.int32) if holder is None else holder
        issuer = 0 if issuer is None else issuer
        if i == DEPOSITS:
            own = self._issuer[:, chart.accounts_of(holders)] - np.int32(chart.start[issuers])
            issuer = np.take_along_axis(own, np.broadcast_to(holder, amount.shape), axis=1)
        before = self._turnover[:, -1].copy()
        plan = self._plan(len(self.flow_table), Flow(holders, issuers, claim=i, cash=False))
        self._book(name, (tuple(plan),), lay_out(name, self._every, None, holder, issuer, amount))
        for sector, sign in ((holders, 1), (issuers, -1)):
            self._endowed[:, i, chart.sectors.index(sector)] += sign * (self._turnover[:, -1] - before)

    def _book(self, flow: Any, plans: Plans, transfers: Transfers) -> None:
        kernel: Any = posting.book
        verdict, place, replica, account = kernel(*self._books, plans, *transfers)
        if verdict:
            undone = tuple(tuple(Plan(*plan).undo()) for plan in plans)
            kernel(*self._books, undone, *transfers.first(place))
            payer, payee = (int(column[-1]) for column in transfers.first(place + 1)[3:5])
            stretch = int(transfers.stretch(place))
            guilty = stretch % len(plans)
            reason = self._reason(verdict, Plan(*plans[guilty]), replica, account)
            raise Refused(
                f"{flow[guilty] if isinstance(flow, tuple) else flow}: "
                f"transfer {place - transfers.offsets[stretch]} of replica {replica} refused: "
                f"{payer} -> {payee} amount {transfers.amount[place]} ({reason})",
                replica=int(replica),
            )

    def _reason(self, verdict: int, plan: Plan, replica: int, account: int) -> str:
        chart = self.chart
        if verdict == posting.REPLICA:
            return f"replicas are 0 to {self.replicas - 1}"
        if verdict == posting.PAYER:
            return f"payers are {chart.label(plan.payer_start)} to {plan.payer_size - 1}"
        if verdict == posting.PAYEE:
            return f"payees are {chart.label(plan.payee_start)} to {plan.payee_size - 1}"
        if verdict == posting.NEGATIVE:
            return "amounts must be >= 0"
        if verdict == posting.OVERFLOW:
            return f"overflow: a flow turns over at most {plan.most} cents"
        i = {posting.FUNDS: plan.own, posting.CLEARING: RESERVES}.get(verdict, plan.claim)
        verb = "owe" if verdict == posting.DEBT else "have"
        held = abs(int(self._balance[replica, i, account]))
        return f"{chart.label(account)} {verb} only {held} of {INSTRUMENTS[i]} before this post"

    def _check_control(self, flow: Any, transfers: Transfers, control: Any) -> None:
        sums, totals = transfers.sums(self.replicas), np.broadcast_to(control, self.replicas)
        for r in np.flatnonzero(sums != totals)[:1]:
            raise ValueError(f"{flow}: amounts of replica {r} sum to {sums[r]} (control total {totals[r]})")

    def read(self, instrument: str, sector: str) -> Amounts:
        """Balances of one instrument, a read-only view (R, slots) in cents."""
        view = self._views.get((instrument, sector))
        if view is None:
            view = self.balance[:, _instrument(instrument), self.chart.accounts_of(sector)]
            self._views[instrument, sector] = view
        return view

    def home(self, sector: str) -> NDArray[np.int32]:
        """The bank slots where the accounts of `sector` are kept, int32 (R, slots)."""
        return self._issuer[:, self.chart.accounts_of(sector)] - np.int32(self.chart.start["banks"])

    def net_worth(self, sector: str) -> Amounts:
        """Financial net worth (claims less debts) of every account of `sector`, (R, slots) in cents."""
        accounts = self.chart.accounts_of(sector)
        worth: Amounts = posting.net_worth(self._balance, accounts.start, accounts.stop)
        return worth

    def residual(self) -> int:
        """The largest absolute sum of an instrument over all accounts: 0, always."""
        return int(np.abs(self._balance.sum(axis=2)).max())

    def close(self) -> None:
        """Start a new period: `period`, `flows` and `changes` count from here."""
        self._closed[:] = self.totals

    def period(self) -> Amounts:
        """What every flow turned over since `close`, (R, flows) in cents, in the order of `flow_table`."""
        return self.totals - self._closed

    def matrix(self, replica: int) -> Matrix:
        """The balance sheet of one replica: instruments and net worth × sectors and their sum (0)."""
        return matrices.balance_sheet(self.chart, self._balance[replica])

    def flows(self, replica: int) -> Matrix:
        """What every flow since `close` did to each sector's money; every row sums to 0."""
        return matrices.transaction_flows(self, self.period()[replica])

    def changes(self, replica: int) -> Matrix:
        """What all flows since `close` did to each sector's balances, by instrument."""
        return matrices.balance_changes(self, self.period()[replica])

    def creation_table(self) -> Matrix:
        """Which flow creates (+1) or destroys (-1) which instrument, per unit, in amounts outstanding."""
        return matrices.creation(self)

    def columns(self) -> dict[str, np.ndarray]:
        """The arrays, all (R, …), that hold everything the books remember: write them back to restore."""
        return {
            "balance": self._balance,
            "issuer": self._issuer,
            "turnover": self._turnover,
            "closed": self._closed,
            "endowed": self._endowed,
            "fingerprint": self._fingerprint,
        }

    def verify(self) -> list[str]:
        """What is wrong with the books, at most one line per replica; empty when they are sound.

        Sound: every instrument sums to zero; every sector's balances are its opening stocks plus flows ×
        incidence; only issuers owe; every bank's deposits are its customers'; no balance was written but by
        a post.
        """
        expected = posting.explain(self._endowed, self.totals, self._legs)
        faults = posting.audit(
            self._balance,
            self._issuer,
            self._limits,
            self._salt,
            self._fingerprint,
            expected,
            self.chart.edges,
        )
        return [self._fault(int(r), *map(int, faults[r])) for r in np.flatnonzero(faults[:, 0])]

    def _fault(self, replica: int, kind: int, i: int, where: int, found: int) -> str:
        chart, what = self.chart, INSTRUMENTS[i]
        texts = {
            posting.SUM: lambda: f"{what} sum to {found} over all accounts (must be 0)",
            posting.SECTOR: lambda: (
                f"{chart.sectors[where]} hold {found} of {what}, unexplained by the flows"
            ),
            posting.SIGN: lambda: (
                f"{chart.label(where)} hold {found} of {what} (only issuers owe, others own)"
            ),
            posting.HOME: lambda: f"deposits at {chart.label(where)} are {found} off what its customers hold",
            posting.WRITTEN: lambda: "balances were written other than by a post",
        }
        return f"replica {replica}: {texts[kind]()}"

    def check_settled(self) -> list[str]:
        """Accounts whose balance is not allowed once overdrafts must be settled; empty when there is none."""
        if posting.within(self._balance, self._settled):
            return []
        lowest, highest = self._settled
        wrong = (self._balance < lowest) | (self._balance > highest)
        return [
            f"replica {r}: {self.chart.label(a)} hold {self._balance[r, i, a]} of {INSTRUMENTS[i]} "
            f"at settlement (must be {'>=' if self._balance[r, i, a] < 0 else '<='} 0)"
            for r, i, a in np.argwhere(wrong).tolist()
        ]


def _issuers(chart: Chart, replicas: int, home: Mapping[str, Any]) -> NDArray[np.int32]:
    """The account that issues each account's money, int32 (R, accounts)."""
    issuer = np.tile(np.arange(chart.accounts, dtype=np.int32), (replicas, 1))
    for sector in home:
        chart.check_sector(sector, "home: ")
        if chart.money[sector] != DEPOSITS:
            raise ValueError(f"home: {sector} hold no deposits")
    for sector in chart.sectors:
        where = chart.accounts_of(sector)
        if chart.money[sector] == DEPOSITS:
            banks = chart.size["banks"]
            slots = np.asarray(home.get(sector, np.arange(chart.size[sector]) % banks))
            low, high = slots.min(), slots.max()
            if low < 0 or high >= banks:
                raise ValueError(f"home: {sector} at banks {low} to {high} (valid: 0 to {banks - 1})")
            issuer[:, where] = chart.start["banks"] + slots
        elif chart.issuer(sector) != sector:
            issuer[:, where] = chart.start[chart.issuer(sector)]
    return issuer


def _salt(accounts: int) -> Amounts:
    """Well-mixed int64 (instruments, accounts), an account's moneys share one (splitmix64's finaliser)."""
    x = np.arange(1, len(INSTRUMENTS) * accounts + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    salt = (x ^ (x >> np.uint64(31)) | np.uint64(1)).view(np.int64).reshape(len(INSTRUMENTS), accounts)
    salt[MONEYS] = salt[RESERVES]
    return salt


def _instrument(name: str) -> int:
    if name not in INSTRUMENTS:
        raise KeyError(nearest("instrument", name, INSTRUMENTS))
    return INSTRUMENTS.index(name)
