"""The tape tells the whole book: LOBSTER's files, made of recorded orders and trades, equal what waits."""

import csv

import numpy as np
import pytest

from analysis import Run
from analysis.exchange.lobster import NOWHERE, write_lobster
from simengine import Simulation
from tests.simengine.command import called

TICKS = 3600


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tape") / "run"
    code, _, err = called("run", "exchange", "--years", "0.004", "--seed", "4", "--out", folder, "--quiet")
    assert code == 0, err
    return Run(folder)


def rows(file):
    with file.open(newline="") as lines:
        return [[float(cell) for cell in line] for line in csv.reader(lines)]


def test_the_files_end_with_the_book_that_the_exchange_has(run, tmp_path):
    messages, books = map(rows, write_lobster(run, tmp_path, levels=5))
    assert len(messages) == len(books) > 5000
    sim = Simulation("exchange", seed=4)
    sim.run(until=TICKS)
    last = np.array(books[-1]).reshape(5, 2, 2)
    for side, which in ((1, 0), (0, 1)):
        price, shown, _ = sim.world.orders.ladder(0, side)
        assert last[:, which, 0].tolist() == price[:5].tolist()
        assert last[:, which, 1].tolist() == shown[:5].tolist()


def test_the_best_prices_are_those_of_the_quotes_whenever_a_tick_is_over(run, tmp_path):
    messages, books = map(rows, write_lobster(run, tmp_path, levels=1))
    best = {round(message[0] * 60): book for message, book in zip(messages, books)}
    for quote in run.events("Quote").collect().iter_rows(named=True):
        ask, _, bid, _ = best[quote["tick"]]
        assert (quote["ask"] or NOWHERE, quote["bid"] or -NOWHERE) == (ask, bid)
