"""Counter-based random numbers keyed by (seed, replica number, stream, tick, agent).

What an agent draws depends on its key alone, never on who else drew, so that a replica alone equals the
same replica in company, and a shocked run differs from its baseline by the shock alone. The generator is
splitmix64 (Steele, Lea and Flood 2014); normals are its uniforms through the normal quantile.

Inside a Numba kernel:

    from simengine.kernel.noise import normal_at, uniform_at
    u = uniform_at(key[r], agent)          # key = sim.noise.key("goods.search")

Inside a span, whose ticks are many, keys are made in the kernel too:

    u = uniform_at(tick_at(streams[r, 0], tick), agent)          # streams = sim.noise.streams("goods.search")
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError, whole
from streams.jit import jit
from streams.quantile import normal_quantile

SEEDS, NUMBERS = 2**64, 2**63
"""How many seeds there are, and how many numbers of replicas."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S12, _ONE = (np.uint64(n) for n in (27, 30, 31, 12, 1))


@jit
def mix(x):
    """The finaliser of splitmix64: uint64 to uint64, a bijection."""
    x = (x ^ (x >> _S30)) * _M1
    x = (x ^ (x >> _S27)) * _M2
    return x ^ (x >> _S31)


@jit
def uniform_at(key, agent):
    """The uniform of `agent` (any int) under `key` (uint64): float64 in the open interval (0, 1)."""
    bits = mix(key + (np.uint64(agent) + _ONE) * GOLDEN)
    return (np.float64(bits >> _S12) + 0.5) * 2.0**-52


@jit
def normal_at(key, agent):
    """The standard normal deviate of `agent` under `key`; the same bits wherever it is called."""
    return normal_quantile(uniform_at(key, agent))


@jit
def _bases(seed, numbers):
    out = np.empty(numbers.size, np.uint64)
    for r in range(numbers.size):
        out[r] = mix(mix(np.uint64(seed) + GOLDEN) + np.uint64(numbers[r]) * GOLDEN)
    return out


@jit
def stream_at(base, stream):
    """A replica's part of a key and a stream's (any int): uint64 to uint64, the same at all ticks."""
    return mix(base + np.uint64(stream) * GOLDEN)


@jit
def tick_at(streamed, tick):
    """The key (uint64) at a tick (any int), from what `Noise.streams` gives."""
    return mix(streamed + np.uint64(tick) * GOLDEN)


@jit
def _streams(bases, codes):
    out = np.empty((bases.size, codes.size), np.uint64)
    for r in range(bases.size):
        for s in range(codes.size):
            out[r, s] = stream_at(bases[r], codes[s])
    return out


@jit
def _keys(bases, stream, tick):
    out = np.empty(bases.size, np.uint64)
    for r in range(bases.size):
        out[r] = tick_at(stream_at(bases[r], stream), tick)
    return out


@jit
def _fill_uniform(keys, n):
    out = np.empty((keys.size, n))
    for r in range(keys.size):
        for a in range(n):
            out[r, a] = uniform_at(keys[r], a)
    return out


@jit
def _fill_normal(keys, n):
    out = np.empty((keys.size, n))
    for r in range(keys.size):
        for a in range(n):
            out[r, a] = normal_at(keys[r], a)
    return out


@jit
def uniform_rows(keys, replica, agent):
    """Uniforms (rows, streams) of long-form rows: keys (streams, R), replica and agent (rows,)."""
    out = np.empty((replica.size, keys.shape[0]))
    for i in range(replica.size):
        for k in range(keys.shape[0]):
            out[i, k] = uniform_at(keys[k, replica[i]], agent[i])
    return out


class _Codes(dict[str, int]):
    """The number of a stream by its name."""

    def __missing__(self, name: str) -> int:
        self[name] = code = crc32(name.encode())
        return code


class Noise:
    """The keyed noise of one run; `tick` is the present instant.

    While `spanning`, there is no such instant: a draw that does not name its tick is refused.
    """

    def __init__(self, seed: int, numbers: Sequence[int], tick: int = 0) -> None:
        self.tick, self.spanning = tick, False
        self._bases = _bases(np.uint64(seed), np.asarray(numbers, np.int64))
        self._codes = _Codes()

    def key(self, stream: str, tick: int | None = None) -> NDArray[np.uint64]:
        """Keys (R,) uint64 of a named stream at a tick (default: now); one draw for every agent number."""
        if tick is None:
            if self.spanning:
                raise KernelError(f"noise {stream!r} inside a span: valid is with tick=, or tick_at")
            tick = self.tick
        return _keys(self._bases, self._codes[stream], tick)

    def streams(self, *names: str) -> NDArray[np.uint64]:
        """What `tick_at` needs of each replica and named stream, (R, names): constant over a run."""
        return _streams(self._bases, np.array([self._codes[name] for name in names], np.int64))

    def uniform(self, stream: str, n: int, tick: int | None = None) -> NDArray[np.float64]:
        """Uniforms (R, n) in (0, 1), column a being agent a's draw."""
        return _fill_uniform(self.key(stream, tick), n)

    def normal(self, stream: str, n: int, tick: int | None = None) -> NDArray[np.float64]:
        """Standard normal deviates (R, n), column a being agent a's draw."""
        return _fill_normal(self.key(stream, tick), n)


def replica_numbers(replicas: int | Sequence[int]) -> tuple[int, ...]:
    """0 to R-1 for a number of replicas, else the numbers listed."""
    if isinstance(replicas, Sequence | np.ndarray) and not isinstance(replicas, str):
        numbers = tuple(whole(number, "replica number", 0, NUMBERS) for number in replicas)
    else:
        numbers = tuple(range(whole(replicas, "replicas", 1)))
    if not numbers:
        raise KernelError("replicas is empty: valid is a number of replicas or a list of replica numbers")
    return numbers
