"""Archives as they came, in the hub's database: every process on every machine serves the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import uuid4

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, select

from kiosk.errors import ArchiveRefused, VersionRefused
from kiosk.hub.new_rows import insert_new
from kiosk.hub.publish_check import Checked
from kiosk.hub.publish_log import Act, What, note
from kiosk.hub.publish_tables import archives, pieces, rollouts
from kiosk.pack.check import Finding
from kiosk.pack.kept import Kept, pack_in, spell_kept
from kiosk.pack.manifest import content_sha256
from kiosk.pack.model import Pack
from kiosk.typed_json import read_json

PIECE = 1024 * 1024  # bytes
LEFT_OVER = timedelta(days=1)  # after which pieces without an archive are those of an upload that failed
_NEVER_SHOWN = {"upload", "report", "reading"}
_columns = [column for column in archives.c if column.name not in _NEVER_SHOWN]


@dataclass(frozen=True)
class Published:
    """An archive at the hub. `sha256` and `size` are of the file, `unpacked` bytes of what is in it.

    `content` is what two builds of the same version have in common, as a kiosk reckons it.
    """

    sha256: str
    pack: str
    version: int
    content: str
    signer: str
    size: int
    unpacked: int
    built_at: datetime
    expires_at: datetime | None
    uploaded_at: datetime
    uploaded_by: str
    taken_back_at: datetime | None


class Archives:
    """The archives of one hub, each kept once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, source: BinaryIO, checked: Checked, by: str, now: datetime) -> Published:
        """Keep an archive that was checked, and return it; the same bytes again are no fault.

        Raises VersionRefused unless its version is higher than all of this pack that are here, ArchiveRefused where it
        changed since it was checked.
        """
        sha256, size = _measure(source)
        if known := self.get(sha256):
            return known
        self._check_version(checked)
        upload = self._keep_pieces(source, sha256, now)
        row = _row(checked) | {"sha256": sha256, "size": size, "upload": upload, "uploaded_at": now, "uploaded_by": by}
        with self._engine.begin() as connection:
            if not insert_new(connection, archives, row):
                connection.execute(delete(pieces).where(pieces.c.upload == upload))
                raise _taken(row["version"])
            note(connection, Act(now, by, What.UPLOAD, row["pack"], row["version"], row["signer"]))
            _forget_bytes_of_old(connection, row["pack"])
            return _published(connection.execute(select(*_columns).where(archives.c.sha256 == sha256)).one())

    def find(self) -> list[Published]:
        """Return every archive, by pack and then the newest first."""
        with self._engine.connect() as connection:
            order = (archives.c.pack, archives.c.version.desc())
            return [_published(row) for row in connection.execute(select(*_columns).order_by(*order))]

    def get(self, sha256: str) -> Published | None:
        """Return the archive whose file has this hash, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(*_columns).where(archives.c.sha256 == sha256)).one_or_none()
        return _published(row) if row else None

    def report(self, sha256: str) -> Sequence[Finding]:
        """Return what the check found when it was uploaded."""
        return read_json(self._one(archives.c.report, sha256) or b"[]", tuple[Finding, ...])

    def read(self, sha256: str) -> Pack | None:
        """Return the pack in an archive, or None where this program reads packs otherwise than the one that kept it."""
        kept = self._one(archives.c.reading, sha256)
        return pack_in(read_json(kept, Kept)) if kept else None

    def bytes(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        """Yield the file from byte `start` up to `stop`. No connection is held between two pieces: a kiosk may be slow."""
        upload = self._one(archives.c.upload, sha256)
        for number in range(start // PIECE, -(-stop // PIECE)):
            mine = select(pieces.c.bytes).where(pieces.c.upload == upload, pieces.c.number == number)
            with self._engine.connect() as connection:
                piece: bytes = connection.execute(mine).scalar_one()
            began = number * PIECE
            yield piece[max(start - began, 0) : stop - began]

    def holds(self, sha256: str) -> bool:
        """Return whether the file of an archive is still here: of old ones only the row is."""
        mine = select(pieces.c.number).join(archives, archives.c.upload == pieces.c.upload)
        with self._engine.connect() as connection:
            return connection.execute(mine.where(archives.c.sha256 == sha256, pieces.c.number == 0)).first() is not None

    def _one(self, column: ColumnElement[Any], sha256: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(select(column).where(archives.c.sha256 == sha256)).scalar_one_or_none()

    def _check_version(self, checked: Checked) -> None:
        manifest = checked.archive.manifest
        highest = max((each.version for each in self.find() if each.pack == manifest.id), default=0)
        if manifest.version == highest:
            raise _taken(highest)
        if manifest.version < highest:
            raise VersionRefused(
                f"This is version {manifest.version}, and version {highest} is here already.",
                "Raise version: in pack.yaml, and build it again.",
            )

    def _keep_pieces(self, source: BinaryIO, sha256: str, now: datetime) -> str:
        upload, found = str(uuid4()), hashlib.sha256()
        _forget_left_over(self._engine, now)
        source.seek(0)
        for number, piece in enumerate(iter(lambda: source.read(PIECE), b"")):
            found.update(piece)
            with self._engine.begin() as connection:
                connection.execute(insert(pieces).values(upload=upload, number=number, bytes=piece, at=now))
        if found.hexdigest() != sha256:
            raise ArchiveRefused("The pack was changed while it was read.", "Upload it again.")
        return upload


def archives_of(connection: Connection, pack: str) -> dict[str, Published]:
    """Return the archives of a pack by their hash, as one transaction sees them."""
    mine = select(*_columns).where(archives.c.pack == pack)
    return {row.sha256: _published(row) for row in connection.execute(mine)}


def _forget_bytes_of_old(connection: Connection, pack: str) -> None:
    """Delete the pieces that no kiosk will ask for: of versions taken back, and of those that a newer one followed.

    Their rows and what was done with them stay. One for all before is kept, for it can be for all again.
    """
    rollout = connection.execute(select(rollouts).where(rollouts.c.pack == pack)).one_or_none()
    if rollout is None:
        return
    kept = {rollout.live, rollout.before, rollout.trial}
    found = archives_of(connection, pack)
    live = found[rollout.live].version if rollout.live else 0
    gone = [each for each in found.values() if each.sha256 not in kept and (each.taken_back_at or each.version < live)]
    uploads = select(archives.c.upload).where(archives.c.sha256.in_([each.sha256 for each in gone]))
    connection.execute(delete(pieces).where(pieces.c.upload.in_(uploads)))


def _forget_left_over(engine: Engine, now: datetime) -> None:
    lost = pieces.c.upload.not_in(select(archives.c.upload))
    with engine.begin() as connection:
        connection.execute(delete(pieces).where(lost, pieces.c.at < now - LEFT_OVER))


def _measure(source: BinaryIO) -> tuple[str, int]:
    source.seek(0)
    found = hashlib.sha256()
    for piece in iter(lambda: source.read(PIECE), b""):
        found.update(piece)
    return found.hexdigest(), source.seek(0, os.SEEK_END)


def _row(checked: Checked) -> dict[str, Any]:
    manifest = checked.archive.manifest
    return {
        "pack": manifest.id,
        "version": manifest.version,
        "content": content_sha256(manifest),
        "signer": checked.archive.signer,
        "unpacked": manifest.length,
        "built_at": manifest.built_at,
        "expires_at": manifest.expires_at,
        "report": msgspec.json.encode(checked.findings),
        "reading": spell_kept(checked.pack),
    }


def _published(row: Row[Any]) -> Published:
    return Published(**row._mapping)


def _taken(version: int) -> VersionRefused:
    return VersionRefused(
        f"Version {version} is here already, with other content.", "Raise version: in pack.yaml, and build it again."
    )
