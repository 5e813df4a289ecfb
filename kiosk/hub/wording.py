"""The desk's words for times, people and what happened. Pure: the same facts give the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

import phonenumbers
from babel import Locale

from kiosk.callbacks.model import SafeTime
from kiosk.hub.case import AttemptKind, ResultKind
from kiosk.hub.disclosure import Seen
from kiosk.hub.looks import Looked, What
from kiosk.hub.safety import NotNow, SafeNow, merge
from kiosk.london import LONDON

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ATTEMPTS = {
    AttemptKind.NO_ANSWER: "No answer",
    AttemptKind.RING_LATER: "Wrong time, ring later",
    AttemptKind.TALKED: "We talked",
    AttemptKind.WRONG_NUMBER: "Wrong number",
}
RESULTS = {
    ResultKind.CAREERS_ADVICE: "Referred to careers advice",
    ResultKind.BASIC_SKILLS: "Referred to basic skills",
    ResultKind.JOBCENTRE: "Referred to the jobcentre",
    ResultKind.CHILDCARE: "Referred to childcare advice",
    ResultKind.DEBT_ADVICE: "Referred to debt advice",
    ResultKind.COLLEGE: "Referred to college",
    ResultKind.BETTER_OFF: "Better-off calculation asked for",
    ResultKind.TRAINING_STARTED: "Training started",
    ResultKind.WORK_STARTED: "Work started",
    ResultKind.NO_CONTACT: "No contact",
    ResultKind.NOT_TO_BE_CALLED: "Asked not to be called",
}
COUNTS = {"requests": "Requests", "calls": "Calls made", **{kind.value: says for kind, says in RESULTS.items()}}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def access_words(what: str) -> str:
    """Return what somebody did to a case as a person says it: "tried: no answer" for the log's "tried: no-answer"."""
    says = {f"tried: {kind.value}": f"tried: {words.lower()}" for kind, words in ATTEMPTS.items()}
    return says.get(what, what)


def dated_words(at: datetime) -> str:
    """Return "21 November 2026, 11:52" in London: with its year, where that may be what is wrong."""
    return f"{date_words(at)}, {at.astimezone(LONDON):%H:%M}"


def date_words(at: datetime) -> str:
    """Return "21 November 2026" in London: of what may be years ago."""
    here = at.astimezone(LONDON)
    return f"{here.day} {here:%B %Y}"


def look_words(look: Looked) -> str:
    """Return what a worker looked at in an hour: "Waiting for a call, 2 pages" or "Searched 3 times"."""
    if look.what is What.SEARCH:
        return "Searched once" if look.searches == 1 else f"Searched {look.searches} times"
    says = "Waiting for a call" if look.what is What.OPEN else "Handled"
    return f"{says}, {look.pages} pages" if look.pages > 1 else says


def seen_words(seen: Seen, total: bool = False) -> str:
    """Return "12", "At least 12", or that a count is hidden: "Fewer than 5", of a total "Not shown"."""
    if seen.least is None:
        return "Not shown" if total else "Fewer than 5"
    return str(seen.least) if seen.exact else f"At least {seen.least}"


def month_words(month: tuple[int, int]) -> str:
    """Return "Nov 2026"."""
    return f"{MONTHS[month[1] - 1]} {month[0]}"


def year_words(year: int) -> str:
    """Return "April 2026 to March 2027"."""
    return f"April {year} to March {year + 1}"


def first_sentence(name: str) -> str:
    """Return what to say before anything else. It names no service: somebody else may have picked up (R10)."""
    return f"Hello, may I speak to {name}, please?"


def ring_words(ring: SafeNow | NotNow, now: datetime) -> str:
    """Return "Safe now, until 14:30" or "Not now. Tomorrow, 10:00 to 11:30"."""
    if isinstance(ring, SafeNow):
        return f"Safe now, until {ring.until:%H:%M}"
    return f"Not now. {window_words(ring, now)}"


def window_words(ring: NotNow, now: datetime) -> str:
    """Return when it is safe next: "Today, 15:00 to 17:00", "Tue, 10:00 to 11:30", "Tue 1 Dec, 10:00 to 11:30"."""
    ahead = (ring.next_start.date() - now.astimezone(LONDON).date()).days
    near = {0: "Today", 1: "Tomorrow"} | {days: f"{ring.next_start:%a}" for days in range(2, 7)}
    day = near.get(ahead) or day_words(ring.next_start)
    return f"{day}, {ring.next_start:%H:%M} to {ring.next_end:%H:%M}"


def day_words(at: datetime) -> str:
    """Return "Tue 1 Dec" in London."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b}"


def moment_words(at: datetime) -> str:
    """Return "Tue 1 Dec, 14:05" in London."""
    return f"{day_words(at)}, {at.astimezone(LONDON):%H:%M}"


def date_example(now: datetime) -> str:
    """Return tomorrow as one types it into three boxes: "24 11 2026"."""
    day = now.astimezone(LONDON).date() + timedelta(days=1)
    return f"{day.day} {day.month} {day.year}"


def waiting_words(waited: timedelta) -> str:
    """Return "4 days", "3 hours", "5 minutes", or "Under 1 minute"."""
    seconds = int(waited.total_seconds())
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "Under 1 minute"


def seconds_words(seconds: float) -> str:
    """Return a length of time in its largest unit: "26 hours" is "1 day"."""
    return waiting_words(timedelta(seconds=seconds))


def language_words(code: str, interpreter: bool) -> str:
    """Return "Arabic, interpreter wanted". A code that nobody knows is shown as it is."""
    language = _language(code)
    return f"{language}, interpreter wanted" if interpreter else language


@lru_cache(maxsize=1000)
def _language(code: str) -> str:
    return str(Locale("en").languages.get(code.replace("-", "_"), code))


def phone_words(phone: str) -> str:
    """Return an E.164 number as one dials and reads it in the United Kingdom."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if number.country_code == 44 else style.INTERNATIONAL)


def safe_times_words(safe_times: Iterable[SafeTime]) -> list[str]:
    """Return one line for each set of days with the same hours: "Mon to Fri, 12:30 to 14:30"."""
    by_day: dict[int, list[tuple[time, time]]] = {}
    for window in merge(safe_times):
        by_day.setdefault(window.day, []).append((window.start, window.end))
    lines = []
    for hours in dict.fromkeys(tuple(spans) for spans in by_day.values()):
        days = [day for day, spans in by_day.items() if tuple(spans) == hours]
        lines.append(f"{_days_words(days)}, {_hours_words(hours)}")
    return lines


def _hours_words(hours: Iterable[tuple[time, time]]) -> str:
    return " and ".join(f"{start:%H:%M} to {end:%H:%M}" for start, end in hours)


def _days_words(days: list[int]) -> str:
    """Days that follow each other share their distance from their place in the list; three or more become a span."""
    words: list[str] = []
    for _, run in groupby(enumerate(days), key=lambda placed: placed[1] - placed[0]):
        names = [DAYS[day] for _, day in run]
        words += [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names
    return ", ".join(words)
