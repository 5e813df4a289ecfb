"""Which request comes first? Those that wait too long, then those that may be rung now, then by when they may. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from kiosk.hub.booking import Booking
from kiosk.hub.case import Case
from kiosk.hub.safety import LONDON, NotNow, Reachable, SafeNow, safe_now

# A kiosk without a clock says 1970 or 2099; one that was off line for weeks may still be right.
BELIEVED = timedelta(days=60)
AGREED = timedelta(hours=1)

# A rank and a moment: of two, the lesser comes first. Within the overdue, and again within the others, what may be rung
# has rank 0, what has to wait 1, what a colleague holds 2.
Place = tuple[int, float]
FREE, OVERDUE = 1, 3


class Asked(Reachable, Protocol):
    """As much of a request as its place in the list depends on."""

    @property
    def asked_at(self) -> datetime: ...


Request = TypeVar("Request", bound=Asked)


@dataclass(frozen=True)
class OpenCase(Generic[Request]):
    """One request that waits, opened. `waiting_since` is when the parent asked, as far as that can be believed;
    `booked` is a next contact still to come; `overdue` means unhandled for too long, and nothing booked. All this holds
    until `due_at`, if nobody does anything.
    """

    request: Request
    case: Case
    ring: SafeNow | NotNow
    waiting_since: datetime
    booked: Booking | None
    overdue: bool
    due_at: datetime

    def is_free_for(self, worker: str) -> bool:
        """True unless a colleague rings."""
        return self.case.claimed_by in (None, worker)

    def is_ready_for(self, worker: str) -> bool:
        """True if this worker may ring now and nothing is booked for later."""
        return self.is_free_for(worker) and isinstance(self.ring, SafeNow) and not self.booked


def open_case(
    request: Request,
    case: Case,
    received_at: datetime,
    now: datetime,
    escalate_after: timedelta,
    booked: Booking | None = None,
) -> OpenCase[Request]:
    """Put together what is known of one request at `now`. A booking that has passed is no reason to wait longer."""
    coming = booked if booked and booked.at > now else None
    since = believed(request.asked_at, received_at)
    overdue = coming is None and now - since >= escalate_after
    ring = _ring(request, booked, now)
    changes = [ring.until if isinstance(ring, SafeNow) else ring.next_start, since + escalate_after]
    changes += [coming.at] if coming else []
    due_at = min(change for at in changes if (change := at.astimezone(UTC)) > now)
    return OpenCase(request, case, ring, since, coming, overdue, due_at)


def _ring(request: Asked, booked: Booking | None, now: datetime) -> SafeNow | NotNow:
    """A time that was agreed is safe for an hour, or until somebody tries, whatever the usual hours are."""
    usual = safe_now(request, now)
    if booked and isinstance(usual, NotNow) and booked.at <= now < booked.at + AGREED:
        return SafeNow((booked.at + AGREED).astimezone(LONDON))
    return usual


def believed(asked_at: datetime, received_at: datetime) -> datetime:
    """Return when a parent asked: the kiosk's word, unless its clock cannot be right; then the hub's."""
    return asked_at if received_at - BELIEVED <= asked_at <= received_at else received_at


def place(one: OpenCase[Request], worker: str) -> Place:
    """Return where a request stands for `worker`: overdue on top, then safe to ring, then by when it will be, others' last.

    Among the overdue, too, what can be rung now comes first; one that a colleague holds is not hidden below.
    """
    rank, at = _place(one, worker)
    return rank + (0 if one.overdue else OVERDUE), at.timestamp()


def _place(one: OpenCase[Request], worker: str) -> tuple[int, datetime]:
    if not one.is_free_for(worker):
        return 2, one.waiting_since
    if one.booked:
        return 1, one.booked.at
    if isinstance(one.ring, SafeNow):
        return 0, one.waiting_since
    return 1, one.ring.next_start
