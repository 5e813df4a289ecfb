"""What the files of a PostgreSQL still hold of rows that are gone or were changed, and how that is written over.

SQLite overwrites what goes as it goes: secure_delete is on (kiosk.database).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import OperationalError

from kiosk.hub.desk_tables import sessions, workers
from kiosk.hub.people_tables import handovers

BRIEFLY = 1000  # milliseconds that a page waits at most for a table of keys that is about to be written anew
_KEYS = (workers, handovers, sessions)
log = logging.getLogger(__name__)


def clear_keys(engine: Engine) -> None:
    """Write the tables anew in which keys lie under passwords: a password that was changed, or whose worker was removed,
    would open what such a row held. The tables are small; one that is in use has its turn within the hour (`upkeep`).
    """
    if engine.dialect.name != "sqlite":
        write_anew(engine, _KEYS, BRIEFLY)


def write_anew(engine: Engine, tables: Iterable[Table], lock_most: int) -> None:
    """Write tables of a PostgreSQL anew with their indexes. Each keeps others waiting for `lock_most` milliseconds at most."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = {lock_most}"))
        try:
            for table in tables:
                _write_anew(connection, table.name)
        finally:
            connection.execute(text("RESET lock_timeout"))


def _write_anew(connection: Connection, table: str) -> None:
    # A plain VACUUM frees the room and leaves the bytes in it (PostgreSQL manual, "Recovering Disk Space"). It is for a
    # table that somebody works with for long: they must not wait behind us, and what is free is at least written over.
    for statement in (f"VACUUM (FULL) {table}", f"VACUUM {table}"):
        try:
            connection.execute(text(statement))
            return
        except OperationalError:
            log.warning("The table %s could not be written anew now; that is tried again later.", table)
