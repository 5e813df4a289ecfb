"""What a .pack file says of itself: whose pack, which version, and each file by name, length and hash.

The manifest is signed, and everything else in the archive follows from it. So these rules are all there is to a file's
name: what passes here is safe to write below a folder on Linux, Windows and macOS.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kiosk.errors import ArchiveDamaged, ArchiveRefused
from kiosk.typed_json import read_json

MOST_FILES = 10_000
MOST_BYTES = 512 * 1024 * 1024  # of all files together: recorded speech is what makes a pack large
MOST_OF_ONE = 64 * 1024 * 1024
MOST_OF_MANIFEST = 4 * 1024 * 1024
LONGEST_NAME, LONGEST_PART, DEEPEST = 200, 100, 8  # bytes in UTF-8, and parts

# \u00b9 \u00b2 \u00b3 count as digits to Windows.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])( *\..*)?", re.IGNORECASE)
_UNSAFE = frozenset('\\:*?"<>|')
_REMEDY = "Rename the file, and build the pack again."
_ASK = "Ask whoever made it for another."

PackId = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
PackIdOrNone = Annotated[str, msgspec.Meta(pattern=r"\A([a-z0-9][a-z0-9-]{0,39})?\Z")]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]
Size = Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file. `name` begins with the folder of the pack that it is of: `england/flows/work.yaml`."""

    name: str
    length: Annotated[int, msgspec.Meta(ge=0, le=MOST_OF_ONE)]
    sha256: Sha256


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`files` are sorted by name and hold the local pack and the national one that it `extends`, whole.

    `length` is of all of them together. `built_at` is when the newest of them was changed.
    """

    spec: Literal[1]
    id: PackId
    extends: PackIdOrNone
    version: Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
    built_at: Aware
    expires_at: Aware | None
    length: Size
    files: Annotated[tuple[File, ...], msgspec.Meta(max_length=MOST_FILES)]


_encoder = msgspec.json.Encoder(order="sorted")


def spell(manifest: Manifest) -> bytes:
    """Return the one spelling of a manifest: JSON, keys sorted, no spaces."""
    return _encoder.encode(manifest)


def content_sha256(manifest: Manifest) -> str:
    """Return what two builds of the same files, version and expiry have in common, whenever they were built."""
    what = (manifest.id, manifest.extends, manifest.version, manifest.expires_at, manifest.files)
    return hashlib.sha256(_encoder.encode(what)).hexdigest()


def read_manifest(spelt: bytes) -> Manifest:
    """Return the manifest. Raises ArchiveRefused unless it keeps every rule of this module."""
    try:
        manifest = read_json(spelt, Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as why:
        raise ArchiveDamaged("The list of contents of this pack cannot be read.", _ASK) from why
    if spell(manifest) != spelt:
        raise ArchiveDamaged("The list of contents of this pack is not spelt as a kiosk spells it.", _ASK)
    check_manifest(manifest)
    return manifest


def check_manifest(manifest: Manifest) -> None:
    """Raise ArchiveRefused, in one sentence, for the first rule of this module that a manifest breaks."""
    names = [file.name for file in manifest.files]
    check_names(names)
    if sum(file.length for file in manifest.files) != manifest.length or manifest.length > MOST_BYTES:
        raise ArchiveRefused("The lengths of the files in this pack do not add up.", _ASK)
    if manifest.id == manifest.extends:
        raise ArchiveRefused(f"This pack extends itself, {manifest.id}.", _ASK)
    folders = [folder for folder in (manifest.id, manifest.extends) if folder]
    for folder in folders:
        if f"{folder}/pack.yaml" not in names:
            raise ArchiveRefused(f"This pack has no {folder}/pack.yaml.", _ASK)
    for name in names:
        if name.partition("/")[0] not in folders:
            raise ArchiveRefused(f"{_said(name)} belongs to neither {' nor '.join(folders)}.", _ASK)


def check_names(names: Iterable[str]) -> None:
    """Raise ArchiveRefused for the first name that is not safe to write, comes twice, or is not in its order."""
    seen: dict[str, str] = {}
    before = ""
    for name in names:
        _check_name(name)
        if name == before:
            raise ArchiveRefused(f"The file {_said(name)} comes twice in this pack.", _ASK)
        if name < before:
            raise ArchiveDamaged("The files of this pack are not in their order.", _ASK)
        _check_clash(name, seen)
        before = name


def _check_name(name: str) -> None:
    wrong = _wrong_with(name)
    if wrong:
        raise ArchiveRefused(f"The pack holds a file {_said(name)}, {wrong}.", _REMEDY)


def _wrong_with(name: str) -> str:
    """Return what is wrong with a file's name, or ""."""
    parts = name.split("/")
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return "whose name begins at the root of a disk"
    if ".." in parts or ".." in name.split("\\"):
        return "whose name leads out of the folder"
    if any(unicodedata.category(letter).startswith(("C", "Zl", "Zp")) for letter in name):
        return "whose name holds a character that cannot be seen"
    if not _UNSAFE.isdisjoint(name):
        return "whose name holds a character that not every system takes"
    if len(name.encode()) > LONGEST_NAME or any(len(part.encode()) > LONGEST_PART for part in parts):
        return "whose name is too long"
    if len(parts) < 2 or len(parts) > DEEPEST:
        return "which lies too deep or in no folder"
    if not all(parts) or any(part[0] in ". " or part[-1] in ". " for part in parts):
        return "whose name begins or ends with a dot or a space, or is empty"
    if any(_DEVICE.fullmatch(part) for part in parts):
        return "whose name is a device's on Windows"
    if unicodedata.normalize("NFC", name) != name:
        return "whose accents are written in two ways"
    return ""


def _check_clash(name: str, seen: dict[str, str]) -> None:
    """Note a file and the folders above it under what any system might take for the same name."""
    parts = name.split("/")
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        # A file has no folder's mark, so that a file where others have a folder clashes as well.
        kind = path if depth == len(parts) else f"{path}/"
        known = seen.setdefault(_folded(path), kind)
        if known != kind:
            raise ArchiveRefused(f"Two files of this pack have one name: {_said(name)} and {_said(known)}.", _REMEDY)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def _said(name: str) -> str:
    """Return a name as it may be printed: whatever it holds, on one line and not long."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
    return f'"{shown}{"…" if len(name) > 60 else ""}"'
