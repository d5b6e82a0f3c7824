"""Whether a world keeps its promises: the kernel's, and that it can be stepped from outside and trained.

for finding in check(MyWorld):
    print(finding)
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from simengine.errors import one_line
from simengine.kernel import conformance
from simengine.kernel.conformance import Finding
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from simengine.worlds.contract import World
from simengine.worlds.shock import Shock, lever
from streams.events import Reward
from streams.guard import said

STEPS = 50
OFFERS = {
    "features": "train, environments",
    "metrics": "report",
    "shocks": "--shock",
    "facts": "validate, calibrate",
    "mechanisms": "audit",
    "calibration": "calibrate",
    "scenarios": "run NAME",
}
"""What a world may leave out, and the commands that then have nothing to work with."""


def check(
    world: type[World] | str, config: Mapping[str, Any] | None = None, ticks: int | None = None
) -> list[Finding]:
    """Findings on a world: its class, name or `module:Class`; runs last `ticks` (default: a year)."""
    spec = world if isinstance(world, str) else f"{world.__module__}:{world.__qualname__}"
    settings = dict(config or {})

    def make() -> World:
        return make_world(spec, settings)

    found = conformance.check(make, ticks=ticks)
    if any(finding.problem for finding in found):
        return found
    made = make()
    for kind in made.shocks:
        found += _tried(f"it takes the shock {kind.name}", partial(_struck, make, kind))
    seen = tuple(made.features)
    if seen:
        found += _tried("it can be stepped from outside", lambda: _stepped(make, seen))
        if made.training() is None:
            found += _tried("it can be trained", lambda: _trained(spec, settings))
    return found


def missing(world: World) -> dict[str, str]:
    """What a world does not offer, with the commands that need it."""
    return {name: use for name, use in OFFERS.items() if not _offered(world, name)}


def _offered(world: World, name: str) -> bool:
    offer = getattr(world, name)
    return bool(offer() if name == "facts" else offer)


def _tried(name: str, attempt: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return [*attempt()] or [Finding(name)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return [Finding(name, one_line(said(error)))]


def _struck(make: Callable[[], World], kind: type[Shock]) -> Iterator[Finding]:
    """The lever that a kind of shock pulls must be there."""
    lever(Simulation(make()).world, kind.lever, kind.name)
    yield from ()


def _stepped(make: Callable[[], World], populations: tuple[str, ...]) -> Iterator[Finding]:
    """Some steps of what the rules answer; what is shown must be what is declared."""
    from simengine.environments import TensorEnv

    env = TensorEnv(make, populations, replicas=2)
    for name in populations:
        shown, said = env.features[name], len(make().features[name])
        if isinstance(shown, int) and shown != said:
            advice = "name every number that observe gives, in order"
            yield Finding(
                f"{name} see what is declared", f"observe gives {shown} numbers, features {said}", advice
            )
    told, steps = env.reset(seed=1), 0
    while not env.over and steps < STEPS:
        told, steps = env.step({name: env.rest(name) for name, rows in told.items() if len(rows)}), steps + 1


def _trained(spec: str, config: Mapping[str, Any]) -> Iterator[Finding]:
    """One iteration of PPO over a year; who learns must be paid."""
    from simengine.learning.plan import Plan
    from simengine.learning.training import Trainer

    sim, paid = Simulation(make_world(spec, config)), set()
    sim.bus.listen(Reward, lambda batch: paid.add(batch.label("population")))
    sim.run(ticks=sim.world.ticks_per_year)
    for name in sim.world.features:
        if name not in paid:
            advice = f"publish Reward with population={name!r}, or leave it out of features"
            yield Finding(f"{name} are rewarded", "no Reward of theirs in a year", advice)
    if paid:
        plan = Plan(spec, config=config, iterations=1, replicas=2, span_years=1.0, evaluate_every=0)
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer.begin(plan, Path(folder) / "trained")
            trainer.iterate()
            trainer.close()
