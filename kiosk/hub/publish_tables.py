"""Tables of packs on their way to kiosks: whom the hub trusts, archives in pieces, what is rolled out, who did what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from kiosk.callbacks.wire import LINE_LIMIT
from kiosk.database import Instant
from kiosk.hub.tables import NAME_LIMIT, metadata

ABOUT_LIMIT = 200  # characters

publishers = Table(
    "pack_publishers",
    metadata,
    Column("name", String(19), primary_key=True),
    Column("public", LargeBinary, nullable=False),
    Column("handed_on_by", LargeBinary),
    Column("trusted_at", Instant, nullable=False),
    Column("trusted_by", String(NAME_LIMIT), nullable=False),
)
# Signed changes of keys, as they came: kiosks are handed them on.
key_changes = Table(
    "pack_key_changes",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("spelt", LargeBinary, nullable=False),
)
archives = Table(
    "pack_archives",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the file
    Column("upload", String(36), nullable=False),
    Column("pack", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", String(64), nullable=False),  # what a kiosk calls it: kiosk.pack.manifest.content_sha256
    Column("signer", String(19), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("unpacked", BigInteger, nullable=False),
    Column("built_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("uploaded_at", Instant, nullable=False),
    Column("uploaded_by", String(NAME_LIMIT), nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("reading", LargeBinary, nullable=False),
    Column("taken_back_at", Instant),
    UniqueConstraint("pack", "version"),
)
# Pieces, each in a commit of its own, before the archive's row: a long one keeps no kiosk's request waiting.
pieces = Table(
    "pack_pieces",
    metadata,
    Column("upload", String(36), nullable=False),
    Column("number", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("upload", "number"),
)
rollouts = Table(
    "pack_rollouts",
    metadata,
    Column("pack", String(40), primary_key=True),
    Column("live", String(64)),
    Column("before", String(64)),
    Column("trial", String(64)),
    Column("trial_kiosk", String(40)),
    Column("stopped", Boolean, nullable=False),
)
acts = Table(
    "pack_acts",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("worker", String(NAME_LIMIT), nullable=False),
    Column("act", String(20), nullable=False),
    Column("pack", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", String(ABOUT_LIMIT), nullable=False),
)
# What a kiosk last said of the pack on its screen.
shown_packs = Table(
    "kiosk_packs",
    metadata,
    Column("kiosk", String(40), primary_key=True),
    Column("pack", String(40), nullable=False),
    Column("version", Integer, nullable=False),  # 0: a folder that nobody signed
    Column("says", String(LINE_LIMIT), nullable=False),
    Column("at", Instant, nullable=False),
)
