"""In what two runs differ: an effect has one cause, and what differs in several ways is a mixture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from analysis.about import strikes
from analysis.lengths import length
from analysis.run import Run

NONE = "none"


class Difference(NamedTuple):
    """What differs, as it is in A and in B; what is no cause leaves the histories that both have alike."""

    what: str
    a: str
    b: str
    causes: bool = True

    def __str__(self) -> str:
        return f"{self.what}: {self.a} → {self.b}"

    @property
    def name(self) -> str:
        """What its effect is the effect of."""
        return self.b if (self.what, self.a) == (SHOCKS, NONE) else str(self)


SHOCKS, SEED = "shocks", "seed"


def differences(a: Run, b: Run) -> list[Difference]:
    """Every difference between two runs, causes first."""
    found = [*_one("world", a.world, b.world), *_of_policies(a, b), *_of_settings(a, b)]
    found += _one(SHOCKS, _shocks(a), _shocks(b))
    found += _one(SEED, a.manifest.get("seed"), b.manifest.get("seed"))
    for part, what in (("versions", "version of"), ("sources", "code of")):
        mine, other = a.manifest.get(part, {}), b.manifest.get(part, {})
        for name in sorted({*mine, *other}):
            found += _one(f"{what} {name}", mine.get(name, NONE), other.get(name, NONE))
    found += _one("length", _length(a), _length(b), causes=False)
    found += _one("replica numbers", _spans(a.numbers), _spans(b.numbers), causes=False)
    return found


def causes(found: list[Difference]) -> list[Difference]:
    """Those that make histories differ."""
    return [each for each in found if each.causes]


def _one(what: str, a: Any, b: Any, causes: bool = True) -> list[Difference]:
    return [] if a == b else [Difference(what, str(a), str(b), causes)]


def _of_policies(a: Run, b: Run) -> Iterator[Difference]:
    """One difference for all places that change from one policy to another, and for all weights that do."""
    mine, other = _deciders(a), _deciders(b)
    changed: dict[tuple[str, str], list[str]] = {}
    for place in dict.fromkeys((*mine, *other)):
        pair = mine.get(place, NONE), other.get(place, NONE)
        if pair[0] != pair[1]:
            changed.setdefault(pair, []).append(place.replace("_", " "))
    for pair, places in changed.items():
        yield Difference(f"policy of {', '.join(places)}", *pair)
    networks = a.manifest.get("networks", {}), b.manifest.get("networks", {})
    for name in sorted({*networks[0]} & {*networks[1]}):
        if mine.get(name) == other.get(name):
            before, after = (each[name].get("digest", NONE) for each in networks)
            yield from _one(f"weights of {name.replace('_', ' ')}", before, after)


def _deciders(run: Run) -> Mapping[str, str]:
    scenario: Mapping[str, str] = run.manifest.get("scenario", {}).get("policies", {})
    found: Mapping[str, str] = run.manifest.get("deciders", scenario)
    return found


def _of_settings(a: Run, b: Run) -> Iterator[Difference]:
    mine, other = (dict(_leaves(run.manifest.get("config", {}))) for run in (a, b))
    for name in dict.fromkeys((*mine, *other)):
        yield from _one(name, mine.get(name, NONE), other.get(name, NONE))


def _leaves(settings: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    if not isinstance(settings, Mapping):
        yield ".".join(path) or "settings", settings
        return
    for name, value in settings.items():
        yield from _leaves(value, (*path, str(name)))


def _shocks(run: Run) -> str:
    count = len(run.numbers)
    said = []
    for struck in strikes(run):
        whom = "" if len(struck.hit) == count else f" on {len(struck.hit)} of {count} histories"
        said.append(struck.says + whom)
    return " and ".join(said) or NONE


def _length(run: Run) -> str:
    return length(run.manifest.get("until", 0), run.calendar)


def _spans(numbers: list[int]) -> str:
    """Replica numbers as they are written: `0-7,0-7`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)
