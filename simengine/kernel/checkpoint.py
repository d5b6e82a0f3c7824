"""Checkpoints of the end of an instant: arrays in safetensors, the rest in a sealed manifest, with hashes.

Where it lies, and how it gets there whole, is the business of `places`. The newest valid one is resumed.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from simengine.kernel import places
from simengine.kernel.declaration import apart, short
from simengine.kernel.errors import CheckpointError, whole
from simengine.kernel.places import KEPT
from simengine.kernel.state import NEVER

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation

FORMAT = 2
ARRAYS, MANIFEST = "arrays.safetensors", "manifest.json"

Seal = Callable[[], Any] | None
Check = Callable[["Checkpoint"], object]


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that has been read and found whole."""

    path: Path
    body: dict[str, Any]
    arrays: dict[str, NDArray[Any]]

    @property
    def tick(self) -> int:
        """The first tick that has not been executed."""
        return int(self.body["tick"])

    @property
    def obstacles(self) -> list[str]:
        """Why this run can only be resumed by replay; empty when it resumes as it stands."""
        return list(self.body["obstacles"])

    @property
    def sealed(self) -> Any:
        """What the recorder's seal returned when this was written."""
        return self.body["sealed"]


def write(sim: Simulation, folder: Path, seal: Seal, keep: int | None = KEPT) -> Path:
    """Write a checkpoint of a simulation between two instants, and forget all but the newest `keep`.

    None keeps all. One process writes to a folder at a time.
    """
    if keep is not None:
        whole(keep, "keep", 1)
    sim.settled("checkpoint")
    sealed = seal() if seal is not None else None
    arrays = save_arrays({name: np.asarray(array, order="C") for name, array in _arrays(sim).items()})
    body = {**_body(sim), "sealed": sealed, "hashes": {ARRAYS: _hash(arrays)}}
    try:
        text = json.dumps(body)
        for process, kept in zip(sim.processes, json.loads(text)["memory"], strict=True):
            if kept != process.me.memory:
                raise ValueError(f"{process.me}: {short(process.me.memory)} would come back as {short(kept)}")
    except (TypeError, ValueError) as error:
        raise CheckpointError(
            f"checkpoint at tick {sim.tick}: memory of a process or seal: {error}: valid is JSON"
        ) from None
    manifest = json.dumps({"body": text, "seal": _hash(text.encode())})
    place = places.place_of(folder, sim.tick)
    places.replace(place, {ARRAYS: arrays, MANIFEST: manifest.encode()}, _is_whole)
    if keep is not None:
        places.forget(folder, sim.tick, keep)
    return place


def image(sim: Simulation) -> Checkpoint:
    """A simulation between two instants as a checkpoint that lies nowhere."""
    sim.settled("image")
    arrays = {name: np.array(array, order="C") for name, array in _arrays(sim).items()}
    return Checkpoint(Path(sim.world.name), json.loads(json.dumps(_body(sim))), arrays)


def _body(sim: Simulation) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **sim.declaration(),
        "tick": sim.tick,
        "counts": sim.counted(),
        "strikes": [strike.declared() for strike in sim.strikes if strike.tick < sim.tick],
        "due": [process.me.due for process in sim.processes],
        "memory": [process.me.memory for process in sim.processes],
        "obstacles": [found for process in sim.processes if (found := process.obstacle()) is not None][:10],
    }


def newest(folder: Path) -> Checkpoint:
    """The newest valid checkpoint in a folder; those that are damaged are passed over with a warning."""
    found, damaged = _search(folder, None, None)
    if found is None:
        raise CheckpointError(
            f"no valid checkpoint in {folder}" + (f": {'; '.join(damaged)}" if damaged else "")
        )
    return found


def nearest(folder: Path, tick: int | None = None, check: Check | None = None) -> Checkpoint | None:
    """The newest valid checkpoint at or before `tick`, of any tick without it; None where there is none.

    Damaged ones are passed over with a warning, and so are those of which `check(found)` raises a ValueError.
    """
    found, damaged = _search(folder, tick, check)
    if found is None:
        _warn(damaged)
    return found


def _search(folder: Path, tick: int | None, check: Check | None) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that stands, after warnings of what is damaged; or none, and what was damaged."""
    damaged = []
    for place in places.found(folder, tick):
        try:
            found = read(place)
            if check is not None:
                check(found)
        except ValueError as error:
            damaged.append(str(error))
            continue
        _warn(damaged)
        return found, damaged
    return None, damaged


def _warn(damaged: list[str]) -> None:
    for each in damaged:
        warnings.warn(f"passed over: {each}", stacklevel=4)


def _is_whole(place: Path) -> bool:
    try:
        read(place)
    except CheckpointError:
        return False
    return True


def read(place: Path) -> Checkpoint:
    """Read one checkpoint and verify its hashes."""
    try:
        outer = json.loads((place / MANIFEST).read_bytes())
        if _hash(outer["body"].encode()) != outer["seal"]:
            raise CheckpointError(f"{place.name}: its manifest is damaged")
        body = json.loads(outer["body"])
        if body["format"] != FORMAT:
            raise CheckpointError(f"{place.name}: format {body['format']}: valid is {FORMAT}")
        data = (place / ARRAYS).read_bytes()
        if _hash(data) != body["hashes"][ARRAYS]:
            raise CheckpointError(f"{place.name}: {ARRAYS} is damaged")
        return Checkpoint(place, body, load_arrays(data))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{place.name}: cannot be read: {' '.join(str(error).split())}") from None


def load(sim: Simulation, found: Checkpoint) -> None:
    """Put a fresh simulation where a checkpoint left off; by replay where a process cannot be saved."""
    _belongs(sim, found)
    if found.obstacles:
        warnings.warn(f"resume replays from tick {sim.start}: {found.obstacles[0]}", stacklevel=3)
        sim.run(until=found.tick)
        if not np.array_equal(sim.digests, found.arrays["kernel/digests"]):
            raise CheckpointError(
                f"{found.path.name}: the replay has other digests: the world or its policies have changed"
            )
        sim.bus.restore(_under("bus/", found.arrays))
    else:
        _fill(sim, found)
        sim.begin_at(found.tick)


def _fill(sim: Simulation, found: Checkpoint) -> None:
    sim.agenda.catch_up(found.tick, sim.world, sim)
    for name, array in _own(sim).items():
        saved = found.arrays.get(name)
        if saved is None or saved.shape != array.shape or saved.dtype != array.dtype:
            held = "nothing" if saved is None else f"{saved.dtype}{saved.shape}"
            raise CheckpointError(
                f"{found.path.name}: holds {held} for {name}: valid is {array.dtype}{array.shape}"
            )
        array[...] = saved
    sim.bus.restore(_under("bus/", found.arrays))
    for name, seat in sim.seats.items():
        if hasattr(seat.policy, "restore"):
            seat.policy.restore(_under(f"policy/{name}/", found.arrays))
    for name, count in found.body["counts"].items():
        setattr(sim.counts, name, count)
    for process, due, memory in zip(sim.processes, found.body["due"], found.body["memory"], strict=True):
        process.me.due, process.me.memory = due, memory
        process.me.resuming, process.retired = True, due == NEVER


def _belongs(sim: Simulation, found: Checkpoint) -> None:
    if other := apart(found.body, sim.declaration()):
        raise CheckpointError(f"{found.path.name}: {other}: valid is the same run")
    here = [strike.declared() for strike in sim.strikes if strike.tick < found.tick]
    if json.loads(json.dumps(here)) != found.body["strikes"]:
        raise CheckpointError(
            f"{found.path.name}: shocks before tick {found.tick} are not those declared here"
        )
    if len(sim.processes) != len(found.body["due"]):
        raise CheckpointError(
            f"{found.path.name}: {len(found.body['due'])} processes there, {len(sim.processes)} here: "
            "declare the same ones"
        )


def _own(sim: Simulation) -> dict[str, NDArray[Any]]:
    return {f"state/{name}": array for name, array in sim.state.arrays().items()} | {
        "kernel/digests": sim.digests
    }


def _arrays(sim: Simulation) -> dict[str, NDArray[Any]]:
    arrays = _own(sim) | {f"bus/{name}": array for name, array in sim.bus.memory().items()}
    for seat in sim.seats.values():
        if hasattr(seat.policy, "memory"):
            arrays |= {f"policy/{seat.name}/{each}": array for each, array in seat.policy.memory().items()}
    return arrays


def _under(prefix: str, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
