"""Tables of keys that are handed on, and of who sees which centre."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from kiosk.database import Instant
from kiosk.hub.tables import CENTRE_LIMIT, metadata

key_copies = Table(
    "key_copies",
    metadata,
    Column("key_id", String(16), nullable=False),
    Column("for_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
    PrimaryKeyConstraint("key_id", "for_key_id"),
)
handovers = Table(
    "handovers",
    metadata,
    Column("worker", Integer, primary_key=True, autoincrement=False),
    Column("for_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("since", Instant, nullable=False),
)
worker_centres = Table(
    "worker_centres",
    metadata,
    Column("worker", Integer, nullable=False),
    Column("centre", String(CENTRE_LIMIT), nullable=False),
    PrimaryKeyConstraint("worker", "centre"),
)
