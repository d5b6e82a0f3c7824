"""What theory says of quotes and of the price of order flow: known answers for an exchange."""

from math import log
from typing import NamedTuple


class Quotes(NamedTuple):
    """What a maker pays and what it asks."""

    bid: float
    ask: float


def glosten_milgrom(low: float, high: float, prior: float, informed: float) -> Quotes:
    """Quotes at which a maker neither wins nor loses against a share `informed` who know the value.

    The value is `high` with probability `prior`, else `low`; the others buy or sell by a coin. Each quote is
    what the value is expected to be given that somebody takes it. Glosten and Milgrom (1985).
    """
    certain, blind = (1.0 + informed) / 2.0, (1.0 - informed) / 2.0
    bought = prior * certain + (1.0 - prior) * blind
    sold = prior * blind + (1.0 - prior) * certain
    return Quotes(
        bid=(prior * blind * high + (1.0 - prior) * certain * low) / sold,
        ask=(prior * certain * high + (1.0 - prior) * blind * low) / bought,
    )


def kyle(sd_value: float, sd_noise: float) -> tuple[float, float]:
    """In one auction: how far the price follows order flow (λ), and an insider the value (β).

    Kyle (1985), theorem 1: λ = σ_v / 2σ_u, β = σ_u / σ_v.
    """
    return sd_value / (2.0 * sd_noise), sd_noise / sd_value


def avellaneda_stoikov(
    middle: float, inventory: float, risk: float, sd: float, left: float, decay: float
) -> Quotes:
    """Quotes of a maker with risk aversion `risk`, with time `left`, who is taken at rate A·exp(−decay·δ).

    Around a reservation price off its inventory. Avellaneda and Stoikov (2008), equations 29 and 30.
    """
    reservation = middle - inventory * risk * sd**2 * left
    half = (risk * sd**2 * left + 2.0 / risk * log(1.0 + risk / decay)) / 2.0
    return Quotes(reservation - half, reservation + half)
