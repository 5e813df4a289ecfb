"""A new team key is handed to each worker sealed for a key of their own, which only their password leads to."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("workers", Column("own_key", LargeBinary))
