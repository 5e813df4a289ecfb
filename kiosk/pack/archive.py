"""A signed .pack file: build one from a folder, verify one without writing a byte, unpack what was verified.

    signature.bin    who signed: 32 bytes of public key, 64 of Ed25519 over the next file
    manifest.json    see kiosk.pack.manifest
    england/...      the national pack's files, whole
    oxfordshire/...  the local pack's, for a kiosk needs both

Any zip program opens it. The same files, with their times or SOURCE_DATE_EPOCH, the same version, expiry and key give
the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from kiosk.disk import sync_folder, write_whole
from kiosk.errors import ArchiveDamaged, ArchiveRefused, InstallFailed, SignerUnknown
from kiosk.pack.manifest import (
    MOST_BYTES,
    MOST_FILES,
    MOST_OF_MANIFEST,
    MOST_OF_ONE,
    File,
    Manifest,
    check_manifest,
    read_manifest,
    spell,
)
from kiosk.pack.model import Pack
from kiosk.pack.plain_zip import Entry, PlainUnzip, PlainZip, copy_entry
from kiosk.pack.publisher import PublisherKey, is_signed, key_name, sign
from kiosk.pack.read import read_pack
from kiosk.pack.sources import find_files, folder_name, name_in, national_folder
from kiosk.typed_json import read_json

SUFFIX = ".pack"
MOST_OF_ARCHIVE = MOST_BYTES + MOST_OF_MANIFEST + MOST_FILES * 1024  # bytes: what a download may come to at most
SIGNATURE, MANIFEST = "signature.bin", "manifest.json"
_KEY_LENGTH, _SIGNATURE_LENGTH = 32, 64

Source = Path | BinaryIO | bytes
"""An archive: its file, its bytes, or anything that can be read and sought."""


@dataclass(frozen=True)
class Built:
    """An archive as bytes, and the pack in it as it was read."""

    content: bytes
    manifest: Manifest
    pack: Pack

    @property
    def file_name(self) -> str:
        """What such a file is called: oxfordshire-3.pack."""
        return f"{self.manifest.id}-{self.manifest.version}{SUFFIX}"


@dataclass(frozen=True)
class Archive:
    """What stands in a verified archive. `signed_by` is the public key; `spelt` the manifest and `signature` as they came."""

    manifest: Manifest
    signed_by: bytes
    spelt: bytes
    signature: bytes
    entries: tuple[Entry, ...]

    @property
    def signer(self) -> str:
        """The short name of the key, such as 3f2a-91bc-0d4e-77aa."""
        return key_name(self.signed_by)

    @property
    def sha256(self) -> str:
        """Names this version with all of its content: the hash of the manifest, in hex."""
        return hashlib.sha256(self.spelt).hexdigest()


def build_archive(folder: Path, key: PublisherKey, expires_at: datetime | None = None) -> Built:
    """Return the pack of a folder, with the national pack that it extends, signed.

    `expires_at` is aware, in whole seconds. Raises PackFaulty with every fault of the folder, ArchiveRefused for a file
    that no archive may carry.
    """
    pack = read_pack(folder)
    folders = [*([national_folder(folder, pack.extends)] if pack.extends else []), folder]
    files = sorted(
        (f"{folder_name(each)}/{name_in(each, file)}", file) for each in folders for file in find_files(each)
    )
    contents = {name: _load(file) for name, file in files}
    manifest = Manifest(
        spec=1,
        id=pack.id,
        extends=pack.extends,
        version=pack.version,
        built_at=_built_at([file for _, file in files]),
        expires_at=expires_at,
        length=sum(map(len, contents.values())),
        files=tuple(File(name, len(each), hashlib.sha256(each).hexdigest()) for name, each in contents.items()),
    )
    check_manifest(manifest)
    _check_caps(manifest)
    return Built(pack_up(manifest, contents, key), manifest, pack)


def pack_up(manifest: Manifest, contents: dict[str, bytes], key: PublisherKey) -> bytes:
    """Return the archive of a manifest and its files by name, whether or not they belong together: nothing is checked."""
    spelt, out = spell(manifest), BytesIO()
    archive = PlainZip(out)
    archive.add(SIGNATURE, key.public + sign("pack", spelt, key))
    archive.add(MANIFEST, spelt)
    for file in manifest.files:
        archive.add(file.name, contents[file.name])
    archive.close()
    return out.getvalue()


def verify_archive(source: Source, trusted: Collection[bytes]) -> Archive:
    """Return what is in an archive once every byte of it is known to be right. Writes nothing.

    `trusted` are the public keys of publishers, 32 bytes each. Raises ArchiveRefused with one sentence saying why:
    SignerUnknown where none of them has signed it, ArchiveDamaged where a byte is not as its signer wrote it.
    """
    with opened(source) as stream:
        _check_size(stream)
        zipped = PlainUnzip(stream)
        seal = zipped.take(SIGNATURE, _KEY_LENGTH + _SIGNATURE_LENGTH)
        spelt = zipped.take(MANIFEST, MOST_OF_MANIFEST)
        signed_by, signature = seal[:_KEY_LENGTH], seal[_KEY_LENGTH:]
        _check_signature(spelt, signed_by, signature, trusted)
        manifest = read_manifest(spelt)
        entries = tuple(zipped.check(file.name, file.length, file.sha256) for file in manifest.files)
        zipped.close()
    return Archive(manifest, signed_by, spelt, seal, entries)


def unpack(source: Source, archive: Archive, folder: Path) -> None:
    """Write the files of a verified archive below `folder`, which is not there yet, and return when the disk has them.

    Raises ArchiveDamaged if the source has changed since it was verified, InstallFailed if the disk does not take them.
    """
    folders = {folder}
    with opened(source) as stream, taken_by_disk():
        folder.mkdir(parents=True)
        for file, entry in zip(archive.manifest.files, archive.entries, strict=True):
            target = folder.joinpath(*file.name.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.update(each for each in target.parents if each.is_relative_to(folder))
            _unpack_one(stream, entry, file, target)
        for each in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            sync_folder(each)


def write_archive(built: Built, file: Path) -> None:
    """Write the archive whole or not at all. Raises InstallFailed if the disk does not take it."""
    with taken_by_disk():
        write_whole(file, built.content)


@contextmanager
def taken_by_disk() -> Iterator[None]:
    """Raise InstallFailed for what a disk says against being written to."""
    try:
        yield
    except OSError as why:
        where = f" at {why.filename}" if why.filename else ""
        raise InstallFailed(
            f"The disk does not take the pack: {why.strerror}{where}.", "Make room, and let this user write there."
        ) from why


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open an archive at its beginning. Raises ArchiveDamaged where the file cannot be read."""
    try:
        if isinstance(source, Path):
            if not source.is_file():
                raise ArchiveDamaged(f"There is no file {source}.", "Give the name of a .pack file.")
            with source.open("rb") as stream:
                yield stream
            return
        with nullcontext(BytesIO(source) if isinstance(source, bytes) else source) as stream:
            stream.seek(0)
            yield stream
    except OSError as why:
        raise ArchiveDamaged(f"The pack cannot be read: {why.strerror}.", "Copy it again.") from why


def _check_size(stream: BinaryIO) -> None:
    size = stream.seek(0, os.SEEK_END)
    if size > MOST_OF_ARCHIVE:
        raise ArchiveRefused(f"This pack has {size:,} bytes, more than a kiosk takes.", "Ask whoever made it.")
    stream.seek(0)


def _check_signature(spelt: bytes, signed_by: bytes, signature: bytes, trusted: Collection[bytes]) -> None:
    if len(signature) != _SIGNATURE_LENGTH or not is_signed("pack", spelt, signature, signed_by):
        raise ArchiveDamaged("The signature of this pack is not right.", "Copy it again, or ask whoever made it.")
    if signed_by not in trusted:
        raise SignerUnknown(
            f"This pack is signed by {key_name(signed_by)}, whom this kiosk does not trust.",
            "If it is your publisher, run: kiosk pack trust FILE.pub",
        )


def _unpack_one(stream: BinaryIO, entry: Entry, file: File, target: Path) -> None:
    with target.open("xb") as out:
        found = copy_entry(stream, entry, out.write)
        out.flush()
        os.fsync(out.fileno())
    if found != file.sha256:
        raise ArchiveDamaged("The pack was changed while it was read.", "Put the stick in again, and leave it in.")


def _load(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_OF_ONE:
            raise ArchiveRefused(f"{file} has more than {MOST_OF_ONE:,} bytes.", "Make it smaller.")
        return file.read_bytes()
    except OSError as why:
        raise ArchiveRefused(f"{file} cannot be read: {why.strerror}.", "Check who may read it.") from why


def _built_at(files: list[Path]) -> datetime:
    """When the newest file was changed, so that building twice gives the same bytes; SOURCE_DATE_EPOCH overrides it."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    newest = int(given) if given.isdigit() else int(max(file.stat().st_mtime for file in files))
    return datetime.fromtimestamp(min(newest, int(datetime.now(UTC).timestamp())), UTC)


def _check_caps(manifest: Manifest) -> None:
    try:
        read_json(spell(manifest), Manifest)
    except msgspec.ValidationError as why:
        raise ArchiveRefused(
            f"The pack {manifest.id} is larger or named otherwise than a kiosk takes.", "Run: kiosk pack check DIR"
        ) from why
    if len(spell(manifest)) > MOST_OF_MANIFEST:
        raise ArchiveRefused("The pack has too many files.", f"A kiosk takes {MOST_FILES:,} at most.")
