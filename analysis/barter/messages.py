"""What is said: how many dimensions messages use, which, and whether they tell who speaks.

Messages are (replica, row, number), a row being one broadcast, of a tick or of several together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.barter.measure import Measure, compared, difference, per_history, under_shuffles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Components(NamedTuple):
    """Principal components, largest first: scores (rows, k), axes (k, numbers), shares of variance (k,)."""

    scores: Floats
    axes: Floats
    explained: Floats


def principal(messages: Floats) -> Components:
    """The principal components of messages (rows, numbers), the largest loading of each positive.

    Shares are NaN where all messages are equal.
    """
    centred = messages - messages.mean(axis=0)
    scores, size, axes = np.linalg.svd(centred, full_matrices=False)
    turn = np.sign(np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1))
    turn[turn == 0] = 1.0
    return Components(scores * size * turn.T, axes * turn, _shares(size**2))


def spectrum(messages: Floats) -> Floats:
    """The eigenvalues of the covariance of messages, largest first: (…, rows, k) to (…, k)."""
    centred = messages - messages.mean(axis=-2, keepdims=True)
    covariance = np.swapaxes(centred, -1, -2) @ centred / (messages.shape[-2] - 1)
    return np.maximum(np.linalg.eigvalsh(covariance)[..., ::-1], 0.0)


def chance_spectrum(messages: Floats, seed: int = 0) -> Floats:
    """The mean spectrum of messages whose numbers are shuffled apart: equal spread, no relations."""
    return _apart(spectrum, messages, seed)


def participation(eigenvalues: Floats) -> Floats:
    """The effective dimension (Σ λ)² / Σ λ² of spectra, (…, k) to (…), from 1 to k; NaN for zeros."""
    squares = (eigenvalues**2).sum(axis=-1)
    total = eigenvalues.sum(axis=-1) ** 2
    return np.divide(total, squares, out=np.full(np.shape(squares), np.nan), where=squares > 0)


def dimension(messages: Floats) -> Floats:
    """The effective dimension of messages, (…, rows, numbers) to (…)."""
    return participation(spectrum(messages))


def effective_dimension(messages: Floats, seed: int = 0) -> Measure:
    """The participation ratio of messages, against numbers shuffled apart.

    Source: Gao and others (2017), bioRxiv 214262.
    """
    null = _apart(dimension, messages, seed)
    return compared("dimension of messages", dimension(messages), null, "dimensions", seed)


def first_component(messages: Floats, seed: int = 0) -> Measure:
    """The share of variance on the first component of messages, against numbers shuffled apart."""
    null = _apart(_first, messages, seed)
    return compared("first component of messages", _first(messages), null, "share of variance", seed)


def narrowing(early: Floats, late: Floats, seed: int = 0) -> Measure:
    """By how much the effective dimension of messages has fallen, against no change."""
    return difference("narrowing of messages", dimension(late), dimension(early), "dimensions", seed)


def meaning(of: str, messages: Floats, labels: Ints, seed: int = 0) -> Measure:
    """The share of variance of messages that labels of their speakers explain, mean over pictures.

    messages (replica, picture, row, number), labels (replica, picture, row). Null: (K − 1)/(n − 1) with K
    labels on n rows, the mean over all orders of the labels. A picture in which all are labelled or speak
    alike says nothing.
    """
    found = np.array([
        [_explained(*picture) for picture in zip(*history)] for history in zip(messages, labels)
    ])  # fmt: skip
    values, null = (per_history(found[..., k]) for k in range(2))
    return compared(f"meaning of messages, {of}", values, null, "share of variance", seed)


def _explained(messages: Floats, labels: Ints) -> tuple[float, float]:
    known, number = np.unique(labels, return_inverse=True)
    centred = messages - messages.mean(axis=0)
    total = (centred**2).sum()
    if known.size < 2 or total == 0:
        return np.nan, np.nan
    counts = np.bincount(number)
    means = np.stack([np.bincount(number, weights=column) for column in centred.T]) / counts
    return float((counts * means**2).sum() / total), (known.size - 1) / (len(labels) - 1)


def _apart(statistic: Callable[[Floats], Floats], messages: Floats, seed: int) -> Floats:
    """Mean of a statistic of messages whose numbers are shuffled among rows, each by itself."""
    turned = np.swapaxes(messages, -1, -2)
    return under_shuffles(lambda x: statistic(np.swapaxes(x, -1, -2)), turned, seed=seed)


def _first(messages: Floats) -> Floats:
    return _shares(spectrum(messages))[..., 0]


def _shares(eigenvalues: Floats) -> Floats:
    total = eigenvalues.sum(axis=-1, keepdims=True)
    blank = np.full(eigenvalues.shape, np.nan)
    return np.divide(eigenvalues, total, out=blank, where=total > 0)
