"""Workers as Ray actors, on this machine or on the cluster that RAY_ADDRESS names; needs the extra `ray`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from simengine.errors import UserError, one_line
from simengine.learning.distributed import Crew, Worker
from simengine.learning.learners import Pupils
from simengine.learning.plan import Plan
from simengine.policies import SUFFIX
from simengine.workers.cluster import Membership, available


def by_ray(workers: int) -> Callable[[Plan, Pupils], Crew]:
    """What makes the collector of a training with so many Ray workers."""
    available()
    return lambda plan, pupils: Crew(plan, pupils, workers, RayWorkers)


class RayWorkers:
    """One actor with one processor for each share; networks act on it, whatever device the plan learns on."""

    def __init__(self, plan: Plan, shares: list[range]) -> None:
        self.membership = Membership(len(shares))
        self.ray = self.membership.ray
        actor = self.ray.remote(num_cpus=1)(Worker)
        files = {
            who: str(Path(spec).resolve()) for who, spec in plan.policies.items() if spec.endswith(SUFFIX)
        }
        policies = {**plan.policies, **files}  # an actor may have another working directory
        acting = replace(plan, device="cpu", start={}, policies=policies)  # what to know they are told
        self.actors = [actor.remote(acting, numbers) for numbers in shares]
        self.notes = {"ray": {"workers": len(shares), "version": self.ray.__version__, "act_on": "cpu"}}

    def all(self, method: str, *given: Any) -> list[Any]:
        """What the method of every worker returns; the first failure of one is raised as it was there."""
        sent = [self.ray.put(each) for each in given]
        try:
            answers: list[Any] = self.ray.get([getattr(each, method).remote(*sent) for each in self.actors])
        except self.ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except self.ray.exceptions.RayActorError as error:
            raise UserError(f"a Ray worker died: {one_line(str(error).strip().splitlines()[-1])}") from None
        return answers

    def close(self) -> None:
        """End the actors, and Ray if it was started here."""
        self.actors = []
        self.membership.end()
