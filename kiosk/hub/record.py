"""What is kept of requests for the report: where and when one came, the tries, the results. It outlives the request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Select, Table, or_, select, update

from kiosk.hub.case import AttemptKind, ResultKind
from kiosk.hub.case_tables import past_requests
from kiosk.hub.desk_tables import attempts, results
from kiosk.hub.new_rows import insert_new
from kiosk.hub.tables import envelopes, kiosks
from kiosk.london import LONDON

_HELD = select(envelopes.c.id, kiosks.c.centre, envelopes.c.received_at).join(kiosks, kiosks.c.id == envelopes.c.kiosk)


@dataclass(frozen=True)
class Story:
    """One request as the report sees it. `received_at` is the hub's clock; tries and results in their order."""

    centre: str
    received_at: datetime
    attempts: tuple[tuple[datetime, AttemptKind], ...] = ()
    results: tuple[tuple[datetime, ResultKind], ...] = ()


def remember(connection: Connection, case: UUID) -> None:
    """Keep where and when a request came, in the transaction in which its envelope goes. Safe to call twice."""
    held = connection.execute(_HELD.where(envelopes.c.id == str(case))).one_or_none()
    if held:
        values = {"case": held.id, "centre": held.centre, "received_at": held.received_at}
        insert_new(connection, past_requests, values)


def blur(connection: Connection, case: UUID) -> None:
    """Leave of a deleted request's times the month and how far they lie apart, and of its tries not whose they were.

    That is what the report counts, and no more than people were told (hub.privacy). Safe to call twice.
    """
    known, month = past_requests.c.case == str(case), past_requests.c.received_at
    came_at = connection.execute(select(month).where(known)).scalar_one_or_none()
    if came_at is None:
        return
    began_at = _month_of(came_at)
    mine = update(past_requests).where(known, month == came_at).values(received_at=began_at)
    if connection.execute(mine).rowcount == 0:
        return  # Another process deletes the same request, and has moved its times.
    for table in (attempts, results):
        for row in connection.execute(select(table.c.id, table.c.at).where(table.c.case == str(case))).all():
            left = {"at": row.at - (came_at - began_at), "worker": ""}
            connection.execute(update(table).where(table.c.id == row.id).values(left))


def _month_of(at: datetime) -> datetime:
    """Return when the month of `at` began in London."""
    return at.astimezone(LONDON).replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def find_stories(engine: Engine, since: datetime, until: datetime) -> list[Story]:
    """Return every request that came from `since` to before `until`, the deleted ones too."""
    both = _both(since, until)
    with engine.connect() as connection:
        tried, came = _by_case(connection, attempts, both), _by_case(connection, results, both)
        rows = {row.id: row for query in both for row in connection.execute(query)}
    return [
        Story(
            row.centre,
            row.received_at,
            tuple((at, AttemptKind(kind)) for at, kind in tried.get(id, ())),
            tuple((at, ResultKind(kind)) for at, kind in came.get(id, ())),
        )
        for id, row in rows.items()
    ]


def _both(since: datetime, until: datetime) -> tuple[Select[Any], Select[Any]]:
    """A request that is being purged right now is in both; its id makes it one."""
    past = select(past_requests.c.case.label("id"), past_requests.c.centre, past_requests.c.received_at)
    return (
        _HELD.where(envelopes.c.received_at >= since, envelopes.c.received_at < until),
        past.where(past_requests.c.received_at >= since, past_requests.c.received_at < until),
    )


def _by_case(
    connection: Connection, table: Table, of: tuple[Select[Any], Select[Any]]
) -> dict[str, list[tuple[datetime, str]]]:
    """Return what is written in `table` of those requests alone: the other years' are many times as much."""
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    theirs = or_(*(table.c.case.in_(query.with_only_columns(query.selected_columns.id)) for query in of))
    query = select(table.c.case, table.c.at, table.c.kind).where(theirs)
    for row in connection.execute(query.order_by(table.c.at, table.c.id)):
        found[row.case].append((row.at, row.kind))
    return found
