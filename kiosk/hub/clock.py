"""Is the hub's clock right enough to delete by? (promise 17)

A clock years ahead would have every handled request deleted at once. So the hub keeps the latest time at which it was
seen at work; where the clock has leapt by days since, forward or back, nothing is purged. A machine that was off for so
long looks the same. Either way the purge waits until a lead says that the clock is right, until the clock is put right,
or until it has gone on from there without a leap for a week: a week in which the desk says so on every list of a lead.

| doubt | the clock now                                   | purge | kept                                |
|-------|-------------------------------------------------|-------|-------------------------------------|
| any   | within LEAP of the time that was trusted last   | runs  | it is trusted, the doubt is over    |
| none  | further away                                    | waits | doubt begins                        |
| some  | within LEAP of the latest doubted time, under SETTLED since the doubt began | waits | the latest doubted time |
| some  | within LEAP of it, SETTLED since                | runs  | it is trusted, the doubt is over    |
| some  | leapt again                                     | waits | doubt begins anew                   |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from kiosk.hub.case_tables import hub_clock
from kiosk.hub.new_rows import insert_new
from kiosk.hub.row_locks import lock_rows

LEAP = timedelta(days=5)  # a machine that is off from Thursday before Easter to Tuesday after has not leapt
SETTLED = timedelta(days=7)
_ONLY = 1


@dataclass(frozen=True)
class Seen:
    """`trusted_at` is the latest time by a clock that was not doubted. While it is doubted: since when, and the latest time
    that it has said, all by itself.
    """

    trusted_at: datetime
    doubted_from: datetime | None = None
    doubted_at: datetime | None = None

    @property
    def is_doubted(self) -> bool:
        return self.doubted_from is not None


def judge(seen: Seen, now: datetime) -> Seen:
    """Return what is known of the clock once it has said `now`. Pure."""
    if abs(now - seen.trusted_at) <= LEAP:
        # Not the later one alone: a clock that was a little ahead and is put right is right.
        return Seen(now)
    if seen.doubted_from is None or seen.doubted_at is None or abs(now - seen.doubted_at) > LEAP:
        return Seen(seen.trusted_at, now, now)
    if now - seen.doubted_from >= SETTLED:
        return Seen(now)
    return Seen(seen.trusted_at, seen.doubted_from, now)


class HubClock:
    """What one hub knows of its clock. Each call is one transaction, and all of its processes share what they know."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self) -> Seen | None:
        """Return what is known; None before the hub was ever at work."""
        with self._engine.connect() as connection:
            return _find(connection)

    def look(self, now: datetime) -> Seen:
        """Take note of what the clock says, and return what is known then."""
        with self._engine.begin() as connection:
            insert_new(connection, hub_clock, {"id": _ONLY, "trusted_at": now})
            lock_rows(connection, hub_clock)
            return _keep(connection, judge(_find(connection) or Seen(now), now))

    def trust(self, now: datetime) -> None:
        """Take a lead's word that the clock is right."""
        with self._engine.begin() as connection:
            insert_new(connection, hub_clock, {"id": _ONLY, "trusted_at": now})
            _keep(connection, Seen(now))


def _find(connection: Connection) -> Seen | None:
    row = connection.execute(select(hub_clock)).one_or_none()
    return Seen(row.trusted_at, row.doubted_from, row.doubted_at) if row else None


def _keep(connection: Connection, seen: Seen) -> Seen:
    values = {"trusted_at": seen.trusted_at, "doubted_from": seen.doubted_from, "doubted_at": seen.doubted_at}
    connection.execute(update(hub_clock).values(values))
    return seen
