"""The normal quantile, compiled: the one that keyed noise and learned policies draw by.

Source: Wichura (1988), AS 241, PPND16.
"""

from __future__ import annotations

import numpy as np

from streams.jit import jit

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
