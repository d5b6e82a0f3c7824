"""A timetable on the clock: each row and each cohort becomes a SimPy process with a priority of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from simengine.kernel.asks import Ask
from simengine.kernel.barrier import Barrier
from simengine.kernel.calendar import ROWS, Beat, DueColumn, Pulse, awaited, recurring, spanning
from simengine.kernel.errors import KernelError, choose
from simengine.kernel.seat import Seat
from simengine.kernel.selection import Rows, due_rows
from simengine.kernel.spans import Spanning
from simengine.kernel.timetable import AskFor, Decide, Due, Every, Span

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation

BEFORE_ROWS = -1


class Schedule:
    """The rows of one simulation: their processes, the due columns they follow, and which row is running.

    `asked` holds what seats with an answer from outside are asked, until they are answered.
    """

    def __init__(
        self, sim: Simulation, rows: tuple[Any, ...], seats: dict[str, Seat], close: Callable[[], None]
    ) -> None:
        self.sim, self.seats, self._close = sim, seats, close
        self.columns: list[DueColumn] = []
        self.asked: dict[str, Ask] = {}
        self.position = BEFORE_ROWS
        self._labels: list[str] = []
        self._beats: list[Callable[[], Beat]] = []
        for row in rows:
            if isinstance(row, Every):
                self._every(row, _label(row.act), self._act_of(row))
            elif isinstance(row, Due):
                self._follow(row, _label(row.act), self._due_act_of(row))
            elif isinstance(row, Span):
                self._span(row)
            else:
                self._decide(row)

    def beats(self) -> Iterator[Beat]:
        """The generators of all rows, which begin at the simulation's present tick."""
        return (beat() for beat in self._beats)

    def arm(self, earliest: int) -> None:
        """Scan the due columns; a live agent due before `earliest` is an error."""
        for column in self.columns:
            column.arm(earliest)

    def place(self) -> str:
        """The row that is running, for reports."""
        return self._labels[self.position] if self.position > BEFORE_ROWS else "what comes before its rows"

    def _row(self, label: str, fire: Callable[[], Any]) -> tuple[Pulse, Callable[[], Any]]:
        index = len(self._labels)
        self._labels.append(label)

        def fired() -> Any:
            self.position = index
            return fire()

        return Pulse(self.sim.env, ROWS + index), fired

    def _every(self, row: Every, label: str, fire: Callable[[], None]) -> None:
        pulse, fired = self._row(label, fire)
        self._beats.append(lambda: recurring(pulse, row.first(self.sim.tick), row.period, fired))

    def _span(self, row: Span) -> None:
        pulse, fired = self._row(_label(row.act), Spanning(self.sim, row, self.columns).run)
        self._beats.append(lambda: spanning(pulse, self.sim.tick, fired))

    def _follow(self, row: Due, label: str, fire: Callable[[], None]) -> None:
        pulse, fired = self._row(label, fire)
        self._column(row).pulses.append(pulse)
        self._beats.append(lambda: awaited(pulse, fired))

    def _column(self, row: Due) -> DueColumn:
        name, columns = self.sim.state.owner(row.column)
        for known in self.columns:
            if known.name == name:
                return known
        self.columns.append(DueColumn(name, row.column, columns))
        return self.columns[-1]

    def _act_of(self, row: Every) -> Callable[[], None]:
        act, sim, counts = row.act, self.sim, self.sim.counts
        assert act is not None

        def fire() -> None:
            counts.rows += 1
            act(sim)

        def fire_and_close() -> None:
            fire()
            self._close()

        return fire_and_close if row.closes else fire

    def _due_act_of(self, row: Due) -> Callable[[], None]:
        act, sim, column = row.act, self.sim, self._column(row)
        assert act is not None

        def fire() -> None:
            rows = Rows(*due_rows(column.column, column.alive, sim.tick))
            if rows.replica.size:
                sim.counts.rows += 1
                act(sim, rows)

        return fire

    def _decide(self, row: Decide) -> None:
        sim, counts = self.sim, self.sim.counts
        barrier = Barrier(
            len(self._labels) + len(row.asks), lambda: self.position, lambda: pulse.at(sim.tick)
        )

        def fire() -> None:
            counts.barriers += 1
            counts.forwards += barrier.answer(sim.noise, self.asked)

        for each in row.asks:
            self._asking(each, barrier)
        pulse, fired = self._row(f"decide({', '.join(turn.seat.name for turn in barrier.turns)})", fire)
        self._beats.append(lambda: awaited(pulse, fired))

    def _asking(self, each: AskFor, barrier: Barrier) -> None:
        if each.population not in self.seats:
            raise KernelError(f"timetable: {choose('seat', each.population, self.seats)}")
        seat = self.seats[each.population]
        turn, bits, label = barrier.turn(seat), seat.bits(each.heads), f"ask({each.population})"
        turn.expects(bits)
        if isinstance(each.when, Every):
            self._every(each.when, label, lambda: turn.ask_cohort(bits))
        else:
            column = self._column(each.when)
            self._follow(each.when, label, lambda: turn.ask_due(column, bits))


def _label(act: Any) -> str:
    return str(getattr(act, "__qualname__", None) or type(act).__name__)
