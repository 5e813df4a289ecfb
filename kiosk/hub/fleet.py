"""The kiosks of a hub as staff look after them: who was seen when, what stands in the way, what came twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, exists, func, select, update

from kiosk.callbacks.model import Envelope
from kiosk.errors import UnknownKiosk
from kiosk.hub.store import Taken, take_in
from kiosk.hub.tables import apart, conflicts, envelopes, kiosks, standings, tombstones


@dataclass(frozen=True)
class KioskLine:
    """One line of the list. `waiting` and `clock_ahead` are as of the latest batch, None if it has never said.

    `forked_at` is when a copy of its disk was last refused; `apart` counts what is kept of such a copy, off the desk.
    """

    id: str
    centre: str
    version: str
    last_seen_at: datetime | None
    revoked: bool
    waiting: int | None
    clock_ahead: timedelta | None
    forked_at: datetime | None
    apart: int


@dataclass(frozen=True)
class Doubled:
    """An id that came with other bytes than the hub had. `held` is False once the first was handled and deleted."""

    id: UUID
    kiosk: str
    centre: str
    received_at: datetime
    held: bool


class Fleet:
    """The kiosks of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_kiosks(self) -> list[KioskLine]:
        """Return every kiosk that ever joined, by centre and then by id."""
        columns = [kiosks.c[name] for name in ("id", "centre", "version", "last_seen_at", "revoked")]
        said = [standings.c[name] for name in ("waiting", "clock_ahead", "forked_at")]
        count = select(func.count()).where(apart.c.kiosk == kiosks.c.id, ~_TAKEN_IN).scalar_subquery()
        lines = (
            select(*columns, *said, count.label("apart"))
            .outerjoin(standings, standings.c.kiosk == kiosks.c.id)
            .order_by(kiosks.c.centre, kiosks.c.id)
        )
        with self._engine.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(lines)]
        return [KioskLine(**(row | {"clock_ahead": _seconds(row["clock_ahead"])})) for row in rows]

    def revoke(self, id: str) -> None:
        """Take nothing more from this kiosk; what it has brought stays. Raises UnknownKiosk."""
        with self._engine.begin() as connection:
            _check_known(connection.execute(update(kiosks).where(kiosks.c.id == id).values(revoked=True)).rowcount)

    def readmit(self, id: str, now: datetime) -> list[Taken]:
        """Follow whichever machine of this name comes next, and put on the desk what was kept apart of it.

        For a disk that was restored from a backup. Where two machines do run, the other is quarantined in its turn.
        Raises UnknownKiosk.
        """
        mine = apart.c.kiosk == id
        with self._engine.begin() as connection:
            _check_known(connection.execute(select(kiosks.c.id).where(kiosks.c.id == id)).one_or_none())
            connection.execute(delete(standings).where(standings.c.kiosk == id))
            rows = connection.execute(select(apart).where(mine).order_by(apart.c.sequence)).all()
            connection.execute(delete(apart).where(mine))
            return [
                take_in(connection, Envelope(UUID(row.id), row.kiosk, row.blob, row.sha256), row.team_key_id, now)
                for row in rows
            ]

    def find_conflicts(self) -> list[Doubled]:
        """Return what came under an id that was taken, in the order of arrival."""
        held = exists().where(envelopes.c.id == conflicts.c.id).label("held")
        doubled = (
            select(conflicts.c.id, conflicts.c.kiosk, kiosks.c.centre, conflicts.c.received_at, held)
            .join(kiosks, kiosks.c.id == conflicts.c.kiosk)
            .order_by(conflicts.c.sequence)
        )
        with self._engine.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(doubled)]
        return [Doubled(**(row | {"id": UUID(row["id"])})) for row in rows]


# Kept apart at first, but the same bytes have come since in a way that could be trusted.
_TAKEN_IN = exists().where(envelopes.c.id == apart.c.id, envelopes.c.sha256 == apart.c.sha256) | exists().where(
    tombstones.c.id == apart.c.id, tombstones.c.sha256 == apart.c.sha256
)


def _check_known(found: object) -> None:
    if not found:
        raise UnknownKiosk("No kiosk of this name has joined.", "Look at the list: kiosk hub kiosks")


def _seconds(ahead: int | None) -> timedelta | None:
    return None if ahead is None else timedelta(seconds=ahead)
