"""Strict configuration: unknown keys are refused with the nearest valid name, numbers must be finite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.fields import FieldInfo

from simengine.errors import UserError, one_line, unknown
from simengine.toml import read_toml, value_of
from simengine.typed import number


class Config(BaseModel):
    """What a world lets one set: strict types, no unknown key, no NaN or infinity, frozen once made."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


LARGEST = 10**9
"""The largest whole number that may be set where nothing smaller is said: columns of 32 bits hold it."""


def setting(default: Any, unit: str, source: str = "", says: str = "", **limits: Any) -> Any:
    """Declare a setting: default, unit, where its value comes from, what it is; `limits` are pydantic's.

    The source of a value that is nobody's is `""`: it was chosen. Whole numbers end at `LARGEST`.
    """
    if type(default) is int and not limits.keys() & {"le", "lt"}:
        limits["le"] = LARGEST
    noted: dict[str, JsonValue] = {"unit": unit, "source": source}
    return Field(default, description=says or None, json_schema_extra=noted, **limits)


def setting_of(field: FieldInfo) -> tuple[str, str, str]:
    """Unit, source and meaning of a declared setting; empty where it was declared plainly."""
    noted = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return str(noted.get("unit", "")), str(noted.get("source", "")), field.description or ""


C = TypeVar("C", bound=BaseModel)


class ConfigError(UserError):
    """A refused key; `.path` is where it stands, as a tuple of names and positions."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


def validated(model: type[C], values: Mapping[str, Any], where: str = "config") -> C:
    """`values` as a `model`, or a `ConfigError` of one line about the first thing wrong."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        raise ConfigError(_sentence(model, dict(first), where), tuple(first["loc"])) from None


def overrides(assignments: Sequence[str]) -> dict[str, Any]:
    """`["firms.number=30", "zlb=false"]` as a nested dict; values are TOML, anything else a string."""
    found: dict[str, Any] = {}
    for text in assignments:
        path, equals, value = text.partition("=")
        names = [name.strip() for name in path.split(".")]
        if not equals or not all(names):
            raise UserError(f"--set {text!r}: write key=value, such as --set seed=3 or --set firms.number=30")
        found[".".join(names)] = typed_value(value.strip())
    return nested(found, "--set ")


def nested(values: Mapping[str, Any], where: str = "config: ") -> dict[str, Any]:
    """`{"firms.number": 30}` as `{"firms": {"number": 30}}`; a key may stand beside its section."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        names = str(path).split(".")
        branch: Any = tree
        for name in names[:-1]:
            branch = branch.get(name, {})
            if not isinstance(branch, Mapping):
                raise UserError(f"{where}{path}: {name!r} was given a value of its own before")
        for name in reversed(names):
            value = {name: value}
        tree = merged(tree, value)
    return tree


def settings_in(file: str | Path) -> dict[str, Any]:
    """The settings in a TOML file, such as one that `calibrate` wrote."""
    return read_toml(file, "file of settings")[1]


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`under` with the leaves of `over` written on top."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result


def leaves(tree: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """`{"a": {"b": 1}}` as `("a.b", 1)`."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def typed_value(text: str) -> Any:
    """What a value on the command line means: TOML, `.5` and `5.` as numbers too, anything else a string."""
    try:
        return value_of(text)
    except ValueError:
        found = number(text) if "." in text else None
        return text if found is None else found


def field_at(model: type[BaseModel], path: Sequence[str]) -> FieldInfo | None:
    """The declaration of a setting, by the names on the way to it; None where there is none."""
    parent = _model_at(model, path[:-1])
    return parent.model_fields.get(path[-1]) if parent else None


def takes_whole(field: FieldInfo) -> bool:
    """Whether a setting is a whole number, or none."""
    kinds = {field.annotation, *get_args(field.annotation)}
    return int in kinds and float not in kinds


def _sentence(model: type[BaseModel], error: dict[str, Any], where: str) -> str:
    path = [str(step) for step in error["loc"]]
    if error["type"] == "extra_forbidden":
        parent = _model_at(model, path[:-1])
        place = ".".join([where, *path[:-1]])
        return f"{place}: {unknown('key', path[-1], parent.model_fields if parent else ())}"
    place = ".".join([where, *path])
    if error["type"] == "missing":
        return f"{place}: this key is required"
    value = "" if isinstance(error["input"], BaseModel) else f" = {one_line(repr(error['input']))[:60]}"
    said = one_line(error["msg"]).removeprefix("Value error, ")
    return f"{place}{value}: {said[:1].lower()}{said[1:]}"


def _model_at(model: type[BaseModel], path: Sequence[str]) -> type[BaseModel] | None:
    here: type[BaseModel] | None = model
    for name in path:
        if here is None or (name not in here.model_fields and not name.isdigit()):
            return None
        if name in here.model_fields:
            here = next(iter(models_in(here.model_fields[name].annotation)), None)
    return here


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The pydantic models an annotation allows: `Walk | None` has one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in models_in(part)]
