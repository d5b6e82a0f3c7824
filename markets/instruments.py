"""What a world declares of its accounts: sectors, instruments, currencies, and who may hold or owe what.

    INSTRUMENTS = (
        Instrument("deposits", "banks", money_of=("households", "firms"), settled_in="reserves"),
        Instrument("loans", ("households", "firms")),
        Instrument("reserves", "central_bank", money_of=("banks", "central_bank")),
        *(Instrument(f"share {n}", "firms", unit="share", kind="shares") for n in range(100)),
    )

An instrument with holders who pay with it is a *money*. A money that is settled in no other is a *currency*:
reserves, or the coins of a world without banks. Deposits at a bank are settled in the reserves of banks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

UNLIMITED = 2**63 - 1


@dataclass(frozen=True)
class Instrument:
    """Something that accounts hold and its issuers owe, counted in whole numbers of its `unit`.

    `issuers` are sector names, one or several; `money_of` those who pay and are paid with it, if it is money;
    `settled_in` the kind of money in which its issuers pay each other. Instruments of one `kind` (default:
    the name) stand side by side and differ in name and unit alone: a column of a post chooses among them.
    """

    name: str
    issuers: str | tuple[str, ...]
    unit: str = "cent"
    money_of: tuple[str, ...] = ()
    settled_in: str | None = None
    kind: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.issuers, str):
            object.__setattr__(self, "issuers", (self.issuers,))
        if not self.kind:
            object.__setattr__(self, "kind", self.name)

    @property
    def terms(self) -> tuple[object, ...]:
        """What instruments of one kind have in common."""
        return self.issuers, self.money_of, self.settled_in


def nearest(what: str, name: str, known: Collection[str]) -> str:
    """One line saying that `name` is no known `what`, with the likeliest or all valid names."""
    close = get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"valid: {', '.join(known)}"
    return f"unknown {what} {name!r}: {hint}"


class Chart:
    """The chart of accounts: one per slot of every sector, in the order in which the sectors are given.

    `sectors` maps a sector's name to its number of slots. Sectors named in `overdraft` may hold less than
    nothing of their money between two settlements. Raises ValueError for a chart that cannot pay.
    """

    def __init__(
        self,
        sectors: Mapping[str, int],
        instruments: Sequence[Instrument],
        overdraft: Collection[str] = (),
    ) -> None:
        self.size = dict(sectors)
        self.sectors = tuple(sectors)
        self.edges = np.cumsum([0, *sectors.values()], dtype=np.int64)
        self.start = {name: int(edge) for name, edge in zip(self.sectors, self.edges)}
        self.accounts = int(self.edges[-1])
        self.overdraft = frozenset(overdraft)
        for name, size in sectors.items():
            if size < 1:
                raise ValueError(f"sector {name!r} has {size} accounts (valid: 1 or more)")
        for name in overdraft:
            self.check_sector(name, "overdraft: ")
        self.instruments = tuple(instruments)
        self.names = tuple(each.name for each in instruments)
        self.kinds = self._kinds()
        self.bases = tuple(self._settled_in(n) for n in range(len(self.instruments)))
        self.currencies = tuple(n for n, base in enumerate(self.bases) if base == n)
        units = [self.instruments[n].unit for n in self.currencies]
        if len(set(units)) < len(units):
            raise ValueError(
                f"currencies are counted in {', '.join(units)} (valid: each in a unit of its own)"
            )
        self._moneys = self._who_pays_with_what()

    def _kinds(self) -> dict[str, range]:
        """The places of every kind's instruments."""
        kinds: dict[str, range] = {}
        for n, each in enumerate(self.instruments):
            where = f"instrument {each.name!r}: "
            if each.name in self.names[:n]:
                raise ValueError(f"{where}declared twice")
            for sector in (*each.issuers, *each.money_of):
                self.check_sector(sector, where)
            known = kinds.get(each.kind, range(n, n))
            first = self.instruments[known.start]
            if known.stop != n or first.terms != each.terms:
                raise ValueError(
                    f"{where}must stand beside {first.name!r} of its kind and be owed and held alike"
                )
            kinds[each.kind] = range(known.start, n + 1)
        return kinds

    def _settled_in(self, number: int) -> int:
        """The currency that a money is settled in (itself, if it is one); -1 for what is no money."""
        each = self.instruments[number]
        if not each.money_of:
            return -1
        if len(each.issuers) != 1:
            raise ValueError(
                f"instrument {each.name!r}: money has one issuer (issuers: {', '.join(each.issuers)})"
            )
        if each.settled_in is None:
            return number
        own, base = self.kinds[each.kind], self.kind(each.settled_in, f"instrument {each.name!r}: ")
        first = self.instruments[base.start]
        if len(own) != len(base) or each.issuers[0] not in first.money_of or first.settled_in is not None:
            raise ValueError(
                f"instrument {each.name!r}: settled in {each.settled_in} (valid: currencies with which "
                f"{each.issuers[0]} pay, one for each)"
            )
        return base[own.index(number)]

    def _who_pays_with_what(self) -> dict[tuple[str, int], int]:
        moneys: dict[tuple[str, int], int] = {}
        for n, each in enumerate(self.instruments):
            for sector in each.money_of:
                other = moneys.setdefault((sector, self.bases[n]), n)
                if other != n:
                    raise ValueError(
                        f"{sector} pay with {self.names[other]} and {each.name}: one in a currency"
                    )
        return moneys

    def check_sector(self, name: str, where: str = "") -> None:
        """Raise ValueError if there is no such sector."""
        if name not in self.size:
            raise ValueError(where + nearest("sector", name, self.sectors))

    def kind(self, name: str, where: str = "") -> range:
        """The places of the instruments of a kind. Raises ValueError if there is no such kind."""
        if name not in self.kinds:
            raise ValueError(where + nearest("kind of instrument", name, self.kinds))
        return self.kinds[name]

    def number(self, name: str) -> int:
        """The place of an instrument. Raises KeyError if there is no such instrument."""
        if name not in self.names:
            raise KeyError(nearest("instrument", name, self.names))
        return self.names.index(name)

    def currency(self, name: str | None = None) -> int:
        """The place of a base money, by default of the only one. Raises ValueError if there is no such."""
        if name is None and len(self.currencies) == 1:
            return self.currencies[0]
        names = [self.names[n] for n in self.currencies]
        if name not in names:
            raise ValueError(f"currency is {name} (valid: {', '.join(names) or 'no currency is declared'})")
        return self.names.index(name)

    def accounts_of(self, sector: str) -> slice:
        """Where the accounts of `sector` lie on the account axis."""
        self.check_sector(sector)
        return slice(self.start[sector], self.start[sector] + self.size[sector])

    def label(self, account: int) -> str:
        """An account as people name it: `firms 7`."""
        sector = int(np.searchsorted(self.edges, account, side="right")) - 1
        return f"{self.sectors[sector]} {account - int(self.edges[sector])}"

    def money(self, sector: str, currency: int) -> int | None:
        """The instrument with which `sector` pays in `currency` (the place of its base money), if any."""
        return self._moneys.get((sector, currency))

    def issuer(self, sector: str, currency: int) -> str:
        """The sector that issues the money of `sector`; itself, if that is the currency."""
        money = self.money(sector, currency)
        return sector if money is None or money == currency else self.instruments[money].issuers[0]

    def valued_in(self, currency: int) -> NDArray[np.int64]:
        """The places of all instruments that are counted in the unit of a currency."""
        unit = self.instruments[currency].unit
        return np.array([n for n, each in enumerate(self.instruments) if each.unit == unit])

    def issues(self, sector: str, instrument: int) -> bool:
        """Whether `instrument` is a debt of `sector`."""
        return sector in self.instruments[instrument].issuers

    def limit(self, sector: str, instrument: int, settled: bool = False) -> tuple[int, int]:
        """The lowest and highest balance allowed: issuers owe, others own; no overdrafts when `settled`."""
        overdrawn = () if settled else self.overdraft.intersection(self.instruments[instrument].money_of)
        issuer = self.issues(sector, instrument)
        lowest = -UNLIMITED if issuer or sector in overdrawn else 0
        return lowest, 0 if issuer and not overdrawn else UNLIMITED

    def limits(self, settled: bool = False) -> NDArray[np.int64]:
        """`limit` of every account, int64 (2, instruments, accounts)."""
        limits = np.empty((2, len(self.instruments), self.accounts), np.int64)
        for instrument in range(len(self.instruments)):
            for sector in self.sectors:
                limits[:, instrument, self.accounts_of(sector)].T[:] = self.limit(sector, instrument, settled)
        return limits
