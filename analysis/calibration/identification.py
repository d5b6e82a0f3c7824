"""Which facts move with which parameter, and so which parameters the facts can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from analysis.facts import Facts, measure

Floats = NDArray[np.float64]

QUARTER = 0.25  # of a parameter's range: the step to either side
DOUBTFUL = 2.0  # standard errors: smaller effects are taken for noise
RANGE_SD = 1.0 / np.sqrt(12.0)  # of a uniform distribution over the range
WEAK = np.sqrt(0.5)  # of the range's sd left: the facts take less than half of its variance away
COLLINEAR = 0.9  # cosine between two parameters' effects
TOP = 4  # facts named per parameter


def sides(point: Floats, parameter: int) -> tuple[Floats, Floats]:
    """The points (n,) a quarter of a range below and above in one parameter, inside the unit box."""
    low, high = point.copy(), point.copy()
    low[parameter] = max(0.0, point[parameter] - QUARTER)
    high[parameter] = min(1.0, point[parameter] + QUARTER)
    return low, high


def effect(
    low: Mapping[str, ArrayLike], high: Mapping[str, ArrayLike], width: float, facts: Facts
) -> tuple[Floats, Floats]:
    """What moving a parameter through half its range does to each fact, and its standard error.

    `low` and `high` are the series (R, Q) of economies that share their noise and lie `width` of the range
    apart. Both results are (facts,), in sampling standard deviations of the fact; the error is infinite
    where fewer than two pairs of histories define the fact.
    """
    below, above = measure(low, facts), measure(high, facts)
    means, errors = unmeasured(facts)
    for row, (name, target) in enumerate(facts.targets.items()):
        pairs = (above[name] - below[name]) / target.sd * 2 * QUARTER / width
        pairs = pairs[np.isfinite(pairs)]
        if len(pairs) > 1:
            means[row], errors[row] = pairs.mean(), pairs.std(ddof=1) / np.sqrt(len(pairs))
    return means, errors


def unmeasured(facts: Facts) -> tuple[Floats, Floats]:
    """The effect, and its standard error, of a parameter of which nothing is known: (facts,) each."""
    return np.zeros(len(facts.targets)), np.full(len(facts.targets), np.inf)


@dataclass(frozen=True)
class Identification:
    """Effects (facts, n) of moving each parameter through half its range, in sampling sd, with their errors.

    `facts` and `names` name rows and columns, `values` are the parameters' values, (n,). The facts count as
    independent measurements whose error is their sampling sd, a range as a uniform prior: a parameter is told
    as far as its sd shrinks.
    """

    facts: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[float, ...]
    effects: Floats
    errors: Floats

    @cached_property
    def seen(self) -> Floats:
        """The effects beyond `DOUBTFUL` standard errors, 0 elsewhere, (facts, n)."""
        return np.where(np.abs(self.effects) > DOUBTFUL * self.errors, self.effects, 0.0)

    @cached_property
    def jacobian(self) -> Floats:
        """The seen effects of a move through the whole range, (facts, n)."""
        return self.seen / (2 * QUARTER)

    @cached_property
    def norms(self) -> Floats:
        """How far half a range of each parameter moves all facts together, sampling sd, (n,)."""
        return np.asarray(np.linalg.norm(self.seen, axis=0))

    @cached_property
    def singular_values(self) -> Floats:
        """Singular values of the Jacobian over one range sd, largest first: above 1 the facts say more."""
        return np.asarray(np.linalg.svd(self.jacobian, compute_uv=False) * RANGE_SD)

    @cached_property
    def alone(self) -> Floats:
        """The share of the range's sd that the facts leave when all other parameters are known, (n,)."""
        return np.asarray(1.0 / np.sqrt(1.0 + ((RANGE_SD * self.jacobian) ** 2).sum(axis=0)))

    @cached_property
    def together(self) -> Floats:
        """The share of the range's sd that the facts leave when nothing else is known, (n,)."""
        information = np.eye(len(self.names)) + RANGE_SD**2 * self.jacobian.T @ self.jacobian
        return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))

    @cached_property
    def cosines(self) -> Floats:
        """Cosines between the parameters' effects, (n, n); 0 for a parameter that moves nothing."""
        lengths = np.where(self.norms > 0, self.norms, 1.0)
        return np.asarray((self.seen.T @ self.seen) / np.outer(lengths, lengths))

    def partner(self, parameter: int) -> tuple[str, float]:
        """The parameter whose effects are most nearly proportional to this one's, and the cosine."""
        others = self.cosines[parameter].copy()
        others[parameter] = 0.0
        nearest = int(np.abs(others).argmax())
        return self.names[nearest], float(others[nearest])

    def verdict(self, parameter: int) -> str:
        """What the facts can say of a parameter, in a few words."""
        if not np.isfinite(self.errors[:, parameter]).any():
            return "not measured: the economy broke down"
        if self.together[parameter] < WEAK:
            return "identified"
        if self.alone[parameter] >= WEAK:
            return "weak: moves no fact" if self.norms[parameter] == 0 else "weak: moves little"
        name, cosine = self.partner(parameter)
        if abs(cosine) < COLLINEAR:
            return "weak: several others together do the same"
        return f"weak: {'same as' if cosine > 0 else 'opposite of'} {name}"

    def top(self, parameter: int) -> list[tuple[str, float]]:
        """The facts a parameter moves most, with the effects in sampling sd."""
        order = np.argsort(-np.abs(self.seen[:, parameter]), kind="stable")[:TOP]
        effects = ((self.facts[i], float(self.seen[i, parameter])) for i in order)
        return [(fact, by) for fact, by in effects if by != 0]

    def rows(self) -> list[dict[str, object]]:
        """A row per parameter, the best identified first."""
        found = []
        for k in np.argsort(self.together, kind="stable").tolist():
            name, cosine = self.partner(k)
            found.append(
                {
                    "parameter": self.names[k],
                    "value": self.values[k],
                    "moves_sd": float(self.norms[k]),
                    "left_alone": float(self.alone[k]),
                    "left_together": float(self.together[k]),
                    "verdict": self.verdict(k),
                    "nearest": name,
                    "cosine": cosine,
                    "facts_moved_most": " ".join(f"{fact} {by:+.2f}" for fact, by in self.top(k)),
                }
            )
        return found

    def text(self) -> str:
        """The rows as a plain table, with what its columns mean."""
        width = max(map(len, self.names)) + 2
        head = f"{'value':>9}{'moves':>7}{'alone':>7}{'left':>6}  verdict; facts moved most"
        lines = [f"{'parameter':<{width}}{head}"]
        for row in self.rows():
            lines.append(
                f"{row['parameter']:<{width}}{row['value']:>9.4g}{row['moves_sd']:>7.2f}{row['left_alone']:>7.2f}"
                f"{row['left_together']:>6.2f}  {row['verdict']}; {row['facts_moved_most']}"
            )
        strong = int((self.singular_values > 1).sum())
        told = int((self.together < WEAK).sum())
        lines += [
            "moves: all facts together, through half the range, in sampling sd; alone and left: the share",
            "of the range's sd that the facts leave when all other parameters are known, and when none is",
            f"{told} of {len(self.names)} parameters are identified: left is below {WEAK:.2f}",
            f"{strong} directions are told better by the facts than by the ranges (singular values above 1):",
            " ".join(f"{value:.2g}" for value in self.singular_values),
        ]
        return "\n".join(lines)

    def write(self, folder: Path, command: str) -> list[Path]:
        """Write `identification.csv`, `effects.csv` (fact by parameter) and `identification.txt`.

        The first line of both tables is `# command`.
        """
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / name for name in ("identification.csv", "effects.csv", "identification.txt")]
        cells = [
            {"fact": fact, "parameter": name, "effect_sd": self.effects[i, k], "se": self.errors[i, k]}
            for i, fact in enumerate(self.facts)
            for k, name in enumerate(self.names)
        ]
        for file, rows in zip(files, (self.rows(), cells)):
            text = pl.DataFrame(rows).write_csv(float_precision=4)
            file.write_text(f"# {command}\n{text}", encoding="utf-8")
        files[2].write_text(self.text() + "\n", encoding="utf-8")
        return files


def assembled(
    names: Sequence[str],
    values: Sequence[float],
    columns: Sequence[tuple[Floats, Floats] | None],
    facts: Facts,
) -> Identification:
    """The identification from each parameter's (effects, errors), None where one broke down."""
    filled = [unmeasured(facts) if column is None else column for column in columns]
    effects, errors = (np.stack([column[side] for column in filled], axis=1) for side in (0, 1))
    return Identification(tuple(facts.targets), tuple(names), tuple(values), effects, errors)
