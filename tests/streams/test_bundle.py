"""Bundles of arrays: one argument of a kernel, which sees what a named tuple would show it."""

import copy
import gc
import pickle
import subprocess
import sys
from collections import namedtuple

import numpy as np
import pytest

from streams.bundle import Bundle
from streams.jit import jit
from tests.simengine.command import ROOT


class Flock(Bundle, fields=("alive", "age", "weight", "path")):
    """Columns of several types and dimensions."""


Plain = namedtuple("Plain", Flock._fields)


@jit
def grow(f, by):
    """Every live one grows, ages, and moves along its path; returns the weight of all."""
    total = 0.0
    for r in range(f.weight.shape[0]):
        for i in range(f.weight.shape[1]):
            if f.alive[r, i]:
                f.weight[r, i] *= by[r]
                f.age[r, i] += 1
                for k in range(f.path.shape[2]):
                    f.path[r, i, k] += k
            total += f.weight[r, i]
    return total


@jit
def weigh(f):
    return f.weight.sum()


def columns(replicas=2, agents=3):
    count = replicas * agents
    return (
        np.arange(count).reshape(replicas, agents) % 2 == 0,
        np.arange(count, dtype=np.int32).reshape(replicas, agents),
        np.arange(count, dtype=float).reshape(replicas, agents),
        np.arange(4 * count).reshape(replicas, agents, 4),
    )


def test_a_kernel_reads_and_writes_what_it_reads_and_writes_in_a_named_tuple():
    flock, plain, by = Flock(*columns()), Plain(*columns()), np.array([2.0, 10.0])
    assert grow(flock, by) == grow(plain, by) == 0 + 1 + 2 * 2 + 3 + 4 * 10 + 5
    for one, other in zip(flock, plain, strict=True):
        np.testing.assert_array_equal(one, other)
    assert flock.age.tolist() == [[1, 1, 3], [3, 5, 5]]


def test_arrays_that_are_not_contiguous_are_walked_by_their_strides():
    alive, age, weight, path = columns()
    wide = np.zeros((2, 6))
    wide[:, ::2] = weight
    flock = Flock(alive, age, wide[:, ::2], path[:, :, ::-1])
    assert weigh(flock) == 15
    grow(flock, np.array([2.0, 2.0]))
    assert wide.tolist() == [[0, 0, 1, 0, 4, 0], [3, 0, 8, 0, 5, 0]]


def test_bundles_of_any_size_share_one_compilation():
    weigh(Flock(*columns()))
    before = len(weigh.signatures)
    for replicas, agents in ((1, 1), (3, 2), (2, 50)):
        flock = Flock(*columns(replicas, agents))
        assert weigh(flock) == flock.weight.sum()
    assert len(weigh.signatures) == before


def test_arrays_live_as_long_as_their_bundle():
    flocks = [Flock(*columns(4, 1000)) for _ in range(20)]
    gc.collect()
    rubbish = [np.full((4, 1000), -1.0) for _ in range(100)]
    assert all(weigh(flock) == 3999 * 2000 for flock in flocks)
    assert len(rubbish) == 100


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda flock: pickle.loads(pickle.dumps(flock))]
)
def test_a_copy_is_a_bundle_of_its_own_arrays(copied):
    flock = Flock(*columns())
    other = copied(flock)
    shared = other.weight is flock.weight
    grow(other, np.array([2.0, 2.0]))
    assert weigh(other) != 15
    assert weigh(flock) == (weigh(other) if shared else 15)


def test_arrays_are_attributes_that_cannot_be_exchanged():
    flock, given = Flock(*columns()), columns()
    assert [array.tolist() for array in flock] == [array.tolist() for array in given]
    with pytest.raises(AttributeError, match=r"Flock.weight cannot be set: write weight\[...\] = value"):
        flock.weight = given[2]
    with pytest.raises(AttributeError, match="Flock has no 'height'; valid: alive, age, weight, path"):
        flock.height  # noqa: B018
    with pytest.raises(ValueError, match="shorter"):
        Flock(*given[:3])


def test_compiled_code_that_takes_a_bundle_is_found_by_the_next_process(tmp_path):
    program = """
from tests.streams.test_bundle import Flock, columns, weigh
weigh(Flock(*columns()))
print(sum(weigh.stats.cache_hits.values()))
"""
    hits = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True,
            env={"SIMENGINE_CACHE": str(tmp_path), "PATH": ""},
        )  # fmt: skip
        hits.append(done.stdout.split())
    assert hits == [["0"], ["1"]]
