"""What happened in a flow: how often each status, reason and turn that books may take occurred."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_messages import (
    AUCTION,
    CANCEL,
    DONE,
    FOK,
    IOC,
    KILLED,
    MARKET,
    OWN_ORDER,
    POST,
    RESTING,
    SLIDE,
    STOP,
    STOP_LIMIT,
    UNCROSS,
)  # fmt: skip

STATUSES = ("resting", "pending", "done", "killed", "cancelled", "rejected", "replaced", "accepted")
REASONS = (
    "fine", "bad word", "bad price", "off tick", "bad quantity", "off lot", "bad trigger", "too large",
    "duplicate", "unknown", "would cross", "no room", "in a call", "beyond the band", "unfilled", "own order",
    "no book",
)  # fmt: skip


def counted(words: tuple[str, ...], column: NDArray[Any]) -> dict[str, int]:
    """How often each word occurs in a column of their numbers."""
    return dict(zip(words, np.bincount(column, minlength=len(words)).tolist()))


def features(rows: NDArray[Any], answer: Any) -> Counter[str]:
    """How often what happened in a batch."""
    fills, ends = answer.fills, answer.ends
    asked = rows[fills["message"]]
    continuous = fills["side"] != AUCTION
    others = (fills["taker"] != asked["number"]) | np.isin(asked["kind"], (STOP, STOP_LIMIT, UNCROSS))
    again = (fills["message"][1:] == fills["message"][:-1]) & (fills["maker"][1:] == fills["maker"][:-1])
    made_smaller = (ends["status"] == RESTING) & (ends["reason"] == OWN_ORDER)
    new, tif = rows["kind"] < CANCEL, rows["tif"]
    ended = {name: answer.status == status for name, status in (("done", DONE), ("resting", RESTING))}
    return Counter(
        {
            **{f"status {word}": n for word, n in counted(STATUSES, answer.status).items()},
            **{f"reason {word}": n for word, n in counted(REASONS, answer.reason).items()},
            "trades": int(continuous.sum()),
            "trades in auctions": int((~continuous).sum()),
            "trades of triggered stops": int((continuous & others).sum()),
            "slices of one maker": int((again & continuous[1:]).sum()),
            "ends of others": int((ends["status"] != RESTING).sum()),
            "made smaller by prevention": int(made_smaller.sum()),
            "ended by prevention": int((ends["reason"] == OWN_ORDER).sum()),
            "stops killed": int((ends["status"] == KILLED).sum()),
            "filled whole or not at all": int((new & (tif == FOK) & ended["done"]).sum()),
            "immediate and done": int((new & (tif == IOC) & ended["done"]).sum()),
            "market and done": int(((rows["kind"] == MARKET) & ended["done"]).sum()),
            "posted": int((new & (tif == POST) & ended["resting"]).sum()),
            "slid": int((new & (tif == SLIDE) & ended["resting"]).sum()),
            "rebates": int((fills["maker_fee"] < 0).sum()),
            "touches": len(answer.touches),
        }
    )
