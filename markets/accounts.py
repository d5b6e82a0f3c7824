"""What a ledger derives from its chart, a place for every account: issuers, customers, salts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.flows import NONE
from markets.instruments import Chart


def issuers(chart: Chart, replicas: int, home: Mapping[str, Any]) -> NDArray[np.int32]:
    """The account that issues each account's money, int32 (R, currencies, accounts)."""
    issuer = np.tile(np.arange(chart.accounts, dtype=np.int32), (replicas, len(chart.currencies), 1))
    for sector in home:
        chart.check_sector(sector, "home: ")
        if all(chart.issuer(sector, base) == sector for base in chart.currencies):
            raise ValueError(f"home: {sector} hold no money that is kept for customers")
    for way, base in enumerate(chart.currencies):
        for sector in chart.sectors:
            keeper = chart.issuer(sector, base)
            if keeper == sector:
                continue
            keepers = chart.size[keeper]
            slots = np.asarray(home.get(sector, np.arange(chart.size[sector]) % keepers))
            low, high = slots.min(), slots.max()
            if low < 0 or high >= keepers:
                raise ValueError(f"home: {sector} at {keeper} {low} to {high} (valid: 0 to {keepers - 1})")
            issuer[:, way, chart.accounts_of(sector)] = chart.start[keeper] + slots
    return issuer


def kept(chart: Chart) -> NDArray[np.int64]:
    """Moneys that several issuers keep for customers: each one's place and its currency's, int64 (n, 2)."""
    found = [
        (n, chart.currencies.index(base))
        for n, base in enumerate(chart.bases)
        if base not in (NONE, n) and chart.size[chart.instruments[n].issuers[0]] > 1
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def salt(chart: Chart) -> NDArray[np.int64]:
    """Well-mixed int64 (instruments, accounts); moneys of a currency share one (splitmix64's finaliser)."""
    shape = (len(chart.instruments), chart.accounts)
    x = np.arange(1, shape[0] * shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = (x ^ (x >> np.uint64(31)) | np.uint64(1)).view(np.int64).reshape(shape)
    return mixed[[n if base == NONE else base for n, base in enumerate(chart.bases)]]
