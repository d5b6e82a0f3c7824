"""A stand-in for the kernel's ask, and a school in which one population learns by it."""

import numpy as np

from agents.forward import Forward
from agents.hyperparameters import Hyperparameters
from agents.networks import fresh
from agents.neural import NeuralPolicy
from agents.observation import RowLayout
from agents.ppo import Learner
from agents.rollout import Rollout


class Question:
    """What `agents` agents of one replica are asked at a tick, all heads unless `mask` says otherwise."""

    population, ordinal = "pupils", 0

    def __init__(self, tick, observation, uniform, mask, memory=None):
        self.tick, self.observation, self.uniform, self.mask, self.memory = (
            tick, observation, uniform, mask, memory,
        )  # fmt: skip
        self.agent = np.arange(len(mask), dtype=np.int32)
        self.replica = np.zeros(len(mask), np.int32)
        self.left = None

    def __len__(self):
        return len(self.mask)

    def remember(self, memory):
        self.left = memory


class School:
    """A population of `agents` and its learner; `step` asks everybody, `learn` updates."""

    def __init__(self, features, heads, agents=256, seed=0, neutral=None, **settings):
        chosen = {"shape": "small", "attention": 0.0, "learning_rate": 0.01, "divergence_most": 0.1}
        self.settings = Hyperparameters(**{**chosen, "minibatches_least": 4, **settings})
        self.layout = RowLayout.of(features, self.settings.memory)
        network = fresh("pupils", self.layout, heads, neutral, self.settings, seed)
        self.learner = Learner("pupils", network, self.settings, 12, seed)
        joint = network.joint
        rollout = Rollout(
            1, agents, self.layout.width, len(heads), self.learner.discount, joint.numbers, joint.dtype
        )
        self.policy = NeuralPolicy(Forward(network), rollout=rollout)
        self.rng, self.tick, self.agents = np.random.default_rng(seed), 0, agents
        self.memory = np.zeros((agents, self.settings.memory), np.float32)
        self.ready()

    def ready(self):
        self.policy.forward.load(self.learner.network, self.learner.seen, self.learner.items)

    def ask(self, observation):
        """What everybody answers now."""
        joint = self.learner.network.joint
        uniform = self.rng.random((self.agents, joint.numbers))
        mask = np.ones((self.agents, len(joint.heads)), np.bool_)
        question = Question(self.tick, observation, uniform, mask, self.memory)
        answer = self.policy.act(question)
        if question.left is not None:
            self.memory = question.left
        return answer

    def earn(self, reward, ended=False):
        """Everybody is paid, and the tick is over; where lives end, so do memories."""
        ends = np.full((1, self.agents), ended)
        self.policy.rollout.rewarded(self.tick, np.asarray(reward, float)[None], ends)
        self.tick += 1
        if ended:
            self.memory = np.zeros_like(self.memory)

    def learn(self, lesson, updates):
        """So many updates, each after a `lesson(self)`; the mean reward of each."""
        rewards = []
        for k in range(updates):
            lesson(self)
            done = self.learner.update(self.policy.rollout, k / updates)
            assert done.undone == ""
            rewards.append(done.reward)
            self.policy.rollout.clear()
            self.ready()
        return rewards

    def taught(self, lesson):
        """The mean reward of a lesson in which everybody does what is likeliest."""
        self.policy.greedy = True
        self.policy.rollout.clear()
        lesson(self)
        return self.policy.rollout.mean_reward
