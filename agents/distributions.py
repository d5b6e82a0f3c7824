"""Distributions of answers, one for each kind of head: parameters, prior, likelihood, entropy, divergence.

A head is anything with a `kind` and that kind's fields; a bare number stands for so many choices. Parameters
are the network's last outputs; what is drawn (`sampling`) is `numbers` long and becomes an `answer`. Tensors
have the head's own numbers last and any shape before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.sampling import HALF_LOG_TAU, LOG_SD_LEAST, LOG_SD_MOST, REAL, SIMPLEX, SYMBOLS, shares, squashed

EDGE = 0.02
"""A prior is centred no nearer to the end of a range than this share of it, and no share is less."""
NODES, MASSES = (torch.from_numpy(each.astype(np.float32)) for each in np.polynomial.hermite_e.hermegauss(16))
MASSES = MASSES / MASSES.sum()

Spoken = tuple[Tensor, Tensor, Tensor]
"""Log-probability, entropy and divergence from the prior, in nats, each of the shape before the numbers."""


class Distribution(Protocol):
    """What one head's answer is drawn from, given `outputs` parameters; `code` is its kind in `sampling`."""

    kind: ClassVar[str]
    code: ClassVar[int]

    @property
    def neutral(self) -> Any:
        """The rule's answer; None for the kind's own."""

    @property
    def log_range(self) -> float:
        """The log of the length of a real number's range; 0 of other kinds."""

    @property
    def outputs(self) -> int:
        """Parameters, all of them outputs of the network's last layer."""

    @property
    def numbers(self) -> int:
        """Numbers drawn, one for each uniform."""

    @property
    def symbols(self) -> int:
        """Symbols to choose from; 0 where what is drawn is real."""

    def prior(self, steps: float) -> Tensor:
        """Parameters (outputs,) of what is said untrained: around the neutral answer, `steps` wide."""

    def spoken(self, given: Tensor, prior: Tensor, drawn: Tensor) -> Spoken:
        """How likely what is `drawn` (..., numbers) is under parameters `given` (..., outputs)."""

    def answer(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """The answer (rows, width) that what is drawn (rows, numbers) stands for."""


@dataclass(frozen=True)
class Categorical:
    """One of `size` choices by their logits; the prior is a discretised normal around the neutral one."""

    size: int
    neutral: int = 0
    kind: ClassVar[str] = "categorical"
    code: ClassVar[int] = SYMBOLS
    numbers: ClassVar[int] = 1
    log_range: ClassVar[float] = 0.0

    @property
    def outputs(self) -> int:
        """A logit a choice."""
        return self.size

    @property
    def symbols(self) -> int:
        """The choices."""
        return self.size

    def prior(self, steps: float) -> Tensor:
        """Logits of a normal whose sd is `steps` choices."""
        return -0.5 * ((torch.arange(self.size) - self.neutral) / steps) ** 2

    def spoken(self, given: Tensor, prior: Tensor, drawn: Tensor) -> Spoken:
        """All three exact."""
        every = given.log_softmax(dim=-1)
        chance = every.exp()
        said = every.gather(-1, drawn.long()).squeeze(-1)
        entropy = -(chance * every).sum(dim=-1)
        beyond = every - prior.log_softmax(dim=-1)
        return said, entropy, (chance * beyond).sum(dim=-1)

    def answer(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """Indices (rows, 1)."""
        return drawn.astype(np.int64)


@dataclass(frozen=True)
class MarkovChain:
    """A sequence of `width` symbols below `size`, each depending on the one before and on what is observed.

    `p(s_t | s_{t-1}) ~ exp(place_t[s_t] + follows[s_{t-1}, s_t])`, both from the network: what is said
    can hang together, and entropy and divergence stay sums that are exact. `follows` costs the square of
    `size` in parameters. In the prior every symbol but a neutral one stands one step away; without a neutral
    sequence all are alike.
    """

    size: int
    width: int
    neutral: tuple[int, ...] | None = None
    kind: ClassVar[str] = "tokens"
    code: ClassVar[int] = SYMBOLS
    log_range: ClassVar[float] = 0.0

    @property
    def outputs(self) -> int:
        """Logits of every place, then those of what follows on what."""
        return self.width * self.size + (self.size**2 if self.width > 1 else 0)

    @property
    def numbers(self) -> int:
        """A symbol a place."""
        return self.width

    @property
    def symbols(self) -> int:
        """The symbols."""
        return self.size

    def prior(self, steps: float) -> Tensor:
        """Independent symbols, the neutral one of each place `exp(1 / (2 steps²))` times as likely."""
        found = torch.zeros(self.outputs)
        if self.neutral is not None:
            places = found[: self.width * self.size].view(self.width, self.size)
            places -= 0.5 / steps**2
            places[torch.arange(self.width), torch.tensor(self.neutral)] = 0.0
        return found

    def spoken(self, given: Tensor, prior: Tensor, drawn: Tensor) -> Spoken:
        """All three exact: sums over the chain, by its marginal distributions."""
        symbol = drawn.long()
        every, usual = self._chain(given), self._chain(prior)
        chance = every[0].exp()
        said = every[0].gather(-1, symbol[..., :1]).squeeze(-1)
        entropy = -(chance * every[0]).sum(dim=-1)
        beyond = (chance * (every[0] - usual[0])).sum(dim=-1)
        for t in range(1, self.width):
            step, before = every[t].exp(), symbol[..., t - 1 : t, None]
            taken = every[t].gather(-2, before.expand(*symbol.shape[:-1], 1, self.size)).squeeze(-2)
            said = said + taken.gather(-1, symbol[..., t : t + 1]).squeeze(-1)
            entropy = entropy - (chance * (step * every[t]).sum(dim=-1)).sum(dim=-1)
            beyond = beyond + (chance * (step * (every[t] - usual[t])).sum(dim=-1)).sum(dim=-1)
            chance = (chance.unsqueeze(-1) * step).sum(dim=-2)
        return said, entropy, beyond

    def answer(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """Indices (rows, width)."""
        return drawn.astype(np.int64)

    def _chain(self, given: Tensor) -> list[Tensor]:
        """Log-probabilities of the first symbol (..., size), then of next by last (..., size, size)."""
        split = self.width * self.size
        places = given[..., :split].unflatten(-1, (self.width, self.size))
        if self.width == 1:
            return [places[..., 0, :].log_softmax(dim=-1)]
        follows = given[..., split:].unflatten(-1, (self.size, self.size))
        later = [(places[..., t, None, :] + follows).log_softmax(dim=-1) for t in range(1, self.width)]
        return [places[..., 0, :].log_softmax(dim=-1), *later]


@dataclass(frozen=True)
class SquashedNormal:
    """Independent normals, squashed by the logistic function and stretched to between `low` and `high`.

    The prior's sd of `steps` is one before squashing; around the middle it is `steps` quarters of the range.
    """

    low: float
    high: float
    width: int = 1
    neutral: tuple[float, ...] | None = None
    kind: ClassVar[str] = "real"
    code: ClassVar[int] = REAL
    symbols: ClassVar[int] = 0

    @property
    def outputs(self) -> int:
        """Means, then log standard deviations."""
        return 2 * self.width

    @property
    def numbers(self) -> int:
        """A normal a number."""
        return self.width

    @property
    def log_range(self) -> float:
        """The log of `high` - `low`."""
        return math.log(self.high - self.low)

    def prior(self, steps: float) -> Tensor:
        """The neutral numbers, squashed back, and `steps`."""
        rest = np.array(self.neutral if self.neutral is not None else (0.5 * (self.low + self.high),))
        share = ((rest - self.low) / (self.high - self.low)).clip(EDGE, 1.0 - EDGE)
        return _normals(np.broadcast_to(np.log(share / (1.0 - share)), self.width), steps)

    def spoken(self, given: Tensor, prior: Tensor, drawn: Tensor) -> Spoken:
        """Density and divergence exact; the entropy by Gauss and Hermite's rule of 16 nodes a number."""
        mean, log_sd = _moments(given)
        said = _log_density(mean, log_sd, drawn) - (_log_slope(drawn) + self.log_range).sum(dim=-1)
        nodes, masses = NODES.to(given.device), MASSES.to(given.device)
        around = mean.unsqueeze(-1) + log_sd.exp().unsqueeze(-1) * nodes
        stretch = (_log_slope(around) * masses).sum(dim=-1) + self.log_range
        entropy = (log_sd + HALF_LOG_TAU + 0.5 + stretch).sum(dim=-1)
        return said, entropy, _divergence(mean, log_sd, *_moments(prior))

    def answer(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """Numbers (rows, width)."""
        return squashed(drawn, self.low, self.high)


@dataclass(frozen=True)
class LogisticNormal:
    """Shares of `width` things: the softmax of independent normals, of all but the last, and a zero.

    Densities are of the shares but the last (Aitchison and Shen 1980).
    """

    width: int
    neutral: tuple[float, ...] | None = None
    kind: ClassVar[str] = "simplex"
    code: ClassVar[int] = SIMPLEX
    symbols: ClassVar[int] = 0
    log_range: ClassVar[float] = 0.0

    @property
    def outputs(self) -> int:
        """Means, then log standard deviations, of log ratios to the last share."""
        return 2 * self.numbers

    @property
    def numbers(self) -> int:
        """A normal a share but the last."""
        return self.width - 1

    def prior(self, steps: float) -> Tensor:
        """The neutral shares' log ratios, and `steps`."""
        rest = np.ones(self.width) / self.width if self.neutral is None else np.array(self.neutral)
        rest = np.log(rest.clip(EDGE))
        return _normals(rest[:-1] - rest[-1], steps)

    def spoken(self, given: Tensor, prior: Tensor, drawn: Tensor) -> Spoken:
        """Density and divergence exact; the entropy by the second-order expansion of log-sum-exp at the mean.

        It is the exact one as sds go to 0, and a few hundredths of a nat a share above it at an sd of 1.
        """
        mean, log_sd = _moments(given)
        said = _log_density(mean, log_sd, drawn) - drawn.sum(dim=-1) + self.width * _log_sum(drawn)
        share = (mean - _log_sum(mean).unsqueeze(-1)).exp()
        spread = 0.5 * ((2.0 * log_sd).exp() * share * (1.0 - share)).sum(dim=-1)
        stretch = mean.sum(dim=-1) - self.width * (_log_sum(mean) + spread)
        entropy = (log_sd + HALF_LOG_TAU + 0.5).sum(dim=-1) + stretch
        return said, entropy, _divergence(mean, log_sd, *_moments(prior))

    def answer(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """Shares (rows, width)."""
        return shares(drawn)


KINDS: dict[str, Any] = {
    each.kind: each for each in (Categorical, SquashedNormal, LogisticNormal, MarkovChain)
}


def distribution(head: Any, neutral: Any = None) -> Distribution:
    """The distribution of a head, or of so many choices of which `neutral` is the rule's.

    Raises ValueError for a kind that no distribution is known of.
    """
    if isinstance(head, int | np.integer):
        return Categorical(int(head), int(neutral or 0))
    if head.kind not in KINDS:
        raise ValueError(f"head of kind {head.kind!r}: valid are {', '.join(KINDS)}")
    of = KINDS[head.kind]
    found: Distribution = of(**{field.name: getattr(head, field.name) for field in fields(of)})
    return found


def distributions(heads: Mapping[str, Any], neutral: Sequence[Any] | None = None) -> dict[str, Distribution]:
    """The distribution of each head by name; `neutral` has the rule's choice where heads are bare numbers."""
    rest = neutral if neutral is not None else [None] * len(heads)
    return {name: distribution(head, at) for (name, head), at in zip(heads.items(), rest, strict=True)}


def alike(found: Distribution) -> Distribution:
    """The distribution without what is neutral: equal for heads that differ in nothing else."""
    return replace(found, neutral=0)  # type: ignore[type-var]


def written(found: Distribution) -> dict[str, Any]:
    """A distribution as JSON can hold it; `read` gives it back."""
    return {"kind": found.kind, **asdict(found)}  # type: ignore[call-overload]


def read(said: Mapping[str, Any]) -> Distribution:
    """The distribution that `written` was given."""
    of = KINDS[said["kind"]]
    rest = {name: tuple(x) if isinstance(x, list) else x for name, x in said.items() if name != "kind"}
    found: Distribution = of(**rest)
    return found


def _normals(mean: NDArray[np.float64], sd: float) -> Tensor:
    both = np.concatenate([mean, np.full(len(mean), math.log(sd))])
    return torch.from_numpy(both.astype(np.float32))


def _moments(given: Tensor) -> tuple[Tensor, Tensor]:
    mean, log_sd = given.chunk(2, dim=-1)
    return mean, log_sd.clamp(LOG_SD_LEAST, LOG_SD_MOST)


def _log_density(mean: Tensor, log_sd: Tensor, drawn: Tensor) -> Tensor:
    away = (drawn - mean) * (-log_sd).exp()
    return -(0.5 * away**2 + log_sd + HALF_LOG_TAU).sum(dim=-1)


def _divergence(mean: Tensor, log_sd: Tensor, usual: Tensor, log_usual: Tensor) -> Tensor:
    """Of independent normals from others (..., numbers), which squashing both leaves as it is."""
    ratio = log_sd - log_usual
    away = (mean - usual) * (-log_usual).exp()
    return (0.5 * ((2.0 * ratio).exp() + away**2 - 1.0) - ratio).sum(dim=-1)


def _log_slope(z: Tensor) -> Tensor:
    """The log of the logistic function's slope."""
    return -z - 2.0 * torch.nn.functional.softplus(-z)


def _log_sum(z: Tensor) -> Tensor:
    """The log of 1 plus the sum of exponentials, of (..., numbers)."""
    return torch.nn.functional.pad(z, (0, 1)).logsumexp(dim=-1)
