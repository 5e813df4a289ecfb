"""A time as the command line says it: in UTC, whatever zone the machine is set to."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_words(at: datetime) -> str:
    """Return "01 March 2026 at 09:30 UTC" for an aware time."""
    return f"{at.astimezone(UTC):%d %B %Y at %H:%M} UTC"
