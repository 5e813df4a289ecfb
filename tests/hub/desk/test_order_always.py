"""The order of work, held against the plain sort after whatever comes, goes, is touched or booked, and at any moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kiosk.callbacks.model import SafeTime
from kiosk.hub import order as the_module
from kiosk.hub.booking import Booking
from kiosk.hub.case import Case, CaseState
from kiosk.hub.cases import Holder
from kiosk.hub.order import Known, Order
from kiosk.hub.outlines import Outline, pack_weekly
from kiosk.hub.places import Line, count_ready
from kiosk.hub.roles import Role, Worker
from kiosk.hub.working_copies import Came
from kiosk.hub.worklist import OpenCase, open_case, place
from tests.hub.desk.people import NOW

ME, OTHER = "J. Okafor", "D. Patel"
THREE_DAYS = timedelta(days=3)
CENTRES = ("Barton", "Rose Hill")
# Mornings and evenings that end and begin on the same hours, an hour that is not there on a Sunday in March, whole days.
HOURS = ((0, 24), (1, 2), (9, 12), (9, 15), (12, 15), (12, 18), (18, 20))
SPANS = some.tuples(some.integers(0, 6), some.sampled_from(HOURS))
WEEKS = some.lists(SPANS, min_size=1, max_size=5)
HOUR = timedelta(hours=1)


def weekly(spans: list[tuple[int, tuple[int, int]]]) -> bytes:
    times = [SafeTime(day, time(start), time(end) if end < 24 else time(23, 59)) for day, (start, end) in spans]
    packed = pack_weekly(times)
    assert packed is not None
    return packed


class Hub(RuleBasedStateMachine):
    """Requests come, go, are touched and booked while a clock runs on, or leaps back; after each step somebody looks."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.order, self.sequence = NOW, Order(Worker(1, ME, Role.WORKER)), 0
        self.waiting = dict[str, Line]()
        self.touched, self.booked = dict[str, Holder](), dict[str, Booking]()

    @initialize(weeks=some.lists(WEEKS, min_size=1, max_size=4))
    def begin(self, weeks: list[list[tuple[int, tuple[int, int]]]]) -> None:
        self.weeks = [weekly(spans) for spans in weeks]

    @rule(data=some.data(), ago=some.lists(some.integers(0, 5 * 24 * 4), min_size=1, max_size=6))
    def come(self, data: some.DataObject, ago: list[int]) -> None:
        arrived = [self._came() for _ in ago]
        self.order.note(arrived)
        # What had no outline is opened later, and then stands after what came behind it.
        for came, quarters in data.draw(some.permutations(list(zip(arrived, ago, strict=True)))):
            asked, week = self.now - quarters * HOUR / 4, data.draw(some.sampled_from(self.weeks))
            self.order.take_in(came, Outline(came.centre, asked, week))
            self.waiting[came.id] = self.order._lines[came.id]

    def _came(self) -> Came:
        self.sequence += 1
        return Came(self.sequence, str(UUID(int=self.sequence)), CENTRES[self.sequence % 2], self.now, None, None)

    @rule(data=some.data())
    def go(self, data: some.DataObject) -> None:
        gone = self._some(data)
        self.waiting = {id: line for id, line in self.waiting.items() if id not in gone}
        self.touched = {id: holder for id, holder in self.touched.items() if id not in gone}
        self.booked = {id: booking for id, booking in self.booked.items() if id not in gone}
        self.order.keep(set(self.waiting))

    @rule(data=some.data(), state=some.sampled_from(CaseState), by=some.sampled_from([ME, OTHER]))
    def touch(self, data: some.DataObject, state: CaseState, by: str) -> None:
        holder = by if state is CaseState.CLAIMED else None
        self.touched = self.touched | dict.fromkeys(self._some(data), (state.value, holder))

    @rule(data=some.data(), quarters=some.integers(1, 24))
    def book(self, data: some.DataObject, quarters: int) -> None:
        self.booked = self.booked | dict.fromkeys(self._some(data), Booking(self.now + quarters * HOUR / 4, ME))

    @rule(data=some.data())
    def unbook(self, data: some.DataObject) -> None:
        no_more = self._some(data)
        self.booked = {id: booking for id, booking in self.booked.items() if id not in no_more}

    def _some(self, data: some.DataObject) -> set[str]:
        return (
            set(data.draw(some.lists(some.sampled_from(sorted(self.waiting)), max_size=4))) if self.waiting else set()
        )

    @rule(minutes=some.sampled_from([1, 8, 15, 60, 61, 300, 24 * 60, 4 * 24 * 60, 133 * 24 * 60]), kept=some.booleans())
    def wait(self, minutes: int, kept: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if kept:  # the thread that looks after the orders was there before anybody looked
            self.order.turn_to(self.now)

    @rule()
    def strike(self) -> None:
        self.now = self.now.replace(minute=0, second=0) + HOUR

    @rule(minutes=some.sampled_from([1, 60, 3 * 60, 30 * 60]))
    def leap_back(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)

    @invariant()
    def it_stands_as_the_plain_sort_has_it(self) -> None:
        lines = self.order.arrange(Known(self.touched, self.booked, self.now, THREE_DAYS))
        stand = {id: one for id, line in self.waiting.items() if (one := self._open(line, self.now))}
        expected = sorted(stand, key=lambda id: (place(stand[id], ME), self.waiting[id].sequence))

        assert [line.id for line in lines] == expected
        assert sorted((+self.order.centres).elements()) == sorted(line.centre for line in lines)
        assert count_ready(lines) == {
            "safe": sum(one.is_ready_for(ME) for one in stand.values()),
            "overdue": sum(one.overdue for one in stand.values()),
            "open": len(stand),
        }

    def _open(self, line: Line, now: datetime) -> OpenCase[Line] | None:
        state, by = self.touched.get(line.id, (CaseState.OPEN, None))
        case = Case(UUID(line.id), CaseState(state), by)
        if state == CaseState.CLOSED:
            return None
        return open_case(line, case, line.received_at, now, THREE_DAYS, self.booked.get(line.id))


@pytest.mark.parametrize("few", [0, 3, 100])
def test_the_order_is_that_of_the_plain_sort_whatever_happens(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_module, "FEW", few)
    run_state_machine_as_test(Hub, settings=settings(max_examples=15, stateful_step_count=20, deadline=None))
