"""Which request comes first? Those that wait too long, then those that may be rung now, then by when they may. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from kiosk.hub.booking import Booking
from kiosk.hub.case import Case
from kiosk.hub.safety import Hours, NotNow, Reachable, SafeNow, safe_now
from kiosk.london import LONDON

# A kiosk without a clock says 1970 or 2099; one that was off line for weeks may still be right.
BELIEVED = timedelta(days=60)
SKEW = timedelta(hours=1)  # by which the clocks of two machines that serve the hub may differ
AGREED = timedelta(hours=1)

# A rank and a moment: of two, the lesser comes first. Within the overdue, and again within the others, what may be rung
# has the first rank, then what has to wait, then what a colleague holds.
Place = tuple[int, float]
FREE, WAITS, HELD = 0, 1, 2
IN_TIME = 3  # is added to the rank of what is not overdue


class Asked(Reachable, Protocol):
    """As much of a request as its place in the list depends on."""

    @property
    def asked_at(self) -> datetime: ...


Request = TypeVar("Request", bound=Asked)


@dataclass(frozen=True)
class OpenCase(Generic[Request]):
    """One request that waits, opened. `waiting_since` is when the parent asked, as far as that can be believed;
    `booked` is a next contact still to come; `overdue` means unhandled for too long, and nothing booked.
    """

    request: Request
    case: Case
    ring: SafeNow | NotNow
    waiting_since: datetime
    booked: Booking | None
    overdue: bool

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
    usual: SafeNow | NotNow | None = None,
) -> OpenCase[Request]:
    """Put together what is known of one request at `now`. A booking that has passed is no reason to wait longer.

    `usual` is what safe_now says of it, where that is known already.
    """
    coming = booked if booked and booked.at > now else None
    since = believed(request.asked_at, received_at, now)
    overdue = coming is None and now - since >= escalate_after
    ring = _ring(usual or safe_now(request, now), booked, now)
    return OpenCase(request, case, ring, since, coming, overdue)


def due_at(one: OpenCase[Request], now: datetime, escalate_after: timedelta) -> datetime:
    """Return until when what open_case said at `now` holds, if nobody does anything."""
    changes = [one.ring.until if isinstance(one.ring, SafeNow) else one.ring.next_start]
    changes += [one.waiting_since + escalate_after, *([one.booked.at] if one.booked else [])]
    return min(change for at in changes if (change := at.astimezone(UTC)) > now)


def _ring(usual: SafeNow | NotNow, booked: Booking | None, now: datetime) -> SafeNow | NotNow:
    """A time that was agreed is safe for an hour, or until somebody tries, whatever the usual hours are."""
    if booked and isinstance(usual, NotNow) and booked.at <= now < booked.at + AGREED:
        return SafeNow((booked.at + AGREED).astimezone(LONDON))
    return usual


def believed(asked_at: datetime, received_at: datetime, now: datetime) -> datetime:
    """Return when a parent asked: the kiosk's word, unless its clock cannot be right; then the hub's.

    What the hub has stamped with a time to come was stamped by a wrong clock: without the kiosk's word it counts as waiting
    for as long as can be believed, so that it stands on top and not below all others for years.
    """
    if received_at > now + SKEW:
        return asked_at if now - BELIEVED <= asked_at <= now else now - BELIEVED
    return asked_at if received_at - BELIEVED <= asked_at <= received_at else received_at


def place(one: OpenCase[Request], worker: str) -> Place:
    """Return where a request stands for `worker`: overdue on top, then safe to ring, then by when it will be, others' last.

    Among the overdue, too, what can be rung now comes first; one that a colleague holds is not hidden below.
    """
    rank, at = _place(one, worker)
    return rank + (0 if one.overdue else IN_TIME), at.timestamp()


def place_unbooked(hours: Hours, since: float, overdue_at: float, is_held: bool = False) -> Place:
    """Return the `place` of a request with nothing booked, by numbers alone: a clock's hour moves thousands of them.

    `hours` were turned to this moment; `since` is when the parent asked, and who asked at `overdue_at` is overdue, all
    in seconds. `is_held` says that a colleague rings.
    """
    rank = HELD if is_held else FREE if hours.rings else WAITS
    return rank if since <= overdue_at else rank + IN_TIME, hours.due if rank == WAITS else since


def _place(one: OpenCase[Request], worker: str) -> tuple[int, datetime]:
    if not one.is_free_for(worker):
        return HELD, one.waiting_since
    if one.booked:
        return WAITS, one.booked.at
    if isinstance(one.ring, SafeNow):
        return FREE, one.waiting_since
    return WAITS, one.ring.next_start
