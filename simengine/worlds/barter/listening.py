"""Who hears whom, and whose words: the speakers that are attended, and the control arms of messages.

Speakers are indices (replica, agent, speakers) in ascending order, all others or, where there are too many,
those whose last messages are nearest to one's own. An arm of messages is a map (replica, agent): under the
name of a speaker one hears its own words or somebody else's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit

if TYPE_CHECKING:
    from simengine.kernel import Simulation

Ints = NDArray[np.int64]


def speakers(message: NDArray[np.float32], count: int) -> Ints:
    """Whom each agent attends, (R, N, count), given the last messages (R, N, message)."""
    replicas, agents, _ = message.shape
    if count == agents - 1:
        one = np.arange(agents - 1)[None, :] + (np.arange(agents - 1)[None, :] >= np.arange(agents)[:, None])
        return np.broadcast_to(one, (replicas, agents, count))
    return nearest(message, count)


@jit
def nearest(message, count):
    """For each agent the `count` others with the largest inner product of messages, (R, N, count), ascending.

    Of equals those with lower slots are taken.
    """
    replicas, agents, size = message.shape
    found = np.empty((replicas, agents, count), np.int64)
    best, who = np.empty(count), np.empty(count, np.int64)
    for r in range(replicas):
        for i in range(agents):
            held = 0
            for j in range(agents):
                if j == i:
                    continue
                near = 0.0
                for m in range(size):
                    near += message[r, i, m] * message[r, j, m]
                if held == count and near <= best[count - 1]:
                    continue
                place = min(held, count - 1)
                while place > 0 and best[place - 1] < near:
                    best[place], who[place] = best[place - 1], who[place - 1]
                    place -= 1
                best[place], who[place] = near, j
                held = min(held + 1, count)
            found[r, i] = np.sort(who)
    return found


def words(arm: str, sim: Simulation, agents: int) -> Ints | None:
    """Whose words are heard under each speaker's name in an arm, (R, N); None where they are its own."""
    if arm == "permuted":
        return np.argsort(sim.noise.uniform("arm.permuted", agents), axis=1, kind="stable")
    if arm == "resampled":
        return (sim.noise.uniform("arm.resampled", agents) * agents).astype(np.int64)
    return None


def places(who: NDArray[np.integer], whose: Ints | None) -> Ints:
    """Whose words reach each agent under the names it attends: (R, N, speakers), flat over (R, N)."""
    replicas, agents, _ = who.shape
    first = (np.arange(replicas) * agents)[:, None, None]
    if whose is None:
        return who + first
    return np.take_along_axis(whose, who.reshape(replicas, -1), axis=1).reshape(who.shape) + first


def partners(attended: NDArray[np.integer], attention: NDArray[np.float32]) -> Ints:
    """Whom each agent attends most, (R, N): with whom it barters where there is no market for all."""
    best = attention.argmax(axis=-1)[..., None]
    return np.take_along_axis(attended, best, axis=-1)[..., 0].astype(np.int64)
