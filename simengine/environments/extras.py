"""Libraries that are only needed by who uses them: when one is missing, the extra that brings it is named."""

from __future__ import annotations

from simengine.errors import UserError
from simengine.extras import installing


def missing(error: ImportError, extra: str) -> UserError:
    """What to say instead of an `ImportError` of an optional library."""
    return UserError(f"{error.name} is not installed: valid is {installing(extra)}")
