"""Wrong tries at a name are counted by where they come from, so that a stranger's slow the stranger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "place_tries",
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("place_key", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_key", "place_key"),
    )
    op.create_table(
        "known_places",
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("place_key", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_key", "place_key"),
    )
