"""The end of a day: what is told of it, and how busy traders will be tomorrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.exchange.attention import attention
from simengine.worlds.exchange.kinds import POOL
from simengine.worlds.exchange.state import HORIZONS, REACH, SIGN_LAGS
from streams.exchange.events import Bar, Profile, Signs
from streams.jit import jit

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.exchange.world import Exchange


def tell_day(world: Exchange, sim: Simulation) -> None:
    """Publish the day's bar, depth profile and signs of each instrument."""
    k, replicas, symbols = world.market, sim.R, world.config.instruments
    replica = np.repeat(np.arange(replicas, dtype=np.int32), symbols)
    instrument = np.tile(np.arange(symbols, dtype=np.int32), replicas)
    if sim.wants(Bar):
        ticks = np.maximum(k.open_ticks, 1)
        quiet = k.trades == 0
        sim.publish(
            Bar, replica=replica, instrument=instrument,
            opening=np.where(quiet, k.last, k.opening).ravel(),
            high=np.where(quiet, k.last, k.high).ravel(),
            low=np.where(quiet, k.last, k.low).ravel(),
            closing=k.last.ravel().copy(), volume=k.volume.ravel().copy(), trades=k.trades.ravel().copy(),
            value=np.exp(k.worth).ravel(), spread=(k.spread / ticks).ravel(), depth=(k.depth / ticks).ravel(),
        )  # fmt: skip
    if sim.wants(Profile):
        shown = k.profile / np.maximum(k.looks, 1)[:, :, None]
        _tell_wide(sim, Profile, instrument, distance=np.arange(REACH, dtype=np.int16), quantity=shown)
    if sim.wants(Signs):
        lag = np.array(SIGN_LAGS, np.int32)
        _tell_wide(sim, Signs, instrument, lag=lag, product=k.product.copy(), pairs=k.pairs.copy())


def _tell_wide(sim: Simulation, event: type, instrument: np.ndarray, **columns: np.ndarray) -> None:
    """A row for each instrument and place of columns (R, instruments, places), or (places,) for all."""
    wide = next(column for column in columns.values() if column.ndim > 1)
    replicas, symbols, places = wide.shape
    rows: dict[str, Any] = {
        name: column.reshape(-1) if column.ndim > 1 else np.tile(column, replicas * symbols)
        for name, column in columns.items()
    }
    replica = np.repeat(np.arange(replicas, dtype=np.int32), symbols * places)
    sim.publish(event, replica=replica, instrument=np.repeat(instrument, places), **rows)


def turn_day(world: Exchange, sim: Simulation) -> None:
    """Remember the day's return on all horizons, and begin the next."""
    c, k, t = world.config, world.market, world.traders
    a = c.attention
    days = np.geomspace(a.horizon_least, a.horizon_most, HORIZONS)
    remember(k.arrays, days, a.usual_days, c.behaviour.momentum_days, a.gain, a.cap, a.asymmetry)
    luck = sim.noise.normal("sentiment", world.config.instruments)
    k.sentiment[:] = 0.9 * k.sentiment + 0.435 * luck
    pool = t.kind[0] == POOL
    if pool.any():
        keep = np.exp(-1.0 / c.behaviour.pool_days)
        drawn = sim.noise.normal("activity", t.capacity)[:, pool]
        t.activity[:, pool] = keep * t.activity[:, pool] + c.behaviour.pool_sd * np.sqrt(1 - keep**2) * drawn
    for column in (
        k.opening, k.high, k.low, k.volume, k.trades, k.spread, k.depth, k.open_ticks, k.profile, k.looks,
        k.product, k.pairs, k.halts, k.refused, k.messages,
    ):  # fmt: skip
        column[:] = 0
    k.closing[:] = k.last


@jit
def remember(k, days, usual_days, trend_days, gain, cap, asymmetry):
    """Add the day's squared return to what is remembered of each horizon, and set tomorrow's attention."""
    replicas, symbols = k.last.shape
    for r in range(replicas):
        for s in range(symbols):
            change = np.log(k.last[r, s] / k.closing[r, s])
            k.trend[r, s] += (change - k.trend[r, s]) / trend_days
            k.usual[r, s] += (change**2 - k.usual[r, s]) / usual_days
            fell = max(-k.trend[r, s], 0.0) / k.usual[r, s] ** 0.5
            for j in range(days.size):
                k.seen[r, s, j] += (change**2 - k.seen[r, s, j]) / days[j]
                k.busy[r, s, j] = attention(k.seen[r, s, j], k.usual[r, s], fell, gain, cap, asymmetry)
            k.care[r, s] = k.busy[r, s].mean()
