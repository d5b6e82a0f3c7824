"""The labels of the audit: the criterion that the package's docstring states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.audit.matrix import HALVED, MET, Evidence, Flags, Matrix, Removal, Values
from analysis.facts import Facts
from analysis.inference import Interval, paired

STEP = 1.0  # sampling deviation of its fact, by which a typed-in value is raised
OBEYS = 0.50  # share of that rise which must come back
GROUPS = 8  # of replicas, left out one at a time
LABELS = ("unmet", "undecided", "mechanical", "driven", "assumed", "robust", "emergent")
"""The labels in the order tables show them: what is missed comes first, what is cheap before what is not."""


@dataclass(frozen=True)
class Label:
    """What a fact is, why, and how firmly (0–1, NaN with fewer than four replicas)."""

    fact: str
    label: str
    why: str
    base_pass: float
    firm: float = float("nan")


@dataclass(frozen=True)
class Claim:
    """What became of the claim that a fact is typed in: True, False, or None when it was not tested."""

    holds: bool | None
    says: str


@dataclass(frozen=True)
class Audit:
    """A matrix, the labels it leads to, and what each removal does to the score (percentage points)."""

    matrix: Matrix
    labels: tuple[Label, ...]
    base_score: float
    score: Interval  # of the change, (removal,)
    broken: tuple[Removal, ...] = ()  # without which the economy breaks down, so that it has no facts

    def counts(self) -> dict[str, int]:
        """How many facts bear each label."""
        return {name: sum(label.label == name for label in self.labels) for name in LABELS}


def examine(
    against: Facts,
    base: Values,
    off: Mapping[Removal, Values],
    raised: Values | None = None,
    random: Values | None = None,
    broken: tuple[Removal, ...] = (),
) -> Audit:
    """The audit of a base arm against arms with one removal each, all on the same noise.

    `raised` holds facts that are assumed in arms whose parameter was raised by `STEP` sampling deviations of
    the fact; `random` the facts when everyone decides at random. What is not given is not tested, and a claim
    then stands. `broken` names removals whose arm broke down.
    """
    facts = tuple(name for name in against.targets if name in base)
    evidence = Evidence(
        against,
        facts,
        tuple(off),
        np.array([base[fact] for fact in facts], dtype=np.float64),
        np.array([[values[fact] for fact in facts] for values in off.values()], dtype=np.float64),
        {fact: np.asarray(values, dtype=np.float64) for fact, values in (raised or {}).items()},
        None if random is None else np.array([random[fact] for fact in facts], dtype=np.float64),
    )
    scores = evidence.scores(evidence.base)
    labels = labelled(evidence)
    return Audit(
        evidence.matrix(),
        tuple(replace(label, firm=share) for label, share in zip(labels, firmness(evidence, labels))),
        float(scores.mean()),
        paired(scores, evidence.scores(evidence.off)),
        broken,
    )


def labelled(evidence: Evidence) -> list[Label]:
    """The label of every fact, in order."""
    matrix = evidence.matrix()
    chance = None if evidence.random is None else evidence.passes(evidence.random).mean(axis=-1)
    labels = []
    for f, fact in enumerate(evidence.facts):
        at_random = float("nan") if chance is None else float(chance[f])
        histories = evidence.base.shape[-1]
        label, why = _judged(matrix, f, _claim(evidence, matrix, f), at_random, histories)
        labels.append(Label(fact, label, why, float(matrix.base_pass[f])))
    return labels


def firmness(evidence: Evidence, labels: list[Label]) -> list[float]:
    """The share of samples, an eighth of the replicas left out of each, that repeat each label."""
    replicas = evidence.base.shape[-1]
    if replicas < 4:
        return [float("nan")] * len(labels)
    groups = np.array_split(np.arange(replicas), min(GROUPS, replicas))
    again = [labelled(evidence.without(group)) for group in groups]
    return [float(np.mean([one[f].label == label.label for one in again])) for f, label in enumerate(labels)]


def _claim(evidence: Evidence, matrix: Matrix, f: int) -> Claim | None:
    """Test the claim that fact `f` is typed in; None when nobody claims it."""
    fact = evidence.facts[f]
    typed = evidence.against.assumed.get(fact)
    if typed is None:
        return None
    if typed.shock:
        rows = [i for i, one in enumerate(matrix.removals) if one.name == typed.shock and one.sort == "shock"]
        if not rows:
            return Claim(None, f"{typed.parameter} states it (not tested)")
        held = bool(matrix.carries[rows[0], f])
        return Claim(held, f"{typed.parameter} states it{'' if held else ', yet does not carry it'}")
    if fact not in evidence.raised:
        return Claim(None, f"{typed.parameter} types it in (not tested)")
    rise = STEP * evidence.against.targets[fact].sd
    share = paired(evidence.base[f] / rise, evidence.raised[fact] / rise)
    back = f"{100 * float(share.mean):.0f} % of a rise comes back"
    return Claim(bool(share.mean >= OBEYS and share.low > 0), f"{typed.parameter} types it in, {back}")


def _judged(matrix: Matrix, f: int, claim: Claim | None, chance: float, histories: int) -> tuple[str, str]:
    """The label of fact `f` and the reason; `chance` is its pass share under random decisions."""
    aside = f"; {claim.says}" if claim else ""
    if matrix.base_pass[f] < MET:
        better = _named(matrix, f, matrix.findings[:, f] & (matrix.off_pass[:, f] >= MET))
        without = f"; met without {better}" if better else ""
        return "unmet", f"{_percent(matrix.base_pass[f])} of histories meet it{without}{aside}"
    if claim and claim.holds is not False:
        return "assumed", claim.says
    carriers = matrix.carries[:, f] & ~matrix.breaks
    lost = f"weakened without {_named(matrix, f, carriers)}"
    doubtful = matrix.falls[:, f] & ~matrix.breaks
    if not carriers.any() and doubtful.any():
        by = _named(matrix, f, doubtful)
        return "undecided", f"weakened without {by}, which chance could do with {histories} histories{aside}"
    if not carriers.any():
        empty = f"; random decisions meet it in {_percent(chance)}" if chance >= MET else ""
        return "robust", f"met whatever single part is taken away{empty}{aside}"
    halved = np.array([one == HALVED for one in matrix.removals])
    if carriers.sum() == 1 and not (carriers & halved).any():
        return "mechanical", f"{lost} alone{aside}"
    shocks = (matrix.sorts == "shock") & doubtful
    if shocks.any():
        return "driven", f"weakened without {_named(matrix, f, carriers | shocks)}{aside}"
    sizing = (matrix.sorts == "shock") & matrix.shifts[:, f] & ~matrix.breaks
    if sizing.any():
        return "driven", f"another size without {_named(matrix, f, sizing)}; {lost}{aside}"
    return "emergent", lost + aside


def _named(matrix: Matrix, f: int, chosen: Flags, most: int = 4) -> str:
    """The chosen removals of a fact with the change of its pass share in points: shocks, then by size."""
    change = 100.0 * (matrix.off_pass[:, f] - matrix.base_pass[f])
    order = sorted(np.nonzero(chosen)[0], key=lambda i: (matrix.sorts[i] != "shock", -abs(change[i])))
    words = [f"{matrix.removals[i].name} ({change[i]:+.0f})".replace("-", "−") for i in order[:most]]
    more = f" and {len(order) - most} more" if len(order) > most else ""
    return ", ".join(words) + more


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
