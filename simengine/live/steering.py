"""Steering: the commands of a run from its inbox into its journal, from there into its simulation."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from agents.directed import Action, Desk, Question
from simengine import kernel
from simengine.casting import directed, policy_for
from simengine.errors import UserError, one_line
from simengine.guarded import guarded
from simengine.kernel import KernelError, Strike
from simengine.live.commands import PACES, Answer, Pacing, Placed, Seating, command_of
from simengine.live.inbox import POLL, Inbox
from simengine.live.journal import JOURNAL, Entry, Journal
from simengine.live.pace import RATE, Pace
from simengine.live.questions import shown
from simengine.live.wording import command
from simengine.policies import SUFFIX, digest_of
from simengine.simulation import Simulation
from streams.sealed import write_whole

POLICIES = "policies"
"""The folder, in that of a run, of networks that were seated while it went on."""


class Live(NamedTuple):
    """How a run goes while people watch: nothing of it changes a bit.

    `rate` ticks a second are wanted (None: as fast as can be), times `speed`. `desk` answers for agents that
    are played, by default whoever writes to the inbox, within `deadline` seconds; then the rule decides.
    What is recorded can be read every `seal_seconds`. `journal` is that of an earlier run of the same
    scenario, whose commands are carried out again.
    """

    rate: float | None = None
    speed: float = 1.0
    deadline: float = 60.0
    seal_seconds: float | None = None
    desk: Desk | None = None
    journal: Path | None = None


AT_ONCE = Live()
"""As fast as can be."""


class Steering:
    """What a run in `folder` is told while it goes on; `identity` names the run in its journal."""

    def __init__(self, sim: Simulation, folder: Path, identity: str, live: Live = AT_ONCE) -> None:
        self.sim, self.folder, self.deadline = sim, folder, live.deadline
        self.pace = Pace(live.rate, live.speed)
        self.stopped = False
        self.journal, self.inbox = Journal(folder / JOURNAL, identity), Inbox(folder)
        self.hurried: Callable[[], bool] = lambda: False
        self._desk: Desk = live.desk or self._by_inbox
        self._held: list[str] = []
        sim.desk = self._answered
        for entry in self.journal.entries:
            self._declare(entry.command)

    def follow(self, journal: Path) -> None:
        """Carry out the journal of an earlier run again; UserError for one of another scenario."""
        self.take_over(Journal(journal, self.journal.identity).entries, journal.parent)

    def take_over(self, entries: Iterable[Entry], source: Path) -> None:
        """Carry out commands of the run in the folder `source`, with the networks that lie there."""
        for entry in entries:
            given = entry.command
            if isinstance(given, Seating) and given.policy == _kept(given.weights):
                self._keep(source / given.policy, given.policy)
            self.journal.append(*entry)
            self._declare(given)

    def attend(self) -> None:
        """Carry out what has come, between two instants."""
        held, self._held = self._held, []
        for line in held:
            try:
                self.tell(line)
            except (UserError, KernelError) as error:  # it fitted before another that came with it
                warnings.warn(f"not carried out: {one_line(error)}", stacklevel=2)
        for name, line in self.inbox.take():
            self._reply(name, line)

    def _reply(self, name: str, line: str, carry_out: Callable[[str], str] | None = None) -> None:
        try:
            self.inbox.reply(name, (carry_out or self.tell)(line), True)
        except (UserError, KernelError) as error:
            self.inbox.reply(name, one_line(error), False)

    def tell(self, said: Any, now: int | None = None) -> str:
        """Carry out a command, a line or a record, once it is in the journal; what was done, in a line.

        `now` is the tick that the line means by that word, the present one where none is given. UserError
        for a command that cannot be carried out: then nothing is written down.
        """
        sim = self.sim
        now = max(sim.tick, 0) if now is None else now
        given = self._prepared(command(said, sim.world, now) if isinstance(said, str) else command_of(said))
        if isinstance(given, Pacing):
            self.journal.append(sim.tick, given)
            self._go(given)
        elif isinstance(given, Answer):
            raise UserError(f"answer of {given.population}/{given.agent}: it is asked nothing now")
        else:
            strike = _fitting(sim, given, self.folder, sim.tick)
            self.journal.append(now, given)
            sim.strike(strike)
        words = f": {said}" if isinstance(said, str) else ""
        return f"tick {now} ({sim.world.calendar.text(now)}){words}"

    def _prepared(self, given: Any) -> Any:
        """A command as the journal keeps it: with the digest of the network that it seats, copied here."""
        if not isinstance(given, Seating) or given.weights:
            return given
        policy = policy_for(self.sim, given.place, given.policy)
        digest = digest_of(policy, given.place.partition(".")[2])
        kept = given.policy
        if digest and given.policy.endswith(SUFFIX):
            kept = _kept(digest)
            self._keep(Path(given.policy), kept)
        return given.model_copy(update={"policy": kept, "weights": digest})

    def _keep(self, source: Path, name: str) -> None:
        if not (self.folder / name).exists():
            write_whole(self.folder / name, source.read_bytes())

    def _declare(self, given: Any) -> None:
        """Have a command of the journal take effect at its tick; nobody waits, so that paces have none."""
        if isinstance(given, Placed):
            with guarded(self.folder):
                strike = given.strike(self.sim, self.folder)
            kernel.Simulation.strike(self.sim, strike)  # it fitted when it came
        elif isinstance(given, Answer):
            assert given.tick is not None
            key = given.tick, given.ordinal, given.replica, given.agent
            directed(self.sim, given.checked(self.sim).population).answers[key] = given.action

    def _go(self, given: Pacing) -> None:
        if given.kind == "stop":
            self.stopped = True
        elif given.kind == "step":
            self.pace.change(paused=True)
            self.pace.steps = int(given.number)
        elif given.kind == "speed":
            self.pace.change(rate=self.pace.rate or RATE, factor=given.number, paused=False)
        else:
            self.pace.change(paused=given.kind == "pause")

    # -- who plays ---------------------------------------------------------------------------------

    def _answered(self, questions: Sequence[Question]) -> list[Action | None]:
        """What the desk says, once it is in the journal."""
        said = list(self._desk(questions))
        for question, action in zip(questions, said, strict=True):
            tick, ordinal, replica, agent = question.key
            answer = Answer(
                population=question.population, agent=agent, replica=replica,
                tick=tick, ordinal=ordinal, action=action,
            ).checked(self.sim)  # fmt: skip
            self.journal.append(tick, answer)
        return said

    def _by_inbox(self, questions: Sequence[Question]) -> list[Action | None]:
        """Wait for answers in the inbox until the deadline, which a pause puts off.

        Other commands wait for the instant's end, but those about the pace.
        """
        left, found = self.deadline, dict[int, Action | None]()
        self.inbox.ask([shown(question, self.sim.world, self.deadline) for question in questions])
        while len(found) < len(questions) and left > 0 and not (self.stopped or self.hurried()):
            before = time.monotonic()
            for name, line in self.inbox.take():
                kind = line.split(maxsplit=1)[0] if line.strip() else ""
                if kind == "answer":
                    self._reply(name, line, lambda said: self._hear(said, questions, found))
                elif kind in PACES:
                    self._reply(name, line)
                else:
                    self._reply(name, line, self._hold)
            time.sleep(POLL)
            left -= 0.0 if self.pace.paused else time.monotonic() - before
        self.inbox.ask([])
        return [found.get(place) for place in range(len(questions))]

    def _hold(self, line: str) -> str:
        """Keep a command until the instant is over."""
        check(self.sim, [line], self.sim.tick + 1)
        self._held.append(line)
        return f"tick {self.sim.tick} waits for an answer; then: {line}"

    def _hear(self, line: str, questions: Sequence[Question], found: dict[int, Action | None]) -> str:
        """Take an answer for one of the questions."""
        place, action = self._match(line, questions)
        found[place] = action
        return f"tick {self.sim.tick}: {line}"

    def _match(self, line: str, questions: Sequence[Question]) -> tuple[int, Action | None]:
        given = command(line, self.sim.world, self.sim.tick).checked(self.sim)
        for place, question in enumerate(questions):
            who = question.population, question.agent, question.replica
            if who == (given.population, given.agent, given.replica):
                return place, given.action
        agent = f"{given.population}/{given.agent}#{given.replica}"
        raise UserError(f"answer of {agent}: it is asked nothing now")


def _kept(digest: str) -> str:
    """Where a network of some digest lies in the folder of a run."""
    return f"{POLICIES}/{digest}{SUFFIX}"


def check(sim: Simulation, lines: Iterable[str], now: int | None = None) -> None:
    """UserError for the first of the lines that a run could not be told at tick `now`, the present one."""
    now = sim.tick if now is None else now
    for line in lines:
        given = command(line, sim.world, max(now, 0))
        if isinstance(given, Placed):
            _fitting(sim, given, Path(), now)


def check_journal(path: Path, identity: str) -> None:
    """UserError for a journal that is not there, or of another run, or without the networks that it seats."""
    if not path.is_file():
        raise UserError(f"{path}: no such file: valid is the {JOURNAL} of a run")
    for entry in Journal(path, identity).entries:
        given = entry.command
        if isinstance(given, Seating) and given.policy == _kept(given.weights):
            network = path.parent / given.policy
            if not network.is_file():
                raise UserError(f"{network}: not there: valid is a journal in the folder of its run")


def _fitting(sim: Simulation, given: Placed, folder: Path, now: int) -> Strike:
    """A command as a strike that is still to come and fits the world."""
    strike = given.strike(sim, folder)
    if strike.tick < now:
        raise UserError(f"{given.kind}: tick {strike.tick} is over: valid is {now} or later")
    sim.fits(strike)
    return strike


def identity_of(scenario: dict[str, Any]) -> str:
    """What names a run in its journal: all that its bits depend on, as its scenario says it."""
    told = {key: value for key, value in scenario.items() if key not in ("record", "observe")}
    return blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=8).hexdigest()
