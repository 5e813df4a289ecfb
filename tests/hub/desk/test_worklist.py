from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.hub.cases import Case, CaseState
from kiosk.hub.worklist import OpenCase, arrange, believed, open_case
from tests.hub.desk.people import NOW, SATURDAY

ME, OTHER = "J. Okafor", "D. Patel"


def waiting(name: str, since: timedelta, starts: int = 9, claimed_by: str | None = None) -> OpenCase:
    windows = (SafeTime(SATURDAY, time(starts), time(20)),)
    request = CallbackRequest(uuid4(), "kiosk-1", "Rose Hill", name, "+447700900123", windows, NOW - since)
    state = CaseState.CLAIMED if claimed_by else CaseState.OPEN
    return open_case(request, Case(request.id, state, claimed_by), NOW, NOW)


def names(arranged: list[OpenCase]) -> list[str]:
    return [one.request.name for one in arranged]


def test_who_may_be_rung_now_comes_before_who_waits_longer() -> None:
    later, now = waiting("later", timedelta(days=5), starts=15), waiting("now", timedelta(hours=1))

    assert names(arrange([later, now], ME)) == ["now", "later"]


def test_of_those_who_may_be_rung_the_longest_waiting_comes_first() -> None:
    short, long = waiting("short", timedelta(hours=1)), waiting("long", timedelta(hours=2))

    assert names(arrange([short, long], ME)) == ["long", "short"]


def test_of_those_not_safe_yet_the_one_who_is_soonest_comes_first() -> None:
    evening, afternoon = waiting("evening", timedelta(days=3), 18), waiting("afternoon", timedelta(hours=1), 15)

    assert names(arrange([evening, afternoon], ME)) == ["afternoon", "evening"]


def test_what_a_colleague_rings_comes_last_and_what_i_ring_does_not() -> None:
    theirs, later = waiting("theirs", timedelta(days=9), claimed_by=OTHER), waiting("later", timedelta(hours=1), 15)
    mine = waiting("mine", timedelta(minutes=1), claimed_by=ME)

    assert names(arrange([theirs, later, mine], ME)) == ["mine", "later", "theirs"]


def test_a_request_is_overdue_after_three_days() -> None:
    assert waiting("a", timedelta(days=3)).is_overdue(NOW)
    assert not waiting("b", timedelta(days=3, seconds=-1)).is_overdue(NOW)


def test_a_kiosk_that_was_off_line_for_a_week_is_believed() -> None:
    assert believed(NOW - timedelta(days=7), NOW) == NOW - timedelta(days=7)


def test_a_kiosk_whose_clock_says_1970_or_2099_is_not_believed() -> None:
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        assert believed(wrong, NOW) == NOW
