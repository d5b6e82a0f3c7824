"""The barrier: all who asked at this instant, answered by one forward pass per policy, before the next row.

A *seat* is a population with its heads and its policy. Cohorts, due columns and processes ask the seat; its
barrier, a row of the timetable, merges the heads of an agent into one row, sorts rows by (replica, agent),
has them observed, lets the policy act and scatters the answers to `columns.action`, asked heads only. Where
answers come from outside, the instant stops after the barrier and goes on when all of them are given.
"""

from __future__ import annotations

from collections.abc import Callable

from simengine.kernel.errors import KernelError
from simengine.kernel.noise import Noise
from simengine.kernel.seat import Ask, Seat


class Barrier:
    """One `decide` row: its seats, and which of them have asked at this instant."""

    def __init__(self, index: int, position: Callable[[], int], wake: Callable[[], None]) -> None:
        self.index, self.seats = index, list[Seat]()
        self._position, self._wake, self._due = position, wake, False

    def called(self, seat: Seat) -> None:
        """A seat asks: the barrier is due at this instant, unless its turn has passed."""
        if self._position() >= self.index:
            raise KernelError(
                f"{seat.name} asks after its barrier: decisions of this instant are already made"
            )
        seat.asking = True
        if not self._due:
            self._due = True
            self._wake()

    def answer(self, noise: Noise, asked: dict[str, Ask]) -> int:
        """Answer every seat that asked, in the order of the timetable; the number of forward passes.

        What seats with an answer from outside are asked is left in `asked`.
        """
        self._due, forwards = False, 0
        for seat in self.seats:
            if seat.asking and (ask := seat.gather(noise)) is not None:
                forwards += 1
                if seat.outside:
                    asked[seat.name] = ask
                else:
                    seat.write(ask, seat.policy.act(ask))
        return forwards
