"""What waits for a call: its order from the memory of this sign-in, and the requests of one page from their copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from flask import g
from sqlalchemy import Connection, select

from kiosk.callbacks.inside import Told
from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.booking import find_bookings
from kiosk.hub.case import Case, CaseState
from kiosk.hub.cases import find_holders
from kiosk.hub.desk import signed_in, the_desk, the_ring
from kiosk.hub.order import Known, Order
from kiosk.hub.places import Line, count_ready
from kiosk.hub.tables import envelopes
from kiosk.hub.working_copies import Came, Opened, Opener, WorkingCopies, find_after, find_outlined, stamp
from kiosk.hub.worklist import OpenCase

AT_ONCE = 500  # copies in memory
AT_A_LOOK = 1000  # envelopes, of a backlog that nobody has opened: the page stands within a second
# Of so many arrivals nothing is written: they open faster than the disk turns. Who signs in next finds them together.
FEW = 16


@dataclass(frozen=True)
class Waiting:
    """What waits, in the order of work, how it counts, what does not open, and how many were not opened yet."""

    lines: Sequence[Line]
    known: Known
    broken: Sequence[Came]
    centres: Sequence[str]
    counts: dict[str, int]
    unsorted: int


def find_waiting() -> Waiting:
    """Return what waits now for whoever is signed in."""
    desk, here = the_desk(), signed_in()
    with desk.orders.of(here.id, here.worker) as order:
        now = desk.clock()  # not before it is ours: whoever had it may have turned it to a later moment
        with desk.store.engine.connect() as connection:
            _take_in(order, connection)
            touched, booked = find_holders(connection), find_bookings(connection)
        _open_some(order)
        known = Known(touched, booked, now, timedelta(days=desk.settings.escalate_days))
        lines = order.arrange(known)
        broken = [came for id, came in order.broken.items() if touched.get(id, ("",))[0] != CaseState.CLOSED]
        return Waiting(lines, known, broken, sorted(+order.centres), count_ready(lines), len(order.later))


def _take_in(order: Order, connection: Connection) -> None:
    """Let `order` know of what has come and gone since the last look."""
    if arrived := find_after(connection, order.stamp[1] or 0):
        _add(order, arrived)
    found = stamp(connection)
    if order.stamp[: len(found)] != found:  # some have gone, or have come late out of another process's transaction
        ids = set(connection.execute(select(envelopes.c.id)).scalars())
        order.keep(ids)
        for some in _parts(list(ids - order.known.keys())):
            _add(order, find_outlined(connection, some))
        order.stamp = (*found, *order.stamp[len(found) :])


def _add(order: Order, arrived: Sequence[Came]) -> None:
    """Put what has arrived in its place among the lines; what this worker may not see stays closed."""
    order.note(arrived)
    opener = the_opener()
    for came in arrived:
        if order.worker.may_see(came.centre):
            if outline := opener.outline(came):
                order.take_in(came, outline)
            else:
                order.later[came.id] = came


def _open_some(order: Order) -> None:
    """Put among the lines what had no outline: those that came first first, and so many that the page does not wait."""
    some = list(order.later.values())[:AT_A_LOOK]
    for part in _parts(some):
        opened, broken = _open_few(part) if len(some) < FEW else _open_many([came.id for came in part])
        for came, request in opened:
            order.take_in_opened(came, request)
        order.broken |= {came.id: came for came in broken}
        for came in part:
            del order.later[came.id]


def _open_few(some: Sequence[Came]) -> tuple[list[Opened], list[Came]]:
    fresh = the_opener().open_envelopes([came.id for came in some])
    return [(came, fresh[came.id]) for came in some if came.id in fresh], [
        came for came in some if came.id not in fresh
    ]


def _open_many(ids: Sequence[str]) -> tuple[list[Opened], list[Came]]:
    return the_opener().open(WorkingCopies(the_desk().store.engine).find(ids), outlined=False)


def the_opener() -> Opener:
    """Return what opens boxes with the keys of whoever is signed in, made once for a page."""
    if "opener" not in g:
        here = signed_in()
        g.opener = Opener(the_desk().store.engine, here.team_key, here.team_key_id, the_ring)
    opener: Opener = g.opener
    return opener


def tell_requests(lines: Sequence[Line]) -> Iterator[CallbackRequest | Told]:
    """Yield what a search reads of the requests on these lines, but for those that were deleted a moment ago."""
    for some in _parts(lines):
        yield from the_opener().tell(_copies_of(some))


def open_cases(waiting: Waiting, lines: Sequence[Line]) -> tuple[list[OpenCase[CallbackRequest]], list[Came]]:
    """Return what stands on these `lines` of `waiting`, opened, and what does not open any more.

    What was deleted a moment ago is in neither.
    """
    found, lost = the_opener().open(_copies_of(lines))
    broken = WorkingCopies(the_desk().store.engine).find(came.id for came in lost) if lost else []
    opened = {came.id: request for came, request in found}
    cases = (waiting.known.open(line, opened[line.id]) for line in lines if line.id in opened)
    return [one for one in cases if one], broken


def _copies_of(lines: Sequence[Line]) -> list[Came]:
    boxes = WorkingCopies(the_desk().store.engine).find_boxes(line.id for line in lines)
    nothing = (None, None)
    return [Came(line.sequence, line.id, line.centre, line.received_at, *boxes.get(line.id, nothing)) for line in lines]


def find_closed() -> list[tuple[Case, CallbackRequest]]:
    """Return what is closed and not deleted yet, opened, of the centres that whoever is signed in may see."""
    copies, touched = WorkingCopies(the_desk().store.engine), the_desk().cases.find_touched()
    closed = [str(id) for id, case in touched.items() if case.state is CaseState.CLOSED]
    found = [came for some in _parts(closed) for came in copies.find(some) if signed_in().worker.may_see(came.centre)]
    return [(touched[request.id], request) for some in _parts(found) for _, request in the_opener().open(some)[0]]


Part = TypeVar("Part")


def _parts(whole: Sequence[Part]) -> Iterator[Sequence[Part]]:
    return (whole[first : first + AT_ONCE] for first in range(0, len(whole), AT_ONCE))
