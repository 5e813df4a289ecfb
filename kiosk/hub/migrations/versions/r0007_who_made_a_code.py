"""Codes say when they were made and by whom, so that a lead can tell which to withdraw."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, String

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("enrolment_codes", Column("made_at", DateTime(timezone=True)))
    op.add_column("enrolment_codes", Column("made_by", String(60), nullable=False, server_default=""))
