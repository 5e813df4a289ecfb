"""Handled requests go after so many days (R4); those that nobody handled stay until somebody does."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from kiosk.hub.booking import Bookings
from kiosk.hub.case_tables import bookings, notes, outlines, past_requests, reminders, working_copies
from kiosk.hub.cases import Cases
from kiosk.hub.clock import HubClock
from kiosk.hub.desk_tables import access_log, attempts, cases, list_looks, results
from kiosk.hub.escalation import forget_reminders
from kiosk.hub.looks import KEPT_FOR, Looks
from kiosk.hub.notes import Notes
from kiosk.hub.record import blur, remember
from kiosk.hub.safety import LONDON
from kiosk.hub.store import HubStore
from kiosk.hub.tables import apart, conflicts, envelopes

log = logging.getLogger(__name__)


def purge_on_time(engine: Engine, handled_days: int, now: datetime) -> int | None:
    """Purge, unless the clock that says `now` is doubted: then None, and nothing is deleted (promise 17)."""
    return None if HubClock(engine).look(now).is_doubted else purge(engine, handled_days, now)


def purge(engine: Engine, handled_days: int, now: datetime) -> int:
    """Delete every request that was closed more than `handled_days` ago and return how many. Tombstones stay.

    What is left in the logs of what was settled, and of who opened lists, goes when it is old enough. What came under the
    number of such a request with other bytes stays until a lead has looked. Safe to run twice, and beside another.
    """
    gone = Cases(engine).find_closed_before(now - timedelta(days=handled_days))
    for id in gone:
        erase(engine, id, now)
    Cases(engine).forget_settled_before(now - timedelta(days=handled_days))
    Looks(engine).forget_before(now - KEPT_FOR)
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
    """Write the files anew in which something was deleted: both databases leave the bytes of it there otherwise.

    Of a PostgreSQL, that is its tables with their indexes; what its log of changes (pg_wal) and backups hold is sealed, and
    goes as the server turns them over. A transaction of somebody else's that is older than the purge, such as a pg_dump,
    keeps what it can still see until the next purge.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("VACUUM"))
            return
        # A plain VACUUM frees the room and leaves the bytes in it (PostgreSQL manual, "Recovering Disk Space").
        connection.execute(text(f"SET lock_timeout = {LOCK_MOST}"))
        try:
            for table in _ERASED_FROM:
                _write_anew(connection, table.name)
        finally:
            connection.execute(text("RESET lock_timeout"))


def _write_anew(connection: Connection, table: str) -> None:
    try:
        connection.execute(text(f"VACUUM (FULL) {table}"))
    except OperationalError:
        # Somebody works with the table for long. Kiosks must not wait behind us; what is free is at least written over.
        log.warning("The table %s could not be written anew after a purge; the next one tries again.", table)
        connection.execute(text(f"VACUUM {table}"))


LOCK_MOST = 10_000  # milliseconds that kiosks and desks wait at most for a table that is about to be written anew
_ERASED_FROM = (
    *(envelopes, conflicts, apart, working_copies, outlines, notes, bookings, reminders),
    *(cases, attempts, results, access_log, past_requests, list_looks),
)
