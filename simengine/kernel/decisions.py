"""Decisions as streams: what was chosen at a barrier, for whoever records or replays it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.event import declared
from streams.events import Decision, RealDecision

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

    def read(self, replica: NDArray[np.int32], agent: NDArray[np.int32]) -> NDArray[Any]:
        """The numbers of some agents (rows, numbers)."""
        found = [column[replica, agent] for column in self.columns]
        return found[0] if len(found) == 1 else np.concatenate(found, axis=1)


class Told(NamedTuple):
    """Which numbers of an ask are told: those of heads asked, of agents in the replicas that are read."""

    mask: NDArray[np.bool_]
    read: range
    replica: NDArray[np.int32]
    agent: NDArray[np.int32]
    at: tuple[NDArray[np.intp], ...]
    columns: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, numbers: Numbers, ask: Ask, read: range) -> Told:
        """What is told of an ask to those who read some replicas."""
        rows = slice(*np.searchsorted(ask.replica, (read.start, read.stop)))
        replica, agent = ask.replica[rows], ask.agent[rows]
        row, entry = at = np.nonzero(ask.mask[rows, numbers.head])
        columns: dict[str, NDArray[Any]] = {"replica": replica[row], "agent": agent[row]}
        columns |= {"head": numbers.head[entry], "position": numbers.position[entry]}
        return cls(ask.mask, read, replica, agent, at, columns)


def tell_decisions(sim: Simulation, seat: Seat, ask: Ask) -> None:
    """Publish the answers to an ask, a row per agent and number asked for, of the replicas that are read."""
    for event, name, numbers in ((Decision, "action", seat.indices), (RealDecision, "value", seat.reals)):
        if numbers.head.size and sim.wants(event):
            told, read = seat.told.get(event), sim.bus.reach(event)
            if told is None or told.mask is not ask.mask or told.read != read:  # a cohort asks again
                told = seat.told[event] = Told.of(numbers, ask, read)
            chosen = numbers.read(told.replica, told.agent)[told.at]
            answers = {name: chosen.astype(declared(event).columns[name].dtype)}
            columns: dict[str, Any] = {**told.columns, **answers}
            sim.publish(event, population=seat.name, ordinal=ask.ordinal, **columns)
