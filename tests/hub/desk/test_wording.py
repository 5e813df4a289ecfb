from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from kiosk.callbacks.model import SafeTime
from kiosk.hub import wording
from kiosk.hub.safety import NotNow, SafeNow
from kiosk.london import LONDON

SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=LONDON)


def window(ahead: timedelta) -> NotNow:
    start = SATURDAY_NOON + ahead
    return NotNow(start, start + timedelta(minutes=90))


def test_the_first_sentence_names_the_person_and_no_service() -> None:
    assert wording.first_sentence("Amina") == "Hello, may I speak to Amina, please?"


def test_safe_now_says_until_when() -> None:
    until = datetime(2026, 11, 21, 14, 30, tzinfo=LONDON)

    assert wording.ring_words(SafeNow(until), SATURDAY_NOON) == "Safe now, until 14:30"


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (timedelta(hours=3), "Not now. Today, 15:00 to 16:30"),
        (timedelta(days=1), "Not now. Tomorrow, 12:00 to 13:30"),
        (timedelta(days=3), "Not now. Tue, 12:00 to 13:30"),
        (timedelta(days=7), "Not now. Sat 28 Nov, 12:00 to 13:30"),
    ],
)
def test_not_now_says_when_next(ahead: timedelta, says: str) -> None:
    assert wording.ring_words(window(ahead), SATURDAY_NOON) == says


@pytest.mark.parametrize(
    ("waited", "says"),
    [
        (timedelta(days=4, hours=3), "4 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=59), "Under 1 minute"),
        (timedelta(seconds=-5), "Under 1 minute"),
    ],
)
def test_waiting_is_told_in_its_largest_unit(waited: timedelta, says: str) -> None:
    assert wording.waiting_words(waited) == says


@pytest.mark.parametrize(
    ("code", "interpreter", "says"),
    [
        ("en", False, "English"),
        ("ar", True, "Arabic, interpreter wanted"),
        ("pt-BR", False, "Brazilian Portuguese"),
        ("rom", False, "Romany"),
        ("xx", False, "xx"),
        ("<script>", False, "<script>"),
    ],
)
def test_a_language_is_named_in_english(code: str, interpreter: bool, says: str) -> None:
    assert wording.language_words(code, interpreter) == says


@pytest.mark.parametrize(
    ("phone", "says"),
    [("+447700900123", "07700 900123"), ("+33142685300", "+33 1 42 68 53 00"), ("+0", "+0")],
)
def test_a_number_is_written_as_one_dials_it_here(phone: str, says: str) -> None:
    assert wording.phone_words(phone) == says


def test_days_with_the_same_hours_share_a_line() -> None:
    lunch = [SafeTime(day, time(12, 30), time(14, 30)) for day in range(5)]

    assert wording.safe_times_words(lunch) == ["Mon to Fri, 12:30 to 14:30"]


def test_days_apart_are_named_one_by_one_and_other_hours_have_their_own_line() -> None:
    windows = [
        SafeTime(0, time(9), time(10)),
        SafeTime(0, time(15), time(16)),
        SafeTime(2, time(9), time(12)),
        SafeTime(4, time(9), time(12)),
        SafeTime(5, time(9), time(12)),
    ]

    assert wording.safe_times_words(windows) == [
        "Mon, 09:00 to 10:00 and 15:00 to 16:00",
        "Wed, Fri, Sat, 09:00 to 12:00",
    ]


def test_a_moment_is_told_in_london_time() -> None:
    assert wording.moment_words(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "Wed 1 Jul, 13:05"


def test_every_kind_of_attempt_and_result_has_words() -> None:
    assert set(wording.ATTEMPTS) == set(wording.AttemptKind)
    assert set(wording.RESULTS) == set(wording.ResultKind)
