"""The order of work, kept between two looks at the list: times, centres and ids, no name and no number.

To put thousands in order takes their safe times, and those are sealed. So each sign-in has an Order in the memory of
each process that serves it: nothing that another process needs, bounded, and gone at lock, at sign-out, and when nobody
has looked for as long as a sign-in lasts. A look takes anew only what has come, gone, been touched, or fallen due.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from operator import attrgetter
from uuid import UUID

from kiosk.callbacks.model import SafeTime
from kiosk.hub.booking import Booking
from kiosk.hub.case import Case, CaseState
from kiosk.hub.cases import Holder
from kiosk.hub.roles import Worker
from kiosk.hub.working_copies import Came, Stamp
from kiosk.hub.worklist import FREE, OVERDUE, OpenCase, open_case, place

SIGN_INS = 40  # that one process remembers orders of


FEW = 100  # lines that are quicker put in their place one by one than by sorting all
CLOSED = (-1, 0.0, 0)
PLACE = attrgetter("place")


@dataclass(slots=True, eq=False)
class Line:
    """What the order needs of one request. `place` holds until `due`, in seconds, if nobody does anything."""

    id: str
    sequence: int
    received_at: datetime
    centre: str
    asked_at: datetime
    safe_times: tuple[SafeTime, ...]
    place: tuple[int, float, int] = CLOSED  # of two that wait alike, the one that came first
    due: float = 0.0
    stands: OpenCase[Line] | None = None  # None once it is closed


@dataclass
class Order:
    """The lines of one worker, and what does not open. `known` has the sequence of all that was looked at."""

    worker: Worker
    broken: dict[str, Came] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    stamp: Stamp = (0, None, None)
    used_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    centres: Counter[str] = field(default_factory=Counter)  # how many stand in the order, of each
    _lines: dict[str, Line] = field(default_factory=dict)
    _ordered: list[Line] = field(default_factory=list)  # those that are not closed
    _fresh: set[str] = field(default_factory=set)
    _touched: Mapping[str, Holder] = field(default_factory=dict)
    _booked: Mapping[str, Booking] = field(default_factory=dict)
    _next_due: float = 0.0

    def note(self, arrived: Sequence[Came]) -> None:
        """Know these from now on, whether they open or not, and nothing older of the same ids."""
        for id in self.known.keys() & {str(came.id) for came in arrived}:
            self.broken.pop(id, None)
            if old := self._lines.pop(id, None):
                self._leave(old)
        self.known |= {str(came.id): came.sequence for came in arrived}
        count, latest, total = self.stamp
        sequences = [came.sequence for came in arrived]
        self.stamp = (count or 0) + len(arrived), max([latest or 0, *sequences]), (total or 0) + sum(sequences)

    def take_in(self, line: Line) -> None:
        """Add a request that has come."""
        self._lines[line.id] = line
        self._fresh.add(line.id)

    def keep(self, ids: set[str]) -> None:
        """Forget whatever is not of `ids` any more."""
        self.known = {id: sequence for id, sequence in self.known.items() if id in ids}
        self.broken = {id: came for id, came in self.broken.items() if id in ids}
        self._lines = {id: line for id, line in self._lines.items() if id in ids}
        self._ordered = [line for line in self._ordered if line.id in ids]
        self.centres = Counter(line.centre for line in self._ordered)

    def arrange(
        self, touched: Mapping[str, Holder], booked: Mapping[str, Booking], now: datetime, escalate_after: timedelta
    ) -> list[Line]:
        """Return what is not closed, in the order of work at `now`."""
        changed = self._fresh | _differing(self._touched, touched) | _differing(self._booked, booked)
        moment, gone_back = now.timestamp(), self.used_at is not None and now < self.used_at
        if self._next_due <= moment or gone_back:
            changed |= {line.id for line in self._ordered if line.due <= moment or gone_back}
        self._touched, self._booked, self.used_at, self._fresh = touched, booked, now, set()
        for line in [self._lines[id] for id in changed if id in self._lines]:
            self._place(line, now, escalate_after, alone=len(changed) < FEW)
        if len(changed) >= FEW:
            self._ordered = sorted((line for line in self._lines.values() if line.place is not CLOSED), key=PLACE)
            self.centres = Counter(line.centre for line in self._ordered)
            self._next_due = min((line.due for line in self._ordered), default=inf)
        return list(self._ordered)

    def _place(self, line: Line, now: datetime, escalate_after: timedelta, alone: bool) -> None:
        """Find where a line belongs, and put it there if it is `alone`: many are quicker sorted together."""
        if alone:
            self._leave(line)
        state, claimed_by = self._touched.get(line.id, (CaseState.OPEN, None))
        case = Case(UUID(line.id), CaseState(state), claimed_by)
        if case.state is CaseState.CLOSED:
            line.place, line.stands = CLOSED, None
            return
        one = open_case(line, case, line.received_at, now, escalate_after, self._booked.get(line.id))
        line.stands = one
        line.place, line.due = (*place(one, self.worker.name), line.sequence), one.due_at.timestamp()
        if alone:
            insort(self._ordered, line, key=PLACE)
            self.centres[line.centre] += 1
            self._next_due = min(self._next_due, line.due)

    def _leave(self, line: Line) -> None:
        """Take a line out of the order, if it stands in it."""
        if line.place is not CLOSED:
            self._ordered.remove(line)
            self.centres[line.centre] -= 1
            line.place = CLOSED


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {id for id, _ in before.items() ^ after.items()}


def count_ready(waiting: list[Line]) -> dict[str, int]:
    """Return how many may be rung now, how many are overdue, and how many are open, of lines in their order."""

    def before(rank: int) -> int:
        return bisect_left(waiting, (rank, -inf), key=PLACE)

    overdue = before(OVERDUE)
    return {"safe": before(FREE) + before(OVERDUE + FREE) - overdue, "overdue": overdue, "open": len(waiting)}


class Orders:
    """The orders of the sign-ins that this process serves. `idle` is how long one lasts without a look."""

    def __init__(self, idle: timedelta, sign_ins: int = SIGN_INS) -> None:
        self._idle, self._sign_ins = idle, sign_ins
        self._orders: dict[str, Order] = {}
        self._lock = threading.Lock()
        self._looked = 0.0
        self._sweeper: threading.Thread | None = None

    @contextmanager
    def of(self, sign_in: str, worker: Worker, now: datetime) -> Iterator[Order]:
        """Give the order of one sign-in to one page at a time; an empty one at first, or if the worker's centres changed."""
        with self._lock:
            self._forget_idle(now)
            order = self._orders.pop(sign_in, None)
            if order is None or order.worker != worker:
                order = Order(worker)
            self._orders[sign_in] = order
            for oldest in list(self._orders)[: -self._sign_ins]:
                del self._orders[oldest]
            self._sweep_later()
        with order.lock:
            yield order

    def forget(self, sign_in: str) -> None:
        """Wipe the order of a sign-in that has ended."""
        with self._lock:
            self._orders.pop(sign_in, None)

    def __len__(self) -> int:
        return len(self._orders)

    def _forget_idle(self, now: datetime) -> None:
        for id, order in list(self._orders.items()):
            if order.used_at and now - order.used_at > self._idle:
                del self._orders[id]

    def _sweep_later(self) -> None:
        """Where nobody looks at any list any more, nothing else would wipe them."""
        self._looked = time.monotonic()
        if self._sweeper is None:
            self._sweeper = threading.Thread(target=self._sweep, name="orders", daemon=True)
            self._sweeper.start()

    def _sweep(self) -> None:
        while (left := self._looked + self._idle.total_seconds() - time.monotonic()) > 0:
            time.sleep(left)
        with self._lock:
            self._orders.clear()
            self._sweeper = None
