"""Who did what about packs, and when. Each line is written with the act itself, or neither is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, insert, select

from kiosk.hub.publish_tables import ABOUT_LIMIT, acts

SHOWN_MOST = 100  # lines on the page


class What(StrEnum):
    UPLOAD = "upload"
    TRY = "try"
    ALL = "all"
    STOP = "stop"
    BACK = "back"
    TRUST = "trust"
    DISTRUST = "distrust"
    FOLLOW = "follow"


@dataclass(frozen=True)
class Act:
    """One act. `pack` is empty and `version` 0 where it was about a key; `about` is the kiosk, or the key."""

    at: datetime
    worker: str
    act: What
    pack: str
    version: int
    about: str


def note(connection: Connection, act: Act) -> None:
    """Write a line, within the transaction of what was done."""
    row = vars(act) | {"act": act.act.value, "about": act.about[:ABOUT_LIMIT]}
    connection.execute(insert(acts).values(row))


def find_acts(engine: Engine, pack: str | None = None) -> list[Act]:
    """Return the latest acts, the latest first, at most SHOWN_MOST; those about one pack if it is given."""
    columns = [acts.c[name] for name in ("at", "worker", "act", "pack", "version", "about")]
    query = select(*columns).order_by(acts.c.sequence.desc()).limit(SHOWN_MOST)
    with engine.connect() as connection:
        rows = connection.execute(query if pack is None else query.where(acts.c.pack == pack))
        return [Act(**(dict(row._mapping) | {"act": What(row.act)})) for row in rows]
