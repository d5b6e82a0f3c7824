"""The log of postings: everything that the books are told, as a stream, from which they are built again.

What stood in every account when the log begins is its first batch; from then on each post is one. Booked in
the same order they give the same balances, to the cent, without simulating.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.errors import UserError
from simengine.kernel.shocks import Act, Strike
from simengine.registry import world_of
from simengine.simulation import Simulation
from streams.events import FLOWS, INSTRUMENTS, Posting, Stock

if TYPE_CHECKING:
    from analysis import Run
    from markets.ledger import Ledger
    from markets.transfers import Transfers


def log(sim: Simulation) -> None:
    """Publish what a simulation books from tick 0 on; UserError for a world without books."""
    if sim.world.books is None:
        raise UserError(f"record.postings: world {sim.world.name!r} keeps no books: valid is false")
    sim.strike(Strike(max(sim.tick, 0), Log()))


@dataclass(frozen=True)
class Log(Act):
    """Begins the log: opening stocks, then every post."""

    name = "log of postings"

    def start(self, world: Any, sim: Simulation, mask: NDArray[np.bool_]) -> None:
        """Tell what stands in the accounts, and listen at the ledger's door."""
        books: Ledger = world.books
        for labels, names in ((FLOWS, books.flow_table), (INSTRUMENTS, books.chart.names)):
            for each in names:
                sim.bus.names.of(labels).code(each)
        codes = {name: code for code, name in enumerate(books.flow_table)}
        if sim.wants(Stock):
            replica, instrument, account = (index.astype(np.int32) for index in np.nonzero(books.balance))
            sim.publish(
                Stock, replica=replica, instrument=instrument.astype(np.int16), account=account,
                amount=books.balance[replica, instrument, account],
            )  # fmt: skip
        books.watch = lambda flow, transfers: _tell(sim, codes, flow, transfers)


def _tell(sim: Simulation, codes: dict[str, int], flow: Any, transfers: Transfers) -> None:
    if not sim.wants(Posting):
        return
    rows = transfers.first(len(transfers.amount))
    names = flow if isinstance(flow, tuple) else (flow,)
    at = np.array([codes[name] for name in names], np.int16)
    which = at[transfers.stretch(np.arange(len(rows.amount))) % len(at)]
    nothing = np.zeros(len(which), np.int32)
    units, instrument, currency = transfers.choices or (rows.amount, nothing, nothing)
    told = np.flatnonzero((rows.amount != 0) | (units != 0))
    told = told[np.argsort(rows.replica[told], kind="stable")]
    sim.publish(
        Posting, replica=rows.replica[told], flow=which[told], payer=rows.payer[told], payee=rows.payee[told],
        amount=rows.amount[told], units=units[told], instrument=instrument[told], currency=currency[told],
    )  # fmt: skip


def rebuilt(run: Run, tick: int | None = None) -> Ledger:
    """The books of the recorded replicas of a run, before tick `tick` (the end): booked again, not simulated.

    UserError where no postings were recorded.
    """
    if not {"Stock", "Posting"} <= {*run.recorded}:
        raise UserError(f"{run.path}: no postings are recorded there: run with --record postings")
    world_of(run)  # which finds it from wherever the run is looked at
    scenario = run.manifest["scenario"]
    stocks = run.events(Stock).collect()
    recorded = stocks["replica"].unique().sort().to_list()
    numbers = [run.numbers[index] for index in recorded]
    sim = Simulation(scenario["world"], run.manifest["seed"], numbers, config=scenario.get("config", {}))
    books = sim.world.books
    assert books is not None
    place = np.full(len(run.numbers), -1, np.int32)
    place[recorded] = np.arange(len(recorded))
    opening = np.zeros_like(books.balance)
    names = {name: position for position, name in enumerate(books.chart.names)}
    instruments = np.array([names[str(name)] for name in stocks["instrument"].to_list()], np.int64)
    opening[place[stocks["replica"].to_numpy()], instruments, stocks["account"].to_numpy()] = stocks["amount"]
    books.reopen(opening)
    _book(books, run, place, tick)
    return books


def _book(books: Ledger, run: Run, place: NDArray[np.int32], tick: int | None) -> None:
    """Book the recorded postings that happened before a tick, one post for each stretch of a flow."""
    rows = run.events(Posting).collect()
    if tick is not None:
        rows = rows.filter(rows["tick"] < tick)
    if rows.is_empty():
        return
    columns = {name: rows[name].to_numpy() for name in rows.columns if name != "flow"}
    flows, ticks = rows["flow"].cast(str).to_numpy(), columns["tick"]
    edges = np.flatnonzero((flows[1:] != flows[:-1]) | (ticks[1:] != ticks[:-1])) + 1
    before = ticks[0]
    for first, last in zip((0, *edges), (*edges, len(flows)), strict=True):
        if ticks[first] != before:
            books.close()
            before = ticks[first]
        part = {name: values[first:last] for name, values in columns.items()}
        priced = books.is_priced(str(flows[first]))
        choices = {"units": part["units"]} if priced else {}
        books.post(
            str(flows[first]), place[part["replica"]], part["payer"], part["payee"], part["amount"],
            instrument=part["instrument"], currency=part["currency"], **choices,
        )  # fmt: skip
