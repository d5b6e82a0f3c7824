"""The simulation a user makes: worlds, policies and shocks by name, on top of the kernel's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from simengine import kernel
from simengine.errors import UserError
from simengine.registry import policy
from simengine.scenarios.scenario import make_world, replica_numbers
from simengine.shocks.schedule import Scheduled, scheduled
from simengine.threads import one_thread


class Simulation(kernel.Simulation):
    """One world, one clock, R replicas, its streams: `Simulation("macro", seed=3, replicas=16)`.

    `world` is a name, `module:Class` or a world; `config` its settings by name; `policies` maps a population
    to `"rule"`, `"random"`, `"fixed:2,2,0"`, `module:Class` or a policy; `shocks` holds `Scheduled` shocks or
    their short form, `"rate:+0.01@5y..6y"`.
    """

    def __init__(
        self,
        world: Any = "macro",
        seed: int = 0,
        replicas: int | str | Sequence[int] = 1,
        policies: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        shocks: Iterable[Scheduled | str] = (),
        bus: Any = None,
        rerun: str | Callable[[int], str] | None = None,
    ) -> None:
        one_thread()
        if isinstance(world, str):
            world = make_world(world, config or {})
        elif config:
            raise UserError(
                "config: this world is made already: give its config to the world, or name the world"
            )
        chosen = {seat: policy(p, seat) if isinstance(p, str) else p for seat, p in (policies or {}).items()}
        try:
            numbers = replica_numbers(list(replicas) if not isinstance(replicas, (int, str)) else replicas)
        except ValueError as error:
            raise UserError(f"replicas = {replicas!r}: {error}") from None
        super().__init__(world, seed=seed, replicas=numbers, policies=chosen, bus=bus, rerun=rerun)
        for shock in shocks:
            self.strike(scheduled(shock, world.ticks_per_year) if isinstance(shock, str) else shock)

    def strike(self, shock: Scheduled) -> None:
        """Put a scheduled shock on the calendar."""
        self.at(shock.start, shock.shock, until=shock.until, replicas=shock.indices(self.R))
