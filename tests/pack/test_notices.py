"""Notices from a spreadsheet: what a receptionist writes, and what is said of every row that cannot be read."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.model import Notice, NoticeKind, Pack
from kiosk.pack.notice_board import BOARDS, find_hung
from kiosk.pack.notices import build_notices, read_notices
from kiosk.pack.read import read_pack
from kiosk.pack.translate import Translation, translate
from kiosk.pack.tree import Faults
from kiosk.pack.words import find_english
from tests.pack.small_packs import ENGLAND, write_pack

MIDNIGHT = datetime(2026, 11, 24)  # noqa: DTZ001 - as openpyxl has it
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EMPTY = {each.name: None for each in fields(Pack)} | {"facts": {}}
HEADER = "Kind,Title,Words,Where,First date,Every,Weekday,Until,Not on,From,To,Closing date,Helper,Crèche,Web address,Example"
COACH = "session,Work coach here,Ask anything.,Room 1,10/11/2026,two weeks,Tuesday,,,10:00,12:00,,Work coach,no,,yes"
COURSE = "course,First aid,,Hall,12/01/2027,,Tuesday,30/03/2027,16/02/2027,9.30,11.30,,,yes,www.example.org/aid,"
JOB = "vacancy,Lunch supervisor,Term time only.,Rose Hill school,,,,,,,,11/12/2026,,,https://www.example.org/jobs/,"
STORY = "good news,Maria got the job,She began in May.,,20/11/2026,,,,,,,,,,,"


def pack_with(folder: Path, csv: str | bytes, name: str = "notices.csv") -> Pack:
    written = write_pack(folder / "england", ENGLAND)
    (written / name).parent.mkdir(exist_ok=True)
    (written / name).write_bytes(csv.encode() if isinstance(csv, str) else csv)
    return read_pack(written)


def notices(folder: Path, *rows: str) -> list[Notice]:
    return list(pack_with(folder, "\n".join([HEADER, *rows])).notices.values())


def faults(folder: Path, *rows: str, header: str = HEADER) -> list[Fault]:
    with pytest.raises(PackFaulty) as faulty:
        pack_with(folder, "\n".join([header, *rows]))
    return list(faulty.value.faults)


def test_each_kind_of_notice_is_read_as_it_was_written(tmp_path: Path):
    coach, course, job, story = notices(tmp_path, COACH, COURSE, JOB, STORY)

    assert (coach.kind, coach.rule, coach.helper) == (
        NoticeKind.SESSION,
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "work-coach",
    )
    assert (coach.starts, coach.ends, coach.creche, coach.example) == (time(10), time(12), False, True)
    assert (course.first, course.last, course.rule) == (date(2027, 1, 12), date(2027, 3, 30), "FREQ=WEEKLY;BYDAY=TU")
    assert (course.but, course.creche, course.address) == ((date(2027, 2, 16),), True, "www.example.org/aid")
    assert (job.kind, job.last, job.address) == (NoticeKind.VACANCY, date(2026, 12, 11), "www.example.org/jobs")
    assert (story.kind, story.first, story.shown_from) == (NoticeKind.STORY, date(2026, 11, 20), date(2026, 11, 20))


def test_columns_are_found_by_other_names_in_any_order_below_title_rows(tmp_path: Path):
    csv = "Spring list;;\n;;\n DEADLINE ;job;Type\n31 December 2026;Cook;Vacancy\n;;\n"

    assert [each.title for each in pack_with(tmp_path, csv.encode("cp1252")).notices.values()] == ["Cook"]


def test_a_column_of_the_centres_own_is_left_alone(tmp_path: Path):
    csv = "Kind,Title,Closing date,Seen by Ann\nvacancy,Cook,31/12/2026,twice\n"

    assert pack_with(tmp_path, csv).notices["cook"].last == date(2026, 12, 31)


def test_excels_own_dates_and_times_are_read_from_every_sheet(tmp_path: Path):
    book = Workbook()
    book.active.append(["How to fill this in"])
    for title, kind in (("Sessions", "session"), ("Courses", "course")):
        sheet = book.create_sheet(title)
        sheet.append(["Title", "Kind", "First date", "Until", "Every", "From", "To"])
        sheet.append([f"On {title}", kind, MIDNIGHT, date(2026, 12, 15), "week", time(10), time(11, 30)])
    file = io.BytesIO()
    book.save(file)

    session, course = pack_with(tmp_path, file.getvalue(), "notices/autumn.xlsx").notices.values()

    assert (session.kind, course.kind) == (NoticeKind.SESSION, NoticeKind.COURSE)
    assert (session.first, session.last, session.rule) == (
        date(2026, 11, 24),
        date(2026, 12, 15),
        "FREQ=WEEKLY;BYDAY=TU",
    )
    assert (course.starts, course.ends) == (time(10), time(11, 30))


def test_every_faulty_row_is_named_with_its_words_and_the_remedy_all_at_once(tmp_path: Path):
    found = faults(
        tmp_path,
        COACH,
        "vacancy,Cook,,,,,,,,,,31/11/2026,,,,",
        "vacancy,Cleaner,,,,,,,,,,,,,,",
        "sesion,Play,,,10/11/2026,,,,,,,,,,,",
        "session,Play,,,11/24/2026,,,,,,,,,,,",
        "session,Play,,,10/11/2026,month,,,,,,,,,,",
        "session,Play,,,10/11/2026,week,Tuseday,,,,,,,,,",
        "session,Play,,,10/11/2026,,,,,1,3,,,,,",
        "session,Play,,,10/11/2026,,,,,12:00,10:00,,,,,",
        "session,Play,,,10/11/2026,,,,,,,,Work couch,,,",
        "course,Maths,,,10/11/2026,,,01/11/2026,,,,,,perhaps,,",
        "session,,,,10/11/2026,,,,,,,,,,not an address,",
    )

    said = [(fault.line, fault.says, fault.remedy) for fault in found]
    assert (
        3,
        'Row 3, "Cook": "Closing date" is "31/11/2026", which is not a day that there is.',
        "Look it up in a calendar.",
    ) in said
    assert (4, 'Row 4, "Cleaner" is a vacancy without a closing date.', "Write it under Closing date.") in said
    assert (5, 'Row 5, "Play": "Kind" is "sesion", which is not a kind of notice.', 'Did you mean "session"?') in said
    assert (
        6,
        'Row 6, "Play": "First date" is "11/24/2026", which is not a day that there is.',
        "Write the day first: 24/11/2026.",
    ) in said
    assert (
        8,
        'Row 8, "Play": "Every" and "Weekday" are "week Tuseday", which is not a day of the week.',
        'Did you mean "tuesday"?',
    ) in said
    assert (
        9,
        'Row 9, "Play": "From" is "1", which is not clear: it may be morning or afternoon.',
        "Write 13:00, or 01:00.",
    ) in said
    assert (10, 'Row 10, "Play" ends at 10:00, which is not after 12:00.', "Write 13:00 for 1 pm.") in said
    assert (
        11,
        'Row 11, "Play": "Helper" is "Work couch", which is not somebody in helpers.yaml.',
        'Did you mean "Work coach"?',
    ) in said
    assert {line for line, _, _ in said} == set(range(3, 14))
    assert all(remedy for _, _, remedy in said)


def test_a_misspelt_column_is_named(tmp_path: Path):
    (fault,) = faults(tmp_path, "vacancy,Cook,31/12/2026,x", header="Kind,Title,Closing date,Web adress")

    assert (fault.line, fault.remedy) == (1, 'Did you mean "Web address"?')


def test_a_picture_that_is_not_there_is_a_fault(tmp_path: Path):
    header = "Kind,Title,Date,Picture"
    missing = faults(tmp_path / "a", "story,Maria,20/11/2026,garden.jpg", header=header)
    outside = faults(tmp_path / "b", "story,Maria,20/11/2026,../garden.jpg", header=header)

    assert [fault.says for fault in missing] == ['The notice "maria" shows "garden.jpg", and there is no such file.']
    assert [fault.remedy for fault in outside] == ["Write its name, such as notices/garden.jpg."]


@pytest.mark.parametrize(
    ("every", "weekday", "rule"),
    [
        ("week", "", "FREQ=WEEKLY;BYDAY=TU"),
        ("Weekly", "Mon & Thurs", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("fortnight", "Tuesdays", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("every 3 weeks", "", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU"),
        ("month", "second Tuesday", "FREQ=MONTHLY;BYDAY=2TU"),
        ("two months", "the last Friday of the month", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR"),
        ("day", "", "FREQ=DAILY"),
        ("", "", ""),
    ],
)
def test_how_often_is_said_in_plain_words(tmp_path: Path, every: str, weekday: str, rule: str):
    (notice,) = notices(tmp_path, f"session,Play,,,10/11/2026,{every},{weekday},,,,,,,,,")

    assert notice.rule == rule


def test_a_weekday_that_is_not_that_of_the_only_date_is_a_fault(tmp_path: Path):
    (once,) = notices(tmp_path / "a", "session,Play,,,10/11/2026,,Tuesday,,,,,,,,,")
    (fault,) = faults(tmp_path / "b", "session,Play,,,10/11/2026,,Wednesday,,,,,,,,,")

    assert (once.rule, once.last) == ("", date(2026, 11, 10))
    assert fault.says == 'Row 2, "Play": "Weekday" is "Wednesday", and 10/11/2026 is a Tuesday.'


def test_every_second_week_begins_with_a_day_that_it_is_on(tmp_path: Path):
    (both,) = notices(tmp_path / "a", 'session,Play,,,12/11/2026,two weeks,"Tuesday, Thursday",,,,,,,,,')
    (fault,) = faults(
        tmp_path / "b",
        "session,Play,,,5/11/2026,two weeks,Tuesday,,,,,,,,,",
        "session,Sing,,,6/11/2026,fortnight,,,,,,,,,,",
        "session,Read,,,5/11/2026,week,Tuesday,,,,,,,,,",
    )

    assert both.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"
    assert fault.says == 'Row 2, "Play": "Weekday" is "Tuesday", and 05/11/2026 is a Thursday.'
    assert fault.remedy == "Write the first day that it is on."


@pytest.mark.parametrize(
    ("cell", "starts", "ends"),
    [
        ("10 to 12", time(10), time(12)),
        ("10:00-11:30", time(10), time(11, 30)),
        ("1–3 pm", time(13), time(15)),
        ("10-1pm", time(10), time(13)),
        ("9.30am to noon", time(9, 30), time(12)),
        ("2pm", time(14), None),
    ],
)
def test_times_may_stand_in_one_column(tmp_path: Path, cell: str, starts: time, ends: time | None):
    csv = f"Kind,Title,Date,Time\nsession,Play,10/11/2026,{cell}\n"
    (notice,) = pack_with(tmp_path, csv).notices.values()

    assert (notice.starts, notice.ends) == (starts, ends)


def test_words_of_notices_are_translated_by_their_own_place(tmp_path: Path):
    pack = pack_with(tmp_path, "\n".join([HEADER, COACH, JOB]))
    (context,) = {each.context for each in find_english(tmp_path / "england") if each.words == "Work coach here"}
    translated = translate(pack, Translation("pl", {(context, "Work coach here"): "Doradca jest tutaj"}))

    assert context == "notices.csv:work-coach-here.title"
    assert translated.notices["work-coach-here"].title == "Doradca jest tutaj"
    assert "Lunch supervisor" in translated.notices["lunch-supervisor"].title
    assert translated.notices["lunch-supervisor"].title != "Lunch supervisor"


def test_a_text_too_long_for_its_place_is_a_fault_of_its_row(tmp_path: Path):
    (fault,) = faults(tmp_path, COACH, f"story,{'Long ' * 13}end,,,20/11/2026,,,,,,,,,,,")

    assert (fault.line, "The title of a notice has room for 60." in fault.says) == (3, True)


KNOWN = [
    "session",
    "course",
    "story",
    "vacancy",
    "Kind",
    "Title",
    "10/11/2026",
    "week",
    "month",
    "yes",
    "29/02/2026",
    "29/02/2028",
    "1e9",
    "=1+1",
    "10:00",
    "25:99",
    "{fact:",
    "**",
    "TODO",
    '"',
    "٣",
    "٣:٠٠",
    "١/٢/٢٠٢٦",
    "²",
    "..",
    "/etc/passwd",
    "http://[::1",
]
CELLS = st.sampled_from([*KNOWN, "", "99 weeks", "second Tuesday", "Feb 30", "\x00", "\r", "\ufeff"]) | st.text(
    max_size=4
)


def is_read_or_refused(content: bytes, name: str) -> None:
    found = Faults()
    try:
        entries = read_notices(name, content, name, found)
    except PackFaulty as faulty:
        found.extend(faulty.faults)
        assert found.found()
    else:
        for notice in build_notices({name: entries}, {}, found).values():
            find_hung(Pack(**{**EMPTY, "notices": {notice.id: notice}}), BOARDS[notice.kind], NOON)
    str(PackFaulty(found.found())).encode()


@given(st.lists(st.lists(CELLS, max_size=18), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, database=None)
def test_any_cells_are_read_or_refused(rows: list[list[str]]):
    words = "\n".join([HEADER, *(",".join(row) for row in rows)])

    is_read_or_refused(words.encode(errors="surrogatepass"), "notices.csv")


@given(st.sampled_from(["notices.csv", "notices.xlsx", "notices/a.ics"]), st.binary(max_size=60))
@example("notices.xlsx", b"PK\x03\x04")
@example("notices/a.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR")
@settings(max_examples=60, deadline=None, database=None)
def test_any_bytes_are_read_or_refused(name: str, content: bytes):
    is_read_or_refused(content, name)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


GOOD = workbook(["Kind", "Title", "Closing date"], ["vacancy", "Cook", date(2026, 12, 31)])


# A workbook is a little longer in one second than in the next, so the place is a share of it.
@given(st.floats(0, 1), st.binary(max_size=30))
@settings(max_examples=20, deadline=None, database=None)
def test_a_workbook_with_anything_put_into_it_is_read_or_refused(share: float, new: bytes):
    start = int(len(GOOD) * share)

    is_read_or_refused(GOOD[:start] + new + GOOD[start + 5 :], "notices.xlsx")


def test_a_workbook_that_unfolds_to_too_much_is_refused_unread(tmp_path: Path):
    import zipfile

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 60_000_000)
    with pytest.raises(PackFaulty, match="too large"):
        pack_with(tmp_path, bomb.getvalue(), "notices.xlsx")
