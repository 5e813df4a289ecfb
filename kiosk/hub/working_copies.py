"""The desk's working copies: each request once more, sealed so that it opens far faster than its envelope.

An envelope is opened by public-key arithmetic after a signature was checked, and a list of thousands cannot wait for that
at each look. Who opens an envelope first leaves a copy and an outline, under keys that only the team's private key leads
to: a stolen database opens none. The call sheet opens the envelope itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from kiosk.callbacks.inside import Told, pad_request, read_request, read_told, unpad
from kiosk.callbacks.model import CallbackRequest
from kiosk.database import Instant
from kiosk.errors import SealBroken
from kiosk.hub.case_tables import outlines, working_copies
from kiosk.hub.keys import private_key_id
from kiosk.hub.outlines import Outline, open_outline, outline_key, seal_outline
from kiosk.hub.ring import Ring
from kiosk.hub.store import HubStore
from kiosk.hub.tables import envelopes, kiosks

Stamp = tuple[int | None, ...]
Found = TypeVar("Found", CallbackRequest, Told)


@dataclass(frozen=True, slots=True)
class Came:
    """A request that came, and the box that was asked for, if there is one: its outline or its working copy.

    `id` is a UUID as text; `sequence` is the order of arrival.
    """

    sequence: int
    id: str
    centre: str
    received_at: datetime
    team_key_id: str | None
    box: bytes | None = field(repr=False)


Opened = tuple[Came, CallbackRequest]


class WorkingCopies:
    """The requests of one hub by their working copies. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, ids: Iterable[str]) -> list[Came]:
        """Return those of `ids` that are still here, with their copies, in the order of arrival."""
        with self._engine.connect() as connection:
            return _came(connection.execute(_COPIES, {"ids": list(ids)}).all())

    def find_boxes(self, ids: Iterable[str]) -> dict[str, tuple[str, bytes]]:
        """Return the copies of `ids` that there are, each as the id of its team key and its box."""
        with self._engine.connect() as connection:
            return {id: (key_id, box) for id, key_id, box in connection.execute(_BOXES, {"ids": list(ids)})}

    def leave(self, fresh: Sequence[Opened], opened: Sequence[Opened], team_key: bytes) -> None:
        """Leave copies of what is `fresh` from its envelope, and outlines of all that was `opened`, in place of any."""
        key_id = private_key_id(team_key)
        copies: list[dict[str, Any]] = [
            {"id": came.id, "box": seal_copy(one, _copy_key(team_key))} for came, one in fresh
        ]
        sealed = ((came, seal_outline(one, outline_key(team_key))) for came, one in opened)
        outlined: list[dict[str, Any]] = [
            {"id": came.id, "received_at": came.received_at, "box": box} for came, box in sealed if box
        ]
        try:
            with self._engine.begin() as connection:
                _put(connection, working_copies, [row | {"team_key_id": key_id} for row in copies])
                _put(connection, outlines, [row | {"team_key_id": key_id} for row in outlined])
        except IntegrityError:
            # Another process has just made some of these, or deleted an envelope: the next look leaves what is missing.
            return


def stamp(connection: Connection) -> Stamp:
    """Return something that is another as soon as a request has come or gone."""
    # In SQLite no request can come before one that was seen already; on a server one can, in a transaction that ends late.
    return tuple(connection.execute(_STAMP if connection.dialect.name == "sqlite" else _STAMP_WITH_SUM).one())


def find_after(connection: Connection, sequence: int) -> list[Came]:
    """Return what came after that one, with their outlines, in the order of arrival."""
    return _came(connection.execute(_OUTLINES, {"after": sequence}).all())


def find_outlined(connection: Connection, ids: Sequence[str]) -> list[Came]:
    """Return those of `ids` that are still here, with their outlines, in the order of arrival."""
    return _came(connection.execute(_OUTLINES_OF, {"ids": ids}).all())


def _came(rows: Iterable[Any]) -> list[Came]:
    return [Came(sequence, id, centre, at, key_id, box) for sequence, id, centre, at, key_id, box in rows]


def _put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        these = table.c.id.in_(bindparam("ids", [row["id"] for row in rows], expanding=True))
        connection.execute(delete(table).where(these))
        connection.execute(insert(table), rows)


def _with_boxes(table: Table, received_at: ColumnElement[datetime] = envelopes.c.received_at) -> Select[Any]:
    """Select what Came has, each with its box in this table."""
    return (
        select(
            envelopes.c.sequence,
            envelopes.c.id,
            kiosks.c.centre,
            received_at,
            table.c.team_key_id,
            table.c.box,
        )
        .join(kiosks, kiosks.c.id == envelopes.c.kiosk)
        .outerjoin(table, table.c.id == envelopes.c.id)
        .order_by(envelopes.c.sequence)
    )


_BOXES = select(working_copies.c.id, working_copies.c.team_key_id, working_copies.c.box).where(
    working_copies.c.id.in_(bindparam("ids", expanding=True))
)
# Asked one by one: together SQLite would read through all the table.
_STAMP = select(
    select(func.count()).select_from(envelopes).scalar_subquery(),
    select(func.max(envelopes.c.sequence)).scalar_subquery(),
)
_STAMP_WITH_SUM = _STAMP.add_columns(select(func.sum(envelopes.c.sequence)).scalar_subquery())
_THESE = envelopes.c.id.in_(bindparam("ids", expanding=True))
_COPIES = _with_boxes(working_copies).where(_THESE)
_RECEIVED_AT = func.coalesce(outlines.c.received_at, envelopes.c.received_at, type_=Instant())
_OUTLINES_OF = _with_boxes(outlines, _RECEIVED_AT).where(_THESE)
_OUTLINES = _with_boxes(outlines, _RECEIVED_AT).where(envelopes.c.sequence > bindparam("after"))


class Opener:
    """Opens what one worker's key leads to. Most was left under the newest key: the ring is fetched for what was not."""

    def __init__(self, engine: Engine, team_key: bytes, key_id: str, ring: Callable[[], Ring]) -> None:
        self._engine, self._team_key, self._key_id, self._ring = engine, team_key, key_id, ring
        self._copy_keys = {key_id: _copy_key(team_key)}
        self._outline_keys = {key_id: outline_key(team_key)}

    def outline(self, one: Came) -> Outline | None:
        """Return the outline of `one`; None if there is none, or it does not open."""
        key = self._key(self._outline_keys, outline_key, one)
        try:
            return open_outline(one.box, key, one.id) if one.box and key else None
        except SealBroken:
            return None

    def tell(self, came: Sequence[Came]) -> list[Told | CallbackRequest]:
        """Return what search needs of whatever opens of `came`, in no order."""
        told = {one.id: found for one in came if (found := self._open(one, open_told))}
        others = self.open([one for one in came if one.id not in told])[0]
        return [*told.values(), *(request for _, request in others)]

    def open(self, came: Sequence[Came], outlined: bool = True) -> tuple[list[Opened], list[Came]]:
        """Return what opens of `came`, in its order, and what does not; leave copies of what had none.

        Leave outlines too of whatever opened, if it is not `outlined`.
        """
        known = {one.id: request for one in came if (request := self._open(one, open_copy))}
        fresh = self.open_envelopes([one.id for one in came if one.id not in known])
        known |= fresh
        opened = [(one, known[one.id]) for one in came if one.id in known]
        if fresh or not outlined:
            left = [(one, request) for one, request in opened if one.id in fresh]
            WorkingCopies(self._engine).leave(left, left if outlined else opened, self._team_key)
        return opened, [one for one in came if one.id not in known]

    def open_envelopes(self, ids: Sequence[str]) -> dict[str, CallbackRequest]:
        """Return what opens of the envelopes of `ids`."""
        opened = dict[str, CallbackRequest]()
        for held in HubStore(self._engine).find_open_envelopes([UUID(id) for id in ids]) if ids else []:
            try:
                opened[str(held.id)] = self._ring().open(held)
            except SealBroken:
                continue  # shown as quarantined
        return opened

    def _open(self, one: Came, read: Callable[[bytes, bytes], Found]) -> Found | None:
        key = self._key(self._copy_keys, _copy_key, one)
        try:
            found = read(one.box, key) if one.box and key else None
        except SealBroken:
            return None
        return found if found and str(found.id) == one.id else None

    def _key(self, keys: dict[str, bytes], derive: Callable[[bytes], bytes], one: Came) -> bytes | None:
        if one.team_key_id and one.team_key_id not in keys:
            keys |= {id: derive(key) for id, key in self._ring().keys.items()}
        return keys.get(one.team_key_id or "")


def seal_copy(request: CallbackRequest, key: bytes) -> bytes:
    """Return `request` once more, in a box of one length that `key` (32 bytes) opens far faster than an envelope."""
    return bytes(SecretBox(key).encrypt(pad_request(request)))


def open_copy(box: bytes, key: bytes) -> CallbackRequest:
    """Return the request in `box`. Raises SealBroken if it was sealed with another key, or has been changed."""
    return read_request(_unseal_copy(box, key))


def open_told(box: bytes, key: bytes) -> Told:
    """Return what a search reads of the request in `box`. Raises SealBroken likewise."""
    return read_told(_unseal_copy(box, key))


def _unseal_copy(box: bytes, key: bytes) -> bytes:
    try:
        return unpad(SecretBox(key).decrypt(box))
    except CryptoError as why:
        raise SealBroken("This copy was not sealed with this key.") from why


def _copy_key(team_key: bytes) -> bytes:
    return hashlib.blake2b(team_key, digest_size=32, person=b"waymark copies").digest()
