"""Whom this hub trusts to publish packs: public keys, trusted by a lead or named by the key before them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from kiosk.callbacks import wire
from kiosk.errors import ArchiveDamaged, PublisherKeyFaulty, SignerUnknown
from kiosk.hub.new_rows import insert_new
from kiosk.hub.publish_log import Act, What, note
from kiosk.hub.publish_tables import key_changes, publishers
from kiosk.pack.publisher import KeyChange, key_name, read_change

MOST = 20


@dataclass(frozen=True)
class TrustedPublisher:
    """`handed_on_by` is the key that named this one in its own place, None where a lead trusted it."""

    name: str
    public: bytes
    handed_on_by: bytes | None
    trusted_at: datetime
    trusted_by: str


class HubPublishers:
    """The trusted publishers of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self) -> list[TrustedPublisher]:
        """Return who is trusted now, in the order of trust."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(publishers).order_by(publishers.c.trusted_at, publishers.c.name))
            return [TrustedPublisher(**row._mapping) for row in rows]

    def keys(self) -> frozenset[bytes]:
        """Return their public keys, for `verify_archive`."""
        return frozenset(each.public for each in self.find())

    def trust(self, public: bytes, by: str, now: datetime) -> None:
        """Trust a publisher from now on; twice is harmless. Raises PublisherKeyFaulty beyond MOST of them."""
        if len(self.find()) >= MOST:
            raise PublisherKeyFaulty(f"A hub trusts {MOST} publishers at most.", "First trust another no more.")
        row = {"name": key_name(public), "public": public, "trusted_at": now, "trusted_by": by}
        with self._engine.begin() as connection:
            if insert_new(connection, publishers, row):
                note(connection, Act(now, by, What.TRUST, "", 0, key_name(public)))

    def distrust(self, name: str, by: str, now: datetime) -> None:
        """Take no more packs of the publisher of this short name; what is here stays. Twice is harmless.

        Nor are kiosks led on to that key any more.
        """
        with self._engine.begin() as connection:
            _forget_changes_to(connection, name)
            if connection.execute(delete(publishers).where(publishers.c.name == name)).rowcount:
                note(connection, Act(now, by, What.DISTRUST, "", 0, name))

    def follow(self, spelt: bytes, by: str, now: datetime) -> KeyChange:
        """Trust a new key in the place of the old one that names it, and hand the change on to kiosks.

        Raises ArchiveDamaged where it cannot be read, SignerUnknown where nobody whom this hub trusts has signed it.
        """
        if len(spelt) > wire.CHANGE_LIMIT:
            raise ArchiveDamaged(
                "This is not a change of publisher keys: it is too long for one.", "Choose another file."
            )
        change = read_change(spelt)
        trusted = self.find()
        if any((each.handed_on_by, each.public) == (change.old, change.new) for each in trusted):
            return change
        if change.old not in self.keys():
            raise SignerUnknown(
                f"This change of keys is signed by {key_name(change.old)}, whom this hub does not trust.",
                "Ask the publisher for the .pub file of the new key, and trust that.",
            )
        row = {"name": key_name(change.new), "public": change.new, "handed_on_by": change.old}
        with self._engine.begin() as connection:
            for gone in (change.old, change.new):
                connection.execute(delete(publishers).where(publishers.c.public == gone))
            connection.execute(insert(publishers).values(row | {"trusted_at": now, "trusted_by": by}))
            kept = {"sha256": hashlib.sha256(spelt).hexdigest(), "spelt": spelt}
            insert_new(connection, key_changes, kept)
            note(connection, Act(now, by, What.FOLLOW, "", 0, f"{key_name(change.old)} to {key_name(change.new)}"))
        return change

    def find_changes(self) -> list[bytes]:
        """Return the latest signed changes of keys, as many as a kiosk is told of, oldest first, as they came."""
        latest = select(key_changes.c.spelt).order_by(key_changes.c.sequence.desc()).limit(wire.CHANGES_LIMIT)
        with self._engine.connect() as connection:
            return list(reversed(connection.execute(latest).scalars().all()))


def _forget_changes_to(connection: Connection, name: str) -> None:
    for row in connection.execute(select(key_changes.c.sequence, key_changes.c.spelt)).all():
        if key_name(read_change(row.spelt).new) == name:
            connection.execute(delete(key_changes).where(key_changes.c.sequence == row.sequence))
