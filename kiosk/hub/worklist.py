"""Which request comes first? Those that wait too long, then those that may be rung now, then by when they may. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.booking import Booking
from kiosk.hub.case import Case
from kiosk.hub.safety import LONDON, NotNow, SafeNow, safe_now

# A kiosk without a clock says 1970 or 2099; one that was off line for weeks may still be right.
BELIEVED = timedelta(days=60)
AGREED = timedelta(hours=1)


@dataclass(frozen=True)
class OpenCase:
    """One request that waits, opened. `waiting_since` is when the parent asked, as far as that can be believed;
    `booked` is a next contact still to come; `overdue` means unhandled for too long, and nothing booked.
    """

    request: CallbackRequest
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
    request: CallbackRequest,
    case: Case,
    received_at: datetime,
    now: datetime,
    escalate_after: timedelta,
    booked: Booking | None = None,
) -> OpenCase:
    """Put together what is known of one request at `now`. A booking that has passed is no reason to wait longer."""
    coming = booked if booked and booked.at > now else None
    since = believed(request.asked_at, received_at)
    overdue = coming is None and now - since >= escalate_after
    return OpenCase(request, case, _ring(request, booked, now), since, coming, overdue)


def _ring(request: CallbackRequest, booked: Booking | None, now: datetime) -> SafeNow | NotNow:
    """A time that was agreed is safe for an hour, or until somebody tries, whatever the usual hours are."""
    usual = safe_now(request, now)
    if booked and isinstance(usual, NotNow) and booked.at <= now < booked.at + AGREED:
        return SafeNow((booked.at + AGREED).astimezone(LONDON))
    return usual


def believed(asked_at: datetime, received_at: datetime) -> datetime:
    """Return when a parent asked: the kiosk's word, unless its clock cannot be right; then the hub's."""
    return asked_at if received_at - BELIEVED <= asked_at <= received_at else received_at


def arrange(waiting: list[OpenCase], worker: str) -> list[OpenCase]:
    """Return `waiting` in the order of work: overdue on top, then safe to ring, then by when each will be, others' last.

    Among the overdue, too, what can be rung now comes first; one that a colleague holds is not hidden below.
    """
    return sorted(waiting, key=lambda one: (not one.overdue, *_place(one, worker)))


def _place(one: OpenCase, worker: str) -> tuple[int, datetime]:
    if not one.is_free_for(worker):
        return 2, one.waiting_since
    if one.booked:
        return 1, one.booked.at
    if isinstance(one.ring, SafeNow):
        return 0, one.waiting_since
    return 1, one.ring.next_start
