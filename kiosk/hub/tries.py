"""Guesses are slowed: those at one worker's password, and whatever is guessed from one network address (promise 33).

Nobody is ever locked out. A wait grows with each wrong try and has an end, as NIST SP 800-63B, "Rate limiting
(throttling)", has it; the free tries of an address are enough for ten colleagues behind one router to be wrong three
times each, and its longest wait is short, as whoever waits there may be another than whoever guesses. A browser that the
same worker signed in with before is not counted by address at all (OWASP, "Slow down online guessing attacks with
device cookies"). An enrolment code has 39 bits and seven days: at a try each half minute one in 27 million is guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection, Engine, Table, delete, or_, select, update

from kiosk.errors import TooManyTries
from kiosk.hub.desk_tables import address_tries, sign_in_tries
from kiosk.hub.store import HubStore, insert_new


@dataclass(frozen=True)
class Limit:
    """`free` wrong tries cost nothing; then 2, 4, 8 s and so on, up to `longest`. After `memory` without one, none is known."""

    table: Table
    free: int
    longest: timedelta
    memory: timedelta

    def wait_after(self, tries: int) -> timedelta:
        """Return how long to wait after so many wrong tries."""
        if tries < self.free:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(tries - self.free + 1, 16)), self.longest)


OF_A_NAME = Limit(sign_in_tries, 3, timedelta(minutes=5), timedelta(days=1))
FROM_AN_ADDRESS = Limit(address_tries, 30, timedelta(seconds=30), timedelta(hours=1))


def spend_try(connection: Connection, limit: Limit, key: str, now: datetime) -> None:
    """Count a try before it is looked at, so that many at once get no more guesses than one by one.

    Raises TooManyTries before the wait is over; such a try is not counted.
    """
    (column,) = limit.table.primary_key
    _forget(connection, limit, now)
    insert_new(connection, limit.table, {column.name: key, "tries": 0, "next_at": now})
    row = connection.execute(select(limit.table).where(column == key).with_for_update()).one()
    if now < row.next_at:
        raise TooManyTries(1 + int((row.next_at - now).total_seconds()))
    tries = row.tries + 1
    counted = update(limit.table).where(column == key)
    connection.execute(counted.values(tries=tries, next_at=now + limit.wait_after(tries)))


def forget_tries(engine: Engine, now: datetime) -> None:
    """Forget names and addresses from which nothing wrong came for long enough."""
    with engine.begin() as connection:
        for limit in (OF_A_NAME, FROM_AN_ADDRESS):
            _forget(connection, limit, now)


@contextmanager
def try_from(store: HubStore, address: str | None, now: datetime) -> Iterator[None]:
    """Count what is done in the block as a try from this network address, unless it ends well.

    Raises TooManyTries before the wait is over. The address itself is not kept, only a hash under a key of this hub.
    """
    key = _address_key(address or "", store.get_keys().signing_key)
    with store.engine.begin() as connection:
        spend_try(connection, FROM_AN_ADDRESS, key, now)
    yield
    mine = update(address_tries).where(address_tries.c.address_key == key, address_tries.c.tries > 0)
    with store.engine.begin() as connection:
        connection.execute(mine.values(tries=address_tries.c.tries - 1, next_at=now))


def _forget(connection: Connection, limit: Limit, now: datetime) -> None:
    next_at = limit.table.c.next_at
    # A wait longer than any was set by a clock that was wrong: nobody could wait for its end.
    connection.execute(delete(limit.table).where(or_(next_at < now - limit.memory, next_at > now + limit.longest)))


def _address_key(address: str, signing_key: bytes) -> str:
    place = _place(address).encode()
    return hashlib.blake2b(place, key=signing_key, digest_size=32, person=b"waymark address").hexdigest()


def _place(address: str) -> str:
    """One word for what one household or centre has: an IPv4 address, or the 64 bits that its IPv6 addresses share."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a socket that is not of the network
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return str(parsed)
