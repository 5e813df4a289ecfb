"""What makes a draft of a call-back request fit to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from functools import reduce
from itertools import product
from types import SimpleNamespace

import pytest

from kiosk.callbacks.model import NAME_LIMIT, SafeTime
from kiosk.pack.model import CallbackWords, DayPart, Topic
from kiosk.ui.screens.callback_draft import (
    Trouble,
    add_to_name,
    add_to_phone,
    safe_times,
    spaced,
    to_request,
    trouble_with_phone,
    trouble_with_times,
    troubles,
)
from kiosk.ui.screens.callback_words import say_days, say_trouble
from kiosk.ui.visit import Draft

MORNING = DayPart("am", "Morning", time(9), time(12))
AFTERNOON = DayPart("pm", "Afternoon", time(14), time(16))
WORDS = CallbackWords(
    topics={"cv": Topic("cv", "My CV", "file-text")},
    parts={"am": MORNING, "pm": AFTERNOON},
    days=(0, 1, 2, 3, 4),
    languages=("en", "pl"),
    privacy_short="",
    privacy=(),
    expect="",
    keep_days=14,
)
PACK = SimpleNamespace(callback=WORDS, centre=SimpleNamespace(name="Rose Hill"))
WHOLE = Draft(name="Ania", phone="07911123456", days=frozenset({0, 2}), parts=frozenset({"pm"}))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def typed(keys: str) -> str:
    return reduce(add_to_name, keys, "")


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("ANNA", "Anna"),
        ("ANNA MARIA", "Anna Maria"),
        ("ANNE-MARIE O’NEILL", "Anne-Marie O’Neill"),
        ("ŁUCJA ŻÓŁĆ", "Łucja Żółć"),
        ("  -’ANNA  --MARIA", "Anna Maria"),
    ],
)
def test_a_name_is_given_its_capitals(keys, name):
    assert typed(keys) == name


def test_a_name_ends_at_the_limit_of_a_request():
    assert len(typed("A" * 100)) == NAME_LIMIT


@pytest.mark.parametrize(
    ("phone", "trouble"),
    [
        ("", Trouble.NO_PHONE),
        ("0", Trouble.PHONE_TOO_SHORT),
        ("0770090", Trouble.PHONE_TOO_SHORT),
        ("0791112345", Trouble.PHONE_TOO_SHORT),
        ("079111234567", Trouble.PHONE_TOO_LONG),
        ("09999999999", Trouble.PHONE_UNKNOWN),
        ("004851234567", Trouble.PHONE_UNKNOWN),
        ("00999123456", Trouble.PHONE_UNKNOWN),
        ("07911123456", None),
        ("02079460123", None),
        ("0048512345678", None),
    ],
)
def test_what_is_wrong_with_a_number(phone, trouble):
    assert trouble_with_phone(Draft(phone=phone)) is trouble


def test_a_number_stops_growing_before_it_fills_the_screen():
    assert len(reduce(add_to_phone, "1" * 100, "")) == 18


def test_a_number_is_grouped_while_it_is_typed():
    assert spaced("07911123") == "07911 123"


def test_days_without_a_time_of_day_are_not_enough():
    assert trouble_with_times(Draft(days=frozenset({1}))) is Trouble.NO_PART
    assert trouble_with_times(Draft(parts=frozenset({"am"}))) is Trouble.NO_DAY


def test_an_empty_draft_names_each_screen_where_something_is_missing():
    assert list(troubles(Draft())) == ["call-name", "call-phone", "call-times"]
    assert troubles(WHOLE) == {}


def test_safe_times_are_every_part_of_every_day():
    assert safe_times({2, 0}, {"pm", "am"}, WORDS) == tuple(
        SafeTime(day, part.start, part.end) for day, part in product((0, 2), (MORNING, AFTERNOON))
    )


def test_a_request_leaves_no_message_and_speaks_the_visits_language_unless_told():
    request = to_request(WHOLE, PACK, "kiosk-1", NOON, "pl")

    assert (request.id, request.name, request.phone) == (WHOLE.id, "Ania", "+447911123456")
    assert (request.may_leave_message, request.language, request.interpreter, request.topic) == (False, "pl", False, "")
    assert (request.kiosk, request.centre, request.asked_at) == ("kiosk-1", "Rose Hill", NOON)


def test_a_request_carries_the_packs_words_for_its_topic():
    chosen = replace(WHOLE, topic="cv", may_leave_message=True, language="en", interpreter=True)

    request = to_request(chosen, PACK, "kiosk-1", NOON, "pl")

    assert (request.topic, request.may_leave_message, request.language, request.interpreter) == (
        "My CV",
        True,
        "en",
        True,
    )


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({0, 1, 2, 3, 4}, "Monday to Friday"),
        ({0, 1}, "Monday, Tuesday"),
        ({0, 2, 3, 4}, "Monday, Wednesday to Friday"),
        (set(), ""),
    ],
)
def test_days_are_read_back_as_one_would_say_them(days, says):
    assert say_days(days, str) == says


def test_every_trouble_has_words():
    assert all(say_trouble(trouble, str) for trouble in Trouble)


@pytest.mark.promise(6)
def test_a_draft_in_a_log_shows_neither_name_nor_number():
    assert "Ania" not in repr(WHOLE) and "07911" not in f"{WHOLE}"
