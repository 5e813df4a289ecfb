from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.hub.booking import Booking
from kiosk.hub.case import Case, CaseState
from kiosk.hub.safety import Hours, NotNow, SafeNow
from kiosk.hub.worklist import OpenCase, believed, open_case, place, place_unbooked
from kiosk.london import LONDON
from tests.hub.desk.people import NOW, SATURDAY

THREE_DAYS = timedelta(days=3)
ME, OTHER = "J. Okafor", "D. Patel"


def waiting(
    name: str, since: timedelta, starts: int = 9, claimed_by: str | None = None, booked: datetime | None = None
) -> OpenCase[CallbackRequest]:
    windows = (SafeTime(SATURDAY, time(starts), time(20)),)
    request = CallbackRequest(uuid4(), "kiosk-1", "Rose Hill", name, "+447700900123", windows, NOW - since)
    booking = Booking(booked, ME) if booked else None
    state = CaseState.CLAIMED if claimed_by else CaseState.OPEN
    return open_case(request, Case(request.id, state, claimed_by), NOW, NOW, THREE_DAYS, booking)


def arrange(ones: list[OpenCase[CallbackRequest]], worker: str) -> list[OpenCase[CallbackRequest]]:
    return sorted(ones, key=lambda one: place(one, worker))


def names(arranged: list[OpenCase[CallbackRequest]]) -> list[str]:
    return [one.request.name for one in arranged]


def test_who_may_be_rung_now_comes_before_who_waits_longer() -> None:
    later, now = waiting("later", timedelta(days=2), starts=15), waiting("now", timedelta(hours=1))

    assert names(arrange([later, now], ME)) == ["now", "later"]


def test_of_those_who_may_be_rung_the_longest_waiting_comes_first() -> None:
    short, long = waiting("short", timedelta(hours=1)), waiting("long", timedelta(hours=2))

    assert names(arrange([short, long], ME)) == ["long", "short"]


def test_of_those_not_safe_yet_the_one_who_is_soonest_comes_first() -> None:
    evening, afternoon = waiting("evening", timedelta(days=2), 18), waiting("afternoon", timedelta(hours=1), 15)

    assert names(arrange([evening, afternoon], ME)) == ["afternoon", "evening"]


def test_what_a_colleague_rings_comes_last_and_what_i_ring_does_not() -> None:
    theirs, later = waiting("theirs", timedelta(days=2), claimed_by=OTHER), waiting("later", timedelta(hours=1), 15)
    mine = waiting("mine", timedelta(minutes=1), claimed_by=ME)

    assert names(arrange([theirs, later, mine], ME)) == ["mine", "later", "theirs"]


def test_a_request_is_overdue_after_the_days_that_were_set() -> None:
    assert waiting("a", timedelta(days=3)).overdue
    assert not waiting("b", timedelta(days=3, seconds=-1)).overdue


def test_the_overdue_stand_on_top_those_who_may_be_rung_first_and_a_colleagues_too() -> None:
    now = waiting("now", timedelta(days=2))
    theirs = waiting("theirs", timedelta(days=9), claimed_by=OTHER)
    late, later = waiting("late", timedelta(days=4)), waiting("later", timedelta(days=5), starts=15)

    assert names(arrange([now, theirs, later, late], ME)) == ["late", "later", "theirs", "now"]


def test_who_is_booked_for_later_stands_at_that_time_among_those_not_safe_yet() -> None:
    booked = waiting("booked", timedelta(days=2), booked=NOW + timedelta(hours=4))
    soon, late, now = waiting("soon", timedelta(0), 15), waiting("late", timedelta(0), 18), waiting("now", timedelta(0))

    assert names(arrange([booked, late, soon, now], ME)) == ["now", "soon", "booked", "late"]


def test_who_is_booked_for_later_is_not_overdue_until_that_time_has_passed() -> None:
    assert not waiting("a", timedelta(days=9), booked=NOW + timedelta(minutes=1)).overdue
    assert waiting("b", timedelta(days=9), booked=NOW).overdue


def test_who_is_booked_for_later_is_not_counted_as_to_be_rung_now() -> None:
    assert waiting("a", timedelta(0)).is_ready_for(ME)
    assert not waiting("b", timedelta(0), booked=NOW + timedelta(hours=1)).is_ready_for(ME)


def test_a_time_that_was_agreed_is_safe_for_an_hour() -> None:
    agreed = {"starts": 19, "since": timedelta(0)}

    assert waiting("a", **agreed, booked=NOW).ring == SafeNow((NOW + timedelta(hours=1)).astimezone(LONDON))
    assert isinstance(waiting("b", **agreed, booked=NOW + timedelta(seconds=1)).ring, NotNow)
    assert isinstance(waiting("c", **agreed, booked=NOW - timedelta(hours=1)).ring, NotNow)


def test_a_kiosk_that_was_off_line_for_a_week_is_believed() -> None:
    assert believed(NOW - timedelta(days=7), NOW, NOW) == NOW - timedelta(days=7)


@pytest.mark.promise(17)
def test_a_kiosk_whose_clock_says_1970_or_2099_is_not_believed() -> None:
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        assert believed(wrong, NOW, NOW) == NOW


@pytest.mark.promise(17)
def test_a_request_that_the_hub_has_stamped_with_a_time_to_come_is_dated_by_the_kiosk_or_stands_on_top() -> None:
    stamped = datetime(2099, 1, 1, tzinfo=UTC)

    assert believed(NOW - timedelta(hours=2), stamped, NOW) == NOW - timedelta(hours=2)
    assert NOW - believed(stamped, stamped, NOW) > THREE_DAYS
    assert believed(NOW, NOW + timedelta(minutes=1), NOW) == NOW  # another machine's clock is a minute ahead


@pytest.mark.parametrize("starts", [9, 15])
@pytest.mark.parametrize("since", [timedelta(hours=1), timedelta(days=3), timedelta(days=4)])
def test_by_numbers_alone_a_request_stands_where_it_stands_by_all_that_is_known(starts: int, since: timedelta) -> None:
    hours = Hours((SafeTime(SATURDAY, time(starts), time(20)),))
    # From one turn to the next: the hours began, the window has ended, the clock was set back.
    for now in (NOW, NOW + timedelta(hours=4), NOW + timedelta(hours=9), NOW + timedelta(days=2), NOW):
        hours.turn_to(now, now.timestamp())
        asked = CallbackRequest(
            uuid4(), "kiosk-1", "Rose Hill", "Amina", "+447700900123", hours.safe_times, NOW - since
        )
        one = open_case(asked, Case(asked.id), NOW, now, THREE_DAYS)
        moment = one.waiting_since.timestamp()

        assert place_unbooked(hours, moment, (now - THREE_DAYS).timestamp()) == place(one, ME)
