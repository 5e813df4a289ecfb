"""Single cells of a notice as people write them: days, times of day, how often. What is unclear raises Unclear."""

from __future__ import annotations

import re
from datetime import date, time

from kiosk.pack.notice_columns import squash
from kiosk.pack.tree import did_you_mean

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PLACES = {
    **{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1},
}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "other": 2, "second": 2}
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)

_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_SPELT = re.compile(r"(?:([a-z]+),? +)?(\d{1,2})(?:st|nd|rd|th)? +([a-z]+),? +(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2})(?::00)?)? *([ap])?\.?m?\.?")
_EVERY = re.compile(r"(?:every )?(?:(\d{1,2}|[a-z]+) )?(day|week|fortnight|month)s?")
_ON = re.compile(r"(?:(?:the )?(first|second|third|fourth|last|1st|2nd|3rd|4th) )?([a-z]+?)s?")


class Unclear(Exception):
    """Why a cell cannot be read: what it is not, and what to write instead."""

    def __init__(self, is_not: str, remedy: str) -> None:
        self.is_not, self.remedy = is_not, remedy
        super().__init__(is_not)


def parse_day(cell: str) -> date:
    """Read 24/11/2026, 2026-11-24 or Tuesday 24 November 2026; a day of the week must be that day's. Raises Unclear."""
    words = " ".join(cell.casefold().split())
    if iso := _ISO.fullmatch(words):
        return _day(iso[1], iso[2], iso[3])
    if slashed := _SLASHED.fullmatch(words):
        return _day(slashed[3], slashed[2], slashed[1])
    spelt = _SPELT.fullmatch(words)
    month = next((n for n, name in enumerate(MONTHS, 1) if spelt and _is_short_for(spelt[3], name)), 0)
    if not spelt or not month:
        raise Unclear("a day", "Write it like 24/11/2026.")
    day = _day(spelt[4], str(month), spelt[2])
    if spelt[1] and not _is_short_for(spelt[1], WEEKDAYS[day.weekday()]):
        raise Unclear("a day", f"{day.day}/{day.month}/{day.year} is a {WEEKDAYS[day.weekday()].title()}.")
    return day


def parse_days(cell: str) -> tuple[date, ...]:
    """Read days parted by commas, semicolons or `and`. Raises Unclear."""
    parts = re.split(r"[;,\n]| and ", cell)
    return tuple(sorted({parse_day(part) for part in parts if part.strip()}))


def parse_time(cell: str) -> time:
    """Read 10:00, 9.30, 10 am, 1pm, noon, or a bare hour from 7 to 12. Raises Unclear: 1 to 6 may be day or night."""
    words = cell.casefold().strip()
    if words in ("noon", "midday"):
        return time(12)
    found = _TIME.fullmatch(words)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    elif found and found[3]:
        hour = 99
    elif found and not found[1].startswith("0") and 1 <= hour <= 6:
        later = f"{hour + 12}:{minute:02}"
        raise Unclear("clear: it may be morning or afternoon", f"Write {later}, or 0{hour}:{minute:02}.")
    if hour > 23 or minute > 59:
        raise Unclear("a time of day", "Write it like 10:00 or 1 pm.")
    return time(hour, minute)


def parse_times(cell: str) -> tuple[time, time | None]:
    """Read `10 to 12`, `10:00-11:30` or `1-3 pm`, or a beginning alone. Raises Unclear."""
    first, sign, last = re.sub(r" to |[–—-]", "\0", cell, count=1).partition("\0")
    if not sign:
        return parse_time(first), None
    half = re.search(r"([ap])\.?m\.?\s*$", last.casefold())
    bare = not re.search(r"[apn]", first.casefold())
    ends = parse_time(last)
    if half and bare:
        return _in_the_half_of(first, half[1], ends), ends
    return parse_time(first), ends


def parse_flag(cell: str) -> bool:
    """Read yes or no. Raises Unclear."""
    words = squash(cell)
    if words in ("yes", "y", "true", "1", "x", "withcreche"):
        return True
    if words in ("no", "n", "false", "0", "none", "nocreche"):
        return False
    raise Unclear("yes or no", "Write yes or no.")


def make_rule(every: str, weekday: str, first: date) -> str:
    """Return the RFC 5545 rule for `two weeks` on `Tuesday, Thursday`, or `month` on `second Tuesday`. Raises Unclear.

    Without a day of the week it is that of the first date; a month needs one, as it could mean two things.
    """
    times, unit = _parse_every(every)
    step = f";INTERVAL={times}" if times > 1 else ""
    if unit == "day":
        if weekday:
            raise Unclear("needed where something is on every day", "Leave one of the two away.")
        return f"FREQ=DAILY{step}"
    if not weekday and unit == "month":
        raise Unclear("there: a month may mean the date or the weekday", "Write second Tuesday or last Friday.")
    days = [_parse_weekday(part) for part in re.split(r"[;,&/]| and ", weekday) if part.strip()]
    days = days or [(0, first.weekday())]
    if unit == "week" and any(place for place, _ in days):
        raise Unclear("a day of the week", "Write Tuesday alone, or month under Every.")
    if unit == "month" and not all(place for place, _ in days):
        raise Unclear("clear: which one of the month", "Write second Tuesday or last Friday.")
    codes = ",".join(dict.fromkeys(f"{place or ''}{CODES[day]}" for place, day in days))
    return f"FREQ={unit.upper()}LY{step};BYDAY={codes}"


def _parse_every(cell: str) -> tuple[int, str]:
    words = " ".join(cell.casefold().split())
    words = {"weekly": "week", "monthly": "month", "daily": "day", "fortnightly": "fortnight"}.get(words, words)
    found = _EVERY.fullmatch(words)
    count = found[1] if found else None
    number = 1 if count is None else int(count) if count.isdigit() else _NUMBERS.get(count, 0)
    if not found or number < 1:
        remedy = did_you_mean(words, ("week", "two weeks", "month", "day"), "Write week, two weeks or month.")
        raise Unclear("how often", remedy)
    return (2 * number, "week") if found[2] == "fortnight" else (number, found[2])


def _parse_weekday(cell: str) -> tuple[int, int]:
    """Return which one of the month, 0 for each, and the day of the week from 0 for Monday."""
    found = _ON.fullmatch(" ".join(cell.casefold().split()).removesuffix(" of the month"))
    name = found[2] if found else ""
    day = next((n for n, full in enumerate(WEEKDAYS) if _is_short_for(name, full)), None)
    if found is None or day is None:
        remedy = did_you_mean(cell.casefold().strip(), WEEKDAYS, "Write Tuesday, or second Tuesday.")
        raise Unclear("a day of the week", remedy)
    return _PLACES.get(found[1] or "", 0), day


def _in_the_half_of(first: str, half: str, ends: time) -> time:
    """Return the beginning of `1-3 pm` or `10-1 pm`: in the same half of the day, unless it would come after the end."""
    same = parse_time(f"{first.strip()}{half}m")
    return same if same < ends or half == "a" else parse_time(f"{first.strip()}am")


def _is_short_for(word: str, name: str) -> bool:
    return len(word) >= 3 and (name.startswith(word) or word in (name[:4], "sept" if name == "september" else name))


def _day(year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        swapped = int(month) > 12 >= int(day) and int(month) <= 31
        remedy = f"Write the day first: {month}/{day}/{year}." if swapped else "Look it up in a calendar."
        raise Unclear("a day that there is", remedy) from None
    if not EARLIEST <= found <= LATEST:
        raise Unclear("a day from 2000 to 2099", "Check the year.")
    return found
