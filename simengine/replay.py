"""Recorded decisions as a policy: who decided what, when, of the recording of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from agents.policy import Recorded, RecordedPolicy
from analysis.run import Run
from simengine.errors import UserError
from simengine.kernel.declaration import apart
from streams.events import Decision, RealDecision

if TYPE_CHECKING:
    from simengine.policies import Seated

VALUES: dict[type, str] = {Decision: "action", RealDecision: "value"}


def recorded_policy(folder: Path, seat: Seated) -> RecordedPolicy:
    """The policy that replays what was decided in a seat, or for one head of it, in a recorded run.

    UserError where nothing was, or where the recording is of another run, of other replicas or more agents,
    or not of every decision.
    """
    run, names = Run(folder), [*seat.heads]
    _of_this_run(run, seat)
    rows = [_rows(run, event, seat) for event in VALUES if event.__name__ in run.recorded]
    found = pl.concat(rows).sort("tick", "ordinal", maintain_order=True) if rows else pl.DataFrame()
    if found.is_empty():
        raise UserError(f"policy recorded:{folder}: no decisions of {seat.name} are recorded there")
    replicas, slots = seat.shape
    held, agents = found["replica"].unique().sort().to_list(), int(str(found["agent"].max())) + 1
    if held != list(range(replicas)) or agents > slots:
        raise UserError(
            f"policy recorded:{folder}: decisions of replicas {', '.join(map(str, held))} and {agents} "
            f"{seat.population}: valid are all {replicas} replicas (--record all) and at most {slots} of them"
        )
    by_head = found.partition_by("head", maintain_order=True, as_dict=True)
    tracks = {names[int(head)]: _track(part) for (head,), part in by_head.items()}
    own = [head for head in tracks if _was_own(run, seat.population, head)]
    return RecordedPolicy(tracks, own, int(run.manifest["until"]))


def _of_this_run(run: Run, seat: Seated) -> None:
    """Refuse decisions made in another world, with other settings or on other noise, and gaps among them."""
    place, config = f"policy recorded:{run.path}", seat.world.config
    here = {"world": seat.world.name, "seed": seat.seed, "config": config.model_dump(mode="json")}
    if other := apart(run.manifest, here):
        raise UserError(f"{place}: {other}: valid is the same run")
    if run.manifest["status"] != "finished":
        raise UserError(f"{place}: this run is {run.manifest['status']}: valid is one that has finished")
    if run.manifest.get("every", 1) != 1:
        every = run.manifest["every"]
        raise UserError(f"{place}: recorded with every={every}: valid is a recording of every decision")


def _was_own(run: Run, population: str, head: str) -> bool:
    """Whether nobody said in the recorded run who decides a head, so that the world's own policy did."""
    given = run.manifest.get("scenario", {}).get("policies", {})
    return not given.keys() & {f"{population}.{head}", population, "all"}


def _rows(run: Run, event: type, seat: Seated) -> pl.DataFrame:
    """The recorded decisions of one event type on the heads in question; values as float64."""
    wanted = [[*seat.heads].index(head) for head in seat.decided]
    return (
        run.events(event)
        .filter((pl.col("population") == seat.population) & pl.col("head").is_in(wanted))
        .select(
            *(pl.col(name).cast(pl.Int64) for name in Recorded._fields[:-1]), pl.col("head").cast(pl.Int64),
            pl.col(VALUES[event]).cast(pl.Float64).alias("value"),
        )
        .collect()
    )  # fmt: skip


def _track(rows: pl.DataFrame) -> Recorded:
    return Recorded(*(rows[name].to_numpy() for name in Recorded._fields))
