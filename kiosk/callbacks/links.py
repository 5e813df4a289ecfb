"""The steps of an outbox's deliveries: one row that says which step the next look at the queue is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, Row, String, Table, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.schema import CreateTable

from kiosk.callbacks.contract import first_link, next_link
from kiosk.callbacks.model import Link

metadata = MetaData()
links = Table(
    "links",
    metadata,
    Column("slot", Integer, primary_key=True),  # always 1: there is one row
    Column("line", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("before", String(32), nullable=False),
    Column("this", String(32), nullable=False),
    Column("answered", Boolean, nullable=False),
)


def open_link(connection: Connection) -> Link:
    """Return the latest step if it is unanswered, else a new one, kept. Two processes at once get the same."""
    # Made here and not with the other tables: an outbox of the first version must open on a disk that is full.
    connection.execute(CreateTable(links, if_not_exists=True))
    row = connection.execute(select(links)).one_or_none()
    if row is None:
        connection.execute(insert(links).values(_row(first_link())).on_conflict_do_nothing())
    elif row.answered:
        after = next_link(_link(row))
        connection.execute(update(links).where(links.c.this == row.this).values(_row(after)))
    # Read again: the other process may have been first.
    return _link(connection.execute(select(links)).one())


def latest_link(connection: Connection) -> Link | None:
    """Return the latest step, answered or not, without making another; None before the first."""
    connection.execute(CreateTable(links, if_not_exists=True))
    row = connection.execute(select(links)).one_or_none()
    return _link(row) if row else None


def close_link(connection: Connection, answered: Link) -> None:
    """Note that the hub has answered this step, once; the rest of its batches may still be under way."""
    # The next step is not made yet: two disks that are copies of this one must each make their own.
    known = update(links).where(links.c.this == answered.this, links.c.answered.is_(False))
    connection.execute(known.values(answered=True))


def _link(row: Row[Any]) -> Link:
    return Link(row.line, row.number, row.before, row.this)


def _row(link: Link) -> dict[str, object]:
    return {
        "slot": 1,
        "line": link.line,
        "number": link.number,
        "before": link.before,
        "this": link.this,
        "answered": False,
    }
