"""The ledger's matrices, labelled: balance sheet, transaction flows, changes, creation of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from markets.instruments import Chart

if TYPE_CHECKING:
    from markets.ledger import Ledger


@dataclass(frozen=True)
class Matrix:
    """Exact int64 `values` (rows, columns); `matrix[row, column]` reads one by its labels.

    The last `sums` rows, and the last column where there are any, are sums of the others.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.int64]
    sums: int = 0

    def terms(self) -> Matrix:
        """The matrix without its sums."""
        if not self.sums:
            return self
        rows, columns = self.rows[: -self.sums], self.columns[:-1]
        return Matrix(self.title, rows, columns, self.values[: -self.sums, :-1])

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
    """Balances (instruments, accounts) by sector, then net worth; the last column is the sum."""
    return _by_instrument("balance sheet", chart, np.add.reduceat(balance, chart.edges[:-1], axis=1))


def transaction_flows(books: Ledger, totals: NDArray[np.int64]) -> Matrix:
    """What payments of these totals did to each sector's money (for issuers: net of what they issued)."""
    chart = books.chart
    moneys = [books.incidence[:, np.equal(chart.bases, base)].sum(axis=1) for base in chart.currencies]
    paid = [money * totals[:, None] for money in moneys]
    rows = (*books.counters, *_per_currency(chart, "change of money"))
    return _with_sum("flows", rows, chart, [sum(paid), *(money.sum(axis=0) for money in paid)])


def balance_changes(books: Ledger, totals: NDArray[np.int64]) -> Matrix:
    """What flows of these totals did to each sector's balances, by instrument."""
    return _by_instrument("changes", books.chart, (books.incidence * totals[:, None, None]).sum(axis=0))


def creation(books: Ledger) -> Matrix:
    """What one unit of every flow does to the amount outstanding of every instrument: -1, 0 or 1."""
    chart = books.chart
    owes = np.array([[chart.issues(s, i) for s in chart.sectors] for i in range(len(chart.names))])
    outstanding = -(books.incidence * owes).sum(axis=2)
    return Matrix("creates", books.counters, chart.names, outstanding)


def _by_instrument(title: str, chart: Chart, values: NDArray[np.int64]) -> Matrix:
    worth = [values[chart.valued_in(base)].sum(axis=0) for base in chart.currencies]
    return _with_sum(title, (*chart.names, *_per_currency(chart, "net worth")), chart, [values, *worth])


def _per_currency(chart: Chart, row: str) -> list[str]:
    """One row for each currency, named after it where there are several."""
    names = [chart.names[base] for base in chart.currencies]
    return [row] if len(names) == 1 else [f"{row} {name}" for name in names]


def _with_sum(title: str, rows: tuple[str, ...], chart: Chart, values: list[Any]) -> Matrix:
    cells = np.vstack(values)
    cells = np.hstack((cells, cells.sum(axis=1, keepdims=True)))
    return Matrix(title, rows, (*chart.sectors, "sum"), cells, sums=len(chart.currencies))
