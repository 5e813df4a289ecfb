"""When something takes place: recurrence rules of RFC 5545, kept to those that a calendar on a wall can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from kiosk.london import LONDON
from kiosk.pack.model import Notice
from kiosk.pack.notice_words import LATEST, Unclear, parse_day

if TYPE_CHECKING:
    from dateutil.rrule import rrule

PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "COUNT", "UNTIL"})
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
BY_MONTH = frozenset({"BYMONTHDAY", "BYSETPOS"})
"""Parts only for what comes by the month or the year: 30 February would be looked for on each day up to the year 9999."""

MOST = 1000
"""Times that a rule with COUNT may come."""

SEEN = timedelta(days=9 * 366)
"""How far ahead a rule is looked at: from one 29 February to the next there may be eight years."""

_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d{6})(Z?))?")


def read_rule(words: str, first: date, starts: time | None = None) -> tuple[str, date]:
    """Return the rule without COUNT and UNTIL, and the last day on which what `starts` then in London may be.

    Raises Unclear where it never comes, or is too fine.
    """
    parts = _parted(words)
    until = _until(parts.pop("UNTIL", ""), starts)
    count = parts.pop("COUNT", "")
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        days = list(islice(days_of(rule, first, min(until, first + SEEN)), int(count or 1) if count != "0" else 1))
    except (ValueError, OverflowError, TypeError, IndexError) as why:
        raise Unclear("a rule that can be read", "Save the event again in your calendar.") from why
    if not days:
        raise Unclear("a rule that ever comes", "Look at its days and its end.")
    if count:
        until = min(until, days[-1])
    return rule, until


def days_of(rule: str, first: date, until: date) -> Iterator[date]:
    """Yield the days of a rule from its first day to `until`, both included."""
    # Only now: it takes its time, and most visits see no notice.
    from dateutil.rrule import rrulestr

    made: rrule = rrulestr(f"{rule};UNTIL={until:%Y%m%d}", dtstart=datetime.combine(first, time()))
    return (at.date() for at in made)


def find_days(notice: Notice, since: date) -> Iterator[date]:
    """Yield the days on which a session or course takes place, from `since` on, soonest first."""
    until = min(notice.last, since + SEEN)
    regular: Iterable[date] = days_of(notice.rule, notice.first, until) if notice.rule else (notice.first,)
    also = sorted(day for day in notice.also if day >= since)
    last = date.min
    for day in _merged(regular, also):
        if day >= since and day not in notice.but and day != last:
            last = day
            yield day


def _merged(regular: Iterable[date], also: list[date]) -> Iterator[date]:
    waiting = list(also)
    for day in regular:
        while waiting and waiting[0] <= day:
            yield waiting.pop(0)
        yield day
    yield from waiting


def _parted(words: str) -> dict[str, str]:
    parts = {}
    for part in words.upper().split(";"):
        name, sign, value = part.strip().partition("=")
        if not name:
            continue
        if name not in PARTS or not sign or name in parts:
            raise Unclear("a rule that a kiosk can follow", "Let it repeat by day, week, month or year.")
        parts[name] = value
    numbers = (parts.get("COUNT", "1"), parts.get("INTERVAL", "1"))
    too_fine = parts.get("FREQ") in ("DAILY", "WEEKLY") and BY_MONTH & parts.keys()
    if parts.get("FREQ") not in FREQUENCIES or too_fine or not all(map(_is_count, numbers)):
        raise Unclear("a rule that a kiosk can follow", "Let it repeat by day, week, month or year.")
    return parts


def _is_count(words: str) -> bool:
    return words.isascii() and words.isdigit() and 1 <= int(words[:9]) <= MOST and len(words) < 5


def _until(words: str, starts: time | None) -> date:
    """Return the last day of what may still begin at UNTIL (RFC 5545, 3.3.10); of whole days it is the day as written."""
    if not words:
        return LATEST
    says, remedy = "a rule that can be read", "Save the event again in your calendar."
    found = _UNTIL.fullmatch(words)
    if not found:
        raise Unclear(says, remedy)
    day = parse_day(f"{found[1]}-{found[2]}-{found[3]}")
    if not found[4] or starts is None:
        return day
    try:
        at = datetime.combine(day, time.fromisoformat(found[4]))
    except ValueError as why:
        raise Unclear(says, remedy) from why
    local = at.replace(tzinfo=UTC).astimezone(LONDON) if found[5] else at
    return local.date() if local.time() >= starts else local.date() - timedelta(days=1)
