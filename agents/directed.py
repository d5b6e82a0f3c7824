"""A policy some of whose agents are directed: kept to the rule, or answered by someone outside the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.policy import Answer, by_name

Action = dict[str, Any]
"""A head's choice, number or numbers, by name."""


class Question(NamedTuple):
    """What an agent that is played is asked: `heads` by name as in `ask.heads`, `seen` its observation."""

    population: str
    tick: int
    ordinal: int
    replica: int
    agent: int
    heads: dict[str, Any]
    seen: Any

    @property
    def key(self) -> tuple[int, int, int, int]:
        """What tells it from every other question to its population: tick, ordinal, replica, agent."""
        return self.tick, self.ordinal, self.replica, self.agent


Desk = Callable[[Sequence[Question]], Sequence[Action | None]]
"""Who answers for the outside: an action for each question, None where the rule is to decide."""


def nobody(questions: Sequence[Question]) -> list[Action | None]:
    """The desk of a run that nobody plays: the rule decides."""
    return [None] * len(questions)


class Directed:
    """`rest` decides for all but a few agents: those `kept` follow the rule, those `played` the outside.

    Both count, by (replica, agent), how often an agent was put there. What the outside said is looked up in
    `answers` first, by `Question.key`, so that a run with a journal waits for nobody.
    """

    def __init__(self, rest: Any, desk: Desk = nobody) -> None:
        self.rest, self.desk = rest, desk
        self.kept: Counter[tuple[int, int]] = Counter()
        self.played: Counter[tuple[int, int]] = Counter()
        self.answers: dict[tuple[int, int, int, int], Action | None] = {}

    def __getattr__(self, name: str) -> Any:
        if name == "rest":
            raise AttributeError(name)
        return getattr(self.rest, name)

    @property
    def needs_observation(self) -> bool:
        """Whether anybody looks: who plays does."""
        return bool(self.played.total()) or self.rest.needs_observation

    def act(self, ask: Any) -> Answer:
        """The answers of `rest`, with those of directed agents in place of its own."""
        answer: Answer = self.rest.act(ask)
        rows = self._rows(ask, self.kept + self.played)
        if not rows:
            return answer
        found = {
            head: _each(part, len(ask), ask.heads[head].width)
            for head, part in by_name(ask, answer, ask.heads).items()
        }
        for row, action in zip(rows, self._actions(ask, rows)):
            for head, part in found.items():
                spec = ask.heads[head]
                part[row] = spec.rest if action is None else action.get(head, spec.rest)
        return found

    def _actions(self, ask: Any, rows: Sequence[int]) -> list[Action | None]:
        """What replaces the answers in some rows; None is the rule."""
        found: list[Action | None] = [None] * len(rows)
        open_questions: dict[int, Question] = {}
        for place, row in enumerate(rows):
            question = _question(ask, row)
            if self.kept[question.replica, question.agent]:
                continue
            if question.key in self.answers:
                found[place] = self.answers[question.key]
            else:
                open_questions[place] = question
        if open_questions:
            said = self.desk([*open_questions.values()])
            for (place, question), action in zip(open_questions.items(), said, strict=True):
                found[place] = self.answers[question.key] = action
        return found

    def _rows(self, ask: Any, who: Counter[tuple[int, int]]) -> list[int]:
        found = [
            np.flatnonzero((ask.replica == replica) & (ask.agent == agent)).tolist() for replica, agent in who
        ]
        return sorted(row for rows in found for row in rows)


def _question(ask: Any, row: int) -> Question:
    heads = {head: spec for head, spec in ask.heads.items() if ask.asked[head][row]}
    seen = ask.observation
    if isinstance(seen, dict):
        one: Any = {name: array[row] for name, array in seen.items()}
    else:
        one = None if seen is None else seen[row]
    return Question(
        ask.population, ask.tick, ask.ordinal, int(ask.replica[row]), int(ask.agent[row]), heads, one
    )


def _each(part: NDArray[Any], rows: int, width: int) -> NDArray[Any]:
    """An answer for one head, the same for all or one for each row, as an array of its own (rows, width)."""
    if part.shape == (rows,) and width == 1:
        part = part[:, None]
    return np.array(np.broadcast_to(part, (rows, width)))
