"""The machine's own clock. Whoever needs the time is handed a Clock, so that a test can hand another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns an aware time."""


def utc_now() -> datetime:
    """Return this machine's time, which may be wrong."""
    return datetime.now(UTC)
