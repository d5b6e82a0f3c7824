"""The cases of `cases/` as messages for books, and what books answered as the cases write it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_messages import (
    AUCTION,
    BUY,
    CALL,
    CANCEL,
    CANCELLED,
    DONE,
    FOK,
    GTC,
    IOC,
    KILLED,
    LIMIT,
    MARKET,
    MESSAGE,
    PENDING,
    POST,
    REJECTED,
    REPLACE,
    REPLACED,
    RESTING,
    SELL,
    SLIDE,
    STOP,
    STOP_LIMIT,
    UNCROSS,
)  # fmt: skip

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
KINDS = {
    "limit": LIMIT, "market": MARKET, "stop": STOP, "stop_limit": STOP_LIMIT, "cancel": CANCEL,
    "replace": REPLACE, "phase": CALL, "uncross": UNCROSS,
}  # fmt: skip
SIDES = {"buy": BUY, "sell": SELL}
TIFS = {"gtc": GTC, "ioc": IOC, "fok": FOK, "post": POST, "slide": SLIDE}
MODES = ("none", "newest", "oldest", "both", "decrement")
STATES = {
    RESTING: "resting", PENDING: "pending", DONE: "done", KILLED: "killed", CANCELLED: "cancelled",
    REJECTED: "rejected", REPLACED: "replaced",
}  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    """A case."""
    return json.loads(path.read_text(encoding="utf-8"))


def rows(case: dict[str, Any]) -> NDArray[Any]:
    """Its messages as a batch."""
    said = case["messages"]
    numbers = {message["id"]: message.get("as", message["id"]) for message in said}
    owners: dict[Any, int] = {}
    batch = np.zeros(len(said), MESSAGE)
    for row, message in zip(batch, said):
        row["kind"] = KINDS[message["do"]]
        row["side"] = SIDES[message.get("side", "buy")]
        row["tif"] = TIFS[message.get("tif", "gtc")]
        row["prevention"] = MODES.index(message.get("stp", "none"))
        row["owner"] = owners.setdefault(message.get("owner", message["id"]), len(owners))
        row["number"] = numbers[message.get("ref", message["id"])]
        for name in ("price", "quantity", "peak", "trigger"):
            row[name] = message.get(name, 0)
    return batch


def opened(case: dict[str, Any], make: Any) -> Any:
    """Books with the room and the rules of a case."""
    books = make(orders=case.get("orders", 1024), levels=case["levels"] or 1024)
    for name in ("reference", "collar_bp", "band_bp"):
        books.rules[name] = case.get(name, 0)
    return books


def statuses(batch: NDArray[Any], answer: Any, ids: list[int]) -> dict[str, str]:
    """Where every order is at the end, and what was said of every other message, by the message's id."""
    found: dict[int, str] = {}
    holder: dict[int, int] = {}
    ends = answer.ends.tolist()
    for row, (id_, status) in enumerate(zip(ids, answer.status.tolist())):
        found[id_] = STATES.get(status, "accepted")
        number = int(batch["number"][row])
        if batch["kind"][row] < CANCEL and status != REJECTED:
            holder[number] = id_
        if batch["kind"][row] == CANCEL and status == CANCELLED:
            found[holder[number]] = "cancelled"
        for end in ends:
            if end[0] == row:
                found[holder[end[2]]] = STATES[end[4]]
    return {str(id_): state for id_, state in found.items()}


def fills(answer: Any) -> list[list[int]]:
    """Trades as the cases write them: in an auction, neighbours of one pair are one."""
    found: list[list[int]] = []
    joins = False
    for fill in answer.fills:
        trade = [int(fill[name]) for name in ("taker", "maker", "price", "quantity")]
        auction = fill["side"] == AUCTION
        if auction and joins and found[-1][:3] == trade[:3]:
            found[-1][3] += trade[3]
        else:
            found.append(trade)
        joins = auction
    return found


def outcome(case: dict[str, Any], make: Any) -> dict[str, Any]:
    """What books answer to a case: fills, statuses of the ids that it names, levels of both sides."""
    books, batch, ids = opened(case, make), rows(case), [message["id"] for message in case["messages"]]
    answer = books.submit(batch)
    found = statuses(batch, answer, ids)
    bids, asks = (
        [[int(price), int(shown)] for price, shown, _ in zip(*books.ladder(0, side))] for side in (BUY, SELL)
    )
    named = {id_: found[id_] for id_ in case["expect"]["status"]}
    return {"fills": fills(answer), "status": named, "bids": bids, "asks": asks}


def agrees(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether an outcome is that of a case, which may leave open how an order is ended."""
    same = all(found[name] == expected[name] for name in ("fills", "bids", "asks"))
    return same and all(found["status"][id_] in state.split("|") for id_, state in expected["status"].items())
