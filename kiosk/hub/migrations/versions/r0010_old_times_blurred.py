"""Of requests that an older hub deleted, their times go as those of newer ones: to the month, and not whose tries they were.

The months are those of London, as in kiosk.hub.record; the step has its own words for them, so that it stays as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from kiosk.database import Instant

revision = "0010"
down_revision = "0009"

LONDON = ZoneInfo("Europe/London")
PAST = sa.table("past_requests", sa.column("case", sa.String), sa.column("received_at", Instant))
ENVELOPES = sa.table("envelopes", sa.column("id", sa.String))
DONE = [
    sa.table(
        name,
        sa.column("id", kind),
        sa.column("case", sa.String),
        sa.column("worker", sa.String),
        sa.column("at", Instant),
    )
    for name, kind in (("attempts", sa.String), ("results", sa.Integer))
]


def upgrade() -> None:
    connection = op.get_bind()
    gone = ~sa.exists().where(ENVELOPES.c.id == PAST.c.case)
    for case, came_at in connection.execute(sa.select(PAST.c.case, PAST.c.received_at).where(gone)).all():
        began_at = _month_of(came_at)
        if came_at == began_at:
            continue
        connection.execute(sa.update(PAST).where(PAST.c.case == case).values(received_at=began_at))
        for table in DONE:
            for id, at in connection.execute(sa.select(table.c.id, table.c.at).where(table.c.case == case)).all():
                left = {"at": at - (came_at - began_at), "worker": ""}
                connection.execute(sa.update(table).where(table.c.id == id).values(left))


def _month_of(at: datetime) -> datetime:
    return at.astimezone(LONDON).replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
