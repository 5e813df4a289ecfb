"""The desk's working copies: each request once more, sealed so that it opens far faster than its envelope.

An envelope is opened by public-key arithmetic after a signature was checked, and a list of thousands cannot wait for that
at each look. Who opens an envelope first leaves a copy, under a key that only the team's private key leads to: a stolen
database opens none. The call sheet opens the envelope itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from kiosk.callbacks.model import CallbackRequest
from kiosk.callbacks.seal import open_copy, seal_copy
from kiosk.errors import SealBroken
from kiosk.hub.case_tables import working_copies
from kiosk.hub.keys import private_key_id
from kiosk.hub.ring import Ring
from kiosk.hub.store import HubStore
from kiosk.hub.tables import envelopes, kiosks

Stamp = tuple[int | None, ...]


@dataclass(frozen=True)
class Came:
    """A request that came, and its working copy if one was made. `sequence` is the order of arrival."""

    sequence: int
    id: UUID
    centre: str
    received_at: datetime
    team_key_id: str | None
    box: bytes | None = field(repr=False)


class WorkingCopies:
    """The requests of one hub by their working copies. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stamp(self) -> Stamp:
        """Return something that is another as soon as a request has come or gone."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(_STAMP).one())

    def find_after(self, sequence: int) -> list[Came]:
        """Return what came after that one, in the order of arrival."""
        return self._find(_CAME.where(envelopes.c.sequence > sequence))

    def find(self, ids: Iterable[str]) -> list[Came]:
        """Return those of `ids` that are still here, in the order of arrival."""
        return self._find(_CAME.where(envelopes.c.id.in_(list(ids))))

    def find_ids(self) -> set[str]:
        """Return the ids of all that are here."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(envelopes.c.id)).scalars())

    def add(self, requests: Sequence[CallbackRequest], team_key: bytes) -> None:
        """Leave copies of requests that were opened, in place of any that did not open."""
        if not requests:
            return
        key, key_id = _copy_key(team_key), private_key_id(team_key)
        rows = [{"id": str(one.id), "team_key_id": key_id, "box": seal_copy(one, key)} for one in requests]
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(working_copies).where(working_copies.c.id.in_([row["id"] for row in rows])))
                connection.execute(insert(working_copies), rows)
        except IntegrityError:
            # Another process has just made some of these, or deleted an envelope: the next look leaves what is missing.
            return

    def _find(self, query: Select[Any]) -> list[Came]:
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(envelopes.c.sequence)).all()
            return [Came(row[0], UUID(row[1]), *row[2:]) for row in rows]


_STAMP = select(func.count(), func.max(envelopes.c.sequence), func.sum(envelopes.c.sequence)).select_from(envelopes)
_CAME: Select[Any] = (
    select(
        envelopes.c.sequence,
        envelopes.c.id,
        kiosks.c.centre,
        envelopes.c.received_at,
        working_copies.c.team_key_id,
        working_copies.c.box,
    )
    .join(kiosks, kiosks.c.id == envelopes.c.kiosk)
    .outerjoin(working_copies, working_copies.c.id == envelopes.c.id)
)


def open_all(
    engine: Engine, came: Iterable[Came], ring: Ring, team_key: bytes
) -> tuple[list[tuple[Came, CallbackRequest]], list[Came]]:
    """Return what opens of `came`, in its order, and what does not. Copies are left of what had none."""
    came = list(came)
    keys = {id: _copy_key(key) for id, key in ring.keys.items()}
    opened = {one.id: request for one in came if (request := _opened(one, keys))}
    if closed := [one.id for one in came if one.id not in opened]:
        fresh = _open_envelopes(engine, closed, ring)
        opened |= {request.id: request for request in fresh}
        WorkingCopies(engine).add(fresh, team_key)
    return [(one, opened[one.id]) for one in came if one.id in opened], [one for one in came if one.id not in opened]


def _opened(one: Came, keys: dict[str, bytes]) -> CallbackRequest | None:
    if one.box is None or one.team_key_id not in keys:
        return None
    try:
        request = open_copy(one.box, keys[one.team_key_id])
    except SealBroken:
        return None
    return request if request.id == one.id else None


AT_ONCE = 500  # envelopes in memory


def _open_envelopes(engine: Engine, ids: Sequence[UUID], ring: Ring) -> list[CallbackRequest]:
    opened, store = [], HubStore(engine)
    for first in range(0, len(ids), AT_ONCE):
        for held in store.find_open_envelopes(ids[first : first + AT_ONCE]):
            try:
                opened.append(ring.open(held))
            except SealBroken:
                continue  # shown as quarantined
    return opened


def _copy_key(team_key: bytes) -> bytes:
    return hashlib.blake2b(team_key, digest_size=32, person=b"waymark copies").digest()
