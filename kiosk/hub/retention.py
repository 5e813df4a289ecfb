"""Handled requests go after so many days (R4); those that nobody handled stay until somebody does."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from kiosk.hub.booking import Bookings
from kiosk.hub.cases import Cases
from kiosk.hub.escalation import forget_reminders
from kiosk.hub.notes import Notes
from kiosk.hub.record import blur, remember
from kiosk.hub.safety import LONDON
from kiosk.hub.store import HubStore


def purge(engine: Engine, handled_days: int, now: datetime) -> int:
    """Delete every request that was closed more than `handled_days` ago and return how many. Tombstones stay.

    Safe to run twice, and beside another.
    """
    gone = Cases(engine).find_closed_before(now - timedelta(days=handled_days))
    for id in gone:
        erase(engine, id, now)
    if gone:
        clear_free_pages(engine)
    return len(gone)


def erase(engine: Engine, id: UUID, now: datetime) -> None:
    """Delete one request with all that was written about it; its tombstone, and what the report counts, stay.

    The case goes last: an erasure that was cut short is finished by the next purge, or by asking again.
    """
    remember(engine, id)
    Notes(engine).forget(id)
    Bookings(engine).forget(id)
    forget_reminders(engine, id)
    HubStore(engine).forget(id, now.astimezone(LONDON).date())
    blur(engine, id)
    Cases(engine).forget(id)


def clear_free_pages(engine: Engine) -> None:
    """SQLite keeps deleted pages in the file until it is written anew. A server does this by itself."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
