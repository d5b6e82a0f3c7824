"""Proximal policy optimisation of one population that shares a network (Schulman et al. 2017).

An update reads the transitions of a rollout, estimates advantages in elapsed time, and climbs the clipped
surrogate for some epochs of minibatches. All randomness is keyed by (seed, population, update), so an update
depends on the state of the learner and the rollout alone. Nothing that is not finite reaches the weights: an
update that meets such a number is undone as a whole, and says where it was met.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from agents.exact import exact
from agents.experience import Experience, Transitions
from agents.forward import PRECISIONS
from agents.hyperparameters import Hyperparameters
from agents.networks import ActorCritic
from agents.rollout import OPEN, Rollout, advantages, sequences
from agents.yardsticks import Yardstick, measures, rescale_inputs, rescale_output

VALUE_CHUNK = 8192
OBSERVATION_MEMORY, RETURN_MEMORY = 1e8, 3e6  # rows after which the yardsticks begin to forget


@dataclass
class Update:
    """What one update did; where nothing else is said, means over its minibatches."""

    rows: int = 0  # learned from
    reward: float = 0.0  # mean of all rewards of the rollout
    entropy: float = 0.0  # of a decision, nats
    information: float = 0.0  # divergence from the untrained policy, nats
    divergence: float = 0.0  # from the policy that acted, nats, in the last epoch
    clipped: float = 0.0  # share of rows whose probability ratio left the clip range
    value_error: float = 0.0  # squared, in sds of returns
    explained: float = 0.0  # share of the returns' variance that the values knew before the update
    gradient_norm: float = 0.0  # before it was scaled down
    epochs: int = 0  # carried out
    undone: str = ""  # what was not finite, where, which value; all but the count of updates is as before

    def row(self) -> dict[str, Any]:
        """The numbers by name."""
        return asdict(self)


class Learner:
    """A network, its optimiser and its yardsticks: `seen` of observations, `earned` of returns.

    `discount` is the factor of a tick: a year of `ticks_per_year` discounts by the settings'
    `discount_annual`. `seed` keys the order of minibatches, `device` is where torch updates the network,
    `precision` that of its products while it does; weights, losses and steps are float32.
    """

    @exact()
    def __init__(
        self,
        population: str,
        network: ActorCritic,
        settings: Hyperparameters,
        ticks_per_year: int,
        seed: int = 0,
        device: str = "cpu",
        precision: str = "float32",
    ) -> None:
        self.population, self.settings, self.seed = population, settings, seed
        self._half = PRECISIONS[precision] is torch.bfloat16
        self.network, self.device = network.to(device), torch.device(device)
        self.discount = settings.discount_annual ** (1.0 / ticks_per_year)
        self.optimiser = torch.optim.Adam(network.parameters(), lr=settings.learning_rate, eps=1e-5)
        self.seen = Yardstick(network.layout.features, OBSERVATION_MEMORY)
        self.items = {
            name: Yardstick(block.width, OBSERVATION_MEMORY) for name, block in network.layout.items.items()
        }
        self.earned = Yardstick(1, RETURN_MEMORY)
        self.updates = np.zeros(1, np.int64)

    @exact()
    def update(self, rollout: Rollout | Experience, progress: float = 0.0) -> Update:
        """Learn from a rollout or what several gathered; `progress` in [0, 1] of the training is over.

        Without a row that can be learned from nothing changes but the count of updates. An update that met
        or left a number that is not finite is undone, and says so in the answer; nothing is raised.
        """
        before, done = self._copy(), Update(reward=rollout.mean_reward)
        rows = rollout.transitions
        learned = np.flatnonzero(rows.following != OPEN)
        try:
            if learned.size:
                with np.errstate(over="ignore", invalid="ignore"):  # found by name below
                    self._learn(rows, learned, progress, done)
                    self._measure_observations(rows.observation)
                _finite(self.population, **self.arrays())
        except FloatingPointError as error:
            self.restore(before)
            done = Update(reward=done.reward, undone=str(error))
        self.updates += 1
        return done

    # -- one update, top to bottom ------------------------------------------------------------------

    def _learn(self, rows: Transitions, learned: NDArray[np.int64], progress: float, done: Update) -> None:
        s = self.settings
        left = 1.0 - progress if s.anneal else 1.0
        for group in self.optimiser.param_groups:
            group["lr"] = s.learning_rate * left
        _finite(
            self.population,
            observation=rows.observation,
            reward=rows.reward,
            log_probability=rows.log_probability,
        )
        seen = self._normalised(rows.observation)
        value = self._values(seen)
        gain = advantages(rows.reward, rows.elapsed, rows.following, value, self.discount, s.decay)
        target = gain + value
        _finite(self.population, value=value, advantage=gain, target=target)
        done.explained = 1.0 - float(gain[learned].var() / max(target[learned].var(), 1e-12))
        self._measure_returns(target[learned])
        scaled = {name: (x - self.earned.mean) / self.earned.sd for name, x in (("t", target), ("v", value))}
        spread = (gain - gain[learned].mean()) / max(float(gain[learned].std()), 1e-8)
        data = {
            "seen": seen,
            "action": self._tensor(rows.action),
            "asked": self._tensor(rows.asked.astype(np.float32)),
            "said": self._tensor(rows.log_probability),
            "gain": self._tensor(spread.astype(np.float32)),
            "target": self._tensor(scaled["t"].astype(np.float32)),
            "value": self._tensor(scaled["v"].astype(np.float32)),
        }
        generator = torch.Generator().manual_seed(self._key())
        length = s.sequence if self.network.layout.memory else 1
        chosen = torch.from_numpy(sequences(rows.following, length))
        most = len(chosen) if s.rows_most is None else max(1, s.rows_most // length)
        if len(chosen) > most:
            chosen = chosen[torch.randperm(len(chosen), generator=generator)[:most]]
        done.rows = int((chosen >= 0).sum())
        size = max(1, min(s.minibatch // length, len(chosen) // s.minibatches_least))
        steps = 0
        for _ in range(s.epochs):
            order = chosen[torch.randperm(len(chosen), generator=generator)].to(self.device)
            divergence = 0.0
            for start in range(0, len(order), size):
                batch = order[start : start + size]
                divergence += self._step(data, batch, s.entropy * left, done) * len(batch) / len(order)
                steps += 1
            done.epochs += 1
            done.divergence = divergence
            if s.divergence_most is not None and divergence > s.divergence_most:
                break
        for name in ("entropy", "information", "clipped", "value_error", "gradient_norm"):
            setattr(done, name, getattr(done, name) / steps)

    def _step(self, data: dict[str, Tensor], batch: Tensor, entropy_weight: float, done: Update) -> float:
        """One gradient step on the sequences `batch` of rows; the mean divergence from who acted."""
        s = self.settings
        rows, outputs, value = self._answers(data["seen"], batch)
        action, asked, said, gain, target, old = (x[rows] for name, x in data.items() if name != "seen")
        log_probability, entropy, information = self.network.joint.spoken(
            outputs, self.network.prior, action, asked
        )
        change = log_probability - said
        ratio = change.exp()
        surrogate = torch.minimum(ratio * gain, ratio.clamp(1.0 - s.clip, 1.0 + s.clip) * gain).mean()
        error = (value - target) ** 2
        if s.value_clip is not None:
            near = old + (value - old).clamp(-s.value_clip, s.value_clip)
            error = torch.maximum(error, (near - target) ** 2)
        loss = s.value * error.mean() - surrogate - entropy_weight * entropy.mean()
        loss = loss + s.attention * information.mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norms = torch.stack([p.grad.norm() for p in self.network.parameters() if p.grad is not None])
        norm = norms.norm()
        nn.utils.clip_grads_with_norm_(self.network.parameters(), s.gradient_norm, norm)
        with torch.no_grad():
            clipped = ((ratio - 1.0).abs() > s.clip).float().mean()
            means = [loss, norm, entropy.mean(), clipped, error.mean(), (ratio - 1.0 - change).mean()]
            means.append(information.mean())
            numbers = torch.cat([torch.stack(means), norms]).tolist()
        _finite(self.population, loss=numbers[0])
        names = (f"gradient of {name}" for name, _ in self.network.named_parameters())
        _finite(self.population, **dict(zip(names, numbers[len(means) :])), gradient=numbers[1])
        self.optimiser.step()
        done.gradient_norm += numbers[1]
        done.entropy += numbers[2]
        done.clipped += numbers[3]
        done.value_error += numbers[4]
        done.information += numbers[6]
        return float(numbers[5])

    def _answers(self, seen: Tensor, batch: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Of sequences (n, steps) their rows, parameters and values, what is remembered carried along."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._half):
            if batch.shape[1] == 1:
                rows = batch[:, 0]
                outputs, value = self.network(seen[rows])
            else:
                there = batch >= 0
                rows = batch[there]
                outputs, value = (x[there] for x in self.network(seen[batch.clamp(min=0)]))
        return rows, outputs.float(), value.float()

    # -- yardsticks ---------------------------------------------------------------------------------

    def _normalised(self, observation: NDArray[np.float32]) -> Tensor:
        mean, sd = measures(self.network.layout, self.seen, self.items)
        return self._tensor((observation - mean) / sd)

    def _values(self, seen: Tensor) -> NDArray[np.float64]:
        """Values in the unit of rewards, (rows,)."""
        with torch.no_grad():
            parts = [self.network.values(part) for part in seen.split(VALUE_CHUNK)]
        return torch.cat(parts).double().cpu().numpy() * self.earned.sd[0] + self.earned.mean[0]

    def _measure_returns(self, target: NDArray[np.float64]) -> None:
        before = self.earned.mean.copy(), self.earned.sd
        self.earned.see(target[:, None])
        rescale_output(self.network.value, before, (self.earned.mean, self.earned.sd))

    def _measure_observations(self, observation: NDArray[np.float32]) -> None:
        layout, network = self.network.layout, self.network
        self._see(self.seen, layout.flat(observation), network.entered())
        for name, yardstick in self.items.items():
            items, there = layout.described(observation, name)
            if there.any():
                self._see(yardstick, items[there > 0.0], network.encoding(name)[:1])

    def _see(self, yardstick: Yardstick, numbers: NDArray[np.float32], layers: list[nn.Linear]) -> None:
        before = yardstick.mean.copy(), yardstick.sd
        yardstick.see(numbers)
        for layer in layers:
            rescale_inputs(layer, before, (yardstick.mean, yardstick.sd))

    # -- state --------------------------------------------------------------------------------------

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything that an exact resume needs, as arrays by name; some are live, copy them to keep them."""
        kept = {f"network.{name}": _numpy(x) for name, x in self.network.state_dict().items()}
        for k, parameter in enumerate(self.network.parameters()):
            for name, x in self.optimiser.state.get(parameter, {}).items():
                kept[f"adam.{k}.{name}"] = _numpy(x)
        for prefix, yardstick in self._yardsticks().items():
            kept |= {f"{prefix}.{name}": x for name, x in yardstick.arrays().items()}
        return {**kept, "updates": self.updates}

    @exact()
    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on where the `arrays` of a learner of the same build left off."""
        network = {
            name.removeprefix("network."): torch.from_numpy(np.array(x))
            for name, x in arrays.items()
            if name.startswith("network.")
        }
        self.network.load_state_dict(network)
        for k, parameter in enumerate(self.network.parameters()):
            mine = {name: x for name, x in arrays.items() if name.startswith(f"adam.{k}.")}
            self.optimiser.state[parameter] = {
                name.rpartition(".")[2]: torch.from_numpy(np.array(x)).to(
                    "cpu" if name.endswith("step") else self.device
                )
                for name, x in mine.items()
            }
            if not mine:
                del self.optimiser.state[parameter]
        for prefix, yardstick in self._yardsticks().items():
            for name, x in yardstick.arrays().items():
                x[...] = arrays[f"{prefix}.{name}"]
        self.updates[...] = arrays["updates"]

    def _yardsticks(self) -> dict[str, Yardstick]:
        return {"seen": self.seen, **{f"seen.{n}": x for n, x in self.items.items()}, "earned": self.earned}

    def _copy(self) -> dict[str, NDArray[Any]]:
        return {name: np.array(x) for name, x in self.arrays().items()}

    def _key(self) -> int:
        words = f"{self.seed}/{self.population}/{int(self.updates[0])}".encode()
        return crc32(words) << 16 | crc32(words[::-1]) & 0xFFFF

    def _tensor(self, array: NDArray[Any]) -> Tensor:
        # a copy: products may depend on how memory is aligned, and only torch aligns it always alike
        return torch.tensor(array, device=self.device)


def _finite(population: str, **numbers: Any) -> None:
    for name, number in numbers.items():
        finite = np.isfinite(number)
        if not finite.all():
            at = np.argwhere(~finite)[0]
            where = f" {at.tolist()}" if at.size else ""
            raise FloatingPointError(
                f"{population}: {name}{where} is {np.asarray(number)[tuple(at)]}: valid is a finite number"
            )


def _numpy(tensor: Tensor) -> NDArray[Any]:
    found: NDArray[Any] = tensor.detach().cpu().numpy()
    return found
