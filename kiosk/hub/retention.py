"""Handled requests go after so many days (R4); those that nobody handled stay until somebody does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, text

from kiosk.hub.cases import Cases
from kiosk.hub.safety import LONDON
from kiosk.hub.store import HubStore


def purge(engine: Engine, handled_days: int, now: datetime) -> int:
    """Delete every request that was closed more than `handled_days` ago and return how many. Tombstones stay.

    Safe to run twice, and beside another: the envelope goes first, so a purge cut short is finished by the next.
    """
    store, cases = HubStore(engine), Cases(engine)
    gone = cases.find_closed_before(now - timedelta(days=handled_days))
    for id in gone:
        store.forget(id, now.astimezone(LONDON).date())
        cases.forget(id)
    if gone:
        _clear_free_pages(engine)
    return len(gone)


def _clear_free_pages(engine: Engine) -> None:
    """SQLite keeps deleted pages in the file until it is written anew. A server does this by itself."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
