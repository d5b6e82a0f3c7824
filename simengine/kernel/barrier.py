"""The barrier: all who asked at this instant, answered by one forward pass per policy, before the next row.

A *seat* is a population with its heads and its policy, and has a *turn* at each barrier that asks it.
Cohorts, due columns and processes ask the turn; the barrier, a row of the timetable, merges the heads of an
agent into one row, sorts rows by (replica, agent), has them observed, lets the policy act and scatters the
answers to the columns, asked heads only. Where answers come from outside, the instant stops after the barrier
and goes on when all of them are given.
"""

from __future__ import annotations

from collections.abc import Callable

from simengine.kernel.asks import Ask
from simengine.kernel.errors import KernelError
from simengine.kernel.noise import Noise
from simengine.kernel.seat import Seat
from simengine.kernel.turn import Turn


class Barrier:
    """One `decide` row: whose turn it is there, and which of them have asked at this instant."""

    def __init__(self, index: int, position: Callable[[], int], wake: Callable[[], None]) -> None:
        self.index, self.turns = index, list[Turn]()
        self._position, self._wake, self._due = position, wake, False

    def turn(self, seat: Seat) -> Turn:
        """The seat's turn at this barrier; barriers are met in the order of the timetable."""
        for turn in self.turns:
            if turn.seat is seat:
                return turn
        turn = Turn(seat, self, len(seat.turns))
        seat.turns.append(turn)
        self.turns.append(turn)
        return turn

    @property
    def passed(self) -> bool:
        """Whether the decisions of this instant are made."""
        return self._position() >= self.index

    def called(self, name: str) -> None:
        """A seat asks: the barrier is due at this instant, unless its turn has passed."""
        if self.passed:
            raise KernelError(f"{name} asks after its barrier: decisions of this instant are already made")
        if not self._due:
            self._due = True
            self._wake()

    def answer(self, noise: Noise, asked: dict[str, Ask]) -> int:
        """Answer every seat that asked, in the order of the timetable; the number of forward passes.

        What seats with an answer from outside are asked is left in `asked`.
        """
        self._due, forwards = False, 0
        for turn in self.turns:
            seat = turn.seat
            if turn.asking and (ask := turn.gather(noise)) is not None:
                forwards += 1
                if seat.outside:
                    asked[seat.name] = ask
                else:
                    seat.write(ask, seat.policy.act(ask))
        return forwards
