"""The outbox on disk: sealed, undelivered requests of this kiosk, and tombstones of the delivered ones.

"We have your request" may be shown as soon as `save` has returned, and not before: the commit has reached the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kiosk.callbacks import links
from kiosk.callbacks.contract import Counts, check_digest, check_receipted, check_same
from kiosk.callbacks.damaged import is_damaged, notice_of, put_aside
from kiosk.callbacks.model import Envelope, Link, Pending, Receipt, Trouble
from kiosk.clock import Clock, utc_now
from kiosk.database import DURABLE, Instant, open_sqlite
from kiosk.errors import OutboxUnavailable

FILE_NAME = "outbox.sqlite"
WAITING, SET_ASIDE = "waiting", "set-aside"

metadata = MetaData()
envelopes = Table(
    "envelopes",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("kiosk", String(40), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("state", String(9), nullable=False, server_default=WAITING),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_tried", Instant),
    Column("trouble", String(11)),
    sqlite_autoincrement=True,  # a number is never used twice, so the order outlives the last delivery
)
tombstones = Table(
    "tombstones",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("day", Date, nullable=False),
)

_NEW = {name: bindparam(name, type_=envelopes.c[name].type) for name in ("id", "kiosk", "blob", "sha256", "saved_at")}
# One statement, so that nothing can come between looking whether the id is known and saving.
_SAVE = (
    insert(envelopes)
    .from_select(list(_NEW), select(*_NEW.values()).where(~exists().where(tombstones.c.id == _NEW["id"])))
    .on_conflict_do_nothing()
)
_KEPT = union_all(
    select(envelopes.c.sha256).where(envelopes.c.id == bindparam("id")),
    select(tombstones.c.sha256).where(tombstones.c.id == bindparam("id")),
)
_DELETE = (
    delete(envelopes)
    .where(envelopes.c.id.in_(bindparam("ids", expanding=True)))
    .returning(envelopes.c.id, envelopes.c.sha256)
)
_SENT = ("id", "kiosk", "blob", "sha256", "sequence", "attempts", "last_tried", "trouble")
_PENDING: Select[Any] = (
    select(*(envelopes.c[name] for name in _SENT)).where(envelopes.c.state == WAITING).order_by(envelopes.c.sequence)
)
_ASIDE = select(envelopes.c.id, envelopes.c.reason).where(envelopes.c.state == SET_ASIDE).order_by(envelopes.c.sequence)
_OLDEST = select(envelopes.c.saved_at).where(envelopes.c.state == WAITING).order_by(envelopes.c.sequence).limit(1)
_TROUBLE = (
    select(envelopes.c.trouble)
    .where(envelopes.c.last_tried.is_not(None))
    .order_by(envelopes.c.last_tried.desc())
    .limit(1)
)
_BY_STATE = select(envelopes.c.state, func.count()).group_by(envelopes.c.state)
_DELIVERED = select(func.count()).select_from(tombstones)


class SqlOutbox:
    """An Outbox in a database. Each thread works on a connection of its own."""

    def __init__(self, engine: Engine, clock: Clock = utc_now, notice: str = "") -> None:
        self._engine = engine
        self._clock = clock
        self._notice = notice

    def create_all(self) -> None:
        """Make the tables that are not there yet."""
        with self._connected() as connection:
            metadata.create_all(connection)

    def close(self) -> None:
        """Let go of the database's file."""
        self._engine.dispose()

    def save(self, envelope: Envelope) -> None:
        check_digest(envelope)
        with self._connected("We could not save this.", "Please speak to reception.") as connection:
            if connection.execute(_SAVE, self._row(envelope)).rowcount == 0:
                check_same(envelope, _kept_digest(connection, envelope.id))

    def pending(self) -> list[Pending]:
        with self._connected() as connection:
            return [
                Pending(Envelope(UUID(id), kiosk, blob, sha256), sequence, attempts, at, Trouble(why) if why else None)
                for id, kiosk, blob, sha256, sequence, attempts, at, why in connection.execute(_PENDING)
            ]

    def record_attempt(self, ids: Iterable[UUID], at: datetime, trouble: Trouble) -> None:
        tried = update(envelopes).where(envelopes.c.id.in_([str(id) for id in ids]))
        with self._connected() as connection:
            connection.execute(tried.values(attempts=envelopes.c.attempts + 1, last_tried=at, trouble=trouble.value))

    def latest_link(self) -> Link | None:
        with self._connected() as connection:
            return links.latest_link(connection)

    def open_link(self) -> Link:
        with self._connected() as connection:
            return links.open_link(connection)

    def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
        with self._connected() as connection:
            if receipts and answered:
                links.close_link(connection, answered)
            return _settle(connection, receipts)

    def set_aside(self, id: UUID, reason: str) -> None:
        with self._connected() as connection:
            connection.execute(
                update(envelopes).where(envelopes.c.id == str(id)).values(state=SET_ASIDE, reason=reason)
            )

    def find_set_aside(self) -> dict[UUID, str]:
        with self._connected() as connection:
            return {UUID(row.id): row.reason for row in connection.execute(_ASIDE)}

    def retry(self, id: UUID) -> bool:
        aside = update(envelopes).where(envelopes.c.id == str(id), envelopes.c.state == SET_ASIDE)
        anew = {"state": WAITING, "reason": "", "attempts": 0, "last_tried": None, "trouble": None}
        with self._connected() as connection:
            return connection.execute(aside.values(anew)).rowcount == 1

    def counts(self) -> Counts:
        with self._connected() as connection:
            states = {state: count for state, count in connection.execute(_BY_STATE)}
            trouble = connection.execute(_TROUBLE).scalar_one_or_none()
            return Counts(
                waiting=states.get(WAITING, 0),
                set_aside=states.get(SET_ASIDE, 0),
                delivered=connection.execute(_DELIVERED).scalar_one(),
                oldest_saved_at=connection.execute(_OLDEST).scalar_one_or_none(),
                trouble=Trouble(trouble) if trouble else None,
                notice=self._notice,
            )

    def _row(self, envelope: Envelope) -> dict[str, object]:
        return {
            "id": str(envelope.id),
            "kiosk": envelope.kiosk,
            "blob": envelope.blob,
            "sha256": envelope.sha256,
            "saved_at": self._clock(),
        }

    @contextmanager
    def _connected(
        self,
        says: str = "The outbox cannot be used.",
        remedy: str = "Is the disk full or read-only, or is another program holding the file?",
    ) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as why:
            # The driver's own error carries no parameters, so no sealed request can reach a log through it.
            raise OutboxUnavailable(says, remedy) from (why.orig if isinstance(why, DBAPIError) else why)


def _kept_digest(connection: Connection, id: UUID) -> str | None:
    return connection.execute(_KEPT, {"id": str(id)}).scalars().first()


def _settle(connection: Connection, receipts: Sequence[Receipt]) -> int:
    """Bury what is here of `receipts`, in two statements however many they are."""
    if not receipts:
        return 0
    here = {id: sha256 for id, sha256 in connection.execute(_DELETE, {"ids": [str(each.id) for each in receipts]})}
    for receipt in receipts:
        # What raises takes the deletion back with it.
        check_receipted(receipt, here.get(str(receipt.id)) or _kept_digest(connection, receipt.id))
    buried = [
        {"id": str(receipt.id), "sha256": receipt.sha256, "day": receipt.received_at.date()}
        for receipt in receipts
        if str(receipt.id) in here
    ]
    if buried:
        connection.execute(insert(tombstones), buried)
    return len(buried)


def open_outbox(data: Path, put_damaged_aside: bool = True) -> SqlOutbox:
    """Return the outbox of the data folder, made if there is none.

    A damaged file is put aside untouched under a new name, a new one begun, and `counts().notice` says so from then on;
    pass False while another process may have it open. Raises OutboxUnavailable.
    """
    file = data / FILE_NAME
    try:
        data.mkdir(parents=True, exist_ok=True)
        if is_damaged(file):
            put_aside(file, put_damaged_aside)
    except OSError as why:
        raise OutboxUnavailable(f"{data} cannot be written.", "Give this user the right to write there.") from why
    outbox = SqlOutbox(open_sqlite(file, DURABLE), notice=notice_of(file))
    outbox.create_all()
    return outbox
