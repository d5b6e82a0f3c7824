"""The progress bar of a training: one line for its speed, one for each population that learns."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import Any

from tqdm import tqdm

from simengine.learning.training import Trainer
from simengine.progress import UNKNOWN_SIZE


def speed(trainer: Trainer) -> str:
    """How many agent-steps there were, and how many a second of the processor."""
    return (
        f"{trainer.agent_steps:,} agent-steps, {trainer.agent_steps / trainer.cpu_seconds:,.0f} a CPU second"
    )


class TrainingProgress:
    """A bar over iterations; `watch` is what a trainer calls after each."""

    def __init__(self, trainer: Trainer, quiet: bool = False) -> None:
        size = get_terminal_size(UNKNOWN_SIZE)
        shape: dict[str, Any] = {"disable": quiet or None, "ncols": size.columns, "nrows": size.lines}
        self.bar = tqdm(
            total=trainer.plan.iterations,
            initial=trainer.iteration,
            unit="iteration",
            bar_format="{desc}|{bar:16}| {elapsed}<{remaining}{postfix}",
            **shape,
        )
        self.lines = {
            name: tqdm(position=k, bar_format="{desc}", **shape)
            for k, name in enumerate(trainer.populations, start=1)
        }
        self.gains: dict[str, float] = {}
        self.watch(trainer)

    def watch(self, trainer: Trainer) -> None:
        """Move the bar to where the training is."""
        plan = trainer.plan
        self.bar.set_description_str(f"iteration {trainer.iteration}/{plan.iterations} ", refresh=False)
        if trainer.cpu_seconds:
            self.bar.set_postfix_str(speed(trainer), refresh=False)
        self.bar.update(trainer.iteration - self.bar.n)
        self.bar.refresh()
        width = max(map(len, self.lines))
        for row in trainer.rows[-len(self.lines) :]:
            name = row["population"]
            if row["gain"] is not None:
                self.gains[name] = row["gain"]
            gain = f"  gain on the rule {self.gains[name]:+.2f} sd" if name in self.gains else ""
            undone = f"  undone: {row['undone']}" if row["undone"] else ""
            self.lines[name].set_description_str(
                f"  {name:<{width}}  reward {row['reward']:+.3f}  entropy {row['entropy']:.2f}{gain}{undone}"
            )

    def close(self) -> None:
        """Leave the lines as they stand."""
        for line in (*reversed(self.lines.values()), self.bar):
            line.close()
