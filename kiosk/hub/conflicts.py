"""What came under a number that was taken, with other bytes (promise 11). Both are kept until a lead has looked.

One of the two is on the desk. The other lies here: it can take the first one's place, or be deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, delete, exists, func, insert, select, update

from kiosk.callbacks.seal import read_cover
from kiosk.errors import CaseTaken
from kiosk.hub.case import CaseState
from kiosk.hub.case_tables import bookings, notes
from kiosk.hub.cases import OTHER_DELETED, PUT_IN_ITS_PLACE, write_log
from kiosk.hub.desk_tables import access_log, cases
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.tables import conflicts, envelopes, kiosks


@dataclass(frozen=True)
class Doubled:
    """An id that came with other bytes than the hub had. `held` is False once the first was handled and deleted.

    `sequence` is the order of arrival.
    """

    id: UUID
    sha256: str
    kiosk: str
    centre: str
    received_at: datetime
    held: bool
    sequence: int = field(default=0, compare=False)


class Conflicts:
    """The conflicts of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, after: int = 0, most: int | None = None, kiosk: str | None = None) -> list[Doubled]:
        """Return what came under an id that was taken, in the order of arrival: `most` of it, or all, that came after that
        one, from one kiosk or from all.
        """
        held = exists().where(envelopes.c.id == conflicts.c.id).label("held")
        columns = [conflicts.c[name] for name in ("id", "sha256", "kiosk", "received_at", "sequence")]
        doubled = (
            select(*columns, kiosks.c.centre, held)
            .join(kiosks, kiosks.c.id == conflicts.c.kiosk)
            .where(conflicts.c.sequence > after, *([conflicts.c.kiosk == kiosk] if kiosk else ()))
            .order_by(conflicts.c.sequence)
            .limit(most)
        )
        with self._engine.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(doubled)]
        return [Doubled(**(row | {"id": UUID(row["id"])})) for row in rows]

    def find_other(self, id: UUID, sha256: str) -> HeldEnvelope | None:
        """Return the envelope that is not on the desk, so that it can be opened; None if it is settled."""
        with self._engine.connect() as connection:
            row = connection.execute(_other(id, sha256)).one_or_none()
        return _held(row) if row else None

    def find_others(self, after: int, most: int) -> list[HeldEnvelope]:
        """Return envelopes that are not on the desk, in the order of arrival: at most so many that came after that one."""
        others = _OTHERS.where(conflicts.c.sequence > after).order_by(conflicts.c.sequence).limit(most)
        with self._engine.connect() as connection:
            return [_held(row) for row in connection.execute(others)]

    def count_others(self, id: UUID) -> int:
        """Return how many lie here under this number."""
        mine = select(func.count()).select_from(conflicts).where(conflicts.c.id == str(id))
        with self._engine.connect() as connection:
            return int(connection.execute(mine).scalar_one())

    def delete(self, id: UUID, sha256: str, by: str, now: datetime) -> None:
        """Settle it: what is on the desk stays, and so does that `by` deleted the other. Safe to call twice.

        Notes from before the two traded places go as well: they are not about whom the desk shows, and nobody reads them.
        """
        mine = delete(conflicts).where(conflicts.c.id == str(id), conflicts.c.sha256 == sha256)
        with self._engine.begin() as connection:
            if connection.execute(mine).rowcount:
                connection.execute(delete(notes).where(notes.c.case == str(id), notes.c.at < _swapped_at(id)))
                write_log(connection, id, by, now, OTHER_DELETED)

    def swap(self, id: UUID, sha256: str, by: str, now: datetime) -> None:
        """Put the other one on the desk, free to be rung, and what was there here. Raises CaseTaken if either is gone.

        The log says that `by` did, in the same transaction: from that line on it is known what was written about whom. A
        kiosk that still holds the other one gets its receipt for it at the next try.
        """
        with self._engine.begin() as connection:
            other, first = _lock_pair(connection, id, sha256)
            kept = ("kiosk", "blob", "sha256", "received_at")
            connection.execute(delete(conflicts).where(conflicts.c.sequence == other.sequence))
            connection.execute(insert(conflicts).values({name: first._mapping[name] for name in ("id", *kept)}))
            # A row of its own: whoever knows the first by its place in the order of arrival sees that this is another.
            connection.execute(delete(envelopes).where(envelopes.c.sequence == first.sequence))
            new = {name: other._mapping[name] for name in ("id", *kept)}
            team_key_id = read_cover(other.blob).team_key_id
            connection.execute(insert(envelopes).values(new | {"team_key_id": team_key_id}))
            connection.execute(update(cases).where(cases.c.id == str(id)).values(_FREE))
            connection.execute(delete(bookings).where(bookings.c.case == str(id)))
            write_log(connection, id, by, now, PUT_IN_ITS_PLACE)


_FREE = {"state": CaseState.OPEN.value, "claimed_by": None, "claimed_at": None, "closed_at": None}


def _lock_pair(connection: Connection, id: UUID, sha256: str) -> tuple[Row[Any], Row[Any]]:
    """Return both rows, which nobody else changes until the transaction ends."""
    lock_rows(connection, envelopes, envelopes.c.id == str(id))
    mine = select(conflicts).where(conflicts.c.id == str(id), conflicts.c.sha256 == sha256)
    other = connection.execute(mine).one_or_none()
    first = connection.execute(select(envelopes).where(envelopes.c.id == str(id))).one_or_none()
    if other is None or first is None:
        raise CaseTaken("This was settled a moment ago.", "Look at the list of kiosks again.")
    return other, first


def _swapped_at(id: UUID) -> Any:
    swaps = (access_log.c.case == str(id), access_log.c.what == PUT_IN_ITS_PLACE)
    return select(func.max(access_log.c.at)).where(*swaps).scalar_subquery()


_OTHERS = select(conflicts, kiosks.c.centre, kiosks.c.verify_key).join(kiosks, kiosks.c.id == conflicts.c.kiosk)


def _other(id: UUID, sha256: str) -> Select[Any]:
    return _OTHERS.where(conflicts.c.id == str(id), conflicts.c.sha256 == sha256)


def _held(row: Row[Any]) -> HeldEnvelope:
    named = {"id": UUID(row.id), "team_key_id": read_cover(row.blob).team_key_id}
    return HeldEnvelope(**(dict(row._mapping) | named))
