"""The order of work, kept between two looks at the list: times, centres and ids, no name and no number.

To put thousands in order takes their safe times, and those are sealed. So each sign-in has an Order in the memory of
each process that serves it (kiosk.hub.orders). A look takes anew only what has come, gone, been touched, or fallen due.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import inf
from uuid import UUID

from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.hub.booking import Booking
from kiosk.hub.case import Case, CaseState
from kiosk.hub.cases import Holder
from kiosk.hub.outlines import Outline, pack_weekly, read_weekly
from kiosk.hub.places import CLOSED, KEY, PLACE, SINCE, Line, Shared, key
from kiosk.hub.roles import Worker
from kiosk.hub.safety import merge, ring_at
from kiosk.hub.working_copies import Came, Stamp
from kiosk.hub.worklist import OpenCase, Request, due_at, open_case, place, place_unbooked

FEW = 100  # lines that are quicker put in their place one by one than by sorting all
UNTOUCHED: Holder = CaseState.OPEN, None


@dataclass(frozen=True)
class Known:
    """What the hub knows at `now` of the cases that somebody has touched, and of what is booked, by their ids."""

    touched: Mapping[str, Holder]
    booked: Mapping[str, Booking]
    now: datetime
    escalate_after: timedelta

    @cached_property
    def moment(self) -> float:
        """Now, in seconds."""
        return self.now.timestamp()

    @cached_property
    def overdue_at(self) -> float:
        """Who asked then is overdue from now on; in seconds."""
        return self.moment - self.escalate_after.total_seconds()

    def open(self, line: Line, request: Request) -> OpenCase[Request] | None:
        """Return how the request on `line` stands; None once it is closed."""
        state, claimed_by = self.touched.get(line.id, UNTOUCHED)
        if state == CaseState.CLOSED:
            return None
        case, booked = Case(UUID(line.id), CaseState(state), claimed_by), self.booked.get(line.id)
        ring = ring_at(line.safe_times, self.now)
        return open_case(request, case, line.received_at, self.now, self.escalate_after, booked, ring)


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
    _in_turn: bool = True  # the lines are in the order in which they came
    _hours: dict[object, Shared] = field(default_factory=dict)
    _booked: dict[str, float] = field(default_factory=dict)  # of those with a booking, until when each has its place
    _ordered: list[Line] = field(default_factory=list)  # those that are not closed
    _by_since: list[Line] = field(default_factory=list)  # all that are dated
    _fresh: set[str] = field(default_factory=set)  # not dated yet
    _ahead: set[str] = field(default_factory=set)  # to be dated anew: the hub's clock had leapt when they came
    _by: Known | None = None  # what it stands by
    _next_turn: float = inf  # of any hours

    def note(self, arrived: Sequence[Came]) -> None:
        """Know these from now on, whether they open or not, and nothing older of the same ids."""
        again = self.known.keys() & {came.id for came in arrived}
        for id in again:
            self.broken.pop(id, None)
            self.later.pop(id, None)
        self._drop(again & self._lines.keys())
        self.known |= {came.id: came.sequence for came in arrived}
        count, latest, total = self.stamp
        sequences = [came.sequence for came in arrived]
        self.stamp = (count or 0) + len(arrived), max([latest or 0, *sequences]), (total or 0) + sum(sequences)

    def take_in(self, came: Came, outline: Outline) -> None:
        """Add a request that has come."""
        self._add(came, outline.centre, outline.asked_at, self._hours_of(outline.weekly))

    def take_in_opened(self, came: Came, request: CallbackRequest) -> None:
        """Add a request that has come, of which there was no outline."""
        merged = merge(request.safe_times)
        hours = self._hours_of(pack_weekly(merged) or merged)
        self._add(came, request.centre, request.asked_at, hours)

    def keep(self, ids: set[str]) -> None:
        """Forget whatever is not of `ids` any more."""
        self.known = {id: sequence for id, sequence in self.known.items() if id in ids}
        self.broken = {id: came for id, came in self.broken.items() if id in ids}
        self.later = {id: came for id, came in self.later.items() if id in ids}
        self._drop(self._lines.keys() - ids)

    def _drop(self, ids: set[str]) -> None:
        if ids:
            for id in ids:
                self._lose_place(self._lines.pop(id))
            self._ordered = [line for line in self._ordered if line.key != CLOSED]
            self._by_since = [line for line in self._by_since if line.id not in ids]

    def arrange(self, known: Known) -> list[Line]:
        """Return what is not closed, in the order of work."""
        self.used_at = known.now
        self._stand_by(known)
        return list(self._ordered)

    def turn_to(self, now: datetime) -> None:
        """Let it stand as it does at `now` by what the last look knew, so that the next one finds less to do."""
        if self._by:
            self._stand_by(replace(self._by, now=now))

    def _stand_by(self, known: Known) -> None:
        by = self._by or Known({}, {}, known.now, known.escalate_after)
        gone_back = known.now < by.now
        changed = self._date(known, gone_back) | self._fallen_due(by, known)
        changed |= _differing(by.touched, known.touched) | _differing(by.booked, known.booked)
        turned = self._turn_hours(known, gone_back)
        lines = [self._lines[id] for id in changed if id in self._lines]
        self._by = known
        if len(lines) + sum(len(hours.lines) for hours in turned) < FEW:
            for line in {*lines, *(line for hours in turned for line in hours.lines.values())}:
                self._move(line, known)
        else:
            self._arrange_all(lines, turned, known)

    def _date(self, known: Known, gone_back: bool) -> set[str]:
        """Date what has come; all of it where the clock was put back. Return what was dated."""
        again = set(self._lines) if gone_back else self._ahead & self._lines.keys()
        dated = again | (self._fresh & self._lines.keys())
        self._ahead = {id for id in dated if not self._lines[id].date(known.now)}
        self._fresh = set()
        if again or len(dated) >= FEW:
            self._by_since = sorted(self._lines.values(), key=SINCE)
        else:
            for id in dated:
                insort(self._by_since, self._lines[id], key=SINCE)
        return dated

    def _fallen_due(self, by: Known, known: Known) -> set[str]:
        """Return what is overdue from now on, and what is booked and does not stand as it did."""
        first, last = (bisect_right(self._by_since, each.overdue_at, key=SINCE) for each in (by, known))
        overdue = {line.id for line in self._by_since[first:last]}
        return overdue | {id for id, due in self._booked.items() if due <= known.moment}

    def _turn_hours(self, known: Known, gone_back: bool) -> list[Shared]:
        """Return the hours that have begun or ended since the last look."""
        if known.moment < self._next_turn and not gone_back:
            return []
        turned = [hours for hours in self._hours.values() if hours.turn_to(known.now, known.moment)]
        self._next_turn = min([hours.due for hours in self._hours.values()], default=inf)
        return turned

    def _arrange_all(self, changed: Sequence[Line], turned: Sequence[Shared], known: Known) -> None:
        """Put many lines where they belong."""
        for hours in turned:
            for line in hours.lines.values():
                line.key = key(place_unbooked(hours, line.since, known.overdue_at))
        for line in changed:
            self._put(line, known)
        if not self._in_turn:
            self._lines = dict(sorted(self._lines.items(), key=lambda item: item[1].sequence))
            self._in_turn = True
        ordered = sorted(self._lines.values(), key=KEY)  # which leaves those with equal keys as they came
        self._ordered = ordered[bisect_right(ordered, CLOSED, key=KEY) :]

    def _move(self, line: Line, known: Known) -> None:
        """Put one line where it belongs."""
        if line.key != CLOSED:
            del self._ordered[bisect_left(self._ordered, PLACE(line), key=PLACE)]
        self._put(line, known)
        if line.key != CLOSED:
            insort(self._ordered, line, key=PLACE)

    def _put(self, line: Line, known: Known) -> None:
        """Tell a line its place, and note what will move it."""
        self._lose_place(line)
        hours, (state, holder) = line.hours, known.touched.get(line.id, UNTOUCHED)
        if state == CaseState.CLOSED:
            return
        self.centres[line.centre] += 1
        if line.id in known.booked and (one := known.open(line, line)):
            line.key = key(place(one, self.worker.name))
            self._booked[line.id] = due_at(one, known.now, known.escalate_after).timestamp()
            return
        is_held = holder not in (None, self.worker.name)
        if not is_held:
            hours.turn_to(known.now, known.moment)
            hours.lines[line.id] = line
            self._next_turn = min(self._next_turn, hours.due)
        line.key = key(place_unbooked(hours, line.since, known.overdue_at, is_held))

    def _lose_place(self, line: Line) -> None:
        if line.key != CLOSED:
            line.hours.lines.pop(line.id, None)
            self._booked.pop(line.id, None)
            self.centres[line.centre] -= 1
            line.key = CLOSED

    def _add(self, came: Came, centre: str, asked_at: datetime, hours: Shared) -> None:
        last = next(reversed(self._lines.values()), None)
        self._in_turn &= last is None or last.sequence < came.sequence
        self._lines[came.id] = Line(came.id, came.sequence, came.received_at, centre, asked_at, hours)
        self._fresh.add(came.id)

    def _hours_of(self, weekly: bytes | tuple[SafeTime, ...]) -> Shared:
        if weekly not in self._hours:
            self._hours[weekly] = Shared(read_weekly(weekly) if isinstance(weekly, bytes) else weekly)
        return self._hours[weekly]


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    if before == after:  # which is told far faster than what differs
        return set()
    return {id for id, now in after.items() if before.get(id) != now} | (before.keys() - after.keys())
