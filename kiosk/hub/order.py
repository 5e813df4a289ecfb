"""The order of work, kept between two looks at the list: times, centres and ids, no name and no number.

To put thousands in order takes their safe times, and those are sealed. So each sign-in has an Order in the memory of
each process that serves it (kiosk.hub.orders). A look takes anew only what has come, gone, been touched, or fallen due.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from operator import attrgetter
from uuid import UUID

from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.hub.booking import Booking
from kiosk.hub.case import Case, CaseState
from kiosk.hub.cases import Holder
from kiosk.hub.outlines import Outline, pack_weekly, read_weekly
from kiosk.hub.roles import Worker
from kiosk.hub.safety import Hours, merge
from kiosk.hub.working_copies import Came, Stamp
from kiosk.hub.worklist import IN_TIME, WAITS, OpenCase, Request, believed, due_at, open_case, place, place_untouched

FEW = 100  # lines that are quicker put in their place one by one than by sorting all
# A rank and a moment as one number, exact to 10 microseconds, which sorts far faster than a pair; then the sequence.
Key = tuple[float, int]
RANK = 1e10  # seconds: more than any moment
CLOSED: Key = (-1.0, 0)
PLACE = attrgetter("place")


@dataclass(slots=True, eq=False)
class Line:
    """What the order needs of one request. `place` holds until `due`, in seconds, if nobody does anything."""

    id: str
    sequence: int
    received_at: datetime
    centre: str
    asked_at: datetime
    hours: Hours
    place: Key = CLOSED  # of two that wait alike, the one that came first
    due: float = 0.0
    since: float = 0.0  # when the parent asked, as far as that could be believed when it was dated; in seconds

    def date(self, now: datetime) -> None:
        """Believe what can be believed at `now` of when the parent asked."""
        self.since = believed(self.asked_at, self.received_at, now).timestamp()

    @property
    def safe_times(self) -> tuple[SafeTime, ...]:
        """The weekly windows in which it may be rung."""
        return self.hours.safe_times


@dataclass(frozen=True)
class Known:
    """What the hub knows at `now` of the cases that somebody has touched, and of what is booked, by their ids."""

    touched: Mapping[str, Holder]
    booked: Mapping[str, Booking]
    now: datetime
    escalate_after: timedelta

    def open(self, line: Line, request: Request) -> OpenCase[Request] | None:
        """Return how the request on `line` stands; None once it is closed."""
        state, claimed_by = self.touched.get(line.id, (CaseState.OPEN, None))
        if state == CaseState.CLOSED:
            return None
        line.hours.turn_to(self.now, self.now.timestamp())
        case, booked = Case(UUID(line.id), CaseState(state), claimed_by), self.booked.get(line.id)
        return open_case(request, case, line.received_at, self.now, self.escalate_after, booked, line.hours.ring)


@dataclass
class Order:
    """The lines of one worker, and what does not open. `known` has the sequence of all that was looked at.

    Of those, `later` has what had no outline: it takes opening, so much at each look, and stands in no line until then.
    """

    worker: Worker
    broken: dict[str, Came] = field(default_factory=dict)
    later: dict[str, Came] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    stamp: Stamp = (0, None, None)
    used_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    centres: Counter[str] = field(default_factory=Counter)  # how many stand in the order, of each
    _lines: dict[str, Line] = field(default_factory=dict)
    _hours: dict[object, Hours] = field(default_factory=dict)  # one for all lines that have the same
    _ordered: list[Line] = field(default_factory=list)  # those that are not closed
    _fresh: set[str] = field(default_factory=set)
    _by: Known | None = None  # what it stands by
    _next_due: float = 0.0

    def note(self, arrived: Sequence[Came]) -> None:
        """Know these from now on, whether they open or not, and nothing older of the same ids."""
        for id in self.known.keys() & {came.id for came in arrived}:
            self.broken.pop(id, None)
            self.later.pop(id, None)
            if old := self._lines.pop(id, None):
                self._leave(old)
        self.known |= {came.id: came.sequence for came in arrived}
        count, latest, total = self.stamp
        sequences = [came.sequence for came in arrived]
        self.stamp = (count or 0) + len(arrived), max([latest or 0, *sequences]), (total or 0) + sum(sequences)

    def take_in(self, came: Came, outline: Outline) -> None:
        """Add a request that has come."""
        self._add(came, outline.centre, outline.asked_at, self._hours_of(outline.weekly))

    def take_in_opened(self, came: Came, request: CallbackRequest) -> None:
        """Add a request that has come, of which there was no outline."""
        weekly = pack_weekly(request.safe_times)
        hours = Hours(merge(request.safe_times)) if weekly is None else self._hours_of(weekly)
        self._add(came, request.centre, request.asked_at, hours)

    def keep(self, ids: set[str]) -> None:
        """Forget whatever is not of `ids` any more."""
        self.known = {id: sequence for id, sequence in self.known.items() if id in ids}
        self.broken = {id: came for id, came in self.broken.items() if id in ids}
        self.later = {id: came for id, came in self.later.items() if id in ids}
        self._lines = {id: line for id, line in self._lines.items() if id in ids}
        self._ordered = [line for line in self._ordered if line.id in ids]
        self.centres = Counter(line.centre for line in self._ordered)

    def arrange(self, known: Known) -> list[Line]:
        """Return what is not closed, in the order of work."""
        self.used_at = known.now
        self._stand_by(known)
        return list(self._ordered)

    def turn_to(self, now: datetime) -> None:
        """Let it stand as it does at `now` by what the last look knew, so that the next one finds less to do."""
        if self._by and self._next_due <= now.timestamp():
            self._stand_by(replace(self._by, now=now))

    def _stand_by(self, known: Known) -> None:
        by = self._by or Known({}, {}, known.now, known.escalate_after)
        changed = self._fresh | _differing(by.touched, known.touched) | _differing(by.booked, known.booked)
        moment, gone_back = known.now.timestamp(), known.now < by.now
        if fallen_due := self._next_due <= moment or gone_back:
            changed |= {line.id for line in self._ordered if line.due <= moment or gone_back}
        for id in self._lines if gone_back else self._fresh & self._lines.keys():
            self._lines[id].date(known.now)
        self._by, self._fresh = known, set()
        lines = [self._lines[id] for id in changed if id in self._lines]
        if len(lines) < FEW:
            for line in lines:
                self._move(line, known, moment)
            if fallen_due:
                self._next_due = min([line.due for line in self._ordered], default=inf)
        else:
            self._arrange_all(lines, known, moment)

    def _arrange_all(self, changed: Sequence[Line], known: Known, moment: float) -> None:
        """Put many lines where they belong."""
        moved = set(changed)
        staying = [line for line in self._ordered if line not in moved]
        were = Counter([line.centre for line in changed if line.place is not CLOSED])
        overdue_at = moment - known.escalate_after.total_seconds()
        for line in changed:
            _put(line, known, self.worker.name, moment, overdue_at)
        # Two runs, each in order: Python's sort merges such in one go, and needs a multiple of that for one mixed list.
        moving = sorted([line for line in changed if line.place is not CLOSED], key=PLACE)
        self._ordered = sorted(staying + moving, key=PLACE)
        self.centres += Counter([line.centre for line in moving])
        self.centres -= were
        self._next_due = min([line.due for line in self._ordered], default=inf)

    def _move(self, line: Line, known: Known, moment: float) -> None:
        """Put one line where it belongs."""
        self._leave(line)
        _put(line, known, self.worker.name, moment, moment - known.escalate_after.total_seconds())
        if line.place is not CLOSED:
            insort(self._ordered, line, key=PLACE)
            self.centres[line.centre] += 1
            self._next_due = min(self._next_due, line.due)

    def _add(self, came: Came, centre: str, asked_at: datetime, hours: Hours) -> None:
        self._lines[came.id] = Line(came.id, came.sequence, came.received_at, centre, asked_at, hours)
        self._fresh.add(came.id)

    def _hours_of(self, weekly: bytes) -> Hours:
        if weekly not in self._hours:
            self._hours[weekly] = Hours(read_weekly(weekly))
        return self._hours[weekly]

    def _leave(self, line: Line) -> None:
        """Take a line out of the order, if it stands in it."""
        if line.place is not CLOSED:
            del self._ordered[bisect_left(self._ordered, line.place, key=PLACE)]
            self.centres[line.centre] -= 1
            line.place = CLOSED


def _put(line: Line, known: Known, worker: str, moment: float, overdue_at: float) -> None:
    """Tell a line its place, and until when it has that."""
    if line.id not in known.touched and line.id not in known.booked:
        hours = line.hours
        if not hours.asked <= moment < hours.due:
            hours.turn_to(known.now, moment)
        rank, at = place_untouched(hours, line.since, overdue_at)
        line.place = rank * RANK + at, line.sequence
        line.due = hours.due
        if rank >= IN_TIME and (overdue := line.since + moment - overdue_at) < hours.due:
            line.due = overdue
        return
    one = known.open(line, line)
    if one is None:
        line.place = CLOSED
        return
    rank, at = place(one, worker)
    line.place, line.due = (rank * RANK + at, line.sequence), due_at(one, known.now, known.escalate_after).timestamp()


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {id for id, now in after.items() if before.get(id) != now} | (before.keys() - after.keys())


def count_ready(waiting: list[Line]) -> dict[str, int]:
    """Return how many may be rung now, how many are overdue, and how many are open, of lines in their order."""

    def before(rank: int) -> int:
        return bisect_left(waiting, (rank * RANK,), key=PLACE)

    overdue = before(IN_TIME)
    return {"safe": before(WAITS) + before(IN_TIME + WAITS) - overdue, "overdue": overdue, "open": len(waiting)}
