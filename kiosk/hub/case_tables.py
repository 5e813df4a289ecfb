"""What the desk keeps beside a case: notes as sealed boxes, times, and days. None of it names who asked."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from kiosk.database import Instant
from kiosk.hub.tables import CENTRE_LIMIT, NAME_LIMIT, metadata

notes = Table(
    "notes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case", String(36), nullable=False, index=True),
    Column("worker", String(NAME_LIMIT), nullable=False),
    Column("at", Instant, nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
)
bookings = Table(
    "bookings",
    metadata,
    Column("case", String(36), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("worker", String(NAME_LIMIT), nullable=False),
)
# Each request once more, sealed with a key that the team's private key leads to. A copy goes with its envelope, even
# where one process makes it while another deletes the envelope.
working_copies = Table(
    "working_copies",
    metadata,
    Column("id", String(36), ForeignKey("envelopes.id", ondelete="CASCADE"), primary_key=True),
    Column("team_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
)
# Of each request what the order of work needs, sealed likewise: no name and no number. `received_at` is the envelope's,
# which stands there behind the blob: SQLite reads all of that on the way.
outlines = Table(
    "outlines",
    metadata,
    Column("id", String(36), ForeignKey("envelopes.id", ondelete="CASCADE"), primary_key=True),
    Column("team_key_id", String(16), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("box", LargeBinary, nullable=False),
)
past_requests = Table(
    "past_requests",
    metadata,
    Column("case", String(36), primary_key=True),
    Column("centre", String(CENTRE_LIMIT), nullable=False),
    Column("received_at", Instant, nullable=False),
)
reminders = Table(
    "reminders",
    metadata,
    Column("case", String(36), nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("case", "day"),
)
mail_turns = Table(
    "mail_turns",
    metadata,
    Column("centre", String(CENTRE_LIMIT), primary_key=True),
    Column("until", Instant, nullable=False),
)
# One row: by what clock the purge goes (kiosk.hub.clock).
hub_clock = Table(
    "hub_clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("trusted_at", Instant, nullable=False),
    Column("doubted_from", Instant),
    Column("doubted_at", Instant),
)
