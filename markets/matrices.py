"""The ledger's matrices, labelled: balance sheet, transaction flows, changes, creation of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from markets.flows import INSTRUMENTS, MONEYS, Chart

if TYPE_CHECKING:
    from markets.ledger import Ledger


@dataclass(frozen=True)
class Matrix:
    """Exact int64 `values` (rows, columns); `matrix[row, column]` reads one by its labels."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.int64]

    def __getitem__(self, labels: tuple[str, str]) -> int:
        row, column = labels
        return int(self.values[self.rows.index(row), self.columns.index(column)])

    def table(self) -> str:
        """The matrix as aligned text; zeros are dots."""
        cells = [[self.title, *self.columns]]
        for label, row in zip(self.rows, self.values.tolist()):
            cells.append([label, *(f"{value:,}" if value else "." for value in row)])
        widths = [max(map(len, column)) for column in zip(*cells)]
        lines = (
            "  ".join(
                [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
            )
            for row in cells
        )
        return "\n".join(line.rstrip() for line in lines)


def balance_sheet(chart: Chart, balance: NDArray[np.int64]) -> Matrix:
    """Balances (instruments, accounts) by sector; the last row is net worth, the last column the sum."""
    sectors = np.add.reduceat(balance, chart.edges[:-1], axis=1)
    return _with_sums("balance sheet", (*INSTRUMENTS, "net worth"), chart.sectors, sectors)


def transaction_flows(books: Ledger, totals: NDArray[np.int64]) -> Matrix:
    """What flows of these totals (F,) did to each sector's money (for issuers: net of what they issued)."""
    money = books.incidence[:, MONEYS].sum(axis=1) * totals[:, None]
    rows = (*books.flow_table, "change of money")
    return _with_sums("flows", rows, books.chart.sectors, money)


def balance_changes(books: Ledger, totals: NDArray[np.int64]) -> Matrix:
    """What flows of these totals (F,) did to each sector's balances, by instrument."""
    changes = (books.incidence * totals[:, None, None]).sum(axis=0)
    return _with_sums("changes", (*INSTRUMENTS, "net worth"), books.chart.sectors, changes)


def creation(books: Ledger) -> Matrix:
    """What one unit of every flow does to the amount outstanding of every instrument: -1, 0 or 1."""
    chart = books.chart
    owes = np.array([[chart.issues(sector, i) for sector in chart.sectors] for i in range(len(INSTRUMENTS))])
    outstanding = -(books.incidence * owes).sum(axis=2)
    return Matrix("creates", tuple(books.flow_table), INSTRUMENTS, outstanding)


def _with_sums(
    title: str, rows: tuple[str, ...], columns: tuple[str, ...], values: NDArray[np.int64]
) -> Matrix:
    values = np.vstack((values, values.sum(axis=0)))
    values = np.hstack((values, values.sum(axis=1, keepdims=True)))
    return Matrix(title, rows, (*columns, "sum"), values)
