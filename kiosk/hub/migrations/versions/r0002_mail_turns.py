"""Whose turn it is to mail a centre: a process that is ended while it mails must not keep the mail from going."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, String

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "mail_turns",
        Column("centre", String(80), primary_key=True),
        Column("until", DateTime(timezone=True), nullable=False),
    )
