"""Policies: what a whole population is asked becomes one answer per head and row.

What a head is (its `kind`: categorical, real, simplex or tokens; its `width`, bounds and neutral answer
`rest`) stands in `ask.heads`; meanings of indices belong to the agent's action table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Actions = NDArray[np.int64]
Answer = Actions | dict[str, NDArray[Any]]
"""int64 (rows, heads), or (heads,) for all alike, where all heads are categorical; for any kinds head ->
(rows, width), or (width,) for all alike."""


class Policy(Protocol):
    """Observations in, actions out, for all rows of an `ask` at once.

    `ask` has `population`, `tick`, `ordinal` of the barrier in its instant, `replica`, `agent` (rows,)
    indices, `heads` by name, the `neutral` answer, `mask` (rows, heads) of heads asked, the same as `asked`
    {head: (rows,)}, `alive` (R, N), keyed noise in (0, 1), `uniform` of all heads side by side and
    `uniforms(head)` of one (rows, uniforms), and if `needs_observation` the `observation`, (rows, features)
    or arrays by name; `len(ask)` is the number of rows, `ask.only(heads)` the ask for some heads alone.

    A policy that remembers each agent says so by `memory_width`: it finds `ask.memory` (rows, width) and
    leaves the next by `ask.remember(array)`. One with state of its own has `memory() -> {name: array}` and
    `restore({name: array})` for checkpoints. It is called by its class, or by its `title` where it has one.
    """

    needs_observation: bool

    def act(self, ask: Any) -> Answer:
        """The answer; heads not asked are ignored and, by name, may be left out."""


class RulePolicy:
    """The rule itself: an action is a residual on the rule, and this one is always neutral."""

    needs_observation = False
    title = "rule"

    def act(self, ask: Any) -> Answer:
        """The neutral answer of each head."""
        neutral: Answer = ask.neutral
        return neutral


class NamedRule(RulePolicy):
    """A rule of another name: actions are neutral, the world puts the rule of that name in place of its own.

    Which names a population knows stands in the world's `rules`.
    """

    def __init__(self, rule: str) -> None:
        self.rule = self.title = rule

    def declared(self) -> str:
        """Its name."""
        return f"rule {self.rule}"


class RandomPolicy:
    """Every answer of a head equally likely, drawn from keyed uniforms."""

    needs_observation = False

    def act(self, ask: Any) -> Answer:
        """Indices (rows, heads), or by name what is drawn for the heads asked."""
        if indices_alone(ask.heads):
            sizes = np.array([head.size for head in ask.heads.values()], np.int64)
            return np.minimum((ask.uniform * sizes).astype(np.int64), sizes - 1)
        return {head: drawn(ask.heads[head], ask.uniforms(head)) for head in asked(ask)}


def drawn(head: Any, uniform: NDArray[np.float64]) -> NDArray[Any]:
    """Answers (rows, width), every valid one equally likely, of uniforms in (0, 1) (rows, uniforms).

    Shares are the gaps between sorted uniforms, which are spread evenly over the simplex (Devroye 1986, V.2).
    """
    if head.kind == "real":
        found: NDArray[Any] = np.clip(head.low + uniform * (head.high - head.low), head.low, head.high)
    elif head.kind == "simplex":
        found = np.diff(np.sort(uniform, axis=1), axis=1, prepend=0.0, append=1.0)
    else:
        found = np.minimum((uniform * head.size).astype(np.int64), head.size - 1)
    return found


class FixedPolicy:
    """The same answer for everyone at all times: the numbers of all heads, or of one, in their order.

    One number alone serves every place.
    """

    needs_observation = False

    def __init__(self, numbers: float | tuple[float, ...], head: str | None = None) -> None:
        self.numbers, self.head = np.atleast_1d(np.asarray(numbers)), head

    def declared(self) -> str:
        """Its numbers."""
        return f"fixed {','.join(map(str, self.numbers.tolist()))}"

    def act(self, ask: Any) -> Answer:
        """The fixed indices (heads,), or by name the fixed numbers (width,)."""
        names = [*ask.heads] if self.head is None else [self.head]
        widths = [ask.heads[name].width for name in names]
        numbers = self.numbers if self.numbers.size > 1 else np.repeat(self.numbers, sum(widths))
        if self.head is None and indices_alone(ask.heads):
            return numbers.astype(np.int64)
        parts = np.split(numbers, np.cumsum(widths)[:-1])
        return {name: part.astype(ask.heads[name].dtype) for name, part in zip(names, parts)}


class Recorded(NamedTuple):
    """Recorded decisions on one head, arrays (rows,) in the order of time.

    `replica` is an index, `position` stands within the head, `value` is an index or a number.
    """

    tick: NDArray[np.int64]
    ordinal: NDArray[np.int64]
    replica: NDArray[np.int64]
    agent: NDArray[np.int64]
    position: NDArray[np.int64]
    value: NDArray[Any]


class RecordedPolicy:
    """Replays decisions, by head: each head of an agent stands where it was last recorded to be put.

    Before the first of an agent's head it is neutral, as are heads of which nothing is recorded. `own` are
    the heads that were decided by the seat's own policy then: who learns from that may learn the same again.
    `until` is the tick at which the recording ends: nobody knows what was decided then.
    """

    needs_observation = False

    def __init__(
        self, decisions: Mapping[str, Recorded], own: Collection[str] = (), until: int | None = None
    ) -> None:
        self.own, self.until = frozenset(own), until
        self._tracks = {head: _Track(rows) for head, rows in decisions.items()}

    def act(self, ask: Any) -> Answer:
        """By name what stands for the heads asked (rows, width), as recorded up to this barrier."""
        if self.until is not None and ask.tick >= self.until:
            raise ValueError(
                f"{ask.population} at tick {ask.tick}: their decisions are recorded to tick {self.until}: "
                "valid is a run that ends there"
            )
        return {
            head: self._tracks[head].at(ask, head) if head in self._tracks else ask.heads[head].rest
            for head in asked(ask)
        }

    def declared(self) -> str:
        """A hash of the decisions."""
        found = blake2b(repr((sorted(self.own), self.until, list(self._tracks))).encode(), digest_size=8)
        for track in self._tracks.values():
            for column in track.rows:
                found.update(column.tobytes())
        return f"recorded {found.hexdigest()}"


class _Track:
    """One head's decisions and how far they have been replayed."""

    def __init__(self, rows: Recorded) -> None:
        self.rows, self.next = rows, 0
        self.standing: NDArray[Any] | None = None
        self._barriers = int(rows.ordinal.max(initial=0)) + 1
        self._when = rows.tick * self._barriers + rows.ordinal

    def at(self, ask: Any, head: str) -> NDArray[Any]:
        if self.standing is None:
            spec = ask.heads[head]
            self.standing = np.empty((*ask.alive.shape, spec.width), spec.dtype)
            self.standing[...] = spec.rest
        now = ask.tick * self._barriers + min(ask.ordinal, self._barriers - 1)
        upto = int(np.searchsorted(self._when, now, side="right"))
        if upto > self.next:
            new, rows = slice(self.next, upto), self.rows
            self.standing[rows.replica[new], rows.agent[new], rows.position[new]] = rows.value[new]
            self.next = upto
        found: NDArray[Any] = self.standing[ask.replica, ask.agent]
        return found


class ByHead:
    """Some heads are decided by policies of their own, `parts` by head, all others by `rest`.

    Only `rest` may remember agents. `memory` and `restore` are those of all, under the names of the heads.
    """

    def __init__(self, rest: Any, parts: Mapping[str, Any]) -> None:
        self.rest, self.parts = rest, dict(parts)
        self.needs_observation = any(policy.needs_observation for policy in (rest, *self.parts.values()))
        self.memory_width: int = getattr(rest, "memory_width", 0)
        for head, policy in self.parts.items():
            if getattr(policy, "memory_width", 0):
                name = type(policy).__name__
                raise ValueError(f"{name} for {head!r} alone: valid is a policy without memory_width")

    def act(self, ask: Any) -> Answer:
        """By name the answers of each policy to the heads that it decides."""
        found: dict[str, NDArray[Any]] = {}
        others = [head for head in ask.heads if head not in self.parts]
        for heads, policy in ((others, self.rest), *(((head,), each) for head, each in self.parts.items())):
            part = ask.only(heads)
            if part.mask.any():
                found |= by_name(part, policy.act(part), heads)
        return found

    @property
    def until(self) -> int | None:
        """The tick at which the first recording among them ends; None without any."""
        found = [getattr(policy, "until", None) for _, policy in self._places()]
        return min((tick for tick in found if tick is not None), default=None)

    def declared(self) -> dict[str, Any]:
        """The policies by head, `*` for all others."""
        return {place or "*": policy for place, policy in self._places()}

    def memory(self) -> dict[str, NDArray[Any]]:
        """What a checkpoint keeps of the policies."""
        return {
            f"{place}/{name}": array
            for place, policy in self._places()
            if hasattr(policy, "memory")
            for name, array in policy.memory().items()
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on from a checkpoint."""
        for place, policy in self._places():
            if hasattr(policy, "restore"):
                head = f"{place}/"
                policy.restore({n.removeprefix(head): a for n, a in arrays.items() if n.startswith(head)})

    def _places(self) -> tuple[tuple[str, Any], ...]:
        return ("", self.rest), *self.parts.items()


def rule_of(policy: Any) -> str:
    """The name of the rule that a policy puts in place of the world's own; empty where it puts none.

    A policy that stands before another has that as its `rest`.
    """
    rest = getattr(policy, "rest", None)
    return getattr(policy, "rule", "") if rest is None else rule_of(rest)


def decided_by(policy: Any, head: str, own: Any) -> bool:
    """Whether a head is decided by `own`, where `policy` sits: by itself, or as recorded of it."""
    rest = getattr(policy, "rest", None)
    if rest is not None:
        return decided_by(getattr(policy, "parts", {}).get(head, rest), head, own)
    return policy is own or (isinstance(policy, RecordedPolicy) and head in policy.own)


def by_name(ask: Any, answer: Answer, heads: Collection[str]) -> dict[str, NDArray[Any]]:
    """An answer to an ask as a dict of those among `heads` that are asked."""
    if isinstance(answer, dict):
        return {head: answer[head] for head in heads if head in answer}
    return {head: answer[..., h : h + 1] for h, head in enumerate(ask.heads) if head in heads}


def indices_alone(heads: Mapping[str, Any]) -> bool:
    """Whether all heads are categorical, so that an answer may be an array of indices."""
    return all(head.kind == "categorical" for head in heads.values())


def asked(ask: Any) -> list[str]:
    """The heads that somebody is asked for."""
    return [head for head, wanted in zip(ask.heads, ask.mask.any(axis=0)) if wanted]
