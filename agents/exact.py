"""Torch as all digests assume it, whatever its user has set: one thread, full products, gradients recorded.

How a product or a sum is split among threads shows in its last bits, and threads that add to one gradient do
so in any order. What was set before is set again afterwards: whoever trains something else beside a
simulation keeps his threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch

FULL = "highest"


@contextmanager
def exact() -> Iterator[None]:
    """A context, or `@exact()` on a function, within which results depend on arguments alone."""
    threads, precision, kind = (
        torch.get_num_threads(),
        torch.get_float32_matmul_precision(),
        torch.get_default_dtype(),
    )
    with ExitStack() as stack:
        if threads != 1:
            torch.set_num_threads(1)
            stack.callback(torch.set_num_threads, threads)
        if precision != FULL:
            torch.set_float32_matmul_precision(FULL)
            stack.callback(torch.set_float32_matmul_precision, precision)
        if kind is not torch.float32:
            torch.set_default_dtype(torch.float32)
            stack.callback(torch.set_default_dtype, kind)
        if torch.is_inference_mode_enabled():
            stack.enter_context(torch.inference_mode(False))
        if not torch.is_grad_enabled():
            stack.enter_context(torch.enable_grad())
        for device in ("cpu", "cuda"):
            if torch.is_autocast_enabled(device):
                stack.enter_context(torch.autocast(device, enabled=False))
        yield
