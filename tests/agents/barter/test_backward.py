"""The passes back that are written out give what Torch's own graph gives, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.barter.forager import NETWORKS, Brain, Networks, Senses, reward
from agents.barter.hearing import Hearing
from agents.barter.learning import Lesson, Life, learn
from agents.barter.minds import NETWORK_OF

GOODS, JOBS, MESSAGE = 3, 2, 6
LEISURE, ENTROPY, KEPT = 0.05, 0.01, 0.855
HEADS = ("message", "attention", "effort", "declared", "eaten")


def market(upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return 0.3 * upstream[:, ::-1] + 0.1, 0.7 * upstream - 0.2


class Market(torch.autograd.Function):
    """A market whose allocation is known, and its derivatives."""

    @staticmethod
    def forward(ctx, declared, endowment, allocation):
        return allocation.clone()

    @staticmethod
    def backward(ctx, upstream):
        by_declared, by_endowment = market(upstream.double().numpy())
        return torch.from_numpy(by_declared).float(), torch.from_numpy(by_endowment).float(), None


def by_graph(foragers: Networks, genome: np.ndarray, life: Life) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of minus the objective by genes, and by goods brought to the market."""
    genes, taken = torch.from_numpy(genome).requires_grad_(), life.given
    nets, told, stock = foragers.layout.nets(genes), life.spoken_from, life.traded_with.goods.clone()
    stock.requires_grad_()
    message = taken["message"] if "message" in taken else foragers.speak(nets, told)
    heard = life.hearing.heard(message)
    shares = taken["attention"] if "attention" in taken else foragers.attend(nets, told, message, heard)
    signal = life.hearing.signal(shares, heard)
    logits, effort = foragers.work(nets, told, signal)
    effort = taken.get("effort", effort)
    made = stock + life.slope * (life.vigour * (effort - effort.detach())).unsqueeze(-1)
    before, taste = life.traded_with._replace(goods=made).tensor(), life.traded_with.taste
    declared = taken["declared"] if "declared" in taken else foragers.declare(nets, before, signal, taste)
    held = Market.apply(declared, made, life.ate_with.goods)
    after = life.ate_with._replace(goods=held).tensor()
    eaten = (taken["eaten"] if "eaten" in taken else foragers.eat(nets, after, signal)) * held
    later = life.survives * life.kept * (life.worth * (held - eaten)).sum(dim=-1)
    chances = torch.log_softmax(logits, dim=-1)
    chosen = chances.gather(1, life.job.unsqueeze(1)).squeeze(1)
    spread = -(chances.exp() * chances).sum(dim=-1)
    choice = life.advantage * chosen + ENTROPY * life.decided * spread
    objective = (reward(eaten, taste, effort, LEISURE) + later + choice).sum()
    gradient, worth = torch.autograd.grad(-objective, (genes, stock))
    return gradient.numpy(), np.maximum(-worth.numpy().astype(np.float64), 0.0)


def drawn(agents: int, seed: int, heads: set[str], silent: bool) -> tuple[Networks, np.ndarray, Life]:
    """A tick of life of some agents, in which somebody else decided some heads."""
    rng = np.random.default_rng(seed)
    foragers = Networks(Brain(GOODS, JOBS, MESSAGE, hidden=16))
    speakers = agents - 1

    def some(*width: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        return torch.from_numpy(rng.uniform(low, high, (agents, *width)).astype(np.float32))

    def senses() -> Senses:
        shares = (torch.softmax(some(GOODS), dim=-1) for _ in range(2))
        return Senses(some(GOODS, high=2.0), *shares, some(JOBS), some(3))

    sizes = dict(zip(HEADS, ((MESSAGE,), (speakers,), (), (GOODS,), (GOODS,))))
    others = np.array([[j for j in range(agents) if j != i] for i in range(agents)])
    life = Life(
        spoken_from=senses().tensor(), hearing=Hearing(others[None], silent), traded_with=senses(),
        ate_with=senses(), slope=some(GOODS), vigour=some(),
        job=torch.from_numpy(rng.integers(0, JOBS, agents)), advantage=some(low=-1.0),
        decided=some() > 0.3, worth=some(GOODS), kept=KEPT,
        survives=some() > 0.2, given={head: some(*sizes[head]) for head in sizes if head in heads},
    )  # fmt: skip
    return foragers, 0.5 * rng.normal(size=(agents, foragers.layout.genes)).astype(np.float32), life


def lesson(foragers: Networks, genome: np.ndarray, life: Life) -> Lesson:
    genes, gradient = (foragers.layout.cut(array) for array in (genome, np.full_like(genome, np.nan)))
    return learn(foragers, genes, gradient, life, LEISURE, ENTROPY, market)


@settings(max_examples=25)
@given(st.sampled_from([2, 7, 50]), st.integers(0, 99), st.sets(st.sampled_from(HEADS)), st.booleans())
def test_a_lesson_has_the_bits_of_the_graph(agents, seed, heads, silent):
    foragers, genome, life = drawn(agents, seed, heads, silent)
    found = lesson(foragers, genome, life)
    gradient, worth = by_graph(foragers, genome, life)
    assert np.array_equal(found.gradient, gradient)
    assert np.array_equal(found.worth, worth)


@pytest.mark.parametrize("head", HEADS)
def test_what_somebody_else_decided_teaches_its_network_nothing(head):
    foragers, genome, life = drawn(7, 3, {head}, False)
    norms = dict(zip(NETWORKS, lesson(foragers, genome, life).norms))
    taught = {network for network in NETWORKS if norms[network].any()}
    left = {NETWORK_OF[head]} if head != "effort" else set()  # the network of effort also chooses jobs
    assert taught == {*NETWORKS} - left
