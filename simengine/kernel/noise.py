"""Counter-based random numbers keyed by (seed, replica number, stream, tick, agent).

What an agent draws depends on its key alone, never on who else drew, so that a replica alone equals the
same replica in company, and a shocked run differs from its baseline by the shock alone. The generator is
splitmix64 (Steele, Lea and Flood 2014); normals are the inverse CDF of Wichura (1988, AS 241, PPND16).

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

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S12, _ONE = (np.uint64(n) for n in (27, 30, 31, 12, 1))

CENTRE = np.array([
    [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
     45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
    [1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751,
     21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
])  # fmt: skip
MIDDLE = np.array([
    [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
     1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
    [1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851,
     0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-09],
])  # fmt: skip
TAIL = np.array([
    [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
     0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-05, 2.0103343992922881e-07],
    [1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615,
     0.0007868691311456133, 1.8463183175100548e-05, 1.421511758316446e-07, 2.0442631033899397e-15],
])  # fmt: skip


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
def _ratio(c, x):
    top, bottom = c[0, 7], c[1, 7]
    for i in range(6, -1, -1):
        top = top * x + c[0, i]
        bottom = bottom * x + c[1, i]
    return top / bottom


@jit
def normal_quantile(u):
    """The standard normal deviate below which a share `u` in (0, 1) lies, to about 1e-16 relative."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(CENTRE, 0.180625 - q * q)
    r = np.sqrt(-np.log(u if q < 0.0 else 1.0 - u))
    z = _ratio(MIDDLE, r - 1.6) if r <= 5.0 else _ratio(TAIL, r - 5.0)
    return -z if q < 0.0 else z


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


class Noise:
    """The keyed noise of one run; `tick` is the present instant.

    While `spanning`, there is no such instant: a draw that does not name its tick is refused.
    """

    def __init__(self, seed: int, numbers: Sequence[int], tick: int = 0) -> None:
        self.tick, self.spanning = tick, False
        self._bases = _bases(np.int64(seed), np.asarray(numbers, np.int64))
        self._codes: dict[str, int] = {}

    def key(self, stream: str, tick: int | None = None) -> NDArray[np.uint64]:
        """Keys (R,) uint64 of a named stream at a tick (default: now); one draw for every agent number."""
        if tick is None:
            if self.spanning:
                raise KernelError(f"noise {stream!r} inside a span: valid is with tick=, or tick_at")
            tick = self.tick
        return _keys(self._bases, self._code(stream), tick)

    def streams(self, *names: str) -> NDArray[np.uint64]:
        """What `tick_at` needs of each replica and named stream, (R, names): constant over a run."""
        return _streams(self._bases, np.array([self._code(name) for name in names], np.int64))

    def _code(self, stream: str) -> int:
        code = self._codes.get(stream)
        if code is None:
            code = self._codes[stream] = crc32(stream.encode())
        return code

    def uniform(self, stream: str, n: int, tick: int | None = None) -> NDArray[np.float64]:
        """Uniforms (R, n) in (0, 1), column a being agent a's draw."""
        return _fill_uniform(self.key(stream, tick), n)

    def normal(self, stream: str, n: int, tick: int | None = None) -> NDArray[np.float64]:
        """Standard normal deviates (R, n), column a being agent a's draw."""
        return _fill_normal(self.key(stream, tick), n)


def replica_numbers(replicas: int | Sequence[int]) -> tuple[int, ...]:
    """0 to R-1 for a number of replicas, else the numbers listed."""
    if isinstance(replicas, Sequence | np.ndarray) and not isinstance(replicas, str):
        numbers = tuple(whole(number, "replica number", 0) for number in replicas)
    else:
        numbers = tuple(range(whole(replicas, "replicas", 1)))
    if not numbers:
        raise KernelError("replicas is empty: valid is a number of replicas or a list of replica numbers")
    return numbers
