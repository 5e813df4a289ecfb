"""The kiosks of a hub as staff look after them: who was seen when, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, func, select, update

from kiosk.callbacks.model import Envelope
from kiosk.errors import FormFaulty, UnknownKiosk
from kiosk.hub.arrivals import Taken, take_in
from kiosk.hub.kept_apart import TAKEN_IN
from kiosk.hub.tables import CENTRE_LIMIT, apart, kiosks, standings


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

    @property
    def needs_settling(self) -> bool:
        """True if a copy was noticed, and either machine may still bring something or something of it is kept apart."""
        return self.forked_at is not None and (not self.revoked or self.apart > 0)


def name_centre(typed: str, known: Iterable[str]) -> str:
    """Return the name of a centre: as it is known already, whatever its case and spaces, or as it was typed.

    Raises FormFaulty.
    """
    plain = " ".join(typed.split())
    if not plain or len(plain) > CENTRE_LIMIT or not plain.isprintable():
        raise FormFaulty("centre", f"A centre's name has 1 to {CENTRE_LIMIT} characters.")
    return next((name for name in known if name.casefold() == plain.casefold()), plain)


class Fleet:
    """The kiosks of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_kiosks(self) -> list[KioskLine]:
        """Return every kiosk that ever joined, by centre and then by id."""
        columns = [kiosks.c[name] for name in ("id", "centre", "version", "last_seen_at", "revoked")]
        said = [standings.c[name] for name in ("waiting", "clock_ahead", "forked_at")]
        count = select(func.count()).where(apart.c.kiosk == kiosks.c.id, ~TAKEN_IN).scalar_subquery()
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
            kept = [(Envelope(UUID(row.id), row.kiosk, row.blob, row.sha256), row.team_key_id) for row in rows]
            return take_in(connection, kept, now)


def _check_known(found: object) -> None:
    if not found:
        raise UnknownKiosk("No kiosk of this name has joined.", "Look at the list: kiosk hub kiosks")


def _seconds(ahead: int | None) -> timedelta | None:
    return None if ahead is None else timedelta(seconds=ahead)
