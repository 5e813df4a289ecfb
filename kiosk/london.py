"""The clock that everybody in the centre goes by, parents and staff, whatever the machine's own is set to."""

from __future__ import annotations

from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
"""Greenwich in winter, an hour ahead in summer; tzdata carries it where the system has none."""
