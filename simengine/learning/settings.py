"""Hyperparameters as they are typed: `firms.learning_rate=0.001`, checked by name, type and range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from agents.hyperparameters import Hyperparameters
from agents.networks import SHAPES
from simengine.errors import UserError, one_line, unknown
from simengine.toml import value_of

KINDS = get_type_hints(Hyperparameters)
STRICT = ConfigDict(strict=True, allow_inf_nan=False)
WHOLE = ("epochs", "minibatch", "minibatches_least", "rows_most", "sequence")
SHARES = ("discount_annual", "decay")


def hyperparameters(assignments: Iterable[str]) -> dict[str, dict[str, Any]]:
    """`["all.epochs=2", "firms.clip=0.1"]` as settings by population; `none` stands for no limit."""
    found: dict[str, dict[str, Any]] = {}
    for text in assignments:
        path, equals, value = text.partition("=")
        population, dot, name = path.strip().partition(".")
        if not (equals and dot and population and name):
            raise UserError(
                f"--hyper {text!r}: write population.name=value, such as --hyper all.learning_rate=0.001"
            )
        found.setdefault(population, {})[name] = _checked(text, name, value.strip())
    return found


def _checked(text: str, name: str, said: str) -> Any:
    if name not in KINDS:
        raise UserError(f"--hyper {text!r}: {unknown('hyperparameter', name, [f.name for f in _FIELDS])}")
    if name == "shape" and said not in SHAPES:
        raise UserError(f"--hyper {text!r}: {unknown('shape', said, SHAPES)}")
    try:
        given = None if said == "none" else said if name == "shape" else value_of(said)
        value = TypeAdapter(KINDS[name], config=STRICT).validate_python(given)
    except ValueError as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "no number, true or false"
        raise UserError(f"--hyper {text!r}: {one_line(why)[:1].lower()}{one_line(why)[1:]}") from None
    if isinstance(value, (int, float)):
        least, most = (1 if name in WHOLE else 0), (1 if name in SHARES else float("inf"))
        if name == "prior_steps" and value == 0:
            raise UserError(f"--hyper {text!r}: valid is more than 0")
        if not least <= value <= most:
            upper = f" to {most}" if name in SHARES else " or more"
            raise UserError(f"--hyper {text!r}: valid is {least}{upper}")
    return value


_FIELDS = fields(Hyperparameters)
