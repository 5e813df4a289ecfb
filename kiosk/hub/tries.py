"""Guesses are slowed: those at one worker's password, and whatever is guessed from one network address (promise 33).

Nobody is ever locked out. A wait grows with each wrong try and has an end, as NIST SP 800-63B, "Rate limiting
(throttling)", has it. Where the wait can be long it is felt by whoever guesses alone: at one name from one address. The
free tries of an address are enough for ten colleagues behind one router to be wrong three times each, and its longest
wait is short, as whoever waits there may be another than whoever guesses. So is that of a name that is guessed at from
many addresses: 2,980 guesses in the first day, 2,880 in each that follows.

What lets a worker in without feeling what strangers do to their name, or to their address:

| they come from                                            | their own tries here | the address's | the name's |
|-----------------------------------------------------------|----------------------|---------------|------------|
| a browser that they were in before (OWASP, "device cookie")| slow, apart from others' | not felt  | not felt   |
| an address that they were in from within thirty days      | slow                 | slow          | not felt   |
| anywhere else                                             | slow                 | slow          | slow       |

That an address is known for a name shows to nobody elsewhere. It could show to a stranger at the same address who has a
hundred others guess at that name meanwhile; they would learn that a colleague there has it, and no password.

One more limit is felt by whoever is neither known by browser nor by address: of their tries a process looks at three at
once (`kiosk.hub.keys.in_line`). A password takes a second of work, and kiosks deliver through the same four threads.

What is typed as a name may be a password, in the wrong box, and any whole hash of it could be guessed from a copy of the
database far faster than a password. So tries are counted by drawers: what is kept of a name is twelve bits, which it shares
with one in 4,096 of all others. Two colleagues in one drawer share their tries; strangers cannot fill more tables than that.

An enrolment code has 39 bits and seven days: at a try each half minute one in 27 million is guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, exists, or_, select, update

from kiosk.errors import TooManyTries
from kiosk.hub.desk_tables import address_tries, known_places, place_tries, sign_in_tries
from kiosk.hub.keys import in_line
from kiosk.hub.new_rows import insert_new
from kiosk.hub.store import HubStore

KNOWN_FOR = timedelta(days=30)
DRAWER = 3  # hex digits of a name's key
KNOWN_ANEW_EVERY = timedelta(days=1)  # a sign-in costs at most one write in so long


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


AT_A_NAME_FROM_A_PLACE = Limit(place_tries, 3, timedelta(minutes=5), timedelta(days=1))
FROM_AN_ADDRESS = Limit(address_tries, 30, timedelta(seconds=30), timedelta(hours=1))
AT_A_NAME = Limit(sign_in_tries, 100, timedelta(seconds=30), timedelta(days=1))


@dataclass(frozen=True)
class Origin:
    """Where a password is typed: a network address, and whether that browser has let the same worker in before."""

    address: str | None
    is_known_browser: bool = False


AT_THE_HUB = Origin("", is_known_browser=True)
"""A command on the hub's own machine: whoever is there needs no guesses to do harm."""


@dataclass(frozen=True)
class _Count:
    limit: Limit
    key: Mapping[str, str]

    @property
    def row(self) -> ColumnElement[bool]:
        return and_(*(self.limit.table.c[name] == value for name, value in self.key.items()))

    def spend(self, connection: Connection, now: datetime) -> None:
        """Count a try before it is looked at, so that many at once get no more guesses than one by one.

        Raises TooManyTries before the wait is over; such a try is not counted.
        """
        table = self.limit.table
        _forget(connection, self.limit, now)
        insert_new(connection, table, {**self.key, "tries": 0, "next_at": now})
        row = connection.execute(select(table).where(self.row).with_for_update()).one()
        if now < row.next_at:
            raise TooManyTries(1 + int((row.next_at - now).total_seconds()))
        tries = row.tries + 1
        counted = update(table).where(self.row)
        connection.execute(counted.values(tries=tries, next_at=now + self.limit.wait_after(tries)))

    def take_back(self, connection: Connection, now: datetime) -> None:
        """Uncount a try that was right; what others tried there stays."""
        table = self.limit.table
        mine = update(table).where(self.row, table.c.tries > 0)
        connection.execute(mine.values(tries=table.c.tries - 1, next_at=now))


def forget_tries(engine: Engine, now: datetime) -> None:
    """Forget names and addresses from which nothing wrong came for long enough, and places that are known no longer."""
    with engine.begin() as connection:
        for limit in (AT_A_NAME_FROM_A_PLACE, FROM_AN_ADDRESS, AT_A_NAME):
            _forget(connection, limit, now)
        # One that is known for longer than any was made known by a clock that was wrong.
        until = known_places.c.until
        connection.execute(delete(known_places).where(or_(until < now, until > now + KNOWN_FOR)))


def forget_name(connection: Connection, name_key: str) -> None:
    """Forget what was tried at a name's drawer, and where that is known, within a transaction of the caller's."""
    for table in (place_tries, sign_in_tries, known_places):
        connection.execute(delete(table).where(table.c.name_key == name_key[:DRAWER]))


@contextmanager
def try_from(engine: Engine, address: str | None, now: datetime) -> Iterator[None]:
    """Count what is done in the block as a try from this network address, unless it ends well.

    Raises TooManyTries before the wait is over. The address itself is not kept, only a hash under a key of this hub.
    """
    with _counted(engine, [_Count(FROM_AN_ADDRESS, {"address_key": _place_key(engine, address)})], now):
        yield


@contextmanager
def try_at(engine: Engine, name_key: str, origin: Origin, now: datetime) -> Iterator[None]:
    """Count what is done in the block as a try at this name, unless it ends well; then its place is known.

    Raises TooManyTries before every wait is over that this place feels; where it is not known, also while others from
    everywhere try their guesses.
    """
    address, place = _place_key(engine, origin.address), _place_key(engine, origin.address, origin.is_known_browser)
    drawer = name_key[:DRAWER]
    here = {"name_key": drawer, "place_key": place}
    counts, is_known = [_Count(AT_A_NAME_FROM_A_PLACE, here)], origin.is_known_browser
    if not is_known:
        counts.append(_Count(FROM_AN_ADDRESS, {"address_key": address}))
        is_known = _is_known(engine, here, now)
    if not is_known:
        counts.append(_Count(AT_A_NAME, {"name_key": drawer}))
    with nullcontext() if is_known else in_line(), _counted(engine, counts, now):
        yield
    with engine.begin() as connection:
        connection.execute(delete(place_tries).where(counts[0].row))
        _make_known(connection, {"name_key": drawer, "place_key": address}, now)


@contextmanager
def _counted(engine: Engine, counts: Sequence[_Count], now: datetime) -> Iterator[None]:
    # In one transaction: a try that has to wait for one count is not counted by another either.
    with engine.begin() as connection:
        for count in counts:
            count.spend(connection, now)
    yield
    with engine.begin() as connection:
        for count in counts:
            count.take_back(connection, now)


def _forget(connection: Connection, limit: Limit, now: datetime) -> None:
    next_at = limit.table.c.next_at
    # A wait longer than any was set by a clock that was wrong: nobody could wait for its end.
    connection.execute(delete(limit.table).where(or_(next_at < now - limit.memory, next_at > now + limit.longest)))


def _is_known(engine: Engine, place: Mapping[str, str], now: datetime) -> bool:
    with engine.connect() as connection:
        return connection.execute(select(exists().where(*_is_at(place), known_places.c.until > now))).scalar_one()


def _make_known(connection: Connection, place: Mapping[str, str], now: datetime) -> None:
    if insert_new(connection, known_places, {**place, "until": now + KNOWN_FOR}):
        return
    anew = update(known_places).where(*_is_at(place), known_places.c.until < now + KNOWN_FOR - KNOWN_ANEW_EVERY)
    connection.execute(anew.values(until=now + KNOWN_FOR))


def _is_at(place: Mapping[str, str]) -> tuple[ColumnElement[bool], ...]:
    return known_places.c.name_key == place["name_key"], known_places.c.place_key == place["place_key"]


def _place_key(engine: Engine, address: str | None, is_known_browser: bool = False) -> str:
    """Return one key for a place; a browser that is known has another than the address it is at, which others share."""
    place, person = _place(address or "").encode(), b"waymark browser" if is_known_browser else b"waymark address"
    key = HubStore(engine).get_keys().signing_key
    return hashlib.blake2b(place, key=key, digest_size=32, person=person).hexdigest()


def _place(address: str) -> str:
    """One word for what one household or centre has: an IPv4 address, or the 64 bits that its IPv6 addresses share."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a socket that is not of the network
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return str(parsed)
