"""Agent-based economies as SimPy events and RxPY streams: the table of contents.

Everything here is imported when it is first used, so that `import simengine` and `--help` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.config import Config
    from simengine.errors import UserError
    from simengine.kernel import Columns, ask, column, decide, due, every
    from simengine.recording import Recording
    from simengine.scenarios import Scenario
    from simengine.shocks import Shock, Strike
    from simengine.simulation import Simulation
    from simengine.worlds.contract import World

_HOME = {
    "simengine.config": ("Config",),
    "simengine.errors": ("UserError",),
    "simengine.kernel": ("Columns", "ask", "column", "decide", "due", "every"),
    "simengine.recording": ("Recording",),
    "simengine.scenarios": ("Scenario",),
    "simengine.shocks": ("Shock", "Strike"),
    "simengine.simulation": ("Simulation",),
    "simengine.worlds.contract": ("World",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Columns",
    "Config",
    "Recording",
    "Scenario",
    "Shock",
    "Simulation",
    "Strike",
    "UserError",
    "World",
    "ask",
    "column",
    "decide",
    "due",
    "every",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'simengine' has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
