"""Closed cases and the log, as the purge meets them: what is old enough, and how it goes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, exists, or_, select, update

from kiosk.hub.cases import DELETED, IS_CLOSED
from kiosk.hub.desk_tables import access_log, cases
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.tables import apart, conflicts, envelopes, kiosks

_KEPT_UNDER = (cases.c.id, envelopes.c.id, conflicts.c.id, apart.c.id)


def mend_closing_times(engine: Engine, now: datetime) -> None:
    """Let what was closed while the clock had leapt count as closed at `now`, by which the clock is right.

    Closed before it came it would be purged at once, closed in years to come never (promise 17).
    """
    earliest = (
        select(column).where(envelopes.c.id == cases.c.id, kiosks.c.id == envelopes.c.kiosk, column <= now)
        for column in (envelopes.c.received_at, kiosks.c.enrolled_at)
    )
    too_early = (cases.c.closed_at < moment.scalar_subquery() for moment in earliest)
    wrong = update(cases).where(IS_CLOSED, or_(cases.c.closed_at > now, *too_early))
    with engine.begin() as connection:
        connection.execute(wrong.values(closed_at=now))


def find_closed_before(engine: Engine, moment: datetime) -> list[UUID]:
    """Return the cases that were closed before `moment`."""
    query = select(cases.c.id).where(IS_CLOSED, cases.c.closed_at < moment)
    with engine.connect() as connection:
        return [UUID(id) for id in connection.execute(query).scalars()]


def still_closed_before(connection: Connection, id: UUID, moment: datetime) -> bool:
    """Tell whether the case was closed before `moment`; until the transaction ends nobody can open it again."""
    return lock_rows(connection, cases, cases.c.id == str(id), IS_CLOSED, cases.c.closed_at < moment)


def forget_case(connection: Connection, id: UUID) -> None:
    """Delete the case and who saw it. Attempts and results stay as counts: they name nobody who asked."""
    connection.execute(delete(cases).where(cases.c.id == str(id)))
    connection.execute(delete(access_log).where(access_log.c.case == str(id)))


def forget_settled_before(engine: Engine, moment: datetime) -> None:
    """Delete from the log what is older than `moment` of ids under which nothing is kept any more, but for deletions."""
    kept = (exists().where(column == access_log.c.case) for column in _KEPT_UNDER)
    old = delete(access_log).where(access_log.c.at < moment, access_log.c.what != DELETED, ~or_(*kept))
    with engine.begin() as connection:
        connection.execute(old)
