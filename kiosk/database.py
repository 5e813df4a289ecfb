"""Engines with the durability that a store asks for, set on every connection and read back."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, TypeDecorator, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from kiosk.errors import OutboxUnavailable

# EXTRA also syncs the folder after the journal is unlinked: without it a power cut can bring the journal back and undo a
# commit that a parent was told about (https://www.sqlite.org/pragma.html#pragma_synchronous).
DURABLE: dict[str, str | int] = {
    "journal_mode": "truncate",
    "synchronous": 3,
    "secure_delete": 1,
    "foreign_keys": 1,
    "trusted_schema": 0,
}
# For what can be fetched or imported again: no request is lost with it.
REBUILDABLE: dict[str, str | int] = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "trusted_schema": 0}


def open_sqlite(file: Path, pragmas: dict[str, str | int]) -> Engine:
    """Return an engine on `file` whose every connection has `pragmas`. Raises OutboxUnavailable if one does not hold.

    A file that is not there yet is made for this user alone to read, if what it will hold has to be deleted securely.
    """
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 10}, hide_parameters=True)
    if pragmas.get("secure_delete"):
        event.listen(engine, "do_connect", lambda *_: _make_private(file))

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: ConnectionPoolEntry) -> None:
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")
            held = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if held != value:
                raise OutboxUnavailable(
                    f"{file.name} does not keep {name}={value}, it says {held}.",
                    "Move the data folder to a local disk.",
                )

    return engine


def _make_private(file: Path) -> None:
    """Make `file` if it is not there: SQLite would make it readable for others. Its journals take their modes from it."""
    # Only ever opened where it is not there yet: to close a file that SQLite has open takes away all locks that this
    # process has on it (https://www.sqlite.org/howtocorrupt.html, "posix advisory locks canceled").
    with suppress(OSError):  # where it cannot be made, SQLite says so
        os.close(os.open(file, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600))


def open_url(url: str) -> Engine:
    """Return an engine for a SQLAlchemy URL: durable SQLite, or a server such as PostgreSQL as it is."""
    if url.startswith("sqlite:///"):
        return open_sqlite(Path(url.removeprefix("sqlite:///")), DURABLE)
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


class Instant(TypeDecorator[datetime]):
    """An aware time, kept and read back in UTC. SQLite would forget the zone, a server would answer in its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
