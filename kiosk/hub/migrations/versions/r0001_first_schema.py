"""The first released schema. A hub that was made before its tables were counted has all or some of them already: those
stay as they are, and the others join them.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

revision = "0001"
down_revision = None

INSTANT = DateTime(timezone=True)
first = MetaData()

Table(
    "hub_keys",
    first,
    Column("generation", Integer, primary_key=True),
    Column("signing_key", LargeBinary, nullable=False),
    Column("team_key", LargeBinary, nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("recovery_key", LargeBinary, nullable=False),
)
Table(
    "kiosks",
    first,
    Column("id", String(40), primary_key=True),
    Column("centre", String(80), nullable=False),
    Column("verify_key", LargeBinary, nullable=False),
    Column("enrolled_at", INSTANT, nullable=False),
    Column("last_seen_at", INSTANT),
    Column("version", String(40), nullable=False, server_default=""),
    Column("revoked", Boolean, nullable=False),
)
Table(
    "enrolment_codes",
    first,
    Column("code_hash", String(64), primary_key=True),
    Column("centre", String(80), nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("used_at", INSTANT),
    Column("kiosk", String(40)),
)
Table(
    "envelopes",
    first,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("kiosk", String(40), nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", INSTANT, nullable=False),
    sqlite_autoincrement=True,
)
Table(
    "conflicts",
    first,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False),
    Column("kiosk", String(40), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", INSTANT, nullable=False),
    UniqueConstraint("id", "sha256"),
)
Table(
    "tombstones",
    first,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("day", Date, nullable=False),
)
Table(
    "standings",
    first,
    Column("kiosk", String(40), primary_key=True),
    Column("line", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("this", String(32), nullable=False),
    Column("recent", String(400), nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("clock_ahead", BigInteger, nullable=False),
    Column("forked_at", INSTANT),
)
Table(
    "apart",
    first,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False),
    Column("kiosk", String(40), nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", INSTANT, nullable=False),
    UniqueConstraint("id", "sha256"),
)
Table(
    "workers",
    first,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("name_key", String(64), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("memory", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("added_at", INSTANT, nullable=False),
)
Table(
    "sign_in_tries",
    first,
    Column("name_key", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("next_at", INSTANT, nullable=False),
)
Table(
    "sessions",
    first,
    Column("id", String(64), primary_key=True),
    Column("worker", Integer, nullable=False),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("last_used_at", INSTANT, nullable=False),
)
Table(
    "cases",
    first,
    Column("id", String(36), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("claimed_by", String(60)),
    Column("claimed_at", INSTANT),
    Column("closed_at", INSTANT),
    Index("cases_by_state", "state", "closed_at"),
)
Table(
    "attempts",
    first,
    Column("id", String(36), primary_key=True),
    Column("case", String(36), nullable=False, index=True),
    Column("worker", String(60), nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("kind", String(24), nullable=False),
)
Table(
    "results",
    first,
    Column("id", Integer, primary_key=True),
    Column("case", String(36), nullable=False),
    Column("worker", String(60), nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("kind", String(24), nullable=False),
    UniqueConstraint("case", "kind"),
)
Table(
    "access_log",
    first,
    Column("id", Integer, primary_key=True),
    Column("case", String(36), nullable=False, index=True),
    Column("worker", String(60), nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("what", String(24), nullable=False),
)
Table(
    "key_copies",
    first,
    Column("key_id", String(16), nullable=False),
    Column("for_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
    PrimaryKeyConstraint("key_id", "for_key_id"),
)
Table(
    "handovers",
    first,
    Column("worker", Integer, primary_key=True, autoincrement=False),
    Column("for_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("since", INSTANT, nullable=False),
)
Table(
    "worker_centres",
    first,
    Column("worker", Integer, nullable=False),
    Column("centre", String(80), nullable=False),
    PrimaryKeyConstraint("worker", "centre"),
)
Table(
    "notes",
    first,
    Column("id", String(36), primary_key=True),
    Column("case", String(36), nullable=False, index=True),
    Column("worker", String(60), nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
)
Table(
    "bookings",
    first,
    Column("case", String(36), primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("worker", String(60), nullable=False),
)
Table(
    "past_requests",
    first,
    Column("case", String(36), primary_key=True),
    Column("centre", String(80), nullable=False),
    Column("received_at", INSTANT, nullable=False),
)
Table(
    "reminders",
    first,
    Column("case", String(36), nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("case", "day"),
)


def upgrade() -> None:
    first.create_all(op.get_bind())
