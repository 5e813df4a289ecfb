"""What a copied kiosk brought: kept, but off the desk (promise 19). A lead looks at each, puts it on the desk or deletes it.

A kiosk that is followed again puts all of its own on the desk at once (`Fleet.readmit`); this is for one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, delete, exists, select

from kiosk.callbacks.model import Envelope
from kiosk.errors import CaseTaken
from kiosk.hub.arrivals import Taken, take_in
from kiosk.hub.cases import APART_ADMITTED, APART_DELETED, write_log
from kiosk.hub.new_rows import insert_new
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.tables import apart, envelopes, kiosks, tombstones
from kiosk.london import LONDON

# Kept apart at first, but the same bytes have come since in a way that could be trusted.
TAKEN_IN = exists().where(envelopes.c.id == apart.c.id, envelopes.c.sha256 == apart.c.sha256) | exists().where(
    tombstones.c.id == apart.c.id, tombstones.c.sha256 == apart.c.sha256
)


@dataclass(frozen=True)
class Apart:
    """A request that a copy brought, as a list names it. `sequence` is the order of arrival."""

    id: UUID
    sha256: str
    kiosk: str
    centre: str
    received_at: datetime
    sequence: int = field(default=0, compare=False)


class KeptApart:
    """What one hub keeps apart. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, after: int = 0, most: int | None = None, kiosk: str | None = None) -> list[Apart]:
        """Return what waits for a lead, in the order of arrival: `most` of it, or all, that came after that one, from one
        kiosk or from all.
        """
        columns = [apart.c[name] for name in ("id", "sha256", "kiosk", "received_at", "sequence")]
        waiting = select(*columns, kiosks.c.centre).join(kiosks, kiosks.c.id == apart.c.kiosk)
        wanted = (~TAKEN_IN, apart.c.sequence > after, *([apart.c.kiosk == kiosk] if kiosk else ()))
        with self._engine.connect() as connection:
            found = connection.execute(waiting.where(*wanted).order_by(apart.c.sequence).limit(most))
            rows = [dict(row._mapping) for row in found]
        return [Apart(**(row | {"id": UUID(row["id"])})) for row in rows]

    def find_one(self, id: UUID, sha256: str) -> HeldEnvelope | None:
        """Return one, so that it can be opened; None if it is settled."""
        with self._engine.connect() as connection:
            row = connection.execute(_one(id, sha256)).one_or_none()
        return _held(row) if row else None

    def find_held(self, after: int, most: int) -> list[HeldEnvelope]:
        """Return what waits for a lead so that it can be opened: at most so many that came after that one, in their order."""
        waiting = _HELD.where(apart.c.sequence > after).order_by(apart.c.sequence).limit(most)
        with self._engine.connect() as connection:
            return [_held(row) for row in connection.execute(waiting)]

    def put_on_desk(self, id: UUID, sha256: str, by: str, now: datetime) -> Taken:
        """Take it in as if a kiosk that is followed had brought it at `now`; the log says that `by` did.

        Raises CaseTaken if it is settled.
        """
        with self._engine.begin() as connection:
            row = _take(connection, id, sha256)
            write_log(connection, id, by, now, APART_ADMITTED)
            envelope = Envelope(id, row.kiosk, row.blob, row.sha256)
            return take_in(connection, [(envelope, row.team_key_id)], now)[0]

    def delete(self, id: UUID, sha256: str, by: str, now: datetime) -> None:
        """Delete it for good, and keep that `by` did. Raises CaseTaken if it is settled.

        Where nothing else has its number a tombstone stays: the copy, which still holds it, brings it again in vain.
        """
        with self._engine.begin() as connection:
            _take(connection, id, sha256)
            write_log(connection, id, by, now, APART_DELETED)
            if not connection.execute(select(exists().where(envelopes.c.id == str(id)))).scalar_one():
                day = now.astimezone(LONDON).date()
                insert_new(connection, tombstones, {"id": str(id), "sha256": sha256, "day": day})


_HELD = select(apart, kiosks.c.centre, kiosks.c.verify_key).join(kiosks, kiosks.c.id == apart.c.kiosk).where(~TAKEN_IN)


def _one(id: UUID, sha256: str) -> Select[Any]:
    return _HELD.where(apart.c.id == str(id), apart.c.sha256 == sha256)


def _held(row: Row[Any]) -> HeldEnvelope:
    return HeldEnvelope(**(dict(row._mapping) | {"id": UUID(row.id)}))


def _take(connection: Connection, id: UUID, sha256: str) -> Row[Any]:
    """Take the row out, so that of two leads only one settles it."""
    lock_rows(connection, apart, apart.c.id == str(id))
    row = connection.execute(_one(id, sha256)).one_or_none()
    if row is None:
        raise CaseTaken("This was settled a moment ago.", "Look at the list of kiosks again.")
    connection.execute(delete(apart).where(apart.c.sequence == row.sequence))
    return row
