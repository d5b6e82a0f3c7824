"""Libraries that only some commands need: how to install them, whether this is a checkout or a wheel."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires

DISTRIBUTION = "simengine-econ"


def installing(extra: str) -> str:
    """The command that installs what an extra stands for, by the names of its libraries."""
    try:
        lines = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return f"pip install -e '.[{extra}]' where simengine lies"
    wanted = (line.partition(";") for line in lines)
    mark = extra.replace("_", "-")
    needed = [name.strip() for name, _, when in wanted if f"extra == '{mark}'" in when.replace('"', "'")]
    return "pip install " + " ".join(f"'{name}'" for name in needed)
