"""Writes the snapshot of the public surface: python tests/simengine/public_names.py"""

import importlib
import json
from pathlib import Path

PACKAGES = ("streams", "markets", "agents", "analysis", "simengine")
SNAPSHOT = Path(__file__).with_name("public_names.json")


def names():
    """What each package lists in its `__all__`."""
    return {package: sorted(importlib.import_module(package).__all__) for package in PACKAGES}


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(names(), indent=1) + "\n", encoding="utf-8")
