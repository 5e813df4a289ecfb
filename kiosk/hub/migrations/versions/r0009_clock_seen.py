"""The hub remembers when it was last seen at work, so that a clock that leaps is noticed.

One in use was at work when the latest thing was written in it: the first start after this step is watched already.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from kiosk.database import Instant

revision = "0009"
down_revision = "0008"

WRITTEN = (
    ("workers", "added_at"),
    ("envelopes", "received_at"),
    ("cases", "claimed_at"),
    ("cases", "closed_at"),
    ("access_log", "at"),
    ("sessions", "last_used_at"),
)


def upgrade() -> None:
    op.create_table(
        "hub_clock",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("trusted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doubted_from", sa.DateTime(timezone=True)),
        sa.Column("doubted_at", sa.DateTime(timezone=True)),
    )
    hub_clock = sa.table("hub_clock", sa.column("id", sa.Integer), sa.column("trusted_at", Instant))
    latest = [op.get_bind().execute(sa.select(sa.func.max(_column(*where)))).scalar_one() for where in WRITTEN]
    if any(latest):
        op.execute(sa.insert(hub_clock).values(id=1, trusted_at=max(at for at in latest if at)))


def _column(table: str, name: str) -> sa.ColumnElement[datetime]:
    column: sa.ColumnElement[datetime] = sa.table(table, sa.column(name, Instant)).c[name]
    return column
