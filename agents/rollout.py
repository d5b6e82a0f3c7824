"""What a population did while its policy acted: transitions from one decision of an agent to its next.

A decision opens a row; rewards until the agent's next decision are added to it, discounted by the time that
has passed; its next decision closes it and says how long it took. Decisions of different agents may take
different times (a semi-Markov decision process: Sutton, Precup and Singh 1999). The last row of an agent
stays open: it is no sample, but its value stands in for what comes after (an episode cut off is no end).
Where a life ends, nothing stands in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from agents.experience import Experience, Transitions
from streams.jit import jit

OPEN, ENDED = -1, -2
FIRST_CAPACITY = 1024


class Rollout:
    """Transitions of one population of (`replicas`, `agents`) slots; `discount` is the factor of a tick.

    A row of what is observed is `width` numbers long, a decision is `numbers` of `dtype` (default: an index
    of each of the `heads`).
    """

    def __init__(
        self,
        replicas: int,
        agents: int,
        width: int,
        heads: int,
        discount: float,
        numbers: int | None = None,
        dtype: DTypeLike = np.int16,
    ) -> None:
        self.discount = discount
        self.latest = np.full((replicas, agents), OPEN, np.int64)
        self.size, self.total, self.rewards = 0, np.zeros(replicas), 0
        action = np.empty((FIRST_CAPACITY, heads if numbers is None else numbers), dtype)
        self._rows = Transitions(
            np.empty((FIRST_CAPACITY, width), np.float32), action,
            np.empty((FIRST_CAPACITY, heads), np.bool_), np.empty(FIRST_CAPACITY, np.float32),
            np.empty(FIRST_CAPACITY), *np.empty((4, FIRST_CAPACITY), np.int64),
        )  # fmt: skip

    def decided(
        self,
        tick: int,
        replica: NDArray[np.int32],
        agent: NDArray[np.int32],
        observation: NDArray[np.float32],
        action: NDArray[Any],
        asked: NDArray[np.bool_],
        log_probability: NDArray[np.float32],
        ordinal: int = 0,
    ) -> None:
        """Open a row for each decision at `tick`, and close the rows of these agents' last ones.

        Arrays have one row per decision, as `Transitions` has them; `replica` and `agent` are indices.
        `ordinal` is the barrier's within the tick.
        """
        start, self.size = self.size, self.size + len(replica)
        if self.size > len(self._rows.tick):
            self._grow()
        rows = self._rows
        rows.observation[start : self.size] = observation
        rows.asked[start : self.size] = asked
        rows.log_probability[start : self.size] = log_probability
        rows.ordinal[start : self.size] = ordinal
        _open(rows, start, tick, replica, agent, action, self.latest)

    def rewarded(self, tick: int, amount: NDArray[np.float64], ended: NDArray[np.bool_]) -> None:
        """Add rewards of `tick` (R, N) to the open rows; lives that `ended` (R, N) close theirs for good.

        Rewards of agents without an open row count in `mean_reward` alone. Raises ValueError where a reward
        is not finite; nothing is added then.
        """
        bad = _add(self._rows, tick, amount, ended, self.latest, self.discount, self.total)
        if bad >= 0:
            replica, agent = divmod(bad, amount.shape[1])
            raise ValueError(
                f"reward of agent {agent} in replica {replica} at tick {tick} is {amount.flat[bad]}: "
                "valid is a finite number"
            )
        self.rewards += amount.size

    @property
    def transitions(self) -> Transitions:
        """The rows so far, as views."""
        rows: Any = (column[: self.size] for column in self._rows)
        return Transitions(*rows)

    @property
    def experience(self) -> Experience:
        """What a learner learns from; its rows are views."""
        return Experience(self.transitions, self.total.copy(), self.rewards)

    @property
    def mean_reward(self) -> float:
        """The mean of all rewards given, undiscounted, whether or not a row was open."""
        return self.experience.mean_reward

    def clear(self) -> None:
        """Forget everything; the arrays stay."""
        self.size, self.rewards = 0, 0
        self.total[...] = 0.0
        self.latest[...] = OPEN

    def _grow(self) -> None:
        before = self._rows
        capacity = max(self.size, 2 * len(before.tick))
        columns: Any = (np.empty((capacity, *old.shape[1:]), old.dtype) for old in before)
        self._rows = Transitions(*columns)
        pairs: Any = zip(self._rows, before)
        for new, old in pairs:
            new[: len(old)] = old


@jit
def _open(rows, start, tick, replica, agent, action, latest):
    for i in range(replica.size):
        row, before = start + i, latest[replica[i], agent[i]]
        if before >= 0:
            rows.following[before] = row
            rows.elapsed[before] = tick - rows.tick[before]
        latest[replica[i], agent[i]] = row
        rows.tick[row], rows.reward[row], rows.elapsed[row], rows.following[row] = tick, 0.0, 0, -1
        for h in range(action.shape[1]):
            rows.action[row, h] = action[i, h]


@jit
def _add(rows, tick, amount, ended, latest, discount, total):
    """The flat index of the first reward that is not finite, or -1; nothing is written then."""
    for r in range(amount.shape[0]):
        for n in range(amount.shape[1]):
            if not np.isfinite(amount[r, n]):
                return r * amount.shape[1] + n
    for r in range(amount.shape[0]):
        for n in range(amount.shape[1]):
            total[r] += amount[r, n]
            row = latest[r, n]
            if row >= 0:
                rows.reward[row] += discount ** (tick - rows.tick[row]) * amount[r, n]
                if ended[r, n]:
                    rows.following[row], latest[r, n] = -2, -1
    return -1


@jit
def advantages(reward, elapsed, following, value, discount, decay):
    """Generalised advantages (rows,), in the unit of rewards; 0 where a row is open.

    `delta = reward + discount^elapsed V(next) - V`, summed over decisions with ``decay
    discount^elapsed`; an ended row has no next. `value` (rows,) in the unit of rewards, `discount`` per
    tick, `decay` (lambda) per decision; the other columns are those of `Transitions`. Source: Schulman,
    Moritz, Levine, Jordan and Abbeel (2016), eq. 16, in elapsed time.
    """
    gain = np.zeros(reward.size)
    for i in range(reward.size - 1, -1, -1):
        j = following[i]
        if j == -2:
            gain[i] = reward[i] - value[i]
        elif j >= 0:
            kept = discount ** elapsed[i]
            gain[i] = reward[i] + kept * (value[j] + decay * gain[j]) - value[i]
    return gain


@jit
def sequences(following, steps):
    """Rows (sequences, steps) of consecutive decisions of an agent, without those that are open.

    `following` is that of `Transitions`. Sequences begin where a life or the rollout does, and again after so
    many steps; a last one that is shorter is filled with -1.
    """
    rows = following.size
    place, member, count = np.zeros(rows, np.int64), np.empty(rows, np.int64), 0
    for i in range(rows):
        if following[i] != -1:
            if place[i] % steps == 0:
                member[i] = count
                count += 1
            if following[i] >= 0:
                place[following[i]], member[following[i]] = place[i] + 1, member[i]
    out = np.full((count, steps), -1)
    for i in range(rows):
        if following[i] != -1:
            out[member[i], place[i] % steps] = i
    return out
