"""The mechanisms by name: how each clears, and what an agent's own taste and goods do to its bundle."""

from collections.abc import Callable
from typing import Any, Protocol

from numpy.typing import NDArray

from markets.barter.autarky import autarky
from markets.barter.clearing import Clearing, Terms
from markets.barter.corners import corners
from markets.barter.gradient import Pair, walras_gradient
from markets.barter.mirror import mirror
from markets.barter.nash import nash
from markets.barter.pairwise import pairwise
from markets.barter.projected import projected
from markets.barter.response import price_taking_gradient
from markets.barter.walras import walras


class Allotted(Protocol):
    """What a market handed out and at what price: a `Clearing`, or these two of one."""

    @property
    def allocation(self) -> NDArray:
        """Goods (replica, agent, good)."""

    @property
    def price(self) -> NDArray:
        """Prices (replica, good); nan where there is none."""


Mechanism = Callable[[NDArray, NDArray, NDArray | None, Terms], Clearing]
MODES: dict[str, Mechanism] = {
    "walras": walras,
    "corners": corners,
    "mirror": mirror,
    "projected": projected,
    "nash": nash,
    "pairwise": pairwise,
    "autarky": autarky,
}
EXACT = ("walras", "mirror", "projected")  # whose allocation is the Walrasian equilibrium at floor 0
FLOORED = ("corners", "nash")  # whose utility is sum w log(c + x)
UNEQUAL = ("nash", "pairwise", "autarky")  # whose bundles are not worth the endowments


def clear(
    mode: str,
    endowment: NDArray,
    preference: NDArray,
    partners: NDArray | None = None,
    present: NDArray | None = None,
    **terms: Any,
) -> Clearing:
    """The `Clearing` of `endowment` at `preference` (replica, agent, good) by a `mode`.

    `partners` and `terms` are those of `Terms`. Raises ValueError for an unknown mode and as the mode
    does.
    """
    check(mode)
    return MODES[mode](endowment, preference, present, Terms(partners=partners, **terms))


def floor_of(mode: str, **terms: Any) -> float | NDArray:
    """The c of the utility sum w log(c + x) that a `mode` serves; ValueError as for `clear`."""
    check(mode)
    return Terms(**terms).floor if mode in FLOORED else 0.0


def own_gradient(
    mode: str,
    clearing: Allotted,
    endowment: NDArray,
    preference: NDArray,
    upstream: NDArray,
    present: NDArray | None = None,
    **terms: Any,
) -> Pair:
    """DL_i/dw_i and dL_i/de_i (replica, agent, good) of every agent, the others held fixed.

    `upstream` (replica, agent, good) is dL_i/dx_i. Exact, influence on prices included, where the
    allocation is the Walrasian equilibrium (`walras_gradient`); elsewhere that of an agent who takes prices
    as given (`price_taking_gradient`). Raises ValueError for an unknown mode.
    """
    check(mode)
    if mode in EXACT:
        return walras_gradient(clearing.price, endowment, preference, upstream, present)
    floor = Terms(floor=floor_of(mode, **terms)).floors(endowment.shape[2])
    wealth = clearing.allocation if mode in UNEQUAL else endowment
    return price_taking_gradient(clearing.price, wealth, preference, upstream, present, floor)


def check(mode: str) -> None:
    """Raise ValueError if there is no such mode."""
    if mode not in MODES:
        raise ValueError(f"unknown barter mode {mode!r} (valid: {', '.join(MODES)})")
