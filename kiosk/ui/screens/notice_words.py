"""What the screen says about a notice, in the parent's language. `words` translates the programme's own words."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from kiosk.london import LONDON
from kiosk.pack.facts import long_date
from kiosk.pack.model import Board, Helper, NoticeKind, Pack
from kiosk.pack.notice_board import Hung, find_visit
from kiosk.pack.notice_words import MONTHS, WEEKDAYS
from kiosk.pack.translate import Translation

FAR = timedelta(days=300)
"""From here on a day is told with its year."""

_SENTENCE_ENDS = re.compile(r"[.!?।۔؟](?=\s)")
"""Where a sentence ends and another begins: also in Bengali, Urdu and Arabic."""

ICONS = {
    NoticeKind.SESSION: "calendar-days",
    NoticeKind.COURSE: "graduation-cap",
    NoticeKind.VACANCY: "briefcase-business",
    NoticeKind.STORY: "party-popper",
}


def say_board(board: Board, words: Translation) -> str:
    return {
        Board.WHATS_ON: words("What’s on here"),
        Board.VACANCIES: words("Jobs near here"),
        Board.GOOD_NEWS: words("Good news"),
    }[board]


def say_nothing_on(board: Board, words: Translation) -> str:
    """Return what stands on a board where nothing hangs."""
    if board is Board.VACANCIES:
        return words("We know of no job near here just now. Please ask at reception.")
    return words("There is nothing here just now. Please ask at reception.")


def say_when(hung: Hung, now: datetime, words: Translation) -> str:
    """Return when a notice is next: `Today, 10 to 12`, `Apply by: Friday 11 December`, `On now, until: 30 March, 10 to 12`."""
    notice, today = hung.notice, now.astimezone(LONDON).date()
    match notice.kind:
        case NoticeKind.STORY:
            return long_date(notice.first, words.language)
        case NoticeKind.VACANCY:
            return words("Apply by: {day}").format(day=say_day(notice.last, today, words))
        case NoticeKind.COURSE if not notice.rule and notice.last > notice.first:
            begun = notice.first < today
            says = words("On now, until: {day}") if begun else words("Starts: {day}")
            day = says.format(day=say_day(notice.last if begun else notice.first, today, words))
        case _:
            day = say_day(hung.day, today, words)
    times = say_times(notice.starts, notice.ends, words.language)
    return words("{day}, {times}").format(day=day, times=times) if times else day


def say_span(hung: Hung, now: datetime, words: Translation) -> str:
    """Return until when a course or a series goes on; nothing for what has no end that parents go by."""
    notice, today = hung.notice, now.astimezone(LONDON).date()
    if notice.kind is not NoticeKind.COURSE or notice.last <= notice.first:
        return ""
    return words("Last day: {day}").format(day=say_day(notice.last, today, words))


def say_creche(creche: bool | None, words: Translation) -> str:
    if creche is None:
        return ""
    return words("There is a crèche") if creche else words("There is no crèche")


def say_next_visit(helper: Helper, pack: Pack, now: datetime, words: Translation) -> str:
    """Return when somebody who helps is here next, as far as a notice names them: `Here next: Tuesday 24 November, 10 to 12`."""
    visit = find_visit(pack, helper.id, now)
    return words("Here next: {when}").format(when=say_when(visit, now, words)) if visit else ""


def say_day(day: date, today: date, words: Translation) -> str:
    """Return today, tomorrow, or `Tuesday 24 November`, with the year where that could be mistaken."""
    if day == today:
        return words("Today")
    if day == today + timedelta(days=1):
        return words("Tomorrow")
    year = abs(day - today) > FAR
    if words.language == "en":
        says = f"{WEEKDAYS[day.weekday()].title()} {day.day} {MONTHS[day.month - 1].title()}"
        return f"{says} {day.year}" if year else says
    return _in_other_words(day, year, words.language)


def _in_other_words(day: date, year: bool, language: str) -> str:
    """Return the day with its whole weekday and month as the language says it (Unicode CLDR, by way of Babel)."""
    # Only now: English needs no table of other months.
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(language)
        if year:
            return format_date(day, "full", locale=locale)
        skeletons = locale.datetime_skeletons
        pattern = skeletons["MMMMEd" if "MMMMEd" in skeletons else "MMMEd"].pattern
    except (UnknownLocaleError, ValueError, KeyError):
        return long_date(day, language)
    # Quoted words of the pattern, such as 'de', stay as they are.
    parts = re.split(r"('[^']*')", pattern)
    whole = (part if part[:1] == "'" else re.sub(r"[Ec]+", "EEEE", re.sub(r"[ML]+", "MMMM", part)) for part in parts)
    return format_date(day, "".join(whole), locale=locale)


def say_times(starts: time | None, ends: time | None, language: str) -> str:
    """Return `10 to 12`, `9:30 to 11`, `1 to 3 pm`; by the clock of 24 hours in other languages than English."""
    if starts is None:
        return ""
    if language != "en":
        return f"{starts:%H:%M}–{ends:%H:%M}" if ends else f"{starts:%H:%M}"
    if ends is None:
        return f"{_hour(starts)} {_half(starts)}"
    if starts.hour < 12 and ends <= time(12):
        return f"{_hour(starts)} to {_hour(ends)}"
    if starts.hour < 12:
        return f"{_hour(starts)} am to {_hour(ends)} pm"
    return f"{_hour(starts)} to {_hour(ends)} pm"


def _hour(at: time) -> str:
    hour = at.hour % 12 or 12
    return f"{hour}:{at:%M}" if at.minute else str(hour)


def _half(at: time) -> str:
    return "am" if at.hour < 12 else "pm"


def first_words(said: str) -> str:
    """Return the first sentence of a story, with an ellipsis where there are more."""
    end = _SENTENCE_ENDS.search(said)
    return said[: end.start()] + "…" if end else said
