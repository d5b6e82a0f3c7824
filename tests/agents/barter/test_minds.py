"""Minds: what a forager decides comes from its own networks, whoever else is asked."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from agents.barter.forager import Brain
from agents.barter.minds import NETWORK_OF, Minds, Seen

BRAIN = Brain(goods=2, jobs=3, message=4, hidden=5)
REPLICAS, AGENTS, SPEAKERS = 2, 3, 2


def drawn(*shape: int, seed: int = 0) -> np.ndarray:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).numpy()


def minds(seed: int = 9) -> Minds:
    genes = Minds(BRAIN, np.zeros((1, 1, BRAIN.layout.genes), np.float32)).foragers.layout.genes
    return Minds(BRAIN, 0.8 * drawn(REPLICAS, AGENTS, genes, seed=seed))


WIDTHS = dict(zip(Seen._fields, ((BRAIN.senses,), (2,), (4,), (4,), (SPEAKERS, 4))))
EVERYTHING = {name: drawn(6, *width, seed=k) for k, (name, width) in enumerate(WIDTHS.items())}
EVERYTHING["taste"] = np.exp(EVERYTHING["taste"]) / np.exp(EVERYTHING["taste"]).sum(axis=1, keepdims=True)
UNIFORM = np.linspace(0.05, 0.95, 6)[:, None]


class Question:
    """An ask of some rows, as far as minds look."""

    def __init__(self, rows, heads=tuple(NETWORK_OF)):
        rows = np.asarray(rows)
        self.replica, self.agent = rows // AGENTS, rows % AGENTS
        self.heads = dict.fromkeys(NETWORK_OF, SimpleNamespace())
        self.mask = np.tile([head in heads for head in NETWORK_OF], (len(rows), 1))
        self.asked = {head: self.mask[:, h] for h, head in enumerate(NETWORK_OF)}
        self.observation = {name: array[rows] for name, array in EVERYTHING.items()}
        self._uniform = UNIFORM[rows]

    def uniforms(self, head):
        return self._uniform

    def __len__(self):
        return len(self.replica)


def test_all_six_heads_are_decided_by_the_five_networks():
    answer = minds().act(Question(range(6)))
    assert {head: found.reshape(6, -1).shape[1] for head, found in answer.items()} == {
        "message": 4, "attention": SPEAKERS, "job": 1, "effort": 1, "declared": 2, "eaten": 2,
    }  # fmt: skip
    assert (np.abs(answer["message"]) <= 1.0).all()
    assert ((answer["effort"] > 0.0) & (answer["effort"] < 1.0)).all()
    np.testing.assert_allclose(answer["attention"].sum(axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(answer["declared"].sum(axis=1), 1.0, atol=1e-12)


@pytest.mark.parametrize("head", NETWORK_OF)
def test_what_one_decides_does_not_depend_on_who_else_is_asked_to_the_bit(head):
    mind = minds()
    together = mind.act(Question(range(6), (head,)))[head]
    for rows in ([0, 2, 5], [4], [1, 3]):
        assert np.array_equal(mind.act(Question(rows, (head,)))[head], together[rows])


def test_nothing_is_decided_that_is_not_asked():
    assert {*minds().act(Question([1, 2], ("declared",)))} == {"declared"}


def test_jobs_are_drawn_from_ones_own_network():
    mind, rows = minds(), [2, 3, 5]
    jobs = mind.act(Question(rows, ("job",)))["job"]
    own = torch.from_numpy(mind.genome[rows])
    seen = {name: torch.from_numpy(array[rows]) for name, array in EVERYTHING.items()}
    logits, _ = mind.foragers.work(mind.foragers.layout.nets(own), seen["senses"], seen["signal"])
    passed = torch.softmax(logits.double(), dim=1).cumsum(dim=1).numpy()
    assert jobs[:, 0].tolist() == [int((row < u).sum()) for row, u in zip(passed, UNIFORM[rows])]


def test_a_network_that_is_not_finite_is_named():
    mind = minds()
    mind.genome[5] = np.nan
    with pytest.raises(ValueError, match=r"agent 2 in replica 1 gives .*valid are finite logits"):
        mind.act(Question([0, 5], ("job",)))
