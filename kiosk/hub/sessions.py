"""Who is signed in. The team's key lies here under a key that only the worker's cookie has, so any process can serve
the next page, and the table alone opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Connection, Delete, Engine, Row, delete, insert, or_, select, update

from kiosk.errors import SignInRefused
from kiosk.hub.desk_tables import sessions, workers
from kiosk.hub.keys import private_key_id
from kiosk.hub.people_tables import worker_centres
from kiosk.hub.roles import Opened, Role, Worker
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.tables import hub_keys

# A page costs at most one write in so long; the lock is that much less exact.
USED_EVERY = timedelta(seconds=10)


@dataclass(frozen=True)
class SignedIn:
    """A worker at the desk, for the length of one page. `id` names the sign-in, and opens nothing.

    `team_key` is the team's private key of the id `team_key_id`, the newest; a publisher's opens nothing. `left` is how
    long it lasts if nobody uses it.
    """

    id: str
    worker: Worker
    team_key: bytes = field(repr=False)
    team_key_id: str
    left: timedelta


class Sessions:
    """The open sign-ins of all processes. `idle` is how long one lasts without a click."""

    def __init__(self, engine: Engine, idle: timedelta) -> None:
        self._engine = engine
        self._idle = idle

    def start(self, opened: Opened, now: datetime) -> str:
        """Return the token for the worker's cookie. It is stored nowhere; what others left open too long is cleared.

        Raises SignInRefused if their password was changed, or they were removed, since they gave it.
        """
        token = secrets.token_urlsafe(32)
        sealed = bytes(SecretBox(_box_key(token)).encrypt(opened.team_key))
        row = {"id": _id(token), "worker": opened.worker.id, "sealed_key": sealed, "last_used_at": now}
        with self._engine.begin() as connection:
            _lock_box(connection, opened)
            connection.execute(_left_open(self._idle, now))
            connection.execute(insert(sessions).values(row))
        return token

    def find(self, token: str, now: datetime, is_used: bool = True) -> SignedIn | None:
        """Return who holds `token` and note that they are still there; None once they have been idle too long.

        Nothing is noted unless the sign-in `is_used`: what a page asks by itself keeps none open.
        """
        mine = sessions.c.id == _id(token)
        with self._engine.connect() as connection:
            rows = connection.execute(_WHO.where(mine)).all()
        if not rows:
            return None
        row, centres = rows[0], tuple(row.centre for row in rows if row.centre is not None)
        unused = abs(now - row.last_used_at)
        if unused > self._idle:
            self.end(token)
            return None
        if is_used and unused > USED_EVERY:
            with self._engine.begin() as connection:
                connection.execute(update(sessions).where(mine).values(last_used_at=now))
            unused = timedelta()
        try:
            team_key = SecretBox(_box_key(token)).decrypt(row.sealed_key)
        except CryptoError:
            return None
        if _is_old(row, team_key):
            self.end(token)
            return None
        worker = Worker(row.worker, row.name, Role(row.role), centres)
        return SignedIn(row.id, worker, team_key, row.newest, self._idle - unused)

    def end(self, token: str) -> None:
        """Lock: the row goes, and with it the only thing that the cookie can open."""
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.id == _id(token)))


def _lock_box(connection: Connection, opened: Opened) -> None:
    """A new password ends every sign-in of its worker: one with the old password must not come in after that."""
    if not lock_rows(connection, workers, workers.c.id == opened.worker.id, workers.c.wrapped_key == opened.box):
        raise SignInRefused("The name and the password do not belong together.")


def find_centres(connection: Connection, worker: int) -> tuple[str, ...]:
    """Return the centres that a worker is held to, in order; empty means all."""
    mine = select(worker_centres.c.centre).where(worker_centres.c.worker == worker)
    return tuple(connection.execute(mine.order_by(worker_centres.c.centre)).scalars())


def end_idle(engine: Engine, idle: timedelta, now: datetime) -> None:
    """End what was left open too long, though nobody signs in: the key in it opens for whoever finds the cookie later."""
    with engine.begin() as connection:
        connection.execute(_left_open(idle, now))


def _left_open(idle: timedelta, now: datetime) -> Delete:
    used = sessions.c.last_used_at
    return delete(sessions).where(or_(used < now - idle, used > now + idle))


def end_sessions(connection: Connection, worker: int) -> None:
    """End every sign-in of a worker, within a transaction of the caller's."""
    connection.execute(delete(sessions).where(sessions.c.worker == worker))


_NEWEST = select(hub_keys.c.team_key_id).order_by(hub_keys.c.generation.desc()).limit(1).scalar_subquery()
# One row, or one for each centre that the worker is held to.
_WHO = (
    select(sessions, workers.c.name, workers.c.role, _NEWEST.label("newest"), worker_centres.c.centre)
    .join(workers, workers.c.id == sessions.c.worker)
    .outerjoin(worker_centres, worker_centres.c.worker == sessions.c.worker)
    .order_by(worker_centres.c.centre)
)


def _is_old(row: Row[Any], team_key: bytes) -> bool:
    """True if the team's key was changed while this sign-in was under way: the password opens the new one."""
    return Role(row.role) is not Role.PUBLISHER and private_key_id(team_key) != str(row.newest)


def _id(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"waymark id").hexdigest()


def _box_key(token: str) -> bytes:
    return hashlib.blake2b(token.encode(), digest_size=SecretBox.KEY_SIZE, person=b"waymark box").digest()
