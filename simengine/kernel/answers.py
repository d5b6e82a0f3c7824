"""Answers: checked against the heads, and written into the columns of the population.

Categorical heads stand in `columns.action` (replica, agent, categorical heads), any other head in the column
that bears its name. An answer is int64 (rows, heads), or (heads,) for all alike, where all heads are
categorical; or, for any kinds, a dict from head to (rows, width), or (width,) for all alike, which may leave
out heads that are not asked. Where a width is 1 its axis may be left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.asks import Ask
from simengine.kernel.errors import KernelError, choose
from simengine.kernel.heads import Categorical, Head, sizes
from simengine.kernel.selection import write_each, write_same
from simengine.kernel.state import Columns


class Answers:
    """The heads of a population and where their answers stand."""

    def __init__(self, population: str, heads: dict[str, Head], columns: Columns) -> None:
        self.population, self.heads = population, heads
        self.sizes = np.array([*sizes(heads).values()], np.int64)
        self.indices = self.sizes.size == len(heads)
        self.shape = columns.alive.reshape(columns.replicas, -1).shape
        own = columns.columns()
        count, place = self.sizes.size, 0
        self.action: NDArray[np.int64] | None = None
        if count:
            declared = f"column('1', width={count})"
            self.action = self._column(own, "action", np.dtype(np.int64), count, declared)
        self.at: dict[str, NDArray[Any]] = {}
        for name, head in heads.items():
            if isinstance(head, Categorical):
                assert self.action is not None
                self.at[name], place = self.action[:, :, place : place + 1], place + 1
            else:
                self.at[name] = self._column(own, name, np.dtype(head.dtype), head.width, "")

    def _column(
        self, own: dict[str, NDArray[Any]], name: str, dtype: np.dtype[Any], width: int, declared: str
    ) -> NDArray[Any]:
        column, shape = own.get(name), (*self.shape, width)
        exact = ("i8",) if dtype.kind == "i" else ("f8", "f4")
        if column is None or column.dtype.str[1:] not in exact or column.size != np.prod(shape):
            wanted = declared or f"column(...{f', width={width}' if width > 1 else ''})"
            raise KernelError(
                f"seat {self.population!r} needs `{name}: {' or '.join(exact)} = {wanted}` in its columns"
            )
        return column.reshape(shape)

    def chosen(self, head: str) -> NDArray[Any]:
        """What stands for a head, (R, N), or (R, N, width) of more than one number; a view."""
        if head not in self.at:
            raise KernelError(f"seat {self.population!r}: {choose('head', head, self.at)}")
        at = self.at[head]
        return at[:, :, 0] if at.shape[2] == 1 else at

    def write(self, ask: Ask, answer: Any, neutral: Any, who: str) -> None:
        """Write an answer into the heads asked; KernelError, blaming `who`, for one that is not valid."""
        if isinstance(answer, dict):
            self._write_by_name(ask, answer, who)
        else:
            self._write_indices(ask, answer, answer is neutral, who)

    def _write_indices(self, ask: Ask, answer: Any, trusted: bool, who: str) -> None:
        plan = ask.replica, ask.agent, ask.mask
        shapes = (self.sizes.shape, ask.mask.shape)
        fits = self.indices and isinstance(answer, np.ndarray) and answer.dtype == np.int64
        if not fits or answer.shape not in shapes:
            valid = f"int64 of shape {shapes[1]}, or {shapes[0]} for all alike"
            raise self._misfit(who, answer, valid if self.indices else f"a dict of the heads {[*self.heads]}")
        if answer.ndim == 1:
            if not trusted and ((answer < 0) | (answer >= self.sizes)).any():
                raise self._beyond(ask, 0, answer, who)
            write_same(self.action, *plan, answer)
        else:
            row = write_each(self.action, *plan, answer, self.sizes)
            if row >= 0:
                raise self._beyond(ask, row, answer[row], who)

    def _write_by_name(self, ask: Ask, answer: dict[str, Any], who: str) -> None:
        for name in answer.keys() - self.heads.keys():
            raise KernelError(f"{who} of {self.population} answered: {choose('head', name, self.heads)}")
        counts = np.count_nonzero(ask.mask, axis=0).tolist()
        for h, (name, head) in enumerate(self.heads.items()):
            if name not in answer:
                if counts[h]:
                    valid = f"an answer for each head asked, {name!r} among them"
                    raise self._misfit(who, [*answer], valid)
                continue
            given, alike = self._fitted(ask, name, head, answer[name], who)
            if not counts[h]:
                continue
            rows: Any = slice(None) if counts[h] == len(ask) else np.flatnonzero(ask.mask[:, h])
            replica, agent = ask.replica[rows], ask.agent[rows]
            values = given if alike else given[rows]
            wrong = head.wrong(values)
            if wrong.any():
                bad = int(wrong.argmax())
                raise KernelError(
                    f"{who} of {self.population} answered {values[bad].tolist()} for {name!r} to agent "
                    f"{agent[bad]} of replica {replica[bad]}: valid is {head.valid}",
                    int(replica[bad]),
                )
            self.at[name][replica, agent] = values

    def _fitted(self, ask: Ask, name: str, head: Head, given: Any, who: str) -> tuple[NDArray[Any], bool]:
        """An answer for one head as (rows, width) or (1, width), and whether it is the same for all."""
        each, alike = (len(ask), head.width), (head.width,)
        if isinstance(given, np.ndarray) and np.can_cast(given.dtype, head.dtype, "safe"):
            if given.shape == alike:
                return given[None], True
            if given.shape == each or (head.width == 1 and given.shape == (len(ask),)):
                return given.reshape(each), False
        valid = f"{np.dtype(head.dtype)} of shape {each}, or {alike} for all alike"
        raise self._misfit(f"{who}, for {name!r},", given, valid)

    def _misfit(self, who: str, answer: Any, valid: str) -> KernelError:
        given = f"{answer.shape} {answer.dtype}" if isinstance(answer, np.ndarray) else repr(answer)[:40]
        return KernelError(f"{who} of {self.population} answered {given}: valid is {valid}")

    def _beyond(self, ask: Ask, row: int, answer: NDArray[np.int64], who: str) -> KernelError:
        return KernelError(
            f"{who} of {self.population} answered {answer.tolist()} to agent "
            f"{ask.agent[row]} of replica {ask.replica[row]}: "
            f"valid are indices below {self.sizes.tolist()} for {list(self.heads)}",
            int(ask.replica[row]),
        )
