"""What waits for a call: its order from the memory of this sign-in, and the requests of one page from their copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.booking import Bookings
from kiosk.hub.case import Case, CaseState
from kiosk.hub.desk import signed_in, the_desk, the_ring
from kiosk.hub.order import Line, Order, count_ready
from kiosk.hub.working_copies import Came, WorkingCopies, open_all
from kiosk.hub.worklist import OpenCase

AT_ONCE = 500  # copies in memory


@dataclass(frozen=True)
class Waiting:
    """What waits, in the order of work, how it counts, and what does not open."""

    lines: Sequence[Line]
    broken: Sequence[Came]
    centres: Sequence[str]
    counts: dict[str, int]


def find_waiting() -> Waiting:
    """Return what waits now for whoever is signed in."""
    desk, here, now = the_desk(), signed_in(), the_desk().clock()
    holders, escalate_after = desk.cases.find_holders(), timedelta(days=desk.settings.escalate_days)
    booked = {str(id): booking for id, booking in Bookings(desk.store.engine).find_all().items()}
    with desk.orders.of(here.id, here.worker, now) as order:
        _take_in(order)
        lines = order.arrange(holders, booked, now, escalate_after)
        broken = [came for id, came in order.broken.items() if holders.get(id, ("",))[0] != CaseState.CLOSED]
        return Waiting(lines, broken, sorted(+order.centres), count_ready(lines))


def _take_in(order: Order) -> None:
    """Let `order` know of what has come and gone since the last look."""
    copies = WorkingCopies(the_desk().store.engine)
    stamp = copies.stamp()
    if stamp == order.stamp:
        return
    _add(order, copies.find_after(order.stamp[1] or 0))
    if order.stamp != stamp:  # some have gone, or have come late out of another process's transaction
        ids = copies.find_ids()
        order.keep(ids)
        for some in _parts(list(ids - order.known.keys())):
            _add(order, copies.find(some))
        order.stamp = stamp


def _add(order: Order, arrived: Sequence[Came]) -> None:
    """Put what has arrived in its place among the lines; what this worker may not see stays closed."""
    order.note(arrived)
    opened, broken = open_copies(one for one in arrived if order.worker.may_see(one.centre))
    for came, request in opened:
        known = (str(came.id), came.sequence, came.received_at)
        order.take_in(Line(*known, request.centre, request.asked_at, request.safe_times))
    order.broken |= {str(came.id): came for came in broken}


def open_copies(arrived: Iterable[Came]) -> tuple[list[tuple[Came, CallbackRequest]], list[Came]]:
    """Return what opens with the keys of whoever is signed in, and what does not."""
    return open_all(the_desk().store.engine, arrived, the_ring(), signed_in().team_key)


def open_requests(ids: Sequence[str]) -> Iterator[CallbackRequest]:
    """Yield the requests of `ids` in their order, but for those that were deleted a moment ago."""
    copies = WorkingCopies(the_desk().store.engine)
    for some in _parts(ids):
        opened = {str(came.id): request for came, request in open_copies(copies.find(some))[0]}
        yield from (opened[id] for id in some if id in opened)


def open_cases(lines: Sequence[Line]) -> list[OpenCase[CallbackRequest]]:
    """Return what stands on these lines, opened."""
    stands = {line.id: line.stands for line in lines}
    requests = open_requests(list(stands))
    return [replace(one, request=request) for request in requests if (one := stands[str(request.id)])]  # type: ignore[arg-type, misc]


def find_closed() -> list[tuple[Case, CallbackRequest]]:
    """Return what is closed and not deleted yet, opened, of the centres that whoever is signed in may see."""
    copies, touched = WorkingCopies(the_desk().store.engine), the_desk().cases.find_touched()
    closed = [str(id) for id, case in touched.items() if case.state is CaseState.CLOSED]
    found = [came for some in _parts(closed) for came in copies.find(some) if signed_in().worker.may_see(came.centre)]
    return [(touched[came.id], request) for came, request in open_copies(found)[0]]


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
