"""The hub takes signed packs, rolls them out to kiosks, and keeps who did so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _keys()
    _archives()
    _what_is_done()


def _keys() -> None:
    op.create_table(
        "pack_publishers",
        sa.Column("name", sa.String(19), primary_key=True),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("handed_on_by", sa.LargeBinary),
        sa.Column("trusted_at", AT, nullable=False),
        sa.Column("trusted_by", sa.String(60), nullable=False),
    )
    op.create_table(
        "pack_key_changes",
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("spelt", sa.LargeBinary, nullable=False),
    )


def _archives() -> None:
    op.create_table(
        "pack_archives",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("upload", sa.String(36), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("signer", sa.String(19), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("unpacked", sa.BigInteger, nullable=False),
        sa.Column("built_at", AT, nullable=False),
        sa.Column("expires_at", AT),
        sa.Column("uploaded_at", AT, nullable=False),
        sa.Column("uploaded_by", sa.String(60), nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
        sa.Column("reading", sa.LargeBinary, nullable=False),
        sa.Column("taken_back_at", AT),
        sa.UniqueConstraint("pack", "version"),
    )
    op.create_table(
        "pack_pieces",
        sa.Column("upload", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("upload", "number"),
    )


def _what_is_done() -> None:
    op.create_table(
        "pack_rollouts",
        sa.Column("pack", sa.String(40), primary_key=True),
        sa.Column("live", sa.String(64)),
        sa.Column("before", sa.String(64)),
        sa.Column("trial", sa.String(64)),
        sa.Column("trial_kiosk", sa.String(40)),
        sa.Column("stopped", sa.Boolean, nullable=False),
    )
    op.create_table(
        "pack_acts",
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("worker", sa.String(60), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
    )
    op.create_table(
        "kiosk_packs",
        sa.Column("kiosk", sa.String(40), primary_key=True),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("says", sa.String(300), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
