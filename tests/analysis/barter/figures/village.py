"""A village of four agents and two goods, recorded for three years of four ticks; worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from analysis import Run
from analysis.barter.recorded import Recorded
from streams.sealed import write_json
from tests.analysis.macro.synthetic import sealed

AGENTS, GOODS, TICKS, YEAR = 4, 2, 12, 4
NETWORKS = ("broadcast", "social_filter", "production", "trading", "consumption")
# Births: at tick 1 in slot 1 of agents 0 and 2, at tick 5 in slot 3 of agents 4 (in slot 1) and 4.
BIRTHS = {"tick": [1, 5], "agent": [1, 3], "identity": [4, 5], "mother": [0, 4], "father": [2, 4]}


def jobs() -> np.ndarray:
    """Jobs (T, N): all gather in even ticks but those at tick 10, where two hunt; all hunt in odd ones."""
    job = np.repeat((np.arange(TICKS) % 2)[:, None], AGENTS, axis=1)
    job[10] = [0, 1, 0, 1]
    return job


def attention() -> np.ndarray:
    """Shares (listener, speaker): everyone hears agent 0 most, agent 0 hears agent 1."""
    return np.array([[0, 0.6, 0.2, 0.2], [0.8, 0, 0.1, 0.1], [0.7, 0.2, 0, 0.1], [0.5, 0.25, 0.25, 0]])


def rows(*sizes: int) -> list[np.ndarray]:
    """Indices of all ticks and of what follows, each flat."""
    return [index.reshape(-1).astype(np.int32) for index in np.indices((TICKS, *sizes))]


def events() -> dict[str, pl.DataFrame]:
    """Every event type of the village."""
    tick, agent = rows(AGENTS)
    t3, a3, good = rows(AGENTS, GOODS)
    tm, am, topic = rows(AGENTS, 3)
    tl, listener, speaker = rows(AGENTS, AGENTS)
    tp, gp = rows(GOODS)
    tn, net = rows(len(NETWORKS))
    heard = listener != speaker
    before = 1.0 + a3 + 2.0 * good * (a3 % 2)
    after = np.full(before.shape, before.reshape(TICKS, AGENTS, GOODS).mean(axis=1)[0][good])
    said = np.where(topic == 0, am - 1.5, np.where(topic == 1, am % 2, 0.0))
    found = {
        "Production": {
            "tick": tick, "agent": agent, "job": jobs().ravel(), "effort": 0.5 + 0.1 * agent, "amount": 2.0,
        },
        "Consumption": {"tick": t3, "agent": a3, "good": good, "amount": 1.0 + good},
        "Holding": {
            "tick": t3, "agent": a3, "good": good, "before": before, "after": after, "kept": 0.25 * t3,
        },
        "Taste": {"tick": t3, "agent": a3, "good": good, "share": np.where(good == a3 // 2, 0.75, 0.25)},
        "Price": {"tick": tp, "good": gp, "price": np.where(gp == 0, 0.25, 0.75)},
        "Forager": {
            "tick": tick, "agent": agent, "identity": agent.astype(np.int64), "age": tick + 1 + agent,
        },
        "Reward": {"tick": tick, "agent": agent, "amount": 1.0 + agent},
        "Broadcast": {"tick": tm, "agent": am, "topic": topic, "value": said},
        "Attention": {
            "tick": tl[heard], "listener": listener[heard], "speaker": speaker[heard],
            "share": attention()[listener, speaker][heard],
        },
        "Clearing": {
            "tick": np.arange(TICKS), "captured": 0.9, "mrs_dispersion": 0.1, "converged": 1, "gap": 1e-9,
        },
        "GradientFlow": {
            "tick": tn, "network": [NETWORKS[k] for k in net], "share": np.where(net == 1, 0.0, 1.0),
            "norm": np.where(net == 1, 0.0, 10.0**-net),
        },
        "Birth": BIRTHS,
        "Death": {"tick": [1, 5], "agent": [1, 3], "identity": [1, 3], "cause": ["age", "hunger"]},
    }  # fmt: skip
    return {name: pl.DataFrame({**columns, "replica": 0}) for name, columns in found.items()}


def write_village(folder: Path, without: tuple[str, ...] = (), **manifest: object) -> Path:
    """A run folder of the village, without the event types named."""
    folder.mkdir(parents=True)
    kept = {name: frame for name, frame in events().items() if name not in without}
    content = {
        "world": "barter", "seed": 3, "until": TICKS, "segments": sealed(folder, kept),
        "config": {
            "agents": AGENTS, "goods": ["berries", "meat"], "year": YEAR,
            "jobs": [{"good": "berries"}, {"good": "meat"}],
        },
        "data_sheet": "LEARNED  everything", "command": "python -m simengine run barter",
    }  # fmt: skip
    write_json(folder / "manifest.json", content | manifest)
    return folder


def village(folder: Path, without: tuple[str, ...] = ()) -> Recorded:
    """The village, recorded and opened."""
    return Recorded(Run(write_village(folder, without)))
