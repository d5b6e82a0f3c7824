"""Weights on disk: a safetensors file that says what it was fed, what it answers and how it came about.

The header holds population, features (name, unit, scale), heads with their neutral actions, the network's
shape, how it decides (by drawing or greedily), whatever its trainer notes, and a hash of all this and the
numbers. Format 1 knows networks of one array whose heads are choices and that remember nothing, 2 all others.
Nothing is pickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from agents.distributions import distributions, read, written
from agents.forward import Forward
from agents.networks import SHAPES, ActorCritic
from agents.neural import NeuralPolicy
from agents.observation import Features, RowLayout, read_features, written_features
from agents.yardsticks import Yardstick

PLAIN, FORMAT = "1", "2"
NUMBERS = (torch.float32, torch.float64, torch.int64, torch.int32, torch.bool)


class WeightsError(ValueError):
    """A weights file that cannot be used: which, why, what would be valid."""


@dataclass(frozen=True)
class Weights:
    """A trained network with `seen`, its observation yardstick, and what it is for.

    `earned` is the yardstick of returns in which its values are meant, which training on needs; None where it
    was not kept.
    `features` are what it observes, one array or several by name, the yardsticks of whose `items` stand by
    name; `heads` maps names to heads, or to numbers of actions of which `neutral` has the rule's. `shape` is
    a key of `networks.SHAPES`. `greedy`: whether it takes the likeliest action. `notes`, of what JSON can
    hold, is what its trainer wants remembered; `file` is where it was read from.
    """

    population: str
    features: Features
    heads: Mapping[str, Any]
    neutral: tuple[Any, ...] | None
    shape: str
    network: ActorCritic
    seen: Yardstick
    greedy: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    earned: Yardstick | None = None
    items: Mapping[str, Yardstick] = field(default_factory=dict)

    @property
    def build(self) -> tuple[Any, ...]:
        """What two networks have in common, in this order, whose numbers may stand for each other's."""
        return (
            _ordered(self.features),
            _ordered(self.network.joint.heads),
            self.shape,
            self.network.layout.memory,
        )

    def fits(self, heads: Mapping[str, Any], features: Features) -> bool:
        """Whether it can sit where this is decided and observed: the same, in this order, alike neutral."""
        asked, mine = distributions(heads), distributions(self.heads, self.neutral)
        return (_ordered(asked), _ordered(features)) == (_ordered(mine), _ordered(self.features))

    def policy(self, device: str = "cpu", precision: str = "float32") -> NeuralPolicy:
        """A policy that acts with a copy of these weights; its `weights` is this."""
        forward = Forward(self.network, device, precision)
        forward.load(self.network, self.seen, self.items)
        return NeuralPolicy(forward, self.greedy, weights=self)

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of the numbers of network and yardsticks, the header apart."""
        return _seal({}, self._tensors())

    def save(self, path: Path) -> Path:
        """Write the file in one step and return its path."""
        header = {
            "population": self.population,
            **self._built_as(),
            "shape": self.shape,
            "greedy": json.dumps(self.greedy),
            "notes": json.dumps(self.notes),
        }
        header["seal"] = _seal(header, self._tensors())
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(_sorted_header(save(self._tensors(), header)))
        unfinished.replace(path)
        return path

    def _built_as(self) -> dict[str, str]:
        heads, layout = distributions(self.heads, self.neutral), self.network.layout
        if self.network.joint.plain and not isinstance(self.features, Mapping) and not layout.memory:
            return {
                "format": PLAIN,
                "features": json.dumps([list(feature) for feature in self.features]),
                "heads": json.dumps({name: head.symbols for name, head in heads.items()}),
                "neutral": json.dumps([head.neutral for head in heads.values()]),
            }
        return {
            "format": FORMAT,
            "features": json.dumps(written_features(self.features)),
            "heads": json.dumps({name: written(head) for name, head in heads.items()}),
            "memory": json.dumps(layout.memory),
        }

    def _tensors(self) -> dict[str, torch.Tensor]:
        network = {
            f"network.{name}": tensor.detach().cpu().contiguous()
            for name, tensor in self.network.state_dict().items()
        }
        yardsticks = {"seen": self.seen, **{f"seen.{name}": x for name, x in self.items.items()}}
        yardsticks |= {"earned": self.earned} if self.earned else {}
        return network | {
            f"{name}.{n}": torch.from_numpy(x.copy())
            for name, yardstick in yardsticks.items()
            for n, x in yardstick.arrays().items()
        }


def load(path: str | Path) -> Weights:
    """Read a weights file; raises WeightsError where it is missing, damaged or of another format."""
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"weights {path}: cannot be read: {' '.join(str(error).split())}") from None
    if header.get("format") not in (PLAIN, FORMAT):
        raise WeightsError(f"weights {path}: format {header.get('format')}: valid are {PLAIN} and {FORMAT}")
    for name, tensor in tensors.items():
        if tensor.dtype not in NUMBERS:
            kinds = ", ".join(str(kind).removeprefix("torch.") for kind in NUMBERS)
            said = f"{name} holds {str(tensor.dtype).removeprefix('torch.')}: valid are {kinds}"
            raise WeightsError(f"weights {path}: {said}")
    if header.pop("seal", None) != _seal(header, tensors):
        raise WeightsError(f"weights {path}: damaged: its hash is another")
    try:
        found = _built(header, tensors, str(path))
        if (mine := _shapes(found._tensors())) != _shapes(tensors):
            odd = min(name for name, _ in mine.items() ^ _shapes(tensors).items())
            raise ValueError(f"{odd} is not what this network holds")
        return found
    except (KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(f"weights {path}: do not fit together: {' '.join(str(error).split())}") from None


def _ordered(named: Any) -> tuple[Any, ...]:
    """What is named in the order of its names: equal dicts may have another."""
    return tuple(named.items() if isinstance(named, Mapping) else named)


def _shapes(tensors: Mapping[str, torch.Tensor]) -> dict[str, tuple[Any, ...]]:
    return {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}


def _sorted_header(data: bytes) -> bytes:
    """A safetensors file with the names of its header in order: equal networks make equal files."""
    length = int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8 : 8 + length]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + data[8 + length :]


def _seal(header: Mapping[str, str], tensors: Mapping[str, torch.Tensor]) -> str:
    found = blake2b(json.dumps(header, sort_keys=True).encode(), digest_size=8)
    for name in sorted(tensors):
        found.update(tensors[name].numpy().tobytes())
    return found.hexdigest()


def _built(header: Mapping[str, str], tensors: Mapping[str, torch.Tensor], file: str) -> Weights:
    features, heads = read_features(json.loads(header["features"])), json.loads(header["heads"])
    neutral = None
    if header["format"] == PLAIN:
        neutral = tuple(json.loads(header["neutral"]))
    else:
        heads = {name: read(head) for name, head in heads.items()}
    layout = RowLayout.of(features, json.loads(header.get("memory", "0")))
    network = ActorCritic(layout, heads, neutral, SHAPES[header["shape"]])
    network.load_state_dict(
        {n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")}
    )
    seen = _yardstick("seen", layout.features, tensors)
    earned = _yardstick("earned", 1, tensors) if "earned.mean" in tensors else None
    items = {name: _yardstick(f"seen.{name}", block.width, tensors) for name, block in layout.items.items()}
    return Weights(
        header["population"], features, heads, neutral, header["shape"], network, seen,
        json.loads(header["greedy"]), json.loads(header["notes"]), file, earned, items,
    )  # fmt: skip


def _yardstick(name: str, width: int, tensors: Mapping[str, torch.Tensor]) -> Yardstick:
    found = Yardstick(width, float("inf"))
    for column, array in found.arrays().items():
        array[...] = tensors[f"{name}.{column}"].numpy()
    return found
