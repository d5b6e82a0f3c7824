"""A seat: a population with heads and a policy, what it is asked at this instant, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.calendar import DueColumn
from simengine.kernel.errors import KernelError, choose, whole
from simengine.kernel.noise import Noise, uniform_rows
from simengine.kernel.selection import collect, mark_cohort, mark_due, unchanged, write_each, write_same
from simengine.kernel.state import Columns

if TYPE_CHECKING:
    from simengine.kernel.barrier import Barrier

MOST_HEADS = 62


class Plan(NamedTuple):
    """Who is asked what: replica, agent (rows,) int32 and asked (rows, heads) bool."""

    replica: NDArray[np.int32]
    agent: NDArray[np.int32]
    asked: NDArray[np.bool_]


class Ask:
    """What a policy is given: rows sorted by (replica, agent); arrays are not to be written to.

    `mask` (rows, heads): the heads asked; `alive` (R, N): every slot of the population, whoever asks.
    """

    __slots__ = (
        "_noise",
        "_uniform",
        "_waiting",
        "agent",
        "alive",
        "heads",
        "mask",
        "neutral",
        "observation",
        "population",
        "replica",
        "tick",
    )

    def __init__(
        self, seat: Seat, plan: Plan, noise: Noise, waiting: Sequence[Callable[[], None]] = ()
    ) -> None:
        self.population = seat.name
        self.heads: dict[str, int] = seat.heads
        self.neutral: NDArray[np.int64] = seat.neutral
        self.replica, self.agent, self.mask = plan
        self.alive: NDArray[np.bool_] = seat.alive
        self.tick: int = noise.tick
        self.observation: Any = None
        self._noise, self._waiting = noise, waiting
        self._uniform: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return self.replica.size

    @property
    def asked(self) -> dict[str, NDArray[np.bool_]]:
        """For each head, which rows asked for it (rows,)."""
        return {head: self.mask[:, h] for h, head in enumerate(self.heads)}

    @property
    def uniform(self) -> NDArray[np.float64]:
        """Keyed uniforms (rows, heads) in (0, 1): the same for an agent whoever else is asked."""
        if self._uniform is None:
            keys = np.stack([self._noise.key(f"decide/{self.population}/{head}") for head in self.heads])
            self._uniform = uniform_rows(keys, self.replica, self.agent)
        return self._uniform


class Seat:
    """A population at its barrier: heads, neutral action, how it observes, and the policy that answers.

    While a seat is `outside`, whoever advances the simulation answers in place of its policy.
    """

    def __init__(
        self,
        name: str,
        columns: Columns,
        heads: dict[str, int],
        neutral: tuple[int, ...] | None,
        observe: Callable[[Ask], NDArray[np.float32]] | None,
        policy: Any,
    ) -> None:
        self.name, self.heads, self.observe, self.policy = name, dict(heads), observe, policy
        self.columns = columns
        if not 1 <= len(heads) <= MOST_HEADS:
            raise KernelError(f"seat {name!r} has {len(heads)} heads: valid is 1 to {MOST_HEADS}")
        for head, size in heads.items():
            whole(size, f"seat {name!r}: size of head {head!r}", 1)
        self.sizes = np.array(list(heads.values()), np.int64)
        self.neutral = np.array(neutral if neutral is not None else [0] * len(heads), np.int64)
        self.neutral.flags.writeable = False
        if (
            self.neutral.shape != self.sizes.shape
            or (self.neutral < 0).any()
            or (self.neutral >= self.sizes).any()
        ):
            raise KernelError(
                f"seat {name!r}: neutral is {neutral}: valid is an index for each head of {dict(heads)}"
            )
        for promised in ("needs_observation", "act"):
            if not hasattr(policy, promised):
                raise KernelError(
                    f"seat {name!r}: {type(policy).__name__} has no {promised}: "
                    "valid is a policy with needs_observation and act(ask)"
                )
        if policy.needs_observation and observe is None:
            raise KernelError(f"seat {name!r}: {type(policy).__name__} needs observations: give observe=")
        self.tell: Callable[[Ask], None] = lambda ask: None
        self.alive = columns.alive.reshape(columns.replicas, -1)
        self.action = self._action(columns)
        self.owned = np.zeros_like(self.alive)
        self.outside = False
        self.barrier: Barrier | None = None
        self._seen = self.alive.copy()
        self._plans: dict[int, Plan] = {}
        self._mask = np.zeros(self.alive.shape, np.int64)
        self._clear()

    def _action(self, columns: Columns) -> NDArray[np.int64]:
        shape = (*self.alive.shape, len(self.heads))
        action = columns.columns().get("action")
        if action is None or action.dtype != np.int64 or action.size != np.prod(shape):
            raise KernelError(
                f"seat {self.name!r} needs `action: i8 = column('1', width={len(self.heads)})` in its columns"
            )
        return action.reshape(shape)

    def _clear(self) -> None:
        self.asking = False
        self.cohort = 0
        self.due: list[tuple[DueColumn, int]] = []
        self.single: dict[tuple[int, int], int] = {}
        self.waiting: list[Callable[[], None]] = []

    def own(self, slot: int) -> None:
        """Give a slot a calendar of its own: cohorts and due columns no longer ask it."""
        slot = whole(slot, f"slot of {self.name}", 0)
        if slot >= self.columns.capacity or self.owned[:, slot].any():
            raise KernelError(
                f"slot {slot} of {self.name}: valid is a slot below {self.columns.capacity} "
                "without a process of its own"
            )
        self.owned[:, slot] = True
        self._plans.clear()

    def bits(self, heads: tuple[str, ...] | None) -> int:
        """Heads as a bit mask; None means all."""
        if heads is None:
            return (1 << len(self.heads)) - 1
        names = list(self.heads)
        for head in heads:
            if head not in names:
                raise KernelError(f"seat {self.name!r}: {choose('head', head, names)}")
        return sum(1 << names.index(head) for head in set(heads))

    def ask_cohort(self, bits: int) -> None:
        """Everyone alive without a calendar of their own asks."""
        if self.cohort & bits:
            raise KernelError(
                f"{self.name}: the cohort asks twice for {self._names(self.cohort & bits)} at one instant"
            )
        self.cohort |= bits
        self._called()

    def ask_due(self, column: DueColumn, bits: int) -> None:
        """Those of them whose tick in a column has come ask."""
        self.due.append((column, bits))
        self._called()

    def ask_one(self, replica: int, slot: int, bits: int, answered: Callable[[], None]) -> None:
        """One agent asks; `answered` is called when its row of `action` is written."""
        if not self.alive[replica, slot]:
            raise KernelError(f"{self.name}: agent {slot} of replica {replica} asks but is not alive")
        if self.single.get((replica, slot), 0) & bits:
            raise self._twice(replica, slot)
        self.single[replica, slot] = self.single.get((replica, slot), 0) | bits
        self.waiting.append(answered)
        self._called()

    def _called(self) -> None:
        if self.barrier is None:
            raise KernelError(
                f"{self.name} asks but sits at no barrier: "
                f"add decide(ask(..., {self.name!r})) to the timetable"
            )
        self.barrier.called(self)

    def _twice(self, replica: int, slot: int) -> KernelError:
        return KernelError(
            f"{self.name}: agent {slot} of replica {replica} asks twice for a head at one instant",
            replica,
        )

    def _names(self, bits: int) -> str:
        return ", ".join(head for h, head in enumerate(self.heads) if bits >> h & 1)

    def gather(self, noise: Noise) -> Ask | None:
        """Everything asked at this instant, observed where somebody looks; None when nobody was alive."""
        plan = self._gathered(noise.tick) if self.due or self.single else self._whole(self.cohort)
        waiting = self.waiting
        self._clear()
        if not plan.replica.size:
            return None
        ask = Ask(self, plan, noise, waiting)
        return self._observed(ask) if self.outside or self.policy.needs_observation else ask

    def look(self, noise: Noise) -> Ask:
        """What everyone alive sees now, as an ask for no head."""
        replica, agent = (index.astype(np.int32) for index in np.nonzero(self.alive))
        nothing = np.zeros((replica.size, len(self.heads)), np.bool_)
        return self._observed(Ask(self, Plan(replica, agent, nothing), noise))

    def write(self, ask: Ask, answer: NDArray[np.int64]) -> None:
        """Write an answer into the heads asked, and wake the processes that wait for it."""
        self._write(Plan(ask.replica, ask.agent, ask.mask), answer)
        self.tell(ask)
        for answered in ask._waiting:
            answered()

    def _whole(self, bits: int) -> Plan:
        if not unchanged(self.alive, self._seen):
            self._seen[...] = self.alive
            self._plans.clear()
        plan = self._plans.get(bits)
        if plan is None:
            mark_cohort(self._mask, self.alive, self.owned, bits)
            plan = self._plans[bits] = Plan(*collect(self._mask, len(self.heads)))
        return plan

    def _gathered(self, tick: int) -> Plan:
        mask = self._mask
        if self.cohort:
            mark_cohort(mask, self.alive, self.owned, self.cohort)
        for column, bits in self.due:
            twice = mark_due(mask, self.alive, self.owned, bits, column.column, tick)
            if twice >= 0:
                raise self._twice(*divmod(twice, mask.shape[1]))
        for (replica, slot), bits in self.single.items():
            mask[replica, slot] |= bits
        return Plan(*collect(mask, len(self.heads)))

    def _observed(self, ask: Ask) -> Ask:
        if self.observe is None:
            return ask
        seen = self.observe(ask)
        if seen.ndim != 2 or len(seen) != len(ask) or seen.dtype != np.float32:
            raise KernelError(
                f"{self.name}: observe gave {seen.shape} {seen.dtype}: "
                f"valid is ({len(ask)}, features) float32"
            )
        finite = np.isfinite(seen)
        if not finite.all():
            row, feature = (int(i) for i in np.argwhere(~finite)[0])
            raise KernelError(
                f"{self.name}: observation {feature} of agent {ask.agent[row]} in replica {ask.replica[row]} "
                f"is {seen[row, feature]}: valid is a finite number",
                int(ask.replica[row]),
            )
        ask.observation = seen
        return ask

    def _write(self, plan: Plan, answer: NDArray[np.int64]) -> None:
        shapes = (self.sizes.shape, plan.asked.shape)
        if not isinstance(answer, np.ndarray) or answer.dtype != np.int64 or answer.shape not in shapes:
            given = f"{answer.shape} {answer.dtype}" if isinstance(answer, np.ndarray) else repr(answer)[:40]
            raise KernelError(
                f"{self._who} of {self.name} answered {given}: "
                f"valid is int64 of shape {shapes[1]}, or {shapes[0]} for all alike"
            )
        if answer is self.neutral:
            write_same(self.action, *plan, answer)
        elif answer.ndim == 1:
            if ((answer < 0) | (answer >= self.sizes)).any():
                raise self._beyond(plan, 0, answer)
            write_same(self.action, *plan, answer)
        else:
            row = write_each(self.action, *plan, answer, self.sizes)
            if row >= 0:
                raise self._beyond(plan, row, answer[row])

    @property
    def _who(self) -> str:
        return "the outside" if self.outside else type(self.policy).__name__

    def _beyond(self, plan: Plan, row: int, answer: NDArray[np.int64]) -> KernelError:
        return KernelError(
            f"{self._who} of {self.name} answered {answer.tolist()} to agent "
            f"{plan.agent[row]} of replica {plan.replica[row]}: "
            f"valid are indices below {self.sizes.tolist()} for {list(self.heads)}",
            int(plan.replica[row]),
        )
