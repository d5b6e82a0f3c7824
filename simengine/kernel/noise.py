"""Counter-based random numbers keyed by (seed, replica number, stream, tick, agent).

What an agent draws depends on its key alone, never on who else drew, so that a replica alone equals the
same replica in company, and a shocked run differs from its baseline by the shock alone. The generator is
splitmix64 (Steele, Lea and Flood 2014); normals are the inverse CDF of Wichura (1988, AS 241, PPND16).

Inside a Numba kernel:

    from simengine.kernel.noise import normal_at, uniform_at
    u = uniform_at(key[r], agent)          # key = sim.noise.key("goods.search")
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S12, _ONE = (np.uint64(n) for n in (27, 30, 31, 12, 1))

CENTRE = np.array([
    [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
    [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3],
])  # fmt: skip
MIDDLE = np.array([
    [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
    [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9],
])  # fmt: skip
TAIL = np.array([
    [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
    [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15],
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
def _keys(bases, stream, tick):
    out = np.empty(bases.size, np.uint64)
    for r in range(bases.size):
        out[r] = mix(mix(bases[r] + np.uint64(stream) * GOLDEN) + np.uint64(tick) * GOLDEN)
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
    """The keyed noise of one run; `tick` is the present instant."""

    def __init__(self, seed: int, numbers: Sequence[int], tick: int = 0) -> None:
        self.tick = tick
        self._bases = _bases(np.int64(seed), np.asarray(numbers, np.int64))
        self._codes: dict[str, int] = {}

    def key(self, stream: str, tick: int | None = None) -> NDArray[np.uint64]:
        """Keys (R,) uint64 of a named stream at a tick (default: now); one draw for every agent number."""
        code = self._codes.get(stream)
        if code is None:
            code = self._codes[stream] = crc32(stream.encode())
        return _keys(self._bases, code, self.tick if tick is None else tick)

    def uniform(self, stream: str, n: int, tick: int | None = None) -> NDArray[np.float64]:
        """Uniforms (R, n) in (0, 1), column a being agent a's draw."""
        return _fill_uniform(self.key(stream, tick), n)

    def normal(self, stream: str, n: int, tick: int | None = None) -> NDArray[np.float64]:
        """Standard normal deviates (R, n), column a being agent a's draw."""
        return _fill_normal(self.key(stream, tick), n)
