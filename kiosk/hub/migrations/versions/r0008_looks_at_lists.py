"""Who opened which list is logged, by the hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "list_looks",
        sa.Column("worker", sa.String(60), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("worker", "hour", "what", "page"),
    )
