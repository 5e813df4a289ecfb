"""What becomes of an envelope that arrives: held, handled already, or in conflict with another of its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from kiosk.callbacks.model import Envelope
from kiosk.hub.new_rows import insert_new, insert_new_statement
from kiosk.hub.tables import conflicts, envelopes, tombstones


@dataclass(frozen=True)
class Held:
    """The hub has it, since `received_at` by its own clock."""

    received_at: datetime


@dataclass(frozen=True)
class AlreadyHandled:
    """It was here, was handled, and is gone; it does not come back."""


@dataclass(frozen=True)
class Conflict:
    """This id is known with other bytes. Both are kept."""


Taken = Held | AlreadyHandled | Conflict


_IDS: Any = bindparam("ids", expanding=True)
_KEPT = select(envelopes.c.id, envelopes.c.sha256, envelopes.c.received_at).where(envelopes.c.id.in_(_IDS))
_BURIED = select(tombstones.c.id, tombstones.c.sha256).where(tombstones.c.id.in_(_IDS))


def take_in(connection: Connection, arrived: Sequence[tuple[Envelope, str]], now: datetime) -> list[Taken]:
    """Keep envelopes, each with its team_key_id, within a transaction of the caller's. One answer for each, in order."""
    if not arrived:
        return []
    rows = [_row(envelope, now) | {"team_key_id": team_key_id} for envelope, team_key_id in arrived]
    ids = [row["id"] for row in rows]
    new = set(connection.execute(insert_new_statement(connection.dialect.name, envelopes, "id"), rows).scalars(1))
    # Where all are new they are as they came: nothing else can stand under their ids.
    kept = {row["id"]: (row["sha256"], now) for row in rows}
    if len(new) < len(rows):
        kept = {row.id: (row.sha256, row.received_at) for row in connection.execute(_KEPT, {"ids": ids})}
    # Asked last, as the insert waits for a purge of these ids that is under way: what was purged never comes back.
    buried = {row.id: row.sha256 for row in connection.execute(_BURIED, {"ids": ids})}
    if back := new & buried.keys():
        connection.execute(delete(envelopes).where(envelopes.c.id.in_(back)))
    return [_taken(connection, row, kept.get(row["id"]), buried.get(row["id"])) for row in rows]


def _row(envelope: Envelope, now: datetime) -> dict[str, Any]:
    return {
        "id": str(envelope.id),
        "kiosk": envelope.kiosk,
        "blob": envelope.blob,
        "sha256": envelope.sha256,
        "received_at": now,
    }


def _taken(connection: Connection, row: dict[str, Any], kept: tuple[str, datetime] | None, buried: str | None) -> Taken:
    if row["sha256"] != (buried or (kept and kept[0])):
        insert_new(connection, conflicts, {name: row[name] for name in row if name != "team_key_id"})
        return Conflict()
    return AlreadyHandled() if buried or not kept else Held(kept[1])
