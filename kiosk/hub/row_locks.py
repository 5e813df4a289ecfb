"""Rows that one transaction keeps for itself, in SQLite and PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, update


def lock_rows(connection: Connection, table: Table, *which: ColumnElement[bool]) -> bool:
    """Keep others from changing these rows until the transaction ends; False if there is none. No `which` is all of them.

    It is a write that changes nothing: in both databases the next one to write there waits for it. SQLite has no
    SELECT ... FOR UPDATE.
    """
    key = next(iter(table.primary_key))
    return connection.execute(update(table).where(*which).values({key.name: key})).rowcount > 0
