"""The gradient of all five networks equals what central differences of each agent's own objective say."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from agents.barter.forager import NETWORKS, Brain, Networks, Senses, reward
from agents.barter.hearing import Hearing
from agents.barter.learning import Life, learn
from markets import barter

AGENTS, GOODS, JOBS, MESSAGE = 5, 2, 2, 3
FORAGERS = Networks(Brain(GOODS, JOBS, MESSAGE, hidden=4))
LEISURE, ENTROPY, KEPT = 0.05, 0.02, 0.8
RNG = np.random.default_rng(5)
GENOME = (0.4 * RNG.normal(size=(AGENTS, FORAGERS.layout.genes))).astype(np.float32)
STOCK = RNG.uniform(0.5, 2.0, (AGENTS, GOODS))
OTHERS = np.array([[j for j in range(AGENTS) if j != i] for i in range(AGENTS)])


def tensor(values) -> torch.Tensor:
    return torch.as_tensor(np.asarray(values, np.float32))


def sensed(goods) -> Senses:
    even = torch.full((AGENTS, GOODS), 1.0 / GOODS)
    taste = torch.softmax(tensor(np.linspace(-1, 1, AGENTS)[:, None] * [[1.0, -1.0]]), dim=1)
    return Senses(goods, even, taste, torch.full((AGENTS, JOBS), 0.3), tensor(np.full((AGENTS, 3), 0.1)))


SPOKEN_FROM = sensed(tensor(0.7 * STOCK)).tensor()
SLOPE, VIGOUR = tensor(RNG.uniform(0.2, 1.0, (AGENTS, GOODS))), tensor(RNG.uniform(0.5, 1.0, AGENTS))
JOB, WORTH = torch.tensor([0, 1, 1, 0, 1]), tensor(RNG.uniform(0.1, 0.4, (AGENTS, GOODS)))
ADVANTAGE, SURVIVES = tensor([0.3, -0.2, 0.1, 0.0, 0.5]), tensor([1, 1, 0, 1, 1])


def signal_of(nets) -> torch.Tensor:
    message = FORAGERS.speak(nets, SPOKEN_FROM)
    heard = message[torch.from_numpy(OTHERS)]
    return torch.bmm(FORAGERS.attend(nets, SPOKEN_FROM, message, heard).unsqueeze(1), heard).squeeze(1)


def played(genome: np.ndarray, mode: str, at_rest: torch.Tensor):
    """A tick from the weights on; `at_rest` is the effort from which goods in stock are counted."""
    nets = FORAGERS.layout.nets(torch.from_numpy(genome))
    with torch.no_grad():
        signal = signal_of(nets)
        logits, effort = FORAGERS.work(nets, SPOKEN_FROM, signal)
        made = tensor(STOCK) + SLOPE * (VIGOUR * (effort - at_rest)).unsqueeze(1)
        before = sensed(made)
        declared = FORAGERS.declare(nets, before.tensor(), signal, before.taste)
        exact = declared.double().numpy()
        exact = exact / exact.sum(axis=1, keepdims=True)
        clearing = barter.clear(mode, made.double().numpy()[None], exact[None])
        after = sensed(tensor(clearing.allocation[0]))
        eaten = FORAGERS.eat(nets, after.tensor(), signal) * after.goods
        chances = torch.log_softmax(logits, dim=1)
        spread = -(chances.exp() * chances).sum(dim=1)
        value = reward(eaten, before.taste, effort, LEISURE)
        value = value + SURVIVES * KEPT * (WORTH * (after.goods - eaten)).sum(dim=1)
        value = value + ADVANTAGE * chances.gather(1, JOB[:, None])[:, 0] + ENTROPY * spread
    return value.double().numpy(), (before, after, exact, clearing, effort)


def lesson(mode: str):
    rest = FORAGERS.work(FORAGERS.layout.nets(torch.from_numpy(GENOME)), SPOKEN_FROM,
                         signal_of(FORAGERS.layout.nets(torch.from_numpy(GENOME))))[1]  # fmt: skip
    _, (before, after, declared, clearing, _) = played(GENOME, mode, rest)

    def market(upstream):
        endowment = before.goods.double().numpy()[None]
        found = barter.own_gradient(mode, clearing, endowment, declared[None], upstream[None])
        return found[0][0], found[1][0]

    life = Life(
        spoken_from=SPOKEN_FROM, hearing=Hearing(OTHERS[None]), traded_with=before, ate_with=after,
        slope=SLOPE, vigour=VIGOUR, job=JOB, advantage=ADVANTAGE, decided=torch.ones(AGENTS), worth=WORTH,
        kept=KEPT, survives=SURVIVES,
    )  # fmt: skip
    genes, gradient = (FORAGERS.layout.cut(array) for array in (GENOME, np.empty_like(GENOME)))
    return learn(FORAGERS, genes, gradient, life, LEISURE, ENTROPY, market), rest.detach()


def slope_of(mode: str, rest, agent: int, gene: int, step: float = 0.02) -> np.ndarray:
    """Central difference of every agent's objective by one gene of one agent."""
    values = []
    for sign in (1.0, -1.0):
        genome = GENOME.copy()
        genome[agent, gene] += sign * step
        values.append(played(genome, mode, rest)[0])
    return (values[0] - values[1]) / (2.0 * step)


@pytest.mark.parametrize("mode", ["walras", "autarky"])
@pytest.mark.parametrize("network", [n for n in NETWORKS if n != "broadcast"])
def test_ones_own_networks_climb_ones_own_objective(mode, network):
    found, rest = lesson(mode)
    span = FORAGERS.layout.span(network)
    for agent in range(AGENTS):
        for gene in np.linspace(span.start, span.stop - 1, 7).astype(int):
            expected = slope_of(mode, rest, agent, gene)[agent]
            assert -found.gradient[agent, gene] == pytest.approx(expected, rel=0.03, abs=3e-4)


def test_a_speaker_climbs_the_objectives_of_its_listeners():
    found, rest = lesson("autarky")  # where listeners do nothing to one another
    span = FORAGERS.layout.span("broadcast")
    for agent in range(AGENTS):
        for gene in np.linspace(span.start, span.stop - 1, 7).astype(int):
            expected = slope_of("autarky", rest, agent, gene)
            assert -found.gradient[agent, gene] == pytest.approx(expected.sum(), rel=0.03, abs=3e-4)


def test_goods_are_worth_what_one_more_would_add_to_the_objective():
    found, rest = lesson("walras")
    before = STOCK.copy()
    for agent in range(AGENTS):
        for good in range(GOODS):
            values = []
            for sign in (1.0, -1.0):
                STOCK[agent, good] = before[agent, good] + sign * 0.01
                values.append(played(GENOME, "walras", rest)[0][agent])
            STOCK[agent, good] = before[agent, good]
            expected = (values[0] - values[1]) / 0.02
            assert found.worth[agent, good] == pytest.approx(expected, rel=0.03, abs=1e-3)


def test_every_network_of_everyone_has_a_gradient():
    found, _ = lesson("walras")
    assert found.norms.shape == (len(NETWORKS), AGENTS)
    assert (found.norms > 0.0).all()


def test_in_autarky_declaring_preferences_changes_nothing():
    found, _ = lesson("autarky")
    assert not found.norms[NETWORKS.index("trading")].any()
