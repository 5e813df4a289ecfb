"""The next contact: when a worker has promised to ring again. A time and no word about whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, insert, select

from kiosk.errors import FormFaulty
from kiosk.hub.case_tables import bookings
from kiosk.hub.cases import require_held
from kiosk.hub.wording import date_example
from kiosk.london import LONDON

FURTHEST = timedelta(days=366)
_BOOKINGS = select(bookings.c.case, bookings.c.at, bookings.c.worker)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True)
class Booking:
    """A next contact. `worker` promised it; whoever holds the case then keeps it."""

    at: datetime
    worker: str


def read_moment(day: str, month: str, year: str, clock: str, now: datetime) -> datetime:
    """Return what a worker typed as a time in Europe/London. Raises FormFaulty unless it exists, and within a year."""
    date, hours = _read_day(day, month, year), _read_clock(clock)
    problems = {} if date else {"next-day": f"Give a day that exists, such as {date_example(now)}."}
    problems |= {} if hours else {"next-clock": "Give a time such as 14:30."}
    if not date or not hours:
        first, *others = problems.items()
        raise FormFaulty(*first, dict(others))
    at = date.replace(hour=hours.hour, minute=hours.minute)
    if at.astimezone(UTC).astimezone(LONDON).time() != at.time():
        raise FormFaulty("next-clock", "The clocks go forward then, and this time does not come. Give another.")
    if not now < at.astimezone(UTC) < now + FURTHEST:
        raise FormFaulty("next-day", "Give a time that is still to come, within a year.")
    return at


def _read_day(day: str, month: str, year: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=LONDON)
    except (ValueError, OverflowError):
        return None


def _read_clock(clock: str) -> time | None:
    typed = _CLOCK.fullmatch(clock.strip())
    return time(int(typed[1]), int(typed[2])) if typed and int(typed[1]) < 24 and int(typed[2]) < 60 else None


class Bookings:
    """The next contacts of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def book(self, case: UUID, at: datetime, worker: str) -> None:
        """Promise to ring at `at`, in place of what was booked. Raises CaseTaken if it is not this worker's."""
        with self._engine.begin() as connection:
            require_held(connection, case, worker)
            connection.execute(delete(bookings).where(bookings.c.case == str(case)))
            connection.execute(insert(bookings).values(case=str(case), at=at, worker=worker))

    def get(self, case: UUID) -> Booking | None:
        """Return what is booked for this case."""
        with self._engine.connect() as connection:
            row = connection.execute(select(bookings).where(bookings.c.case == str(case))).one_or_none()
        return Booking(row.at, row.worker) if row else None

    def keep_until(self, case: UUID, now: datetime) -> None:
        """A try at `now` has been made: what was booked for an earlier time is done."""
        with self._engine.begin() as connection:
            connection.execute(delete(bookings).where(bookings.c.case == str(case), bookings.c.at <= now))

    def forget(self, case: UUID) -> None:
        """Take the booking away."""
        with self._engine.begin() as connection:
            connection.execute(delete(bookings).where(bookings.c.case == str(case)))


def find_bookings(connection: Connection) -> dict[str, Booking]:
    """Return every booking by its case's id as text: quickly, for lists."""
    return {case: Booking(at, worker) for case, at, worker in connection.execute(_BOOKINGS).all()}
