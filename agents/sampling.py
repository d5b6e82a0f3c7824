"""Actions from logits by the keyed inverse CDF: one uniform per row and head."""

from __future__ import annotations

import numpy as np

from streams.jit import jit


@jit
def choose(logits, sizes, uniform, asked, greedy, actions, log_probability):
    """Write `actions` (rows, heads) and their `log_probability` (rows,) over the heads asked.

    `logits` (rows, sum of sizes) float32; `sizes` (heads,) actions of each head; `uniform` (rows, heads) in
    (0, 1); `asked` (rows, heads). A head's CDF is summed in float64 in the order of its actions; `greedy`
    takes the likeliest instead, the first of equals. A head that is not asked gets index 0 and adds nothing.
    Log-probabilities are in nats, those of a greedy choice too are of drawing it. Returns the first row with
    a logit that is not finite, in whatever head, or -1; what is written from that row on is no answer.
    """
    mass = np.empty(sizes.max())
    for i in range(logits.shape[0]):
        for k in range(logits.shape[1]):
            if not np.isfinite(logits[i, k]):
                return i
        first, said = 0, 0.0
        for h in range(sizes.size):
            size, chosen = sizes[h], 0
            if asked[i, h]:
                top = logits[i, first]
                for k in range(1, size):
                    if logits[i, first + k] > top:
                        top, chosen = logits[i, first + k], k
                total = 0.0
                for k in range(size):
                    mass[k] = np.exp(np.float64(logits[i, first + k]) - top)
                    total += mass[k]
                if not greedy:
                    goal, passed = uniform[i, h] * total, 0.0
                    for k in range(size):
                        passed += mass[k]
                        if mass[k] > 0.0:  # so that rounding at the top never ends where nothing is
                            chosen = k
                        if goal < passed:
                            break
                said += np.log(mass[chosen] / total)
            actions[i, h] = chosen
            first += size
        log_probability[i] = said
    return -1
