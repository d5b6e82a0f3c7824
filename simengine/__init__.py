"""Agent-based economies as SimPy events and RxPY streams: the table of contents.

Everything here is imported when it is first used, so that `import simengine` and `--help` are quick.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simengine.shadows import shadowed_packages

if TYPE_CHECKING:
    from agents.action import Action
    from agents.observation import Feature
    from agents.policy import RulePolicy
    from simengine.config import Config, setting
    from simengine.conformance import check
    from simengine.errors import UserError
    from simengine.forks import fork, travel
    from simengine.histories import History
    from simengine.kernel import Columns, ask, b1, column, decide, due, every, f4, f8, i1, i2, i4, i8
    from simengine.kernel.heads import Real, Simplex, Tokens
    from simengine.live.steering import Live
    from simengine.recording import Recording
    from simengine.scenarios import Scenario
    from simengine.shocks import Shock, Strike
    from simengine.simulation import Simulation
    from simengine.worlds.contract import World
    from streams.event import col, event
    from streams.events import Reward
    from streams.metrics import announce, metric

_HOME = {
    "agents.action": ("Action",),
    "agents.observation": ("Feature",),
    "agents.policy": ("RulePolicy",),
    "simengine.config": ("Config", "setting"),
    "simengine.conformance": ("check",),
    "simengine.errors": ("UserError",),
    "simengine.kernel": (
        *("Columns", "ask", "column", "decide", "due", "every"),
        *("b1", "f4", "f8", "i1", "i2", "i4", "i8"),
    ),
    "simengine.kernel.heads": ("Real", "Simplex", "Tokens"),
    "simengine.recording": ("Recording",),
    "simengine.scenarios": ("Scenario",),
    "simengine.shocks": ("Shock", "Strike"),
    "simengine.forks": ("fork", "travel"),
    "simengine.histories": ("History",),
    "simengine.live.steering": ("Live",),
    "simengine.simulation": ("Simulation",),
    "simengine.worlds.contract": ("World",),
    "streams.event": ("col", "event"),
    "streams.events": ("Reward",),
    "streams.metrics": ("announce", "metric"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Action",
    "Columns",
    "Config",
    "Feature",
    "History",
    "Live",
    "Real",
    "Recording",
    "Reward",
    "RulePolicy",
    "Scenario",
    "Shock",
    "Simplex",
    "Simulation",
    "Strike",
    "Tokens",
    "UserError",
    "World",
    "announce",
    "ask",
    "b1",
    "check",
    "col",
    "column",
    "decide",
    "due",
    "event",
    "every",
    "f4",
    "f8",
    "fork",
    "i1",
    "i2",
    "i4",
    "i8",
    "metric",
    "setting",
    "travel",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'simengine' has no attribute {name!r}")
    if shadowed := next(shadowed_packages(Path(__file__).resolve().parents[1]), ""):
        raise ImportError(shadowed)
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
