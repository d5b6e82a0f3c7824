"""When things happen: clock, timetable, barriers, state, noise, checkpoints. It knows no economy."""

from simengine.kernel.asks import Ask
from simengine.kernel.checkpoint import Checkpoint, newest
from simengine.kernel.errors import CheckpointError, KernelError, SimulationFailed
from simengine.kernel.heads import Categorical, Head, Real, Simplex, Tokens
from simengine.kernel.noise import Noise, normal_at, uniform_at
from simengine.kernel.processes import Me
from simengine.kernel.selection import Rows
from simengine.kernel.shocks import ShockLike, Strike
from simengine.kernel.simulation import Simulation
from simengine.kernel.state import NEVER, Columns, State, b1, column, f4, f8, i1, i2, i4, i8, u8
from simengine.kernel.timetable import ask, decide, due, every, span
from simengine.kernel.units import Calendar
from simengine.kernel.world import WorldLike

__all__ = [
    "NEVER", "Ask", "Calendar", "Categorical", "Checkpoint", "CheckpointError", "Columns", "Head",
    "KernelError", "Me", "Noise", "Real", "Rows", "ShockLike", "Simplex", "Simulation", "SimulationFailed",
    "State", "Strike", "Tokens", "WorldLike", "ask", "b1", "column", "decide", "due", "every", "f4", "f8",
    "i1", "i2", "i4", "i8", "newest", "normal_at", "span", "u8", "uniform_at",
]  # fmt: skip
