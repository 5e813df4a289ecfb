"""When a notice is on the screen: by the clock in London, through summer time, midnight and 29 February."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.pack.model import Board, Fact, Notice, NoticeKind, Pack, Unit
from kiosk.pack.notice_board import find_hung, find_visit, get_hung
from kiosk.pack.notice_rule import read_rule
from kiosk.pack.notice_words import Unclear

LONDON = ZoneInfo("Europe/London")
CHECKED = Fact("wage", "12.71", Unit.POUNDS, "GOV.UK", date(2026, 11, 1), date(2027, 3, 31), "ask")


def board_of(*notices: Notice) -> Pack:
    nothing = {each.name: None for each in fields(Pack)}
    return Pack(**{**nothing, "facts": {"wage": CHECKED}, "notices": {each.id: each for each in notices}})


def session(first: date, rule: str = "", last: date | None = None, **more: object) -> Notice:
    held = {"starts": time(10), "ends": time(12), **more}
    last = last or (date(2099, 12, 31) if rule else first)
    return Notice("play", "notices.csv", NoticeKind.SESSION, "Play", first, last, rule=rule, **held)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON)


def next_day(notice: Notice, now: datetime) -> date | None:
    found = get_hung(board_of(notice), notice.id, now)
    return found.day if found else None


def test_every_second_tuesday_is_every_other_week():
    coach = session(date(2026, 11, 10), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")

    assert next_day(coach, at(2026, 11, 22, 9)) == date(2026, 11, 24)
    assert next_day(coach, at(2026, 11, 25, 9)) == date(2026, 12, 8)


def test_the_second_tuesday_of_the_month_is_found_in_every_month_of_a_year():
    monthly = session(date(2026, 11, 10), "FREQ=MONTHLY;BYDAY=2TU")
    days, now = [], at(2026, 11, 1, 9)
    while len(days) < 12:
        day = next_day(monthly, now)
        days.append(day)
        now = datetime.combine(day + timedelta(days=1), time(9), LONDON)

    assert [(day.year * 12 + day.month) for day in days] == [2026 * 12 + 11 + n for n in range(12)]
    assert all(day.weekday() == 1 and 8 <= day.day <= 14 for day in days)


def test_a_session_stays_until_it_is_over_and_then_gives_way_to_the_next():
    weekly = session(date(2026, 11, 24), "FREQ=WEEKLY;BYDAY=TU")

    assert next_day(weekly, at(2026, 11, 24, 11, 59)) == date(2026, 11, 24)
    assert next_day(weekly, at(2026, 11, 24, 12, 0)) == date(2026, 12, 1)


def test_a_single_session_is_gone_once_it_is_over():
    once = session(date(2026, 11, 24))

    assert next_day(once, at(2026, 11, 24, 11, 59)) == date(2026, 11, 24)
    assert next_day(once, at(2026, 11, 24, 12, 0)) is None


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_it_is_by_the_clock_on_the_wall_on_the_days_when_the_clocks_change(day: date):
    sunday = session(date(2027, 1, 3), "FREQ=WEEKLY;BYDAY=SU")

    assert next_day(sunday, datetime.combine(day, time(11, 59), LONDON)) == day
    assert next_day(sunday, datetime.combine(day, time(12), LONDON)) == day + timedelta(days=7)


def test_in_summer_noon_in_london_is_eleven_by_universal_time():
    weekly = session(date(2027, 6, 1), "FREQ=WEEKLY;BYDAY=TU")

    assert next_day(weekly, datetime(2027, 6, 1, 10, 59, tzinfo=UTC)) == date(2027, 6, 1)
    assert next_day(weekly, datetime(2027, 6, 1, 11, 0, tzinfo=UTC)) == date(2027, 6, 8)


def test_a_vacancy_closes_at_midnight_in_london():
    job = Notice("cook", "notices.csv", NoticeKind.VACANCY, "Cook", date(2027, 6, 1), date(2027, 6, 30))

    assert next_day(job, datetime(2027, 6, 30, 22, 59, tzinfo=UTC)) == date(2027, 6, 30)
    assert next_day(job, datetime(2027, 6, 30, 23, 0, tzinfo=UTC)) is None


def test_29_february_comes_only_in_leap_years():
    yearly = session(date(2024, 2, 29), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")

    assert next_day(yearly, at(2026, 11, 22, 9)) == date(2028, 2, 29)
    assert next_day(yearly, at(2028, 2, 29, 13)) == date(2032, 2, 29)


def test_a_day_that_it_is_not_on_is_left_out_and_an_extra_day_is_taken_in():
    weekly = session(
        date(2026, 12, 1),
        "FREQ=WEEKLY;BYDAY=TU",
        but=(date(2026, 12, 8),),
        also=(date(2026, 12, 10), date(2026, 12, 15)),
    )

    assert next_day(weekly, at(2026, 12, 2, 9)) == date(2026, 12, 10)
    assert next_day(weekly, at(2026, 12, 11, 9)) == date(2026, 12, 15)
    assert next_day(weekly, at(2026, 12, 16, 9)) == date(2026, 12, 22)


def test_a_course_stays_to_its_end_and_a_notice_waits_for_the_day_it_is_shown_from():
    course = Notice("maths", "n.csv", NoticeKind.COURSE, "Maths", date(2027, 1, 12), date(2027, 3, 30))
    later = Notice(
        "art", "n.csv", NoticeKind.COURSE, "Art", date(2027, 5, 4), date(2027, 6, 1), shown_from=date(2027, 4, 1)
    )

    assert next_day(course, at(2026, 11, 22, 9)) == date(2027, 1, 12)
    assert next_day(course, at(2027, 3, 30, 23, 59)) == date(2027, 3, 30)
    assert next_day(course, at(2027, 3, 31, 0, 0)) is None
    assert next_day(later, at(2027, 3, 31, 23, 59)) is None
    assert next_day(later, at(2027, 4, 1, 0, 0)) == date(2027, 5, 4)


def test_whats_on_hangs_soonest_first_and_good_news_newest_first():
    def story(name: str, day: int) -> Notice:
        return Notice(name, "n.csv", NoticeKind.STORY, name, date(2026, 11, day), date(2027, 11, day))

    course = Notice("maths", "n.csv", NoticeKind.COURSE, "Maths", date(2026, 11, 30), date(2027, 3, 30))
    pack = board_of(story("older", 2), story("newer", 20), story("tomorrow", 23), session(date(2026, 12, 1)), course)

    assert [hung.notice.id for hung in find_hung(pack, Board.GOOD_NEWS, at(2026, 11, 22, 9))] == ["newer", "older"]
    assert [hung.notice.id for hung in find_hung(pack, Board.WHATS_ON, at(2026, 11, 22, 9))] == ["maths", "play"]
    assert find_hung(pack, Board.VACANCIES, at(2026, 11, 22, 9)) == []


def test_a_helpers_next_visit_is_the_soonest_session_that_names_them():
    coach = session(date(2026, 11, 10), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", helper="work-coach")
    pack = board_of(coach)

    visit = find_visit(pack, "work-coach", at(2026, 11, 22, 9))
    assert visit is not None and visit.day == date(2026, 11, 24)
    assert find_visit(pack, "careers", at(2026, 11, 22, 9)) is None


@pytest.mark.promise(32)
def test_nothing_dated_hangs_by_a_clock_that_is_behind():
    job = Notice("cook", "notices.csv", NoticeKind.VACANCY, "Cook", date(2026, 11, 1), date(2026, 12, 11))

    assert find_hung(board_of(job), Board.VACANCIES, at(1970, 1, 1, 0)) == []
    assert len(find_hung(board_of(job), Board.VACANCIES, at(2026, 11, 1, 0))) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;COUNT=99999999",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=20250101",
        "FREQ=WEEKLY;FREQ=DAILY",
        "hello",
        "",
    ],
)
def test_a_rule_that_never_comes_or_is_too_fine_is_refused_at_once(rule: str):
    with pytest.raises(Unclear):
        read_rule(rule, date(2026, 11, 24))


def test_a_rule_of_so_many_times_ends_with_the_last_of_them():
    assert read_rule("FREQ=WEEKLY;COUNT=3", date(2026, 11, 24)) == ("FREQ=WEEKLY", date(2026, 12, 8))
    assert read_rule("FREQ=WEEKLY;UNTIL=20261201T100000Z", date(2026, 11, 24))[1] == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20261124T095959Z", date(2026, 11, 23)),
        ("20261124T000000Z", date(2026, 11, 23)),
        ("20261124T100000Z", date(2026, 11, 24)),
        ("20261124T235959", date(2026, 11, 24)),
        ("20261124", date(2026, 11, 24)),
        ("20270601T085959Z", date(2027, 5, 31)),  # in summer 9:00 by universal time is 10:00 in London
        ("20270601T090000Z", date(2027, 6, 1)),
        ("20270601T230000Z", date(2027, 6, 1)),
    ],
)
def test_a_series_ends_with_the_last_that_begins_before_its_end(until: str, last: date):
    assert read_rule(f"FREQ=DAILY;UNTIL={until}", date(2026, 11, 1), time(10))[1] == last


def test_a_series_until_a_time_that_there_is_not_is_refused():
    with pytest.raises(Unclear):
        read_rule("FREQ=DAILY;UNTIL=20261124T250000Z", date(2026, 11, 1), time(10))
