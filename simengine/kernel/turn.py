"""A turn: what a population is asked at one barrier of an instant, by cohorts, due columns and processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simengine.kernel.asks import Ask, Who
from simengine.kernel.calendar import DueColumn
from simengine.kernel.errors import KernelError
from simengine.kernel.noise import Noise
from simengine.kernel.seat import Seat
from simengine.kernel.selection import collect, mark_cohort, mark_due

if TYPE_CHECKING:
    from simengine.kernel.barrier import Barrier


class Turn:
    """A seat at one of its barriers: who has asked there at this instant.

    `ordinal` counts the barriers of its seat, `heads` are those that the timetable asks for here, as bits.
    """

    def __init__(self, seat: Seat, barrier: Barrier, ordinal: int) -> None:
        self.seat, self.barrier, self.ordinal, self.heads = seat, barrier, ordinal, 0
        self._clear()

    def _clear(self) -> None:
        self.asking = False
        self.cohort = 0
        self.due: list[tuple[DueColumn, int]] = []
        self.single: dict[tuple[int, int], int] = {}
        self.waiting: list[Callable[[], None]] = []

    @property
    def passed(self) -> bool:
        """Whether its barrier has been answered at this instant."""
        return self.barrier.passed

    def expects(self, bits: int) -> None:
        """The timetable asks for some heads here."""
        self.heads |= bits
        for head in self.seat.named(bits):
            self.seat.first.setdefault(head, self.ordinal)

    def ask_cohort(self, bits: int) -> None:
        """Everyone alive without a calendar of their own asks."""
        if self.cohort & bits:
            heads = ", ".join(self.seat.named(self.cohort & bits))
            raise KernelError(f"{self.seat.name}: the cohort asks twice for {heads} at one instant")
        self.cohort |= bits
        self._called()

    def ask_due(self, column: DueColumn, bits: int) -> None:
        """Those of them whose tick in a column has come ask."""
        self.due.append((column, bits))
        self._called()

    def ask_one(self, replica: int, slot: int, bits: int, answered: Callable[[], None]) -> None:
        """One agent asks; `answered` is called when its answer is written."""
        if not self.seat.alive[replica, slot]:
            raise KernelError(f"{self.seat.name}: agent {slot} of replica {replica} asks but is not alive")
        if self.single.get((replica, slot), 0) & bits:
            raise self._twice(replica, slot)
        self.single[replica, slot] = self.single.get((replica, slot), 0) | bits
        self.waiting.append(answered)
        self._called()

    def _called(self) -> None:
        self.asking = True
        self.barrier.called(self.seat.name)

    def _twice(self, replica: int, slot: int) -> KernelError:
        return KernelError(
            f"{self.seat.name}: agent {slot} of replica {replica} asks twice for a head at one instant",
            replica,
        )

    def gather(self, noise: Noise) -> Ask | None:
        """Everything asked here, observed where somebody looks; None when nobody was alive."""
        seat = self.seat
        who = self._gathered(noise.tick) if self.due or self.single else seat.cohort(self.cohort)
        waiting = self.waiting
        self._clear()
        if not who.replica.size:
            return None
        if seat.memory is not None:
            seat.memory.meet(seat.alive)
        ask = Ask(seat, who, noise, self.ordinal, waiting)
        return seat.observed(ask) if seat.outside or seat.policy.needs_observation else ask

    def _gathered(self, tick: int) -> Who:
        seat = self.seat
        marks = seat.marks
        if self.cohort:
            mark_cohort(marks, seat.alive, seat.owned, seat.words(self.cohort))
        for column, bits in self.due:
            twice = mark_due(marks, seat.alive, seat.owned, seat.words(bits), column.column, tick)
            if twice >= 0:
                raise self._twice(*divmod(twice, marks.shape[1]))
        for (replica, slot), bits in self.single.items():
            marks[replica, slot] |= seat.words(bits)
        return Who(*collect(marks, len(seat.heads))).kept()
