from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.childcare.hours import Hours, Slot, Span, Terms, is_open, read_clock, read_hours, read_terms
from kiosk.childcare.understood import read_funded


def week(days: str, *times: tuple[float, float]) -> tuple[Span, ...]:
    """ "01234" and (8, 18) is Monday to Friday, 8 to 18 hours."""
    return tuple(sorted(Span(int(day), round(60 * start), round(60 * end)) for day in days for start, end in times))


EIGHT_TO_SIX = week("01234", (8, 18))


@pytest.mark.parametrize(
    ("text", "expected", "terms"),
    [
        ("Mon-Fri 8am-6pm", EIGHT_TO_SIX, None),
        ("Monday to Friday 07:30 - 18:00, term time only", week("01234", (7.5, 18)), Terms.TERM),
        ("Monday to Friday, 8 to 6", EIGHT_TO_SIX, None),
        ("Monday – Friday: 8.00am – 6.00pm", EIGHT_TO_SIX, None),
        ("Mon - Fri from 0800 to 1800", (), None),
        ("Weekdays, 8.30 to 5.30", week("01234", (8.5, 17.5)), None),
        ("School days, 3 to 6", week("01234", (15, 18)), Terms.TERM),
        ("School days, 7.30 to 9 and 3 to 6", week("01234", (7.5, 9), (15, 18)), Terms.TERM),
        ("Monday to Saturday, 6 in the morning to 8 at night", week("012345", (6, 20)), None),
        ("Mon, Wed and Fri 9:15-11:45", week("024", (9.25, 11.75)), None),
        ("Tues & Thurs 1pm to 4pm", week("13", (13, 16)), None),
        ("Mon-Thu 8am-6pm; Fri 8am-1pm", tuple(sorted(week("0123", (8, 18)) + week("4", (8, 13)))), None),
        ("8am-6pm Mon-Thu, 8am-1pm Fri", tuple(sorted(week("0123", (8, 18)) + week("4", (8, 13)))), None),
        ("Mon-Fri 8am-6pm, closed Sunday", EIGHT_TO_SIX, None),
        ("Monday to Friday 8am-6pm, closed Wednesday", week("0134", (8, 18)), None),
        ("Mon-Fri 8am-6pm, Wed closed", week("0134", (8, 18)), None),
        ("8am-6pm Mon-Fri, closed Wed", week("0134", (8, 18)), None),
        ("Mon-Fri 8am-6pm (closed bank holidays)", EIGHT_TO_SIX, None),
        ("Mon-Fri 8am-6pm. Closed during school holidays.", EIGHT_TO_SIX, Terms.TERM),
        ("Open all year round, Monday to Friday 8am to 6pm", EIGHT_TO_SIX, Terms.ALL_YEAR),
        ("Mon-Fri 8am-6pm term time and school holidays", EIGHT_TO_SIX, Terms.ALL_YEAR),
        ("Weekdays 8am-6pm in the school holidays", EIGHT_TO_SIX, Terms.HOLIDAYS),
        ("7 days a week, 7am to 7pm", week("0123456", (7, 19)), None),
        ("Weekends 9-5pm", week("56", (9, 17)), None),
        ("Mon-Fri 3-6pm", week("01234", (15, 18)), None),
        ("Mon-Fri 7-9am", week("01234", (7, 9)), None),
        ("Mon-Fri 9 - noon", week("01234", (9, 12)), None),
        ("Fri-Mon 09:00-17:00", week("0456", (9, 17)), None),
        ("Mon-Fri 18:00-midnight", week("01234", (18, 24)), None),
        ("Mon-Fri 8am-1pm and 1pm-6pm", EIGHT_TO_SIX, None),
        ("Mon-Fri 8am-6pm in term time", EIGHT_TO_SIX, Terms.TERM),
        ("During term time only, Mon-Fri 8am-6pm", EIGHT_TO_SIX, Terms.TERM),
        # Two parts of the year with hours of their own are no one week.
        ("Term time Mon-Fri 3pm-6pm, school holidays Mon-Fri 8am-1pm", (), None),
        # Not wholly understood is not understood.
        ("While courses run", (), None),
        ("8am to 6pm", (), None),
        ("Monday to Friday", (), None),
        ("Mon-Fri 8am-6pm, alternate Saturdays 9-12", (), None),
        ("Mon-Fri 8am-6pm by arrangement", (), None),
        ("Mon-Fri 6pm-8am", (), None),
        ("Mon-Fri 9-12 Mon-Fri 11-3", (), None),
        ("Flexible", (), None),
        ("Please ring 01865 000 000", (), None),
        ("", (), None),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text, expected, terms):
    assert read_hours(text) == Hours(expected, terms)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Term time", Terms.TERM),
        ("Term-time only", Terms.TERM),
        ("In term time", Terms.TERM),
        ("During the school term time", Terms.TERM),
        ("All year", Terms.ALL_YEAR),
        ("School holidays", Terms.HOLIDAYS),
        ("Holidays only", Terms.HOLIDAYS),
        ("Term time and holidays", Terms.ALL_YEAR),
        ("no", None),
        ("38 weeks, mostly", None),
        ("", None),
    ],
)
def test_the_part_of_the_year_is_read_from_a_text_of_its_own(text, terms):
    assert read_terms(text) is terms


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("15 and 30 hours", (0, 15, 30)),
        ("Yes", (0,)),
        ("No", ()),
        ("15 hours, but not 30 hours", ()),
        ("We don't offer 30 hours", ()),
        ("We do not take funded children", ()),
        ("All except 30 hours", ()),
        ("-", ()),
    ],
)
def test_free_hours_are_those_that_are_offered_without_a_but(text, hours):
    assert read_funded(text) == hours


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("07:30", 450), ("18:00:00", 1080), ("09:00Z", 540), ("6pm", 1080), ("12am", 0), ("6", None), ("25:00", None)],
)
def test_a_feed_gives_its_times_with_minutes_or_with_am_and_pm(text, minutes):
    assert read_clock(text) == minutes


def test_a_slot_is_open_when_one_day_holds_the_whole_of_it():
    before_school = Slot(frozenset(range(5)), 8 * 60, 9 * 60)

    assert is_open(week("0", (7.5, 9)), before_school)
    assert not is_open(week("0", (8.5, 18)), before_school)
    assert not is_open(week("5", (7.5, 9)), before_school)
    assert not is_open((), before_school)


words = st.sampled_from(
    ["mon", "Fri", "-", "to", "8am", "6pm", "18:00", "closed", ",", "term time", "school holidays", "noon", "9", "and",
     "weekends", "\u2013", "24", "0:60", "(", "not"]
)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(text=st.text(max_size=60) | st.lists(words, max_size=12).map(" ".join))
def test_whatever_is_written_hours_are_whole_or_nothing(text):
    spans = read_hours(text).week

    assert all(0 <= each.day < 7 and 0 <= each.opens < each.closes <= 24 * 60 for each in spans)
    assert list(spans) == sorted(set(spans))
