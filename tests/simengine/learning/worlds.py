"""Plans in the inventory world for the tests of learning, and a world of bad numbers."""

import numpy as np

from simengine.learning.plan import Plan
from simengine.worlds.inventory.world import YEAR, Inventory

CONFIG = {"shops": 4, "review_days": 2}
DAYS = 14


def small(**changed):
    """A plan of a few short iterations: 4 shops, 2 replicas, 14 days, an episode of 3 iterations."""
    settings = {"all": {"shape": "small", "minibatch": 32, "rows_most": 40}}
    chosen = {
        "world": "inventory", "config": CONFIG, "replicas": 2, "iterations": 6, "spans": 3,
        "span_years": DAYS / YEAR, "settings": settings, "evaluate_every": 0, "seed": 5, **changed,
    }  # fmt: skip
    return Plan(**chosen)


def bits(trainer):
    """Every number a training depends on later, population by population."""
    return {
        f"{name}.{key}": np.array(array).tobytes()
        for name, pupil in trainer.pupils.items()
        for key, array in pupil.memory().items()
        if key != "passed"  # a count of forward passes, on which no number depends
    }


def log(trainer):
    """The rows of the log without what no two trainings share."""
    return [{k: v for k, v in row.items() if "cpu_seconds" not in k} for row in trainer.rows]


class Poisoned(Inventory):
    """The inventory world, in which one number is not finite on one day: `poison` says which."""

    poison = {"site": "nothing"}

    def observe(self, ask):
        seen, p = super().observe(ask), self.poison
        if p["site"] == "observation" and ask.tick >= p["tick"]:
            seen[p["row"] % len(seen), p["column"] % seen.shape[1]] = p["bad"]
        return seen

    def trade(self, sim):
        p = self.poison
        if p["site"] == "reward" and sim.tick == p["tick"]:
            self.shops.spent[p["row"] % sim.R, p["column"] % self.config.shops] = -p["bad"]
        super().trade(sim)


class Spoiled(Poisoned):
    """The same with one reward that is not a number, in whatever process."""

    poison = {"site": "reward", "tick": 3, "row": 0, "column": 1, "bad": np.nan}
