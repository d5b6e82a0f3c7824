"""The double-entry ledger: exact int64 balances of every account, changed only by posting named flows.

    books = Ledger(R, {"households": 100, "firms": 20, "banks": 5, "central_bank": 1}, INSTRUMENTS, FLOWS)
    books.endow("deposits", "households", "banks", amounts)      # opening stocks, before the first post
    books.post("wages", replica, firm, household, amount)        # long-form rows
    books.post("taxes", None, households, 0, amounts)            # dense: amounts (R, n), zeros are skipped
    books.post("trades", replica, buyer, seller, amount, units=units, instrument=share)   # both or neither

`balance[replica, instrument, account]` is positive for a claim and negative for a debt, in the instrument's
unit; an account is a sector's start plus a slot. Every instrument sums to zero over all accounts. A post is
booked whole or refused whole.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets import accounts, matrices, posting
from markets.flows import NONE, ROUTE, Flow, Leg, Route, incidence, labels, resolve, route
from markets.instruments import Chart, Instrument, nearest
from markets.matrices import Matrix
from markets.transfers import Transfers, check_offsets, frozen, lay_out

Amounts = NDArray[np.int64]
Routes = NDArray[Any]  # of flows.ROUTE
TURNOVER = 2**62  # units that a replica may turn over between two closes, so that no balance can wrap


def _records(route: Route) -> Routes:
    return np.array([tuple(route)], ROUTE)


class Refused(ValueError):
    """A post that the books refused; nothing of it was booked. `replica` is the index of the guilty one."""

    def __init__(self, message: str, replica: int) -> None:
        super().__init__(message, replica)
        self.replica = replica

    def __str__(self) -> str:
        return str(self.args[0])


class Ledger:
    """The books of R replicas of an economy with given sectors (name -> slots) and flows (name -> `Flow`).

    `home` maps a sector to the slots of its issuers, (n,) or (R, n), where its accounts are kept (default:
    slot modulo issuers). Sectors in `overdraft` may be short of their money between settlements; see
    `check_settled`. Raises ValueError for sectors, instruments, flows or homes that do not fit together.
    """

    def __init__(
        self,
        replicas: int,
        sectors: Mapping[str, int],
        instruments: Sequence[Instrument],
        flows: Mapping[str, Flow],
        home: Mapping[str, Any] | None = None,
        overdraft: Collection[str] = (),
    ) -> None:
        chart = Chart(sectors, instruments, overdraft)
        legs = {name: resolve(chart, name, flow) for name, flow in flows.items()}
        first = np.cumsum([0, *(leg.counters for leg in legs.values())]).tolist()
        shape = (replicas, len(chart.instruments), chart.accounts)
        self.replicas, self.chart, self.flow_table = replicas, chart, dict(flows)
        self.counters = tuple(label for name, leg in legs.items() for label in labels(chart, name, leg))
        self._most = TURNOVER // (first[-1] + 1)
        self._balance = np.zeros(shape, np.int64)
        self._issuer = accounts.issuers(chart, replicas, home or {})
        self._fingerprint = np.zeros(replicas, np.int64)
        self._turnover = np.zeros((replicas, first[-1] + 1), np.int64)  # the last column: opening stocks
        self._closed = np.zeros((replicas, first[-1]), np.int64)
        self._endowed = np.zeros((*shape[:2], len(chart.sectors)), np.int64)
        self._limits, self._salt = chart.limits(), accounts.salt(chart)
        self._settled = chart.limits(settled=True)
        self._kept = accounts.kept(chart)
        self._valued = {base: chart.valued_in(base) for base in chart.currencies}
        self._books = self._accounts(self._turnover, self._closed)
        self._every = frozen(np.arange(replicas, dtype=np.int32))
        self._routes: dict[Any, Routes] = {
            name: _records(route(chart, leg, at, self._most)) for at, (name, leg) in zip(first, legs.items())
        }
        self._priced = {name for name, each in self._routes.items() if Route(*each[0].tolist()).priced}
        empty = np.zeros((0, shape[1], len(chart.sectors)), np.int64)
        self.incidence: Amounts = frozen(
            np.concatenate([empty, *(incidence(chart, leg) for leg in legs.values())])
        )
        effects = np.argwhere(self.incidence)
        self._effects = np.column_stack([effects, self.incidence[tuple(effects.T)]])
        self.balance: Amounts = frozen(self._balance)
        self._views: dict[tuple[str, str], Amounts] = {}
        self.watch: Callable[[Any, Transfers], None] | None = None
        """Called with the flow, or flows, and the transfers of every post that was booked."""

    def post(
        self,
        flow: str | tuple[str, ...],
        replica: Any,
        payer: Any,
        payee: Any,
        amount: Any,
        control: Any = None,
        offsets: Any = None,
        units: Any = None,
        instrument: Any = None,
        currency: Any = None,
    ) -> None:
        """Book all transfers of a batch, or raise and book none.

        Long-form: `amount` int64 (n,), `replica`, `payer`, `payee` int32 (n,) or one int for all. Dense:
        `amount` (R, n), `replica` None, slots one int, (n,), (R, 1) or (R, n). Rows are booked in order, so
        a payer may spend what an earlier row brought; rows with amount 0 are skipped unread. `control`: the
        sums per replica, (R,) or int, that the amounts must have. Several flows in one post: `flow` a tuple
        of names, and `offsets` (k + 1,) that cut long-form rows into stretches, of the flows in turn.

        `units` (int64) of a claim with a unit of its own move against `amount`, both or neither; `instrument`
        and `currency` (int32 or one int, default 0) are places within the flow's kinds. All have the shape of
        `amount`.

        Raises KeyError (unknown flow), TypeError (dtype), ValueError (shape, control total, offsets, units),
        `Refused` (replica, slot, sign, overflow, funds, claim, choice).
        """
        routes = self._routes[flow] if flow in self._routes else self._several(flow)
        if getattr(amount, "base", None) is self._balance:
            amount = amount.copy()  # a view of the books, which booking changes
        if offsets is not None or len(routes) > 1:
            check_offsets(flow, offsets, amount, len(routes))
        if units is None and self._priced and self.is_priced(flow):
            raise ValueError(f"{flow}: units are missing (what is delivered has a unit of its own)")
        plain = units is None and instrument is None and currency is None
        choices = None if plain else (units, instrument, currency)
        transfers = lay_out(flow, self._every, replica, payer, payee, amount, offsets, choices)
        if control is not None:
            self._check_control(flow, transfers, control)
        self._book(flow, routes, transfers)

    def compiled(self, *flows: str) -> tuple[posting.Accounts, Routes]:
        """The books, and a route for each flow: what `posting.book_one` takes inside compiled code.

        Nobody can `watch` what compiled code books: ValueError where somebody does.
        """
        if self.watch is not None:
            raise ValueError(f"{', '.join(flows)}: booked by compiled code, and the books are watched")
        self._several(flows)
        return self._books, self._routes[flows]

    def _accounts(self, totals: Amounts, closed: Amounts) -> posting.Accounts:
        return posting.Accounts(
            self._balance, self._issuer, self._salt, self._fingerprint, totals, closed
        )

    def _several(self, flow: Any) -> Routes:
        names = flow if isinstance(flow, tuple) else (flow,)
        for name in names:
            if name not in self.flow_table:
                raise KeyError(nearest("flow", name, self.flow_table))
        self._routes[flow] = np.concatenate([self._routes[name] for name in names])
        return self._routes[flow]

    def endow(
        self, instrument: str, holders: str, issuers: str, amount: Any, holder: Any = None, issuer: Any = None
    ) -> None:
        """Opening stocks, before the first post: claims of `holders` on `issuers`, int64 (n,) or (R, n).

        Slots as in a dense `post`: `holder` defaults to 0 … n - 1, `issuer` to 0; a money that is kept for
        customers is always owed by the home. Raises ValueError when it comes too late or makes no sense.
        """
        chart, i, name = self.chart, self.chart.number(instrument), f"endow {instrument}"
        chart.check_sector(holders, f"{name}: ")
        chart.check_sector(issuers, f"{name}: ")
        if self._turnover[:, :-1].any():
            raise ValueError(f"{name}: flows have been posted already (opening stocks come first)")
        if chart.issues(holders, i) or not chart.issues(issuers, i):
            raise ValueError(f"{name}: {issuers} cannot owe them to {holders}")
        amount = np.broadcast_to(amount, (self.replicas, np.shape(amount)[-1]))
        holder = np.arange(amount.shape[1], dtype=np.int32) if holder is None else holder
        issuer = 0 if issuer is None else issuer
        if chart.bases[i] not in (NONE, i):
            own = self._home(holders, chart.bases[i])
            issuer = np.take_along_axis(own, np.broadcast_to(holder, amount.shape), axis=1)
        leg = Leg(Flow(holders, issuers, cash=False), range(0), range(i, i + 1), False)
        opening, before = self._turnover[:, -1:].copy(), np.zeros((self.replicas, 1), np.int64)
        transfers = lay_out(name, self._every, None, holder, issuer, amount)
        self._book(
            name, _records(route(chart, leg, 0, TURNOVER)), transfers, self._accounts(opening, before)
        )
        for sector, sign in ((holders, 1), (issuers, -1)):
            self._endowed[:, i, chart.sectors.index(sector)] += (
                sign * (opening - self._turnover[:, -1:])[:, 0]
            )
        self._turnover[:, -1:] = opening

    def _book(self, flow: Any, routes: Routes, transfers: Transfers, books: Any = None) -> None:
        kernel: Any = posting.book
        books = self._books if books is None else books
        verdict, place, replica, account = kernel(books, routes, *transfers, len(transfers.amount), False)
        if verdict:
            kernel(books, routes, *transfers, place, True)
            payer, payee = (int(column[-1]) for column in transfers.first(place + 1)[3:5])
            stretch = int(transfers.stretch(place))
            guilty = stretch % len(routes)
            chosen = transfers.chosen(place)
            reason = self._reason(verdict, Route(*routes[guilty].tolist()), replica, account, *chosen[1:])
            what = f"amount {transfers.amount[place]}" + (f" units {chosen[0]}" if transfers.choices else "")
            raise Refused(
                f"{flow[guilty] if isinstance(flow, tuple) else flow}: "
                f"transfer {place - transfers.offsets[stretch]} of replica {replica} refused: "
                f"{payer} -> {payee} {what} ({reason})",
                replica=int(replica),
            )
        if self.watch is not None and books is self._books:
            self.watch(flow, transfers)

    def is_priced(self, flow: str | tuple[str, ...]) -> bool:
        """Whether a post of the flow says how many `units` are delivered."""
        return not self._priced.isdisjoint(flow if isinstance(flow, tuple) else (flow,))

    def reopen(self, balance: Amounts) -> None:
        """Put balances (R, instruments, accounts) in the place of all that was booked, as opening stocks."""
        if balance.shape != self._balance.shape or balance.dtype != np.int64 or balance.sum(axis=2).any():
            raise ValueError(
                f"reopen: balances {balance.dtype}{balance.shape}: valid are int64{self._balance.shape} "
                "that sum to 0 over the accounts of each instrument"
            )
        self._balance[:] = balance
        self._turnover[:], self._closed[:] = 0, 0
        self._fingerprint[:] = (balance * self._salt).sum(axis=(1, 2))
        self._endowed[:] = np.add.reduceat(balance, self.chart.edges[:-1], axis=2)

    @property
    def fingerprint(self) -> Amounts:
        """A number for all balances of each replica, (R,): equal books have equal ones."""
        return frozen(self._fingerprint)

    def _reason(
        self, verdict: int, route: Route, replica: int, account: int, instrument: int, currency: int
    ) -> str:
        chart = self.chart
        if verdict == posting.REPLICA:
            return f"replicas are 0 to {self.replicas - 1}"
        if verdict == posting.PAYER:
            return f"payers are {chart.label(route.payer_start)} to {route.payer_size - 1}"
        if verdict == posting.PAYEE:
            return f"payees are {chart.label(route.payee_start)} to {route.payee_size - 1}"
        if verdict == posting.CHOICE:
            claims = f"instruments are 0 to {route.claims - 1}, " if route.priced else ""
            return f"{claims}currencies 0 to {route.currencies - 1}: not {instrument}, {currency}"
        if verdict == posting.NEGATIVE:
            return "amounts must be >= 0"
        if verdict == posting.OVERFLOW:
            return f"overflow: a flow turns over at most {route.most}, its part of 2**62, between two closes"
        claim = route.claim + (instrument if route.delivery != NONE else currency)
        i = {posting.FUNDS: route.own + currency, posting.CLEARING: route.base + currency}.get(verdict, claim)
        verb = "owe" if verdict == posting.DEBT else "have"
        held = abs(int(self._balance[replica, i, account]))
        return f"{chart.label(account)} {verb} only {held} of {chart.names[i]} before this post"

    def _check_control(self, flow: Any, transfers: Transfers, control: Any) -> None:
        sums, totals = transfers.sums(self.replicas), np.broadcast_to(control, self.replicas)
        for r in np.flatnonzero(sums != totals)[:1]:
            raise ValueError(f"{flow}: amounts of replica {r} sum to {sums[r]} (control total {totals[r]})")

    def read(self, instrument: str, sector: str) -> Amounts:
        """Balances of one instrument, a read-only view (R, slots) in its unit."""
        view = self._views.get((instrument, sector))
        if view is None:
            view = self.balance[:, self.chart.number(instrument), self.chart.accounts_of(sector)]
            self._views[instrument, sector] = view
        return view

    def home(self, sector: str, currency: str | None = None) -> NDArray[np.int32]:
        """The slots of the issuers that keep the accounts of `sector`, int32 (R, slots)."""
        return self._home(sector, self.chart.currency(currency))

    def _home(self, sector: str, base: int) -> NDArray[np.int32]:
        chart = self.chart
        kept = self._issuer[:, chart.currencies.index(base), chart.accounts_of(sector)]
        return kept - np.int32(chart.start[chart.issuer(sector, base)])

    def net_worth(self, sector: str, currency: str | None = None) -> Amounts:
        """Claims less debts in the unit of a currency of every account of `sector`, (R, slots)."""
        at = self.chart.accounts_of(sector)
        valued = self._valued[self.chart.currency(currency)]
        worth: Amounts = posting.net_worth(self._balance, valued, at.start, at.stop)
        return worth

    def residual(self) -> int:
        """The largest absolute sum of an instrument over all accounts: 0, always."""
        return int(np.abs(self._balance.sum(axis=2)).max())

    def close(self) -> None:
        """Start a new period: `period`, `flows`, `changes` and what may be turned over count from here.

        Raises OverflowError where all claims of a replica together are beyond 2**62 units.
        """
        claims = posting.outstanding(self._balance)
        for r in np.flatnonzero((claims < 0) | (claims >= TURNOVER))[:1]:
            raise OverflowError(
                f"close: claims of replica {r} sum to {claims[r]} (must be below 2**62 units)"
            )
        self._closed[:] = self._turnover[:, :-1]

    def period(self) -> Amounts:
        """What every counter turned over since `close`, (R, counters), in the order of `counters`.

        A flow has one counter, named like it, unless it pays or delivers several instruments.
        """
        turnover: Amounts = self._turnover[:, :-1] - self._closed
        return turnover

    def matrix(self, replica: int) -> Matrix:
        """The balance sheet of one replica: instruments and net worth × sectors and their sum (0)."""
        return matrices.balance_sheet(self.chart, self._balance[replica])

    def flows(self, replica: int) -> Matrix:
        """What every payment since `close` did to each sector's money; every row sums to 0."""
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
        incidence; only issuers owe; what an issuer owes of a money its customers hold; no balance was written
        but by a post.
        """
        expected = posting.explain(self._endowed, self._turnover, self._effects)
        faults = posting.audit(
            self._balance,
            self._issuer,
            self._limits,
            self._salt,
            self._fingerprint,
            expected,
            self.chart.edges,
            self._kept,
        )
        return [self._fault(int(r), *map(int, faults[r])) for r in np.flatnonzero(faults[:, 0])]

    def _fault(self, replica: int, kind: int, i: int, where: int, found: int) -> str:
        chart, what = self.chart, self.chart.names[i]
        texts = {
            posting.SUM: lambda: f"{what} sum to {found} over all accounts (must be 0)",
            posting.SECTOR: lambda: (
                f"{chart.sectors[where]} hold {found} of {what}, unexplained by the flows"
            ),
            posting.SIGN: lambda: (
                f"{chart.label(where)} hold {found} of {what} (only issuers owe, others own)"
            ),
            posting.HOME: lambda: f"{what} at {chart.label(where)} are {found} off what its customers hold",
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
            f"replica {r}: {self.chart.label(a)} hold {self._balance[r, i, a]} of {self.chart.names[i]} "
            f"at settlement (must be {'>=' if self._balance[r, i, a] < 0 else '<='} 0)"
            for r, i, a in np.argwhere(wrong).tolist()
        ]
