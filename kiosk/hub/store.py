"""What the hub keeps of requests: its keys, its kiosks, and envelopes as they came. It can open none of them.

Every process may have its own HubStore on the same database, SQLite or PostgreSQL; nothing is held in memory between
two calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, bindparam, delete, insert, select, update

from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import key_id, public_key
from kiosk.errors import HubNotReady
from kiosk.hub.arrivals import Taken, take_in
from kiosk.hub.codes import CODE_VALID, insert_code, spend_code
from kiosk.hub.lines import STEP, Known, read_step
from kiosk.hub.new_rows import insert_new
from kiosk.hub.tables import apart, envelopes, hub_keys, kiosks, standings, tombstones

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class HubKeys:
    """`signing_key` is the hub's own Ed25519 seed; the two others are public keys whose private halves are not here."""

    signing_key: bytes = field(repr=False)
    team_key: bytes
    recovery_key: bytes
    generation: int = field(default=0, compare=False)  # counts up with each change; 0 until it is stored

    @property
    def verify_key(self) -> bytes:
        return public_key(self.signing_key)

    @property
    def team_key_id(self) -> str:
        return key_id(self.team_key)


@dataclass(frozen=True)
class Kiosk:
    """A kiosk that has joined. `last_seen_at` and `version` are as of its latest batch."""

    id: str
    centre: str
    verify_key: bytes
    enrolled_at: datetime
    last_seen_at: datetime | None
    version: str
    revoked: bool


@dataclass(frozen=True)
class Met:
    """Whom a kiosk of some id meets: the keys in use, what is known of it, and its latest step; None if there is none."""

    keys: HubKeys
    kiosk: Kiosk | None
    latest: Known | None


@dataclass(frozen=True)
class HeldEnvelope:
    """An envelope at the hub, with what it takes to open it but the private key. `sequence` is the order of arrival."""

    id: UUID
    kiosk: str
    centre: str
    verify_key: bytes
    team_key_id: str
    blob: bytes = field(repr=False)
    sha256: str
    received_at: datetime
    sequence: int


class HubStore:
    """The hub's tables for keys, kiosks and envelopes. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def save_keys(self, keys: HubKeys) -> None:
        """Make `keys` the ones in use. Earlier ones stay, so that what they sealed can be told by its team_key_id."""
        with self.engine.begin() as connection:
            insert_keys(connection, keys)

    def get_keys(self) -> HubKeys:
        """Return the keys in use. Raises HubNotReady if none were made."""
        with self.engine.connect() as connection:
            return newest_keys(connection)

    def create_code(self, centre: str, now: datetime, by: str = "", valid: timedelta = CODE_VALID) -> str:
        """Return a new one-time code such as K7QF-2MWX that lets one kiosk of `centre` join until now + valid.

        `by` is who made it; a command on the hub's machine is nobody.
        """
        with self.engine.begin() as connection:
            return insert_code(connection, centre, now, by, valid)

    def enrol(self, code: str, verify_key: bytes, now: datetime) -> str:
        """Spend `code` and return the new kiosk's id. The same key with the same code again gets the same id: its first
        answer was lost on the way. Raises EnrolmentRefused, in the same words whether wrong, used, withdrawn or expired.
        """
        with self.engine.begin() as connection:
            return spend_code(connection, code, verify_key, now)

    def find_kiosk(self, id: str) -> Kiosk | None:
        """Return the kiosk of this id, or None if none has joined under it."""
        with self.engine.connect() as connection:
            return find_kiosk(connection, id)

    def record_seen(self, kiosk: Kiosk, now: datetime, version: str) -> None:
        """Note that `kiosk` was here."""
        with self.engine.begin() as connection:
            record_seen(connection, kiosk, now, version)

    def add_envelope(self, envelope: Envelope, team_key_id: str, now: datetime) -> Taken:
        """Keep `envelope` as it came, its signature checked. Safe to call twice, and from many at once."""
        return self.add_envelopes([(envelope, team_key_id)], now)[0]

    def add_envelopes(self, arrived: Iterable[tuple[Envelope, str]], now: datetime) -> list[Taken]:
        """Keep several envelopes, each with its team_key_id, in one commit. One answer for each, in their order."""
        with self.engine.begin() as connection:
            return take_in(connection, list(arrived), now)

    def find_open_envelopes(self, ids: Sequence[UUID] | None = None) -> list[HeldEnvelope]:
        """Return every envelope that is not forgotten, or those of `ids`, in the order of arrival."""
        query = _HELD if ids is None else _HELD.where(envelopes.c.id.in_([str(id) for id in ids]))
        with self.engine.connect() as connection:
            return [_held(row) for row in connection.execute(query.order_by(envelopes.c.sequence))]

    def find_envelope(self, id: UUID) -> HeldEnvelope | None:
        """Return the envelope of this id, or None if it never came or is forgotten."""
        with self.engine.connect() as connection:
            row = connection.execute(_HELD.where(envelopes.c.id == str(id))).one_or_none()
        return _held(row) if row else None

    def forget(self, id: UUID, day: date) -> bool:
        """Delete the envelope for good; a tombstone stays. False if it was not here.

        Other bytes that came under its id stay where they are until a lead has settled them.
        """
        with self.engine.begin() as connection:
            return forget_envelope(connection, id, day)


def forget_envelope(connection: Connection, id: UUID, day: date) -> bool:
    """Do as HubStore.forget within a transaction of the caller's."""
    row = connection.execute(select(envelopes.c.sha256).where(envelopes.c.id == str(id))).one_or_none()
    if row is None:
        return False
    insert_new(connection, tombstones, {"id": str(id), "sha256": row.sha256, "day": day})
    connection.execute(delete(envelopes).where(envelopes.c.id == str(id)))
    connection.execute(delete(apart).where(apart.c.id == str(id), apart.c.sha256 == row.sha256))
    return True


def insert_keys(connection: Connection, keys: HubKeys, generation: int | None = None) -> None:
    """Make `keys` the ones in use, within a transaction of the caller's; as the next `generation` if none is said."""
    row = {
        "signing_key": keys.signing_key,
        "team_key": keys.team_key,
        "team_key_id": keys.team_key_id,
        "recovery_key": keys.recovery_key,
    } | ({"generation": generation} if generation else {})
    connection.execute(insert(hub_keys).values(row))


def newest_keys(connection: Connection) -> HubKeys:
    """Return the keys in use. Raises HubNotReady if none were made."""
    return _keys(connection.execute(_NEWEST_KEYS).one_or_none())


def meet(connection: Connection, id: str) -> Met:
    """Return what newest_keys, find_kiosk and find_latest do, by one question. Raises HubNotReady."""
    row = connection.execute(_MET, {"id": id}).one_or_none()
    keys = _keys(row)
    if row is None or row.id is None:
        return Met(keys, None, None)
    kiosk = Kiosk(**{column.name: row._mapping[column] for column in kiosks.c})
    return Met(keys, kiosk, None if row.line is None else read_step(row))


def _keys(row: Row[Any] | None) -> HubKeys:
    if row is None:
        raise HubNotReady("This hub has no keys yet.", "Run: kiosk hub init")
    return HubKeys(row.signing_key, row.team_key, row.recovery_key, row.generation)


def find_kiosk(connection: Connection, id: str) -> Kiosk | None:
    """Return the kiosk of this id, or None if none has joined under it."""
    row = connection.execute(_KIOSK, {"id": id}).one_or_none()
    return Kiosk(**row._mapping) if row else None


def record_seen(connection: Connection, kiosk: Kiosk, now: datetime, version: str) -> None:
    """Note that `kiosk` was here, within a transaction of the caller's. At most once a minute: most batches say nothing new."""
    if kiosk.version == version and kiosk.last_seen_at and abs(now - kiosk.last_seen_at) < SEEN_EVERY:
        return
    seen = update(kiosks).where(kiosks.c.id == kiosk.id)
    connection.execute(seen.values(last_seen_at=now, version=version))


# Made once: to spell a statement takes longer than to run it.
_NEWEST_KEYS = select(hub_keys).order_by(hub_keys.c.generation.desc()).limit(1)
_KIOSK = select(kiosks).where(kiosks.c.id == bindparam("id"))
_MET = (
    select(hub_keys, kiosks, *STEP)
    .outerjoin_from(hub_keys, kiosks, kiosks.c.id == bindparam("id"))
    .outerjoin(standings, standings.c.kiosk == kiosks.c.id)
    .order_by(hub_keys.c.generation.desc())
    .limit(1)
)
_HELD: Select[Any] = select(envelopes, kiosks.c.centre, kiosks.c.verify_key).join(
    kiosks, kiosks.c.id == envelopes.c.kiosk
)


def _held(row: Row[Any]) -> HeldEnvelope:
    return HeldEnvelope(**(dict(row._mapping) | {"id": UUID(row.id)}))
