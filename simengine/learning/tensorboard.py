"""A training's log as TensorBoard event files; needs the extra `tensorboard`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from simengine.errors import UserError
from simengine.extras import installing

FOLDER = "logs/tensorboard"


class EventFiles:
    """Writes rows of a training's log as scalars `population/name` over agent-steps."""

    def __init__(self, folder: Path, agent_steps: int = 0) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer: Any = SummaryWriter(str(folder / FOLDER), purge_step=agent_steps + 1)

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add every number of each row but what the row itself is placed by."""
        for row in rows:
            for name, value in row.items():
                placed = name in ("population", "iteration", "agent_steps", "undone")
                if not placed and value is not None:
                    self._writer.add_scalar(f"{row['population']}/{name}", value, row["agent_steps"])
        self._writer.flush()

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def available() -> None:
    """A UserError where the extra is missing."""
    try:
        import torch.utils.tensorboard  # noqa: F401
    except ImportError:
        raise UserError(f"--tensorboard: it is not installed: {installing('tensorboard')}") from None
