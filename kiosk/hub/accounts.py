"""Workers and their passwords. A password opens that worker's copy of the team's key; nothing else proves who they are."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from nacl.utils import random
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from kiosk.errors import AccountFaulty, SignInRefused, TooManyTries
from kiosk.hub.desk_tables import NAME_LIMIT, sign_in_tries, workers
from kiosk.hub.keys import KEY_LENGTH, MODERATE, Cost, WrappedKey, unwrap, wrap

PASSWORD_LEAST = 10
PASSWORD_MOST = 200
FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=5)
FORGET_TRIES = timedelta(days=1)


class Role(StrEnum):
    WORKER = "worker"
    LEAD = "lead"
    PUBLISHER = "publisher"


@dataclass(frozen=True)
class Worker:
    """Somebody who may sign in. `name` is unique, whatever its case and spaces."""

    id: int
    name: str
    role: Role


@dataclass(frozen=True)
class Opened:
    """A worker who has given the right password, and the team's private key that it opened."""

    worker: Worker
    team_key: bytes = field(repr=False)


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many wrong tries in a row: three are free, then 2, 4, 8 s, up to 5 minutes."""
    if tries < FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(tries - FREE_TRIES + 1, 16)), LONGEST_WAIT)


def check_new(name: str, password: str) -> None:
    """Raise AccountFaulty unless a worker may have this name and password."""
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        raise AccountFaulty(f"A worker's name has 1 to {NAME_LIMIT} characters.", "Give the name colleagues know.")
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise AccountFaulty(
            f"A password has at least {PASSWORD_LEAST} and at most {PASSWORD_MOST} characters.",
            "Three words that do not belong together are easy to remember and hard to guess.",
        )


class Accounts:
    """The workers of one hub. `cost` is spent on each new password, and on names that nobody has."""

    def __init__(self, engine: Engine, cost: Cost = MODERATE) -> None:
        self._engine = engine
        self._cost = cost
        self._decoy = WrappedKey(random(16), cost, random(KEY_LENGTH + 40))

    def add(self, name: str, password: str, team_key: bytes, now: datetime, role: Role = Role.WORKER) -> None:
        """Let `name` sign in with `password`. Raises AccountFaulty if a rule is broken or the name is taken."""
        check_new(name, password)
        wrapped = wrap(team_key, password, self._cost)
        row = {
            "name": " ".join(name.split()),
            "name_key": _name_key(name),
            "role": role.value,
            "salt": wrapped.salt,
            "passes": wrapped.cost.passes,
            "memory": wrapped.cost.memory,
            "wrapped_key": wrapped.box,
            "added_at": now,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(workers).values(row))
        except IntegrityError as why:
            raise AccountFaulty("There is a worker of this name.", "Give another name.") from why

    def open(self, name: str, password: str, now: datetime) -> Opened:
        """Return the worker and the team's key. Raises SignInRefused, or TooManyTries before the wait is over.

        A name that nobody has costs the same work, waits and answer as a wrong password (promise 33).
        """
        name_key = _name_key(name)
        with self._engine.begin() as connection:
            _spend_try(connection, name_key, now)
        with self._engine.connect() as connection:
            row = connection.execute(select(workers).where(workers.c.name_key == name_key)).one_or_none()
        team_key = unwrap(_wrapped(row) if row else self._decoy, password[:PASSWORD_MOST])
        if row is None:
            raise SignInRefused("The name and the password do not belong together.")
        with self._engine.begin() as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.name_key == name_key))
        return Opened(Worker(row.id, row.name, Role(row.role)), team_key)


def _spend_try(connection: Connection, name_key: str, now: datetime) -> None:
    """Count this try before the password is looked at, so that many at once get no more guesses than one by one."""
    mine = sign_in_tries.c.name_key == name_key
    connection.execute(delete(sign_in_tries).where(sign_in_tries.c.next_at < now - FORGET_TRIES))
    row = connection.execute(select(sign_in_tries).where(mine).with_for_update()).one_or_none()
    if row is None:
        return _first_try(connection, name_key, now)
    if now < row.next_at:
        raise TooManyTries(1 + int((row.next_at - now).total_seconds()))
    counted = update(sign_in_tries).where(mine, sign_in_tries.c.tries == row.tries)
    next_at = now + wait_after(row.tries + 1)
    if connection.execute(counted.values(tries=row.tries + 1, next_at=next_at)).rowcount == 0:
        raise TooManyTries(1)
    return None


def _first_try(connection: Connection, name_key: str, now: datetime) -> None:
    try:
        connection.execute(insert(sign_in_tries).values(name_key=name_key, tries=1, next_at=now))
    except IntegrityError as why:
        raise TooManyTries(1) from why


def _wrapped(row: Row[Any]) -> WrappedKey:
    return WrappedKey(row.salt, Cost(row.passes, row.memory), row.wrapped_key)


def _name_key(name: str) -> str:
    """One key for all spellings of a name; hashed, so that what is typed into the wrong box is not kept."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()
