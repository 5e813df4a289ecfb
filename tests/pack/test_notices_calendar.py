"""Notices from a calendar's own file: series, moved and cancelled ones, time zones, all days."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.model import Notice, NoticeKind
from kiosk.pack.notices import build_notices, read_notices
from kiosk.pack.read import read_pack
from kiosk.pack.tree import Faults
from tests.pack.small_packs import ENGLAND, write_pack

COACH = """UID:1
SUMMARY:Work coach here
DTSTART;TZID=Europe/London:20261110T100000
DTEND;TZID=Europe/London:20261110T120000
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU
EXDATE;TZID=Europe/London:20261222T100000
LOCATION:Room 1
DESCRIPTION:Ask anything.\\nHelper: Work coach\\nCrèche: yes"""


def events(*bodies: str) -> str:
    found = "".join(f"BEGIN:VEVENT\n{body}\nEND:VEVENT\n" for body in bodies)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{found}END:VCALENDAR\n"


def read(folder: Path, *bodies: str) -> list[Notice]:
    written = write_pack(folder / "england", {**ENGLAND, "notices.ics": events(*bodies)})
    return list(read_pack(written).notices.values())


def faults(folder: Path, *bodies: str) -> tuple[Fault, ...]:
    with pytest.raises(PackFaulty) as faulty:
        read(folder, *bodies)
    return tuple(faulty.value.faults)


def test_a_series_keeps_its_rule_its_left_out_days_and_what_its_description_says(tmp_path: Path):
    (coach,) = read(tmp_path, COACH)

    assert (coach.title, coach.kind, coach.where) == ("Work coach here", NoticeKind.SESSION, "Room 1")
    assert (coach.first, coach.starts, coach.ends) == (date(2026, 11, 10), time(10), time(12))
    assert (coach.rule, coach.but) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", (date(2026, 12, 22),))
    assert (coach.say, coach.helper, coach.creche) == ("Ask anything.", "work-coach", True)


def test_a_series_is_not_shown_on_the_day_it_ended_before_it_began(tmp_path: Path):
    ended, held = read(
        tmp_path,
        "UID:1\nSUMMARY:Play\nDTSTART:20261103T100000\nRRULE:FREQ=WEEKLY;UNTIL=20261124T095959Z",
        "UID:2\nSUMMARY:Sing\nDTSTART:20261103T100000\nRRULE:FREQ=WEEKLY;UNTIL=20261124T100000Z",
    )

    assert (ended.last, held.last) == (date(2026, 11, 23), date(2026, 11, 24))


def test_one_of_a_series_that_was_moved_stands_alone_and_a_cancelled_one_is_gone(tmp_path: Path):
    moved = "UID:1\nRECURRENCE-ID;TZID=Europe/London:20261124T100000\nSUMMARY:Work coach here\nDTSTART:20261125T130000"
    cancelled = (
        "UID:1\nRECURRENCE-ID;TZID=Europe/London:20261208T100000\nSUMMARY:x\nSTATUS:CANCELLED\nDTSTART:20261208T100000"
    )
    series, alone = read(tmp_path, COACH, moved, cancelled)

    assert series.but == (date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22))
    assert (alone.first, alone.starts, alone.id) == (date(2026, 11, 25), time(13), "work-coach-here-2")


def test_a_time_in_another_zone_is_told_by_the_clock_in_london(tmp_path: Path):
    summer, winter = read(
        tmp_path,
        "UID:1\nSUMMARY:Summer\nDTSTART:20270601T090000Z\nDTEND:20270601T103000Z",
        "UID:2\nSUMMARY:Winter\nDTSTART:20270112T090000Z",
    )

    assert (summer.starts, summer.ends, winter.starts) == (time(10), time(11, 30), time(9))


def test_a_series_by_another_clock_would_wander_in_summer_and_is_refused(tmp_path: Path):
    (fault,) = faults(tmp_path, COACH, "UID:2\nSUMMARY:Play\nDTSTART:20270112T090000Z\nRRULE:FREQ=WEEKLY")

    assert fault.says == 'The event "Play" repeats by a clock that is not London’s.'
    assert fault.line == events(COACH).count("\n")


def test_an_event_of_whole_days_is_a_course_to_its_last_day(tmp_path: Path):
    (course,) = read(
        tmp_path, "UID:1\nSUMMARY:First aid\nCATEGORIES:Course\nDTSTART;VALUE=DATE:20270112\nDTEND;VALUE=DATE:20270115"
    )

    assert (course.kind, course.first, course.last) == (NoticeKind.COURSE, date(2027, 1, 12), date(2027, 1, 14))


def test_a_vacancy_closes_on_the_day_of_its_event(tmp_path: Path):
    (job,) = read(
        tmp_path, "UID:1\nSUMMARY:Cook\nCATEGORIES:Vacancy\nDTSTART;VALUE=DATE:20261211\nURL:https://a.example/x"
    )

    assert (job.kind, job.last, job.address) == (NoticeKind.VACANCY, date(2026, 12, 11), "a.example/x")


def test_tags_that_a_calendar_puts_into_its_words_are_taken_out(tmp_path: Path):
    (play,) = read(
        tmp_path,
        "UID:1\nSUMMARY:Play\nDTSTART:20261211T100000\nDESCRIPTION:<p>Come <b>in</b>.</p><p>Kind: course</p><br>Until: 11/12/2026",
    )

    assert (play.say, play.kind) == ("Come in.", NoticeKind.COURSE)


def test_each_event_that_cannot_be_read_is_named_and_none_hides_another(tmp_path: Path):
    found = faults(
        tmp_path,
        "UID:1\nSUMMARY:No day",
        "UID:2\nSUMMARY:Every second\nDTSTART:20261211T100000\nRRULE:FREQ=SECONDLY",
        "UID:3\nDTSTART:20261211T100000",
    )

    assert [fault.line for fault in found] == [4, 8, 14]
    assert found[0].says == 'The event "No day" does not say when it begins.'
    assert "which is not a rule that a kiosk can follow" in found[1].says


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_an_event_is_named_by_its_line_however_lines_end(ending: str):
    found = Faults()
    bodies = [f"UID:{number}\nSUMMARY:No day" for number in range(60)]
    read_notices("notices.ics", events(*bodies).replace("\n", ending).encode(), "notices.ics", found)

    assert [fault.line for fault in found.found()] == [4 + 4 * number for number in range(60)]


LINES = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "DTSTART:20261211T100000", "DTSTART:99999999", "DTSTART;TZID=Mars:20261211T100000"]
) | st.sampled_from(
    ["DTEND:00010101T000000Z", "DURATION:P1Y", "RRULE:FREQ=", "RRULE:FREQ=YEARLY;UNTIL=x", "EXDATE:x", "RDATE;VALUE=PERIOD:1/2", "SUMMARY:\\", "CATEGORIES", "RECURRENCE-ID:1", "DTSTART;VALUE=DATE:00000000"]
) | st.text(max_size=12)  # fmt: skip


@given(st.lists(LINES, max_size=8))
@settings(max_examples=60, deadline=None, database=None)
def test_any_lines_are_read_or_refused(lines: list[str]):
    found = Faults()
    try:
        entries = read_notices("notices.ics", events("\n".join(lines)).encode(errors="surrogatepass"), "x.ics", found)
        build_notices({"notices.ics": entries}, {}, found)
    except PackFaulty as faulty:
        assert faulty.faults
