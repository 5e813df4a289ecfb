"""Which request comes first? Those that may be rung now, the longest waiting before the others. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.cases import Case
from kiosk.hub.safety import NotNow, SafeNow, safe_now

OVERDUE = timedelta(days=3)
# A kiosk without a clock says 1970 or 2099; one that was off line for weeks may still be right.
BELIEVED = timedelta(days=60)


@dataclass(frozen=True)
class OpenCase:
    """One request that waits, opened. `waiting_since` is when the parent asked, as far as that can be believed."""

    request: CallbackRequest
    case: Case
    ring: SafeNow | NotNow
    waiting_since: datetime

    def is_free_for(self, worker: str) -> bool:
        """True unless a colleague rings."""
        return self.case.claimed_by in (None, worker)

    def is_overdue(self, now: datetime) -> bool:
        return now - self.waiting_since >= OVERDUE


def open_case(request: CallbackRequest, case: Case, received_at: datetime, now: datetime) -> OpenCase:
    """Put together what is known of one request at `now`."""
    return OpenCase(request, case, safe_now(request, now), believed(request.asked_at, received_at))


def believed(asked_at: datetime, received_at: datetime) -> datetime:
    """Return when a parent asked: the kiosk's word, unless its clock cannot be right; then the hub's."""
    return asked_at if received_at - BELIEVED <= asked_at <= received_at else received_at


def arrange(waiting: list[OpenCase], worker: str) -> list[OpenCase]:
    """Return `waiting` in the order of work: mine and safe to ring, not safe yet by when it will be, others' last."""
    return sorted(waiting, key=lambda one: _place(one, worker))


def _place(one: OpenCase, worker: str) -> tuple[int, datetime]:
    if not one.is_free_for(worker):
        return 2, one.waiting_since
    if isinstance(one.ring, SafeNow):
        return 0, one.waiting_since
    return 1, one.ring.next_start
