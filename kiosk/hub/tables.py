"""The hub's tables of keys, kiosks and envelopes. Other tables of the hub join `metadata`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from kiosk.database import Instant

CENTRE_LIMIT, NAME_LIMIT = 80, 60  # characters of the names of a centre and of a worker

metadata = MetaData()
hub_keys = Table(
    "hub_keys",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("signing_key", LargeBinary, nullable=False),
    Column("team_key", LargeBinary, nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("recovery_key", LargeBinary, nullable=False),
)
kiosks = Table(
    "kiosks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("centre", String(CENTRE_LIMIT), nullable=False),
    Column("verify_key", LargeBinary, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("last_seen_at", Instant),
    Column("version", String(40), nullable=False, server_default=""),
    Column("revoked", Boolean, nullable=False, default=False),
)
enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("centre", String(CENTRE_LIMIT), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("kiosk", String(40)),
    Column("made_at", Instant),
    Column("made_by", String(NAME_LIMIT), nullable=False, server_default=""),
)
envelopes = Table(
    "envelopes",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("kiosk", String(40), nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)
conflicts = Table(
    "conflicts",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False),
    Column("kiosk", String(40), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("id", "sha256"),
)
tombstones = Table(
    "tombstones",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("day", Date, nullable=False),
)
# What a kiosk last said of itself. Apart from `kiosks`, as a long queue changes it with every batch.
standings = Table(
    "standings",
    metadata,
    Column("kiosk", String(40), primary_key=True),
    Column("line", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("this", String(32), nullable=False),
    Column("recent", String(400), nullable=False),  # the words of the steps before `this`, oldest first
    Column("waiting", Integer, nullable=False),
    Column("clock_ahead", BigInteger, nullable=False),  # seconds; a clock at 2099 is far ahead
    Column("forked_at", Instant),
)
# Envelopes that a copied kiosk brought: kept, but not on the desk.
apart = Table(
    "apart",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False),
    Column("kiosk", String(40), nullable=False),
    Column("team_key_id", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("id", "sha256"),
)
