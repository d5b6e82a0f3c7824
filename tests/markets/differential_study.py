"""Ten million random messages of all kinds to the kernel and to the plain reference: every answer compared.

python -m tests.markets.differential_study --messages 10000000 --seeds 20

Seeds that a file of results already has for these sources are not run again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from markets.order_book import OrderBooks
from tests.markets.order_differences import difference, fewest, shortest
from tests.markets.order_features import features
from tests.markets.random_flow import Flow, random_flow
from tests.markets.reference_books import ReferenceBooks

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("markets/*order*.py", "markets/matching.py", "markets/call_auction.py", "tests/markets/re*.py")
FLOW = 5000
ROOMS = (*15 * (0,), 4)
COLUMNS = (
    "trades", "trades in auctions", "trades of triggered stops", "slices of one maker", "ended by prevention",
    "reason beyond the band", "status rejected",
)  # fmt: skip


def sources() -> str:
    """A fingerprint of what is compared and of what compares it."""
    files = sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)})
    return sha256(b"".join(path.read_bytes() for path in [*files, Path(__file__)])).hexdigest()[:16]


def roomy(room: int) -> Any:
    """Books of the kernel with room for so many rows of answers."""
    return lambda **sizes: OrderBooks(**sizes, room=room)


def tell(key: tuple[int, int], flow: Flow, make: Any) -> None:
    """Print the shortest prefix that shows a difference, and the fewest messages of it that do."""
    short, found = shortest(flow, ReferenceBooks, make)
    print(f"flow {key}: differs after {sum(map(len, short.batches))} messages: {found}")
    small, found = fewest(flow, ReferenceBooks, make)
    print(f"  fewest: {found}\n  {small.sizes}, rules {small.rules}")
    for changes, batch in zip(small.changes, small.batches):
        for row in batch:
            said = {name: int(row[name]) for name in batch.dtype.names if row[name]}
            print(f"  {changes or ''} {said}")


def compared(key: tuple[int, int], messages: int, counts: Counter[str]) -> bool:
    """Whether kernel and reference answer a flow alike; what happened and the time it took go into counts."""
    make = roomy(ROOMS[key[1] % len(ROOMS)])
    flow = random_flow(key, messages)
    kernel, reference = flow.opened(make), flow.opened(ReferenceBooks)
    answers, others = flow.play(kernel), flow.play(reference)
    for rows in flow.batches:
        began = time.process_time_ns()
        answer = next(answers)
        middle = time.process_time_ns()
        other = next(others)
        counts["kernel ns"] += middle - began
        counts["reference ns"] += time.process_time_ns() - middle
        counts["messages"] += len(rows)
        counts.update(features(rows, answer))
        if difference(reference, kernel, (other, answer)):
            tell(key, flow, make)
            return False
    return True


def study(seed: int, messages: int) -> dict[str, Any]:
    """One seed: what happened, and in how many flows kernel and reference differed."""
    counts: Counter[str] = Counter()
    differing = 0
    for number, first in enumerate(range(0, messages, FLOW)):
        differing += not compared((seed, number), min(FLOW, messages - first), counts)
        print(f"\rseed {seed}: {counts['messages']:,} messages", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {"seed": seed, "asked": messages, "sources": sources(), "differing": differing, **counts}


def line(cells: list[Any]) -> str:
    """A row of the table."""
    return "".join(f"{cell:>12,}" if isinstance(cell, int) else f"{cell:>12}" for cell in cells)


def table(found: list[dict[str, Any]]) -> None:
    """Print what each seed gave and all of them together."""
    total: Counter[str] = Counter()
    for one in found:
        total.update({name: value for name, value in one.items() if isinstance(value, int)})
    print(line(["seed", "messages", *(name.split()[-1] for name in COLUMNS), "differing"]))
    for label, one in [*((one["seed"], one) for one in found), ("all", total)]:
        print(line([label, one["messages"], *(one.get(name, 0) for name in COLUMNS), one["differing"]]))
    for name in ("kernel", "reference"):
        rate = total["messages"] / total[f"{name} ns"] * 1e9
        print(f"{name}: {rate:,.0f} messages a CPU second")
    words = sorted(name for name in total if name.startswith(("status", "reason")))
    print("; ".join(f"{word} {total[word]:,}" for word in words))


def main(given: list[str] | None = None) -> int:
    """Run the seeds that are missing, print the table; 1 where anything differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000_000, help="of all seeds together")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "orders" / "differential.jsonl")
    asked = parser.parse_args(given)
    each, now = -(-asked.messages // asked.seeds), sources()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    kept = [json.loads(text) for text in asked.out.read_text().splitlines()] if asked.out.exists() else []
    done = {one["seed"]: one for one in kept if one["asked"] == each and one["sources"] == now}
    for seed in range(asked.seeds):
        if seed not in done:
            done[seed] = study(seed, each)
            with asked.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[seed]) + "\n")
    table([done[seed] for seed in range(asked.seeds)])
    return int(any(done[seed]["differing"] for seed in range(asked.seeds)))


if __name__ == "__main__":
    sys.exit(main())
