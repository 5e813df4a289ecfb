"""Workers and their passwords. A password opens that worker's copy of the team's key; nothing else proves who they are.

A publisher's password opens a random key of their own, which opens nothing: that they see no request does not hang on a
page's good manners.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nacl.utils import random
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from kiosk.errors import AccountFaulty, SignInRefused
from kiosk.hub.desk_tables import workers
from kiosk.hub.free_pages import clear_keys
from kiosk.hub.keys import KEY_LENGTH, MODERATE, Cost, Unwrapped, WrappedKey, public_half, unwrap, wrap
from kiosk.hub.passwords import is_easy_to_guess
from kiosk.hub.people_tables import worker_centres
from kiosk.hub.ring import add_copy
from kiosk.hub.roles import Opened, Role, Worker
from kiosk.hub.rotation import Handover, end_handover, find_handover
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.sessions import end_sessions, find_centres
from kiosk.hub.tables import NAME_LIMIT, hub_keys
from kiosk.hub.tries import AT_THE_HUB, Origin, try_at

PASSWORD_LEAST = 10
PASSWORD_MOST = 200
_THREE_WORDS = "Three words that do not belong together are easy to remember and hard to guess."
KEY_COLUMNS = ("salt", "passes", "memory", "wrapped_key", "own_key")
"""The columns of a worker's row that change with the password."""


def check_new(name: str, password: str) -> None:
    """Raise AccountFaulty unless a worker may have this name and password."""
    check_new_name(name)
    check_new_password(password)


def check_new_name(name: str) -> None:
    """Raise AccountFaulty unless this may be a worker's name."""
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        raise AccountFaulty(f"A worker's name has 1 to {NAME_LIMIT} characters.", "Give the name colleagues know.")


def check_new_password(password: str) -> None:
    """Raise AccountFaulty unless this may be a worker's password."""
    check_length(password)
    if is_easy_to_guess(password):
        raise AccountFaulty("This password is one of the first that somebody would try.", _THREE_WORDS)


def check_length(password: str) -> None:
    """Do the part of check_new_password that takes no time: what strangers may ask for."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise AccountFaulty(
            f"A password has at least {PASSWORD_LEAST} and at most {PASSWORD_MOST} characters.", _THREE_WORDS
        )


@dataclass(frozen=True)
class NewWorker:
    """A worker who is about to be stored, their key under their password already: that takes its time."""

    row: dict[str, Any] = field(repr=False)
    centres: tuple[str, ...]


def make_worker(
    name: str, password: str, team_key: bytes, now: datetime, role: Role, centres: Iterable[str], cost: Cost
) -> NewWorker:
    """Return what to store. Raises AccountFaulty if the name or the password breaks a rule."""
    check_new(name, password)
    wrapped = wrap(random(KEY_LENGTH) if role is Role.PUBLISHER else team_key, password, cost)
    plain = {"name": " ".join(name.split()), "name_key": name_key(name), "role": role.value, "added_at": now}
    # Not the next free number: SQLite would give a newcomer that of who left, and a page that a lead still has open on
    # the one would change the other.
    id = 1 + secrets.randbelow(2**31 - 1)
    return NewWorker(plain | {"id": id} | _wrapped_row(wrapped), tuple(sorted(set(centres))))


def insert_worker(connection: Connection, new: NewWorker) -> None:
    """Store a worker, within a transaction of the caller's. Raises AccountFaulty if the name is taken."""
    try:
        id = connection.execute(insert(workers).values(new.row).returning(workers.c.id)).scalar_one()
    except IntegrityError as why:
        raise AccountFaulty("There is a worker of this name.", "Give another name.") from why
    put_centres(connection, id, new.centres)


def put_centres(connection: Connection, worker: int, centres: Iterable[str]) -> None:
    """Let a worker see these centres and no others; all of them if there are none."""
    connection.execute(delete(worker_centres).where(worker_centres.c.worker == worker))
    for centre in sorted(set(centres)):
        connection.execute(insert(worker_centres).values(worker=worker, centre=centre))


class Accounts:
    """The workers of one hub. `cost` is spent on each new password, and on names that nobody has."""

    def __init__(self, engine: Engine, cost: Cost = MODERATE) -> None:
        self._engine = engine
        self._cost = cost
        self._decoy = WrappedKey(random(16), cost, random(KEY_LENGTH + 40))

    def open(self, name: str, password: str, now: datetime, origin: Origin = AT_THE_HUB) -> Opened:
        """Return the worker and the team's newest key. Raises SignInRefused, or TooManyTries before the wait is over.

        A name that nobody has costs the same work, waits and answer as a wrong password (promise 33).
        """
        key = name_key(name)
        with try_at(self._engine, key, origin, now):
            while (opened := self._try_password(key, password)) is None:
                pass  # What their password opens was changed meanwhile, so it counts what it opens now.
        return opened

    def change_password(self, name: str, old: str, new: str, now: datetime, origin: Origin = AT_THE_HUB) -> Opened:
        """Put the worker's key under a new password, and return what that opens; all of their sign-ins end.

        Raises SignInRefused or TooManyTries if `old` is not right, AccountFaulty if `new` breaks a rule.
        """
        opened = self.open(name, old, now, origin)
        check_new_password(new)
        if new == old:
            raise AccountFaulty("The new password is the old one.", "Choose another.")
        wrapped = wrap(opened.team_key, new, self._cost)
        with self._engine.begin() as connection:
            if not replace_box(connection, opened.worker.id, opened.box, wrapped):
                raise SignInRefused("The password or the team's key was changed a moment ago.", "Sign in again.")
            end_sessions(connection, opened.worker.id)
        clear_keys(self._engine)
        return replace(opened, box=wrapped.box)

    def _try_password(self, key: str, password: str) -> Opened | None:
        """Return what the password opens; None if that was changed while it was tried. Raises SignInRefused."""
        with self._engine.connect() as connection:
            row = connection.execute(select(workers).where(workers.c.name_key == key)).one_or_none()
        mine = unwrap(_wrapped(row) if row else self._decoy, password[:PASSWORD_MOST])
        if row is None:
            raise SignInRefused("The name and the password do not belong together.")
        with self._engine.begin() as connection:
            worker = Worker(row.id, row.name, Role(row.role), find_centres(connection, row.id))
            if worker.role is not Role.PUBLISHER:
                _copy_for_recovery(connection, mine.key)
            if not _lock_row(connection, row, mine):
                return None
            handover = None if worker.role is Role.PUBLISHER else find_handover(connection, row.id, mine)
        box = row.wrapped_key
        return self._take(handover, worker, box, password) if handover else Opened(worker, mine.key, box)

    def _take(self, handover: Handover, worker: Worker, box: bytes, password: str) -> Opened | None:
        """Put the newer key that was handed over under the password, in place of the one in `box`."""
        wrapped = wrap(handover.team_key, password[:PASSWORD_MOST], self._cost)
        with self._engine.begin() as connection:
            if not replace_box(connection, worker.id, box, wrapped, handover):
                return None
        clear_keys(self._engine)
        return Opened(worker, handover.team_key, wrapped.box)


def replace_box(
    connection: Connection, worker: int, box: bytes, wrapped: WrappedKey, taken: Handover | None = None
) -> bool:
    """Put `wrapped` in the place of the key in `box`, and forget the handover that was `taken` for it.

    False, and nothing is changed, if somebody was quicker: that is not the key any more, or a newer one was handed over
    since. That one is sealed for a key which the password in `wrapped` does not lead to.
    """
    unchanged = (workers.c.id == worker, workers.c.wrapped_key == box)
    # Locked first: a new team key may be on its way to this worker, and then that is waited for.
    if not lock_rows(connection, workers, *unchanged) or not end_handover(connection, worker, taken):
        return False
    return connection.execute(update(workers).where(*unchanged).values(_wrapped_row(wrapped))).rowcount == 1


def _lock_row(connection: Connection, row: Row[Any], mine: Unwrapped) -> bool:
    """Keep others from changing what a password opens, and from handing over a newer key, until this transaction ends.

    False if it was changed since `row` was read. Of a password that was given to an older Waymark the own key is noted.
    """
    same = update(workers).where(workers.c.id == row.id, workers.c.wrapped_key == row.wrapped_key)
    return connection.execute(same.values(own_key=public_half(mine.own_key))).rowcount == 1


def _copy_for_recovery(connection: Connection, team_key: bytes) -> None:
    """A hub of the first version has no copy of its team key for the recovery key; what is sealed for the team alone,
    such as notes, needs one.
    """
    newest = select(hub_keys.c.recovery_key).order_by(hub_keys.c.generation.desc()).limit(1)
    recovery_key = connection.execute(newest).scalar_one_or_none()
    if recovery_key:
        add_copy(connection, team_key, recovery_key)


def _wrapped(row: Row[Any]) -> WrappedKey:
    return WrappedKey(row.salt, Cost(row.passes, row.memory), row.wrapped_key)


def _wrapped_row(wrapped: WrappedKey) -> dict[str, Any]:
    return {
        "salt": wrapped.salt,
        "passes": wrapped.cost.passes,
        "memory": wrapped.cost.memory,
        "wrapped_key": wrapped.box,
        "own_key": wrapped.own_key,
    }


def name_key(name: str) -> str:
    """One key for all spellings of a name. What is typed may be a password in the wrong box: it is not to be kept whole."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()
