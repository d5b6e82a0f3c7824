"""A run folder of an exchange with histories of noise, as events are recorded."""

import numpy as np
import polars as pl

from streams.exchange.events import SIDES
from streams.sealed import write_json
from tests.analysis.macro.synthetic import sealed

DAY = 3600
SIDE = pl.Enum(list(SIDES))


def market(replicas=1, instruments=1, days=120, orders=400, seed=0):
    """Events by name, of prices that walk at random and a book that is deepest three steps off."""
    rng = np.random.default_rng(seed)
    whose = [(r, s) for r in range(replicas) for s in range(instruments)]
    parts = {name: [] for name in ("Bar", "Profile", "Signs", "Parent", "Halt", "Trade")}
    tick = DAY * np.arange(1, days + 1) - 1
    for r, s in whose:
        known = {"replica": r, "instrument": s}
        price = (1e6 * np.exp(np.cumsum(0.01 * rng.standard_normal(days)))).astype(np.int64)
        size = np.exp(0.3 * rng.standard_normal(days))
        parts["Bar"].append(
            pl.DataFrame({
                "tick": tick, **known, "opening": price, "high": (price * (1 + 0.01 * size)).astype(np.int64),
                "low": price, "closing": price, "volume": (1e4 * size).astype(np.int64), "trades": 5000,
                "value": 1.0 * price, "spread": 200 * size, "depth": 30 / size,
            }, schema_overrides={"replica": pl.Int32, "instrument": pl.Int32})
        )  # fmt: skip
        parts["Profile"].append(
            _wide(tick, known, "distance", np.arange(10), 50.0 - (np.arange(10) - 3) ** 2)
        )
        lags = 2 ** np.arange(8)
        products = (1000 * 0.3 * lags**-0.5).astype(np.int64)
        parts["Signs"].append(
            _wide(tick, known, "lag", lags, products, "product").with_columns(pairs=pl.lit(1000))
        )
        begun = np.sort(rng.integers(0, days * DAY - 100, orders))
        first = price[begun // DAY].astype(float)
        parts["Parent"].append(
            pl.DataFrame({
                "tick": begun + 50, **known, "trader": 7,
                "side": pl.Series(["buy", "sell"] * (orders // 2), dtype=SIDE),
                "quantity": rng.integers(10, 500, orders), "begun": begun, "first": first,
                "last": first * np.exp(0.001 * rng.standard_normal(orders)), "paid": first,
            })
        )  # fmt: skip
        halts = np.sort(rng.choice(days * DAY - 400, 4, replace=False))
        both = np.stack([halts, halts + 300], axis=1).ravel()
        phases = pl.Series(["call", "continuous"] * 4, dtype=pl.Enum(["continuous", "call"]))
        parts["Halt"].append(pl.DataFrame({"tick": both, **known, "phase": phases, "price": price[0]}))
        when = np.sort(rng.integers(0, days * DAY, 5000))
        parts["Trade"].append(
            pl.DataFrame({
                "tick": when, **known, "price": price[when // DAY], "quantity": rng.integers(1, 20, 5000),
                "buyer": 1, "seller": 2, "side": pl.Series(["buy", "sell"] * 2500, dtype=SIDE),
            })
        )  # fmt: skip
    return {name: pl.concat(frames).sort("tick", maintain_order=True) for name, frames in parts.items()}


def _wide(tick, known, place, places, values, column="quantity"):
    days, count = len(tick), len(places)
    rows = {"tick": np.repeat(tick, count), **known, place: np.tile(places, days)}
    return pl.DataFrame({**rows, column: np.tile(values, days)})


def write_market(folder, events, replicas=1, days=None, **manifest):
    """A run folder with these events."""
    folder.mkdir(parents=True)
    days = days or len(events["Bar"].filter((pl.col("replica") == 0) & (pl.col("instrument") == 0)))
    calendar = {"year": 250 * DAY, "month": 25 * DAY, "week": 5 * DAY, "day": DAY, "second": 60, "tick": 1}
    content = {
        "world": "exchange", "status": "finished", "seed": 3, "numbers": list(range(replicas)),
        "segments": sealed(folder, events), "ticks_per_year": 250 * DAY, "calendar": calendar,
        "until": days * DAY, "config": {"step": 100},
    }  # fmt: skip
    write_json(folder / "manifest.json", content | manifest)
    return folder
