"""Who is signed in. The team's key lies here under a key that only the worker's cookie has, so any process can serve
the next page, and the table alone opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Engine, delete, insert, select, update

from kiosk.hub.accounts import Opened, Role, Worker
from kiosk.hub.desk_tables import sessions, workers

# A page costs at most one write in so long; the lock is that much less exact.
USED_EVERY = timedelta(seconds=10)


@dataclass(frozen=True)
class SignedIn:
    """A worker at the desk, for the length of one page."""

    worker: Worker
    team_key: bytes = field(repr=False)


class Sessions:
    """The open sign-ins of all processes. `idle` is how long one lasts without a click."""

    def __init__(self, engine: Engine, idle: timedelta) -> None:
        self._engine = engine
        self._idle = idle

    def start(self, opened: Opened, now: datetime) -> str:
        """Return the token for the worker's cookie. It is stored nowhere; what others left open too long is cleared."""
        token = secrets.token_urlsafe(32)
        sealed = bytes(SecretBox(_box_key(token)).encrypt(opened.team_key))
        row = {"id": _id(token), "worker": opened.worker.id, "sealed_key": sealed, "last_used_at": now}
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.last_used_at < now - self._idle))
            connection.execute(insert(sessions).values(row))
        return token

    def find(self, token: str, now: datetime) -> SignedIn | None:
        """Return who holds `token` and note that they are still there; None once they have been idle too long."""
        mine = sessions.c.id == _id(token)
        query = select(sessions, workers.c.name, workers.c.role).join(workers, workers.c.id == sessions.c.worker)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(mine)).one_or_none()
        if row is None:
            return None
        unused = abs(now - row.last_used_at)
        if unused > self._idle:
            self.end(token)
            return None
        if unused > USED_EVERY:
            with self._engine.begin() as connection:
                connection.execute(update(sessions).where(mine).values(last_used_at=now))
        try:
            team_key = SecretBox(_box_key(token)).decrypt(row.sealed_key)
        except CryptoError:
            return None
        return SignedIn(Worker(row.worker, row.name, Role(row.role)), team_key)

    def end(self, token: str) -> None:
        """Lock: the row goes, and with it the only thing that the cookie can open."""
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.id == _id(token)))


def _id(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"waymark id").hexdigest()


def _box_key(token: str) -> bytes:
    return hashlib.blake2b(token.encode(), digest_size=SecretBox.KEY_SIZE, person=b"waymark box").digest()
