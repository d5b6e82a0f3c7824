"""Decisions as streams: what was chosen at a barrier, for whoever records or replays it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.event import declared
from streams.events import Decision, RealDecision
from streams.jit import jit

if TYPE_CHECKING:
    from simengine.kernel.answers import Answers
    from simengine.kernel.asks import Ask
    from simengine.kernel.seat import Seat
    from simengine.kernel.simulation import Simulation


class Numbers(NamedTuple):
    """The numbers that a population decides on, of one type: of which head each is, and where it stands.

    `head` and `position` (numbers,) among the heads and within the head; `columns` (R, N, ·), in that order.
    """

    head: NDArray[np.int16]
    position: NDArray[np.int16]
    columns: tuple[NDArray[Any], ...]

    @classmethod
    def of(cls, answers: Answers, kind: str) -> Numbers:
        """The numbers of a population that are indices (`i`) or real (`f`); categorical heads come first."""
        heads = [(h, name) for h, name in enumerate(answers.heads) if answers.at[name].dtype.kind == kind]
        if answers.action is not None and kind == "i":
            heads.sort(key=lambda pair: answers.heads[pair[1]].kind != "categorical")
            single = answers.sizes.size
            columns = (answers.action, *(answers.at[name] for _, name in heads[single:]))
        else:
            columns = tuple(answers.at[name] for _, name in heads)
        widths = [answers.heads[name].width for _, name in heads]
        head = np.repeat(np.array([h for h, _ in heads], np.int16), widths)
        position = np.array([i for width in widths for i in range(width)], np.int16)
        return cls(head, position, columns)

    def read(
        self, replica: NDArray[np.int32], agent: NDArray[np.int32], entry: NDArray[np.int16]
    ) -> NDArray[Any]:
        """One number of each of some agents (rows,): that at place `entry` (rows,) among all of them."""
        if len(self.columns) == 1:
            return self.columns[0][replica, agent, entry]
        each = np.concatenate([column[replica, agent] for column in self.columns], axis=1)
        return each[np.arange(len(entry)), entry]


class Told(NamedTuple):
    """Which numbers of an ask are told: those of heads asked, of agents in the replicas that are read."""

    mask: NDArray[np.bool_]
    read: range
    entry: NDArray[np.int16]
    columns: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, numbers: Numbers, ask: Ask, read: range) -> Told:
        """What is told of an ask to those who read some replicas."""
        head, position = numbers.head, numbers.position
        rows = told_rows(ask.replica, ask.agent, ask.mask, head, position, read.start, read.stop)
        columns = dict(zip(("replica", "agent", "head", "position"), rows[1:], strict=True))
        return cls(ask.mask, read, rows[0], columns)


@jit
def told_rows(replica, agent, mask, head, position, first, last):
    """Entry, replica, agent, head and position of each number asked for, of replicas `first` to `last` - 1.

    `replica`, `agent` (rows,) and `mask` (rows, heads) are those of an ask; `head`, `position` (numbers,).
    """
    start, stop = np.searchsorted(replica, first), np.searchsorted(replica, last)
    size = 0
    for row in range(start, stop):
        for h in head:
            size += mask[row, h]
    entry, heads, positions = np.empty(size, np.int16), np.empty(size, np.int16), np.empty(size, np.int16)
    replicas, agents = np.empty(size, np.int32), np.empty(size, np.int32)
    at = 0
    for row in range(start, stop):
        for e in range(head.size):
            if mask[row, head[e]]:
                entry[at], heads[at], positions[at] = e, head[e], position[e]
                replicas[at], agents[at] = replica[row], agent[row]
                at += 1
    return entry, replicas, agents, heads, positions


def tell_decisions(sim: Simulation, seat: Seat, ask: Ask) -> None:
    """Publish the answers to an ask, a row per agent and number asked for, of the replicas that are read."""
    for event, name, numbers in ((Decision, "action", seat.indices), (RealDecision, "value", seat.reals)):
        if numbers.head.size and sim.wants(event):
            told, read = seat.told.get(event), sim.bus.reach(event)
            if told is None or told.mask is not ask.mask or told.read != read:  # a cohort asks again
                told = seat.told[event] = Told.of(numbers, ask, read)
            if not told.entry.size:
                continue
            chosen = numbers.read(told.columns["replica"], told.columns["agent"], told.entry)
            answers = {name: chosen.astype(declared(event).columns[name].dtype)}
            columns: dict[str, Any] = {**told.columns, **answers}
            sim.publish(event, population=seat.name, ordinal=ask.ordinal, **columns)
