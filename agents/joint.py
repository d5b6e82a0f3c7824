"""Several heads answered at once: their distributions side by side in a network's outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.distributions import Categorical, Distribution, Spoken, alike, distributions
from agents.sampling import Table, draw


class Alike(NamedTuple):
    """Consecutive heads that differ at most in what is neutral, and where they begin."""

    one: Distribution
    heads: int
    head: int
    output: int
    number: int


class Joint:
    """The joint distribution of independent `heads`, name -> head, with the `neutral` choice of bare numbers.

    `outputs` parameters and `numbers` drawn, in the order of the heads; `dtype` is what keeps the numbers.
    """

    def __init__(self, heads: Mapping[str, Any], neutral: Sequence[Any] | None = None) -> None:
        self.heads = distributions(heads, neutral)
        each = tuple(self.heads.values())
        self.plain = all(isinstance(head, Categorical) for head in each)
        discrete, sizes = all(head.symbols for head in each), [head.symbols for head in each]
        self.dtype = np.dtype(np.float32 if not discrete else np.int16 if max(sizes) <= 2**15 else np.int32)
        outputs, numbers = [head.outputs for head in each], [head.numbers for head in each]
        self.outputs, self.numbers = sum(outputs), sum(numbers)
        code, first = [head.code for head in each], (_firsts(outputs), _firsts(numbers))
        log_range = np.array([head.log_range for head in each])
        self.table = Table(*map(np.array, (code, sizes, numbers, *first, log_range)))
        self._mass = np.empty(max(sizes))
        self._alike: list[Alike] = []
        for _, group in groupby(range(len(each)), key=lambda h: alike(each[h])):
            members = list(group)
            head = members[0]
            self._alike.append(Alike(each[head], len(members), head, first[0][head], first[1][head]))

    def prior(self, steps: float) -> Tensor:
        """Parameters (outputs,) of what is said untrained, around the neutral answers."""
        return torch.cat([head.prior(steps) for head in self.heads.values()])

    def draw(
        self,
        outputs: NDArray[np.float32],
        uniform: NDArray[np.float64],
        asked: NDArray[np.bool_],
        greedy: bool = False,
    ) -> tuple[NDArray[Any], NDArray[np.float32], int]:
        """What is drawn (rows, numbers), its log-probability (rows,), and -1; see `sampling.draw`.

        In place of -1 stands the first row whose outputs are not finite.
        """
        drawn = np.empty((len(outputs), self.numbers), np.int64 if self.dtype.kind == "i" else self.dtype)
        said = np.empty(len(outputs), np.float32)
        bad = draw(outputs, self.table, uniform, asked, greedy, drawn, said, self._mass)
        return drawn, said, bad

    def answer(self, drawn: NDArray[Any]) -> Any:
        """The answer to an ask: int64 (rows, heads) where all are choices, else head -> (rows, width)."""
        if self.plain:
            return drawn
        ends = self.table.number + self.table.numbers
        return {
            name: head.answer(drawn[:, first:end])
            for (name, head), first, end in zip(self.heads.items(), self.table.number, ends)
        }

    def spoken(self, outputs: Tensor, prior: Tensor, drawn: Tensor, asked: Tensor) -> Spoken:
        """Log-probability of what was drawn, entropy, and divergence from the prior, over the heads asked.

        Each (rows,), in nats. `outputs` (rows, outputs), `prior` (outputs,), `drawn` (rows, numbers), `asked`
        (rows, heads).
        """
        sums = [torch.zeros((), device=outputs.device)] * 3
        for one, count, head, output, number in self._alike:
            found = one.spoken(
                outputs[:, output : output + count * one.outputs].unflatten(1, (count, one.outputs)),
                prior[output : output + count * one.outputs].unflatten(0, (count, one.outputs)),
                drawn[:, number : number + count * one.numbers].unflatten(1, (count, one.numbers)),
            )
            counted = asked[:, head : head + count]
            for each in zip(*((part * counted).unbind(dim=1) for part in found)):
                sums = [total + part for total, part in zip(sums, each)]
        said, entropy, information = sums
        return said, entropy, information


def _firsts(lengths: Sequence[int]) -> list[int]:
    return [0, *np.cumsum(lengths)[:-1].tolist()]
