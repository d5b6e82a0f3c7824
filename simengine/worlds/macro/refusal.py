"""Why an economy has no opening: the settings without which it would have one, in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from simengine import kernel
from simengine.errors import NoOpening, one_line
from simengine.kernel.finite import Finite
from simengine.kernel.room import NoRoom
from simengine.worlds.macro.config import MacroConfig

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro

Opens = Callable[[MacroConfig], bool]


def open_or_refuse(world: Macro, sim: Simulation) -> None:
    """Open the economy; NoOpening naming the settings with which it has no sound opening."""

    def opens(config: MacroConfig) -> bool:
        trial = type(world)(config)
        trial.populate = partial(_open, trial)  # type: ignore[method-assign]
        try:
            kernel.Simulation(trial, sim.seed, sim.numbers)
        except (ValueError, OverflowError):
            return False
        return True

    try:
        _open(world, sim)
    except NoRoom:
        raise
    except (ValueError, OverflowError) as error:
        raise no_opening(world.config, opens, error) from error


def _open(world: Macro, sim: Simulation) -> None:
    with np.errstate(all="ignore"):  # what is not finite is found afterwards
        world.open(sim)
    for problem in (*Finite(sim.state).problems(), *world.invariants(sim)):
        raise ValueError(problem)


def no_opening(config: MacroConfig, opens: Opens, reason: object) -> NoOpening:
    """The refusal of a configuration; `opens` tries others like it.

    It names the first changed setting whose default would do, else those that must all go back together.
    """
    defaults = MacroConfig().model_dump()
    changed = [*_changed(config.model_dump(), defaults)]
    for path in changed:
        if _opens(_reset(config.model_dump(), defaults, [path]), opens):
            return _refused(config, defaults, [path], reason)
    for k in range(2, len(changed) + 1):
        if _opens(_reset(config.model_dump(), defaults, changed[:k]), opens):
            return _refused(config, defaults, changed[:k], reason)
    return NoOpening(f"config.households = {config.households}: no opening on this seed: {one_line(reason)}")


def _refused(
    config: MacroConfig, defaults: Mapping[str, Any], paths: list[tuple[str, ...]], reason: object
) -> NoOpening:
    given = config.model_dump()
    named = ", ".join(f"{'.'.join(path)} = {_at(given, path)}" for path in paths)
    valid = ", ".join(f"{_at(defaults, path)}" for path in paths)
    return NoOpening(
        f"config.{named}: the economy has no opening with this ({one_line(reason)[:120]}): "
        f"valid is nearer to the default, {valid}"
    )


def _opens(values: dict[str, Any], opens: Opens) -> bool:
    try:
        return opens(MacroConfig.model_validate(values))
    except ValidationError:
        return False


def _changed(
    values: Mapping[str, Any], defaults: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _changed(value, defaults[name], (*above, name))
        elif value != defaults[name]:
            yield (*above, name)


def _reset(
    values: dict[str, Any], defaults: Mapping[str, Any], paths: list[tuple[str, ...]]
) -> dict[str, Any]:
    for path in paths:
        branch = values
        for name in path[:-1]:
            branch = branch[name]
        branch[path[-1]] = _at(defaults, path)
    return values


def _at(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = values
    for name in path:
        found = found[name]
    return found
