"""An outbox whose file is damaged: put aside untouched, so that another can begin and nothing in it is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from kiosk.database import DURABLE, open_sqlite
from kiosk.errors import OutboxUnavailable


def is_damaged(file: Path) -> bool:
    """Tell whether SQLite finds the file damaged, or to be no database at all."""
    if not file.exists():
        return False
    engine = open_sqlite(file, DURABLE)
    try:
        with engine.connect() as connection:
            verdict: str = connection.exec_driver_sql("PRAGMA integrity_check").scalars().first() or ""
            return verdict != "ok"
    except DBAPIError as why:
        code: int = getattr(why.orig, "sqlite_errorcode", 0)
        return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    finally:
        engine.dispose()


def put_aside(file: Path, allowed: bool) -> None:
    """Give the file, and the journal that is its own, a name that no other has. Raises OutboxUnavailable unless `allowed`."""
    if not allowed:
        raise OutboxUnavailable("The outbox is damaged.", "Start the kiosk again: it puts the damaged file aside.")
    number = next(n for n in range(1, 10_000) if not _aside_name(file, n).exists())
    for suffix in ("-journal", ""):  # the journal first: the new queue must not find one that is not its own
        here = file.with_name(file.name + suffix)
        if here.exists():
            here.rename(_aside_name(file, number).with_name(_aside_name(file, number).name + suffix))


def notice_of(file: Path) -> str:
    """Return a sentence for staff about what was put aside from under this name, or nothing."""
    aside = sorted(each.name for each in file.parent.glob(_aside_name(file, "*").name))
    return f"A damaged outbox was put aside as {', '.join(aside)}. Keep it: it may hold requests." if aside else ""


def _aside_name(file: Path, number: int | str) -> Path:
    return file.with_name(f"{file.stem}.damaged-{number}{file.suffix}")
