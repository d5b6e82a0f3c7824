"""The five networks of foragers backwards: of the gradient of a head that of its genes and of its inputs.

Each function is the pass back of the method of `Networks` of its name, and takes from the tape what that has
left there: of several, the last goes back first. They are written out because for so small networks Torch's
own graph costs more than what it computes; they do what it would do, in its order, to the bit.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from agents.barter.forager import LEAST_WANTED
from agents.stacked import Nets, Tape, linear_back, perceptron_back, tanh_back


class Pass(NamedTuple):
    """A pass back through `nets`: gradients of genes go to `found`, which is laid out as they are."""

    nets: Nets
    found: Nets
    tape: Tape

    def eat(self, share: Tensor) -> Tensor:
        """That of senses and signal side by side, of that of the shares eaten."""
        return self._perceptron("consumption", logistic_back(share, self.tape.pop()))

    def declare(self, declared: Tensor) -> Tensor:
        """That of senses and signal side by side, of that of declared preferences."""
        wanted = self.tape.pop()
        grad = declared * (1.0 - wanted.shape[-1] * LEAST_WANTED)
        return self._perceptron("trading", softmax_back(grad, wanted))

    def work(self, logits: Tensor, effort: Tensor | None) -> Tensor:
        """That of senses and signal side by side, of those of logits and of effort (None: it is given)."""
        at_rest = self.tape.pop()
        effort = torch.zeros_like(at_rest) if effort is None else logistic_back(effort, at_rest)
        return self._perceptron("production", torch.cat([logits, effort.unsqueeze(1)], dim=1))

    def attend(self, shares: Tensor) -> tuple[Tensor, Tensor]:
        """Those of senses and one's own message side by side, and of messages heard, of that of shares."""
        query, key, score = self.nets["social_filter"]
        into = self.found["social_filter"]
        scores = softmax_back(shares, self.tape.pop()).unsqueeze(-1)
        thought = self.tape.pop()
        grad = tanh_back(linear_back(score, thought, scores, into[2]), thought)
        heard = linear_back(key, self.tape.pop(), grad, into[1])
        own = linear_back(query, self.tape.pop(), grad.sum(dim=1, keepdim=True), into[0])
        return own.squeeze(1), heard

    def speak(self, message: Tensor) -> None:
        """Of that of messages; nobody asks for that of senses."""
        self._perceptron("broadcast", tanh_back(message, self.tape.pop()))

    def _perceptron(self, network: str, upstream: Tensor) -> Tensor:
        return perceptron_back(self.nets[network], upstream, self.found[network], self.tape)


def logistic_back(upstream: Tensor, y: Tensor) -> Tensor:
    """The gradient of x, of that of `forager.logistic(x)` with y on its tape."""
    return 0.5 * tanh_back(0.5 * upstream, y)


def softmax_back(upstream: Tensor, y: Tensor) -> Tensor:
    """The gradient of x, of that of y, its softmax over the last axis."""
    grad: Tensor = torch.ops.aten._softmax_backward_data.default(upstream, y, -1, y.dtype)
    return grad


def log_softmax_back(upstream: Tensor, y: Tensor) -> Tensor:
    """The gradient of x, of that of y, the logarithm of its softmax over the last axis."""
    grad: Tensor = torch.ops.aten._log_softmax_backward_data.default(upstream, y, -1, y.dtype)
    return grad
