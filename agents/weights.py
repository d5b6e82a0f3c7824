"""Weights on disk: a safetensors file that says what it was fed, what it answers and how it came about.

The header holds population, features (name, unit, scale), heads with their neutral actions, the network's
shape, how it decides (by drawing or greedily), whatever its trainer notes, and a hash of all this and the
numbers. Nothing is pickled.
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
from safetensors.torch import save_file

from agents.forward import Forward
from agents.networks import SHAPES, ActorCritic
from agents.neural import NeuralPolicy
from agents.observation import Feature
from agents.yardsticks import Yardstick

FORMAT = "1"


class WeightsError(ValueError):
    """A weights file that cannot be used: which, why, what would be valid."""


@dataclass(frozen=True)
class Weights:
    """A trained network with `seen`, its observation yardstick, and what it is for.

    `earned` is the yardstick of returns in which its values are meant, which training on needs; None where it
    was not kept.
    `features` are what it observes, `heads` maps names to numbers of actions, `neutral` is the rule's index
    in each; `shape` is a key of `networks.SHAPES`. `greedy`: whether it takes the likeliest action. `notes`,
    of what JSON can hold, is what its trainer wants remembered; `file` is where it was read from.
    """

    population: str
    features: tuple[Feature, ...]
    heads: dict[str, int]
    neutral: tuple[int, ...]
    shape: str
    network: ActorCritic
    seen: Yardstick
    greedy: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    earned: Yardstick | None = None

    def policy(self, device: str = "cpu", precision: str = "float32") -> NeuralPolicy:
        """Return a policy that acts with a copy of these weights; its `weights` is this."""
        forward = Forward(self.network, device, precision)
        forward.load(self.network, self.seen)
        return NeuralPolicy(forward, self.greedy, weights=self)

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of the numbers of network and yardsticks, the header apart."""
        return _seal({}, self._tensors())

    def save(self, path: Path) -> Path:
        """Write the file in one step and return its path."""
        header = {
            "format": FORMAT,
            "population": self.population,
            "features": json.dumps([list(feature) for feature in self.features]),
            "heads": json.dumps(self.heads),
            "neutral": json.dumps(list(self.neutral)),
            "shape": self.shape,
            "greedy": json.dumps(self.greedy),
            "notes": json.dumps(self.notes),
        }
        header["seal"] = _seal(header, self._tensors())
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        save_file(self._tensors(), unfinished, header)
        unfinished.replace(path)
        return path

    def _tensors(self) -> dict[str, torch.Tensor]:
        network = {
            f"network.{name}": tensor.detach().cpu().contiguous()
            for name, tensor in self.network.state_dict().items()
        }
        yardsticks = {"seen": self.seen} | ({"earned": self.earned} if self.earned else {})
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
    if header.get("format") != FORMAT:
        raise WeightsError(f"weights {path}: format {header.get('format')}: valid is {FORMAT}")
    if header.pop("seal", None) != _seal(header, tensors):
        raise WeightsError(f"weights {path}: damaged: its hash is another")
    try:
        return _built(header, tensors, str(path))
    except (KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(f"weights {path}: do not fit together: {' '.join(str(error).split())}") from None


def _seal(header: Mapping[str, str], tensors: Mapping[str, torch.Tensor]) -> str:
    found = blake2b(json.dumps(header, sort_keys=True).encode(), digest_size=8)
    for name in sorted(tensors):
        found.update(tensors[name].numpy().tobytes())
    return found.hexdigest()


def _built(header: Mapping[str, str], tensors: Mapping[str, torch.Tensor], file: str) -> Weights:
    features = tuple(Feature(*feature) for feature in json.loads(header["features"]))
    heads, neutral = json.loads(header["heads"]), tuple(json.loads(header["neutral"]))
    network = ActorCritic(len(features), heads, neutral, SHAPES[header["shape"]])
    network.load_state_dict(
        {n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")}
    )
    seen = _yardstick("seen", len(features), tensors)
    earned = _yardstick("earned", 1, tensors) if "earned.mean" in tensors else None
    return Weights(
        header["population"], features, heads, neutral, header["shape"], network, seen,
        json.loads(header["greedy"]), json.loads(header["notes"]), file, earned,
    )  # fmt: skip


def _yardstick(name: str, width: int, tensors: Mapping[str, torch.Tensor]) -> Yardstick:
    found = Yardstick(width, float("inf"))
    for column, array in found.arrays().items():
        array[...] = tensors[f"{name}.{column}"].numpy()
    return found
