"""Answers from a network's outputs by the keyed inverse CDF, for heads of any kind side by side.

What is drawn of a head is one number for each of its uniforms: a symbol's index, or a normal deviate before
it is squashed into its range (`squashed`, `shares`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit, leaf
from streams.quantile import normal_quantile

SYMBOLS, REAL, SIMPLEX = range(3)
LOG_SD_LEAST, LOG_SD_MOST = -5.0, 2.0
"""Bounds of the log standard deviation of what is drawn, before it is squashed."""
HALF_LOG_TAU = 0.5 * np.log(2.0 * np.pi)


class Table(NamedTuple):
    """Where heads lie in a network's outputs and in what is drawn, arrays (heads,)."""

    kind: NDArray[np.int64]
    """`SYMBOLS`, `REAL` or `SIMPLEX`"""
    size: NDArray[np.int64]
    """symbols to choose from; 0 of other kinds"""
    numbers: NDArray[np.int64]
    """numbers drawn, as many as uniforms"""
    output: NDArray[np.int64]
    """the first of its outputs"""
    number: NDArray[np.int64]
    """the first of its numbers drawn, and of its uniforms"""
    log_range: NDArray[np.float64]
    """of a real number's range; 0 of other kinds"""


@leaf
def draw(outputs, table, uniform, asked, greedy, drawn, log_probability, mass):
    """Write what is `drawn` (rows, numbers) and its `log_probability` (rows,) over the heads asked.

    `outputs` (rows, outputs) float32 and `uniform` (rows, numbers) in (0, 1) lie as the `table` says; `asked`
    (rows, heads); `mass` has room for the symbols of a head. A CDF of symbols is summed in float64 in their
    order; of a sequence, each symbol's depends on the one before. `greedy` takes the likeliest symbol
    instead, one after the other and the first of equals, and the mean of a normal. A head that is not asked
    gets zeros and adds nothing. Log-probabilities are in nats, of real numbers and shares those of their
    densities; those of a greedy choice too are of drawing it. Returns the first row with an output that is
    not finite, in whatever head, or -1; what is written from that row on is no answer.
    """
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            if not np.isfinite(outputs[i, k]):
                return i
        said = 0.0
        for h in range(table.kind.size):
            size, count, output, number = table.size[h], table.numbers[h], table.output[h], table.number[h]
            if not asked[i, h]:
                for k in range(number, number + count):
                    drawn[i, k] = 0
            elif table.kind[h] == SYMBOLS:
                said += _symbols(i, outputs, output, size, uniform, number, count, greedy, drawn, mass)
            else:
                said += _normals(i, outputs, output, uniform, number, count, greedy, drawn)
                said -= _stretch(i, drawn, number, count, table.kind[h], table.log_range[h])
        log_probability[i] = said
    return -1


@leaf
def _symbols(i, outputs, output, size, uniform, number, count, greedy, drawn, mass):
    """Draw a sequence; its log-probability. Logits of what follows on what lie behind those of all places."""
    said, before, follows = 0.0, -1, output + count * size
    for t in range(count):
        first, chosen, top = output + t * size, 0, -np.inf
        for k in range(size):
            mass[k] = outputs[i, first + k]
            if before >= 0:
                mass[k] += outputs[i, follows + before * size + k]
            if mass[k] > top:
                top, chosen = mass[k], k
        total = 0.0
        for k in range(size):
            mass[k] = np.exp(mass[k] - top)
            total += mass[k]
        if not greedy:
            goal, passed = uniform[i, number + t] * total, 0.0
            for k in range(size):
                passed += mass[k]
                if mass[k] > 0.0:  # so that rounding at the top never ends where nothing is
                    chosen = k
                if goal < passed:
                    break
        said += np.log(mass[chosen] / total)
        drawn[i, number + t] = before = chosen
    return said


@leaf
def _normals(i, outputs, output, uniform, number, count, greedy, drawn):
    """Draw normal deviates, rounded to what is kept of them; the log-density."""
    said = 0.0
    for k in range(count):
        mean = np.float64(outputs[i, output + k])
        log_sd = min(max(np.float64(outputs[i, output + count + k]), LOG_SD_LEAST), LOG_SD_MOST)
        away = 0.0 if greedy else normal_quantile(uniform[i, number + k])
        drawn[i, number + k] = mean + np.exp(log_sd) * away
        away = (drawn[i, number + k] - mean) / np.exp(log_sd)
        said -= 0.5 * away * away + log_sd + HALF_LOG_TAU
    return said


@leaf
def _stretch(i, drawn, number, count, kind, log_range):
    """The log of how much squashing stretches space at what is drawn: of the Jacobian's determinant."""
    if kind == REAL:
        stretched = count * log_range
        for k in range(number, number + count):
            z = np.float64(drawn[i, k])
            stretched -= abs(z) + 2.0 * np.log1p(np.exp(-abs(z)))
        return stretched
    top, stretched = 0.0, 0.0
    for k in range(number, number + count):
        top = max(top, np.float64(drawn[i, k]))
        stretched += np.float64(drawn[i, k])
    total = np.exp(-top)
    for k in range(number, number + count):
        total += np.exp(np.float64(drawn[i, k]) - top)
    return stretched - (count + 1) * (top + np.log(total))


@jit
def squashed(drawn, low, high):
    """Numbers (rows, numbers) from `low` to `high`: the logistic function of what is drawn, stretched."""
    out = np.empty(drawn.shape)
    for i in range(drawn.shape[0]):
        for k in range(drawn.shape[1]):
            share = 1.0 / (1.0 + np.exp(-np.float64(drawn[i, k])))
            out[i, k] = min(max(low + (high - low) * share, low), high)
    return out


@jit
def shares(drawn):
    """Shares (rows, numbers + 1): the softmax of what is drawn and a last zero."""
    rows, count = drawn.shape
    out = np.empty((rows, count + 1))
    for i in range(rows):
        top = 0.0
        for k in range(count):
            top = max(top, np.float64(drawn[i, k]))
        out[i, count] = total = np.exp(-top)
        for k in range(count):
            out[i, k] = np.exp(np.float64(drawn[i, k]) - top)
            total += out[i, k]
        for k in range(count + 1):
            out[i, k] /= total
    return out
