"""What's on, jobs, good news: from a spreadsheet to a finger, through the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import zxingcpp

from kiosk.bootstrap import Services
from kiosk.pack.model import Notice, NoticeKind
from kiosk.pack.notice_board import Hung
from kiosk.pack.translate import ENGLISH
from kiosk.reading_order import in_order
from kiosk.ui.proof.scenes import answers_to
from kiosk.ui.screens.notice_words import first_words, say_when
from kiosk.ui.visit import Place, Visit
from tests.ui.conftest import SATURDAY

NEWS = Notice("maria", "notices.csv", NoticeKind.STORY, "Maria got the job", date(2026, 11, 20), date(2027, 11, 20))
EVENING = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def show(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.finish()
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), still=True, **visit)
    kiosk.settle()


def at(kiosk, now: datetime) -> None:
    kiosk.app.services.now = lambda: now


def hold(kiosk, *notices: Notice) -> None:
    """Have the kiosk's pack hold these notices, and no others."""
    services: Services = kiosk.app.services
    services.pack = replace(services.pack, notices={each.id: each for each in notices})
    kiosk.app.pack = kiosk.app.navigation.pack = services.pack


def test_a_parent_finds_who_is_here_and_takes_it_along(kiosk):
    show(kiosk)
    kiosk.touch("What’s on here")
    board = kiosk.words()
    kiosk.touch("Work coach here")

    assert board.index("Help with forms") < board.index("Work coach here") < board.index("Careers talk")
    assert "Tuesday 24 November, 10 to 12 (example)\nThe room by the garden" in board
    assert {"Work coach here", "Tuesday 24 November, 10 to 12", "The room by the garden", "Your work coach"} <= set(
        kiosk.words()
    )
    assert "This is an example. The centre puts its own here." in kiosk.words()

    kiosk.touch("Take it with you")
    assert "Tuesday 24 November, 10 to 12" in read_code(kiosk)


def read_code(kiosk) -> str:
    import numpy

    (found,) = zxingcpp.read_barcodes(numpy.asarray(kiosk.picture()))
    return found.text


def test_a_web_address_goes_along_on_a_phone(kiosk):
    show(kiosk, Place("notice", "maths-for-family-life"))
    words = kiosk.words()
    kiosk.touch("Take this address with you")

    assert {"There is a crèche", "Last day: Tuesday 23 March"} <= set(words)
    assert read_code(kiosk) == "https://www.example.org/family-maths"


def test_today_and_tomorrow_follow_the_clock_past_midnight_while_the_kiosk_runs(kiosk):
    at(kiosk, EVENING)
    show(kiosk, Place("notices", "whats-on"))
    before = kiosk.words()
    at(kiosk, MIDNIGHT)
    show(kiosk, Place("notices", "whats-on"))

    assert any(words.startswith("Tomorrow, 10 to 12") for words in before)
    assert any(words.startswith("Today, 10 to 12") for words in kiosk.words())


def test_a_job_is_on_the_job_search_list_until_its_last_day_is_over(kiosk):
    at(kiosk, datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    show(kiosk, Place("notices", "vacancies"))
    last_day = kiosk.words()
    at(kiosk, datetime(2027, 1, 1, 0, 0, tzinfo=UTC))
    show(kiosk, Place("notices", "vacancies"))

    assert "Nursery assistant" in last_day and "Lunchtime helper" not in last_day
    assert "We know of no job near here just now. Please ask at reception." in kiosk.words()
    screen = kiosk.app.root.screen("checklist")
    (step,) = [each for each in kiosk.app.pack.checklists["job-search"].next if each.opens.target == "vacancies"]
    assert not screen.is_offered(step.opens)
    at(kiosk, SATURDAY)
    assert screen.is_offered(step.opens)


def test_a_board_on_which_nothing_hangs_has_no_card_on_the_first_page(kiosk):
    show(kiosk)
    full = kiosk.words()
    hold(kiosk, NEWS)
    show(kiosk)
    only_news = kiosk.words()
    hold(kiosk)
    show(kiosk)

    assert {"What’s on here", "Good news"} <= set(full)
    assert ("What’s on here" in only_news, "Good news" in only_news) == (False, True)
    assert not {"What’s on here", "Good news"} & set(kiosk.words())


def test_a_helpers_card_says_when_they_are_here_next(kiosk):
    show(kiosk, Place("helpers"))

    assert any("Here next: Tuesday 24 November, 10 to 12" in words for words in kiosk.words())
    at(kiosk, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    show(kiosk, Place("helpers"))
    assert any("Here next: Tuesday 8 December, 10 to 12" in words for words in kiosk.words())


def test_a_notice_that_ends_while_it_is_looked_at_says_so(kiosk):
    hold(kiosk, replace(NEWS, shown_until=date(2026, 11, 21)))
    show(kiosk, Place("notice", "maria"))
    shown = kiosk.words()
    at(kiosk, datetime(2026, 11, 22, 0, 0, tzinfo=UTC))
    show(kiosk, Place("notice", "maria"))

    assert "Maria got the job" in shown
    assert "This is over now" in kiosk.words()


def test_a_storys_picture_is_shown_and_a_damaged_one_takes_no_room(kiosk, tmp_path: Path):
    import pyvips

    red = tmp_path / "red.png"
    pyvips.Image.black(3000, 2000, bands=3).linear([0, 0, 0], [200, 0, 0]).cast("uchar").write_to_file(str(red))
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"\xff\xd8 no picture")
    kiosk.app.services.find_file = lambda name: tmp_path / name
    hold(kiosk, replace(NEWS, picture="red.png"), replace(NEWS, id="other", picture="damaged.jpg"))

    show(kiosk, Place("notice", "maria"))
    picture = kiosk.picture()
    assert [round(n) for n in picture(540, 500)] == [200, 0, 0]
    show(kiosk, Place("notice", "other"))
    assert "Maria got the job" in kiosk.words()


@pytest.mark.parametrize(("language", "says"), [("pl", "wtorek, 24 listopada"), ("ar", "24 نوفمبر")])
def test_a_day_is_told_as_the_language_tells_it(kiosk, language: str, says: str):
    show(kiosk, Place("notice", "work-coach-here"), language=language)

    assert any(says in words and "10:00–12:00" in words for words in kiosk.words())


def test_an_outcome_says_when_its_helpers_are_here_next(kiosk):
    show(kiosk, Place("flow", "work", answers=answers_to(kiosk.app.pack.flows["work"], "checking-pay")))

    assert "Here next: Tuesday 24 November, 10 to 12" in kiosk.words()


def test_from_when_to_when_stands_on_one_line_in_arabic():
    assert "\u206610:00\u2060–\u206012:00\u2069" in in_order("الثلاثاء 10:00–12:00", mirrored=True)


@pytest.mark.parametrize(
    ("story", "begins"),
    [
        ("Maria came to play. Now she works.", "Maria came to play…"),
        ("میری آئی۔ اب وہ کام کرتی ہے۔", "میری آئی…"),
        ("মারিয়া এলেন। এখন কাজ করেন।", "মারিয়া এলেন…"),
        ("Open at 9.30 here", "Open at 9.30 here"),
    ],
)
def test_a_storys_card_ends_with_its_first_sentence_in_every_script(story, begins):
    assert first_words(story) == begins


def test_a_course_of_several_days_says_its_times_before_and_while_it_is_on():
    course = Notice("aid", "n.csv", NoticeKind.COURSE, "First aid", date(2026, 11, 24), date(2026, 11, 26))
    timed = replace(course, starts=time(10), ends=time(12))

    assert say_when(Hung(course, course.first), EVENING, ENGLISH) == "Starts: Tomorrow"
    assert say_when(Hung(timed, timed.first), EVENING, ENGLISH) == "Starts: Tomorrow, 10 to 12"
    wednesday = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert say_when(Hung(timed, wednesday.date()), wednesday, ENGLISH) == "On now, until: Tomorrow, 10 to 12"
