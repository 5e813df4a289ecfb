"""Private notes on a case, sealed for the team like the request: without a worker's password they are noise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import Engine, Row, select

from kiosk.callbacks import wire
from kiosk.callbacks.seal import key_id
from kiosk.errors import FormFaulty, SealBroken
from kiosk.hub.case_tables import notes
from kiosk.hub.new_rows import insert_new
from kiosk.typed_json import read_json

NOTE_LIMIT = 1000  # characters
PADDED = 8192  # bytes of a note before it is sealed, whatever it says; the longest fits, escaped as JSON too


class _Inside(msgspec.Struct, frozen=True):
    """A note as it is sealed. It names its case, so that a box moved to another case does not open there."""

    case: UUID
    text: str


@dataclass(frozen=True)
class SealedNote:
    """A note as it is stored. `team_key_id` says which of the team's keys opens it."""

    id: UUID
    case: UUID
    worker: str
    at: datetime
    team_key_id: str
    box: bytes = field(repr=False)


@dataclass(frozen=True)
class Note:
    """A note, opened for one page. `text` is None where it does not open."""

    worker: str
    at: datetime
    text: str | None = field(repr=False)


def seal_note(id: UUID, case: UUID, text: str, team_key: bytes, worker: str, now: datetime) -> SealedNote:
    """Return `text` sealed for the public `team_key`. Raises FormFaulty if it is empty or too long."""
    plain = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not plain:
        raise FormFaulty("note", "Write the note, then save it.")
    if len(plain) > NOTE_LIMIT:
        raise FormFaulty("note", f"A note has at most {NOTE_LIMIT} characters. This one has {len(plain)}.")
    # Spaces after JSON mean nothing to its reader, and the length of the box nothing to anybody.
    box = SealedBox(PublicKey(team_key)).encrypt(wire.encode(_Inside(case, plain)).ljust(PADDED))
    return SealedNote(id, case, worker, now, key_id(team_key), box)


def open_note(note: SealedNote, private_key: bytes) -> str:
    """Return the text of a note. Raises SealBroken if it is sealed for others, changed, or of another case."""
    try:
        inside = read_json(SealedBox(PrivateKey(private_key)).decrypt(note.box), _Inside)
    except (CryptoError, ValueError, TypeError, msgspec.MsgspecError) as why:
        raise SealBroken("This note does not open.") from why
    if inside.case != note.case:
        raise SealBroken("This note belongs to another case.")
    return inside.text


def read_note(note: SealedNote, private_key: bytes) -> Note:
    """Return a note for the call sheet; one that does not open must not hide the others."""
    try:
        return Note(note.worker, note.at, open_note(note, private_key))
    except SealBroken:
        return Note(note.worker, note.at, None)


class Notes:
    """The sealed notes of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, note: SealedNote) -> bool:
        """Keep a note. The same id again is the same press of the button; False says so."""
        with self._engine.begin() as connection:
            return insert_new(connection, notes, vars(note) | {"id": str(note.id), "case": str(note.case)})

    def find(self, case: UUID) -> list[SealedNote]:
        """Return the notes of a case, the first one first."""
        query = select(notes).where(notes.c.case == str(case)).order_by(notes.c.at, notes.c.id)
        with self._engine.connect() as connection:
            return [_note(row) for row in connection.execute(query)]


def _note(row: Row[Any]) -> SealedNote:
    return SealedNote(**(dict(row._mapping) | {"id": UUID(row.id), "case": UUID(row.case)}))
