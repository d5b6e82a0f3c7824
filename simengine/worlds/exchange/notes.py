"""Rows that a span notes for the streams, and their publication."""

import numpy as np

from streams.jit import branch, jit


@branch
def note(f, kind, r, tick, a, b, c, d, e, g, h, i, j):
    """One row for the streams, if somebody wants its kind."""
    if f.wanted[kind]:
        n = f.noted[kind, r]
        row = f.notes[kind, r, n]
        row[0], row[1], row[2], row[3], row[4] = tick, a, b, c, d
        row[5], row[6], row[7], row[8], row[9] = e, g, h, i, j
        f.noted[kind, r] = n + 1


@jit
def rows_of(notes, noted):
    """The rows noted of one kind: replica and tick int32 (rows,), and their other words (9, rows)."""
    rows = noted.sum()
    replica, tick = np.empty(rows, np.int32), np.empty(rows, np.int32)
    rest = np.empty((notes.shape[2] - 1, rows), np.int64)
    i = 0
    for r in range(noted.size):
        for n in range(noted[r]):
            replica[i], tick[i] = r, notes[r, n, 0]
            for k in range(rest.shape[0]):
                rest[k, i] = notes[r, n, k + 1]
            i += 1
    return replica, tick, rest
