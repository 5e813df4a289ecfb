"""Handled requests go after so many days (R4); those that nobody handled stay until somebody does."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, exists, text
from sqlalchemy.exc import OperationalError

from kiosk.hub.case_tables import bookings, notes, outlines, past_requests, reminders, working_copies
from kiosk.hub.cases import DELETED, write_log
from kiosk.hub.clock import HubClock
from kiosk.hub.closed_cases import (
    find_closed_before,
    forget_case,
    forget_settled_before,
    mend_closing_times,
    still_closed_before,
)
from kiosk.hub.copies import forget_copies
from kiosk.hub.desk_tables import access_log, attempts, cases, list_looks, results
from kiosk.hub.free_pages import write_anew
from kiosk.hub.looks import KEPT_FOR, Looks
from kiosk.hub.record import blur, remember
from kiosk.hub.store import forget_envelope
from kiosk.hub.tables import apart, conflicts, envelopes, tombstones
from kiosk.london import LONDON

LOCK_MOST = 10_000  # milliseconds that kiosks and desks wait at most for a table that is about to be written anew
_ERASED_FROM = (
    *(envelopes, conflicts, apart, working_copies, outlines, notes, bookings, reminders),
    *(cases, attempts, results, access_log, past_requests, list_looks),
)
log = logging.getLogger(__name__)


def purge_on_time(engine: Engine, handled_days: int, now: datetime) -> int | None:
    """Purge, unless the clock that says `now` is doubted: then None, and nothing is deleted (promise 17)."""
    return None if HubClock(engine).look(now).is_doubted else purge(engine, handled_days, now)


def purge(engine: Engine, handled_days: int, now: datetime) -> int:
    """Delete every request that was closed more than `handled_days` ago and return how many. Tombstones stay.

    What is left in the logs of what was settled, and of who opened lists, goes when it is old enough, and so does a copy of
    all that an upgrade left. What came under the number of such a request with other bytes stays until a lead has looked.
    Safe to run twice, and beside another.
    """
    moment = now - timedelta(days=handled_days)
    mend_closing_times(engine, now)
    gone = [id for id in find_closed_before(engine, moment) if _erase_if_closed(engine, id, moment, now)]
    with engine.begin() as connection:
        _sweep(connection)
    forget_settled_before(engine, moment)
    Looks(engine).forget_before(now - KEPT_FOR)
    if gone:
        clear_free_pages(engine)
    forget_copies(engine, moment)
    return len(gone)


def erase(engine: Engine, id: UUID, now: datetime, by: str) -> None:
    """Delete one request before its time, with all that was written about it. One transaction: all of that or nothing.

    What stays: its tombstone, what the report counts, that `by` deleted it, and what came under its number with other
    bytes: that may be somebody else's, who was told that we have it, so it waits until a lead has looked.
    """
    with engine.begin() as connection:
        _erase(connection, id, now)
        write_log(connection, id, by, now, DELETED)


def _erase_if_closed(engine: Engine, id: UUID, moment: datetime, now: datetime) -> bool:
    """Delete one request, unless somebody has opened it again since it was found to be closed: then return False."""
    with engine.begin() as connection:
        if not still_closed_before(connection, id, moment):
            return False
        _erase(connection, id, now)
    return True


def _erase(connection: Connection, id: UUID, now: datetime) -> None:
    remember(connection, id)
    for table in (notes, bookings, reminders):
        connection.execute(delete(table).where(table.c.case == str(id)))
    forget_envelope(connection, id, now.astimezone(LONDON).date())
    blur(connection, id)
    forget_case(connection, id)


def _sweep(connection: Connection) -> None:
    """Delete what somebody wrote in the very moment in which its request was deleted."""
    for column in (notes.c.case, bookings.c.case, reminders.c.case, cases.c.id):
        is_gone = exists().where(tombstones.c.id == column) & ~exists().where(envelopes.c.id == column)
        connection.execute(delete(column.table).where(is_gone))


def clear_free_pages(engine: Engine) -> None:
    """Write the files anew in which something was deleted: both databases leave the bytes of it there otherwise.

    Of a PostgreSQL, that is its tables with their indexes; what its log of changes (pg_wal) and backups hold is sealed, and
    goes as the server turns them over. A transaction of somebody else's that is older than the purge, such as a pg_dump,
    keeps what it can still see until the next purge.
    """
    if engine.dialect.name != "sqlite":
        write_anew(engine, _ERASED_FROM, LOCK_MOST)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _write_file_anew(connection)


def _write_file_anew(connection: Connection) -> None:
    try:
        connection.execute(text("VACUUM"))
    except OperationalError:
        # Somebody reads for long, or there is no room for a second file. What was deleted is overwritten all the same:
        # secure_delete is on (kiosk.database).
        log.warning("The database could not be written anew after a deletion; the next purge tries again.")
