"""The desk's tables. None of them holds a word that a parent typed: a case is known by its envelope's id alone."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from kiosk.database import Instant
from kiosk.hub.tables import NAME_LIMIT, metadata

workers = Table(
    "workers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(NAME_LIMIT), nullable=False),
    Column("name_key", String(64), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("memory", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("own_key", LargeBinary),
)
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("name_key", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
)
# A network address is personal data: what is kept is a hash under a key of this hub, for an hour after something wrong
# came from it alone, for a day after something wrong was tried at a name.
address_tries = Table(
    "address_tries",
    metadata,
    Column("address_key", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
)
place_tries = Table(
    "place_tries",
    metadata,
    Column("name_key", String(64), nullable=False),
    Column("place_key", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    PrimaryKeyConstraint("name_key", "place_key"),
)
# Where a worker was let in of late: the hash of an address.
known_places = Table(
    "known_places",
    metadata,
    Column("name_key", String(64), nullable=False),
    Column("place_key", String(64), nullable=False),
    Column("until", Instant, nullable=False),
    PrimaryKeyConstraint("name_key", "place_key"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("worker", Integer, nullable=False),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("last_used_at", Instant, nullable=False),
)
cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("claimed_by", String(NAME_LIMIT)),
    Column("claimed_at", Instant),
    Column("closed_at", Instant),
    Index("cases_by_state", "state", "closed_at"),
)
attempts = Table(
    "attempts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case", String(36), nullable=False, index=True),
    Column("worker", String(NAME_LIMIT), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(24), nullable=False),
)
results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", String(36), nullable=False),
    Column("worker", String(NAME_LIMIT), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(24), nullable=False),
    UniqueConstraint("case", "kind"),
)
# Looks at lists, by the hour. What was searched for is not here.
list_looks = Table(
    "list_looks",
    metadata,
    Column("worker", String(NAME_LIMIT), nullable=False),
    Column("what", String(8), nullable=False),
    Column("page", Integer, nullable=False),
    Column("hour", Instant, nullable=False),
    Column("times", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    PrimaryKeyConstraint("worker", "hour", "what", "page"),
)
access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case", String(36), nullable=False, index=True),
    Column("worker", String(NAME_LIMIT), nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", String(24), nullable=False),
)
