from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import uuid4

import pytest

from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.hub.safety import NotNow, SafeNow, merge, safe_now
from kiosk.london import LONDON

MONDAY, TUESDAY, FRIDAY, SUNDAY = 0, 1, 4, 6


def safe(*windows: SafeTime) -> CallbackRequest:
    asked_at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    return CallbackRequest(uuid4(), "kiosk-1", "Rose Hill", "Amina", "+447700900123", windows, asked_at)


def window(day: int, start: str, end: str) -> SafeTime:
    return SafeTime(day, time.fromisoformat(start), time.fromisoformat(end))


def london(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


MONDAY_MORNING = safe(window(MONDAY, "09:00", "12:00"))


def test_within_a_window_it_is_safe_until_its_end() -> None:
    assert safe_now(MONDAY_MORNING, london("2026-03-02 10:30")) == SafeNow(london("2026-03-02 12:00"))


def test_the_first_minute_is_safe_and_the_end_is_not() -> None:
    assert isinstance(safe_now(MONDAY_MORNING, london("2026-03-02 09:00")), SafeNow)
    assert isinstance(safe_now(MONDAY_MORNING, london("2026-03-02 12:00")), NotNow)


def test_before_the_window_it_is_safe_later_the_same_day() -> None:
    assert safe_now(MONDAY_MORNING, london("2026-03-02 08:59")) == NotNow(
        london("2026-03-02 09:00"), london("2026-03-02 12:00")
    )


def test_after_the_only_window_it_is_safe_a_week_later() -> None:
    assert safe_now(MONDAY_MORNING, london("2026-03-02 12:01")) == NotNow(
        london("2026-03-09 09:00"), london("2026-03-09 12:00")
    )


def test_the_next_of_several_days_comes_first() -> None:
    request = safe(window(FRIDAY, "09:00", "10:00"), window(TUESDAY, "15:00", "16:00"))

    assert safe_now(request, london("2026-03-02 10:00")) == NotNow(
        london("2026-03-03 15:00"), london("2026-03-03 16:00")
    )


def test_windows_that_touch_are_one() -> None:
    request = safe(window(MONDAY, "12:00", "15:00"), window(MONDAY, "09:00", "12:00"))

    assert safe_now(request, london("2026-03-02 11:59")) == SafeNow(london("2026-03-02 15:00"))


def test_windows_that_overlap_or_hold_each_other_are_one() -> None:
    inside = (window(MONDAY, "09:00", "15:00"), window(MONDAY, "10:00", "11:00"), window(MONDAY, "14:00", "16:00"))

    assert merge(inside) == (window(MONDAY, "09:00", "16:00"),)


def test_the_same_hours_of_two_days_stay_apart() -> None:
    two = (window(MONDAY, "09:00", "10:00"), window(TUESDAY, "09:00", "10:00"))

    assert merge(two) == two


@pytest.mark.parametrize(
    ("utc", "safe_there"),
    [
        (datetime(2026, 3, 23, 9, tzinfo=UTC), True),  # winter: nine in London
        (datetime(2026, 3, 23, 8, tzinfo=UTC), False),
        (datetime(2026, 3, 30, 8, tzinfo=UTC), True),  # summer time came on the 29th: nine in London
        (datetime(2026, 3, 30, 11, tzinfo=UTC), False),  # noon in London
        (datetime(2026, 10, 26, 9, tzinfo=UTC), True),  # and went on 25 October
        (datetime(2026, 10, 26, 8, tzinfo=UTC), False),
    ],
)
@pytest.mark.promise(17)
def test_nine_oclock_is_nine_in_london_in_summer_and_winter(utc: datetime, safe_there: bool) -> None:
    assert isinstance(safe_now(MONDAY_MORNING, utc), SafeNow) is safe_there


def test_across_the_change_the_next_time_is_by_the_clock_on_the_wall() -> None:
    # Saturday 28 March is winter time, Monday 30 March summer time: nine o'clock is 8:00 UTC.
    ring = safe_now(MONDAY_MORNING, datetime(2026, 3, 28, 12, tzinfo=UTC))

    assert isinstance(ring, NotNow)
    assert ring.next_start.astimezone(UTC) == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_the_hour_that_comes_twice_in_october_is_safe_both_times() -> None:
    request = safe(window(SUNDAY, "01:00", "02:00"))
    both = (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))

    assert all(isinstance(safe_now(request, at), SafeNow) for at in both)


@pytest.mark.promise(17)
def test_the_hour_that_summer_time_skips_is_safe_a_week_later() -> None:
    request = safe(window(SUNDAY, "01:00", "02:00"))

    assert safe_now(request, datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == NotNow(
        london("2026-04-05 01:00"), london("2026-04-05 02:00")
    )


def test_close_to_midnight_the_day_is_londons() -> None:
    # 23:30 UTC on Sunday in summer is half past midnight on Monday in London.
    request = safe(window(MONDAY, "00:00", "01:00"))

    assert isinstance(safe_now(request, datetime(2026, 6, 7, 23, 30, tzinfo=UTC)), SafeNow)
