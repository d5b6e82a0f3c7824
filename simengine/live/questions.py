"""What a person who plays is shown of a question: what each number means, and what each answer would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.directed import Question
from agents.observation import Feature, Items
from simengine.worlds.contract import World


def shown(question: Question, world: World, deadline: float) -> dict[str, Any]:
    """A question as a file holds it; numbers have names and units as far as the world declares them."""
    actions = world.actions.get(question.population, {})
    return {
        "population": question.population, "agent": question.agent, "replica": question.replica,
        "tick": question.tick, "when": world.calendar.text(question.tick), "ordinal": question.ordinal,
        "deadline_seconds": deadline,
        "heads": {name: _head(head, actions.get(name)) for name, head in question.heads.items()},
        "seen": _seen(question.seen, world.features.get(question.population)),
    }  # fmt: skip


def _head(head: Any, action: Any) -> dict[str, Any]:
    told = {"valid": head.valid, "rule": head.rest.tolist()}
    return told if action is None else {**told, "does": action.values.tolist(), "unit": action.unit}


def _seen(seen: Any, features: Any) -> Any:
    """An observation: its features by name, each with its value in its unit, bare numbers without them."""
    if isinstance(seen, Mapping):
        described = features if isinstance(features, Mapping) else {}
        return {name: _array(np.asarray(part), described.get(name)) for name, part in seen.items()}
    return None if seen is None else _array(np.asarray(seen), features)


def _array(part: Any, features: Any) -> Any:
    if isinstance(features, Items):
        return [_array(item, features.features) for item in part]
    if features is None or part.size != len(features):
        return part.tolist()
    return [_feature(feature, float(number)) for feature, number in zip(features, part.reshape(-1))]


def _feature(feature: Feature, number: float) -> dict[str, Any]:
    return {"name": feature.name, "value": round(number / feature.scale, 6), "unit": feature.unit}


def text(question: Mapping[str, Any], folder: Any) -> str:
    """The question as lines for a terminal, the last of which is the rule's answer, ready to be changed."""
    who = f"{question['population']}/{question['agent']}#{question['replica']}"
    lines = [f"{who} is asked at tick {question['tick']} ({question['when']})"]
    lines[0] += f"; with no answer in {question['deadline_seconds']:g} s the rule decides"
    seen = question["seen"]
    parts = seen if isinstance(seen, dict) else {"sees": seen}
    for name, part in parts.items():
        lines += _lines(name, part)
    answers = []
    for name, head in question["heads"].items():
        rule = head["rule"]
        said = f"  {name}: {head['valid']}; the rule: {','.join(map(str, rule))}"
        if "does" in head:
            does = head["does"]
            said += f" ({does[rule[0]]:g} {head['unit']}, of {does[0]:g} to {does[-1]:g})"
        lines.append(said)
        answers.append(f"{name}={','.join(map(str, rule))}")
    return "\n".join([*lines, f"  simengine tell {folder} answer {who} {' '.join(answers)}"])


def _lines(name: str, part: Any) -> list[str]:
    if part and isinstance(part[0], dict):
        told = [f"    {each['name']:<40} {each['value']:>10.4g} {each['unit']}" for each in part]
        return [f"  {name}:", *told]
    if part and isinstance(part[0], list) and part[0] and isinstance(part[0][0], dict):
        return [line for place, item in enumerate(part) for line in _lines(f"{name} {place}", item)]
    return [f"  {name}: {part}"]
