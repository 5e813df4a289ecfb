"""A pack as it was read, kept in a file, so that a start need not read it again: some milliseconds instead of a second."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.flow import model as flow_model
from kiosk.pack import model as pack_model
from kiosk.pack.model import Pack
from kiosk.typed_json import read_json


class Kept(msgspec.Struct, frozen=True):
    """What is on disk. `sha256` is of the bytes of `pack`; `form` changes when the program would read a pack anew."""

    form: str
    sha256: str
    pack: msgspec.Raw

    @property
    def is_of_this_program(self) -> bool:
        """Whether this very program would read the same."""
        return self.form == _form()


def spell_kept(pack: Pack) -> bytes:
    """Return what is put on disk."""
    content = msgspec.json.encode(pack)
    return msgspec.json.encode(Kept(_form(), hashlib.sha256(content).hexdigest(), msgspec.Raw(content)))


def load_kept(file: Path) -> Kept | None:
    """Return what was kept, or None when there is nothing whole: a file cut short or with a flipped bit is no pack."""
    try:
        kept = read_json(file.read_bytes(), Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return kept if hashlib.sha256(kept.pack).hexdigest() == kept.sha256 else None


def pack_in(kept: Kept | None) -> Pack | None:
    """Return the pack, or None where a program wrote it whose packs had another form."""
    try:
        return read_json(kept.pack, Pack) if kept else None
    except msgspec.MsgspecError:
        return None


def _form() -> str:
    """Return what a kept pack's meaning hangs on: the program's version and the fields of every part of a pack."""
    parts = [*vars(flow_model).values(), *vars(pack_model).values()]
    named = [[part.__name__, *_typed(part)] for part in parts if isinstance(part, type) and is_dataclass(part)]
    return hashlib.sha256(repr([__version__, named]).encode()).hexdigest()[:16]


def _typed(part: type) -> Iterable[str]:
    return (f"{field.name}: {field.type}" for field in fields(part))
