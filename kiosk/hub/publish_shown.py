"""What each kiosk said of the pack on its screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from kiosk.hub.new_rows import insert_new
from kiosk.hub.publish_tables import shown_packs

SAID_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class ShownPack:
    """`version` 0 is a folder that nobody signed; `says` is what stood in the way of the last pack, or empty."""

    kiosk: str
    pack: str
    version: int
    says: str
    at: datetime


def record_shown(connection: Connection, shown: ShownPack) -> None:
    """Keep what a kiosk says. At most once a minute where it is nothing new."""
    mine = shown_packs.c.kiosk == shown.kiosk
    known = connection.execute(select(shown_packs).where(mine)).one_or_none()
    if known and ShownPack(**known._mapping) == replace(shown, at=known.at) and abs(shown.at - known.at) < SAID_EVERY:
        return
    if not insert_new(connection, shown_packs, vars(shown)):
        connection.execute(update(shown_packs).where(mine).values(vars(shown)))


def find_shown(engine: Engine) -> dict[str, ShownPack]:
    """Return what each kiosk said last, by kiosk; one that never said anything is not there."""
    with engine.connect() as connection:
        return {row.kiosk: ShownPack(**row._mapping) for row in connection.execute(select(shown_packs))}
