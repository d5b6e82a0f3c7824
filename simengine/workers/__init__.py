"""Who computes: a function of many tasks, by workers that may die without anything being lost."""

from simengine.workers.carried_out import Answer, WorkerDied, Workers, answered, carried_out
from simengine.workers.processes import Processes

__all__ = ["Answer", "Processes", "WorkerDied", "Workers", "answered", "carried_out"]
