"""The last good one stays: a kiosk shows the pack that was last read without fault until a better one is there.

This is on the path of the kiosk's start. Nothing slow is imported here: the YAML reader only when files have changed.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.errors import Fault, PackFaulty
from kiosk.flow import model as flow_model
from kiosk.pack import model as pack_model
from kiosk.pack.facts import find_stale
from kiosk.pack.model import Pack
from kiosk.pack.sources import folder_name, national_folder, read_files, sha256_of

FILE_NAME = "last-good.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """`faults` are those of the folder when the last good pack had to stand in; `stale` the facts not shown today."""

    pack: Pack
    faults: Sequence[Fault] = ()
    stale: Sequence[str] = ()


class Kept(msgspec.Struct, frozen=True):
    """What is on disk. `sha256` is of the bytes of `pack`; `form` changes when the program would read a pack anew."""

    form: str
    sha256: str
    pack: msgspec.Raw


class Shelf:
    """Keeps the last good version of each pack below `folder`, as packs/ID/last-good.json."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, pack_folder: Path, today: date) -> Opened:
        """Return the pack of a folder, or the last good version of it with the faults that keep the folder's out.

        Raises PackFaulty when the folder is faulty and no good version was ever kept, or it is damaged.
        """
        file = self._folder / "packs" / folder_name(pack_folder) / FILE_NAME
        kept = _load(file)
        last_good = _decode(kept)
        if kept and last_good and kept.form == _form() and last_good.sha256 == _sha256_now(pack_folder, last_good):
            return _opened(last_good, (), today)
        from kiosk.pack.read import read_pack

        try:
            pack = read_pack(pack_folder)
        except PackFaulty as faulty:
            if last_good is None:
                raise
            return _opened(last_good, faulty.faults, today)
        _keep(file, pack)
        return _opened(pack, (), today)


def _opened(pack: Pack, faults: Sequence[Fault], today: date) -> Opened:
    return Opened(pack, faults, find_stale(pack.facts, today))


def _load(file: Path) -> Kept | None:
    """Return what was kept, or None when there is nothing whole: a file cut short or with a flipped bit is no pack."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return kept if hashlib.sha256(kept.pack).hexdigest() == kept.sha256 else None


def _decode(kept: Kept | None) -> Pack | None:
    try:
        return msgspec.json.decode(kept.pack, type=Pack) if kept else None
    except msgspec.MsgspecError:  # written by a program whose packs had another form
        return None


def _sha256_now(folder: Path, last_good: Pack) -> str | None:
    """Return the hash of the folder's files and its national pack's as they are now."""
    folders = [national_folder(folder, last_good.extends)] if last_good.extends else []
    try:
        return sha256_of({folder_name(each): read_files(each) for each in [*folders, folder]})
    except OSError:
        return None


def _keep(file: Path, pack: Pack) -> None:
    content = msgspec.json.encode(pack)
    kept = Kept(_form(), hashlib.sha256(content).hexdigest(), msgspec.Raw(content))
    try:
        _write_whole(file, msgspec.json.encode(kept))
    except OSError as why:
        # The pack is good and can be shown; only the next start is slower, or without a fall-back.
        _log.warning("The pack could not be kept for the next start: %s", why.strerror)


def _write_whole(file: Path, content: bytes) -> None:
    """Write so that a power cut at any moment leaves the old file or the new one, whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    with temporary.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    temporary.replace(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows has no such thing, and does not need it
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _form() -> str:
    """Return what a kept pack's meaning hangs on: the program's version and the fields of every part of a pack."""
    parts = [*vars(flow_model).values(), *vars(pack_model).values()]
    named = [[part.__name__, *_typed(part)] for part in parts if isinstance(part, type) and is_dataclass(part)]
    return hashlib.sha256(repr([__version__, named]).encode()).hexdigest()[:16]


def _typed(part: type) -> Iterable[str]:
    return (f"{field.name}: {field.type}" for field in fields(part))
