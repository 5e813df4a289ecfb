"""What the order of work needs of each request, sealed by itself, so that nobody's list opens every copy."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, LargeBinary, String

from kiosk.database import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "outlines",
        Column("id", String(36), ForeignKey("envelopes.id", ondelete="CASCADE"), primary_key=True),
        Column("team_key_id", String(16), nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("box", LargeBinary, nullable=False),
    )
