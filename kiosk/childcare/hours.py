"""Opening hours as data: read from what people write, and never guessed where that is not wholly understood.

A text is understood only if each of its words is: "Mon-Fri 8am-6pm", "Monday to Friday 07:30 - 18:00, term time only",
"School days, 7.30 to 9 and 3 to 6". Where neither am nor pm is written, a place closes within twelve hours of opening,
and what opens at 1 to 5 opens in the afternoon: nobody takes children in at 3 in the morning without saying so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

NOON, DAY = 12 * 60, 24 * 60  # minutes
WEEKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
_EVERY = frozenset(range(7))
_LONGEST = 400  # characters; hours are a line, not a page
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Terms(StrEnum):
    """In which part of the year a place is open."""

    TERM = "term time"
    HOLIDAYS = "school holidays"
    ALL_YEAR = "all year"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open on one day of the week, 0 is Monday, from `opens` to `closes`: minutes after midnight, closing the later."""

    day: int
    opens: int
    closes: int


Week = tuple[Span, ...]
"""A week's spans in order; empty when it is not known."""


@dataclass(frozen=True)
class Slot:
    """A time that a parent needs a place: on any of `days`, from `opens` or before it to `closes` or after it."""

    days: frozenset[int]
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not self.days <= _EVERY or not 0 <= self.opens <= self.closes <= DAY:
            raise ValueError("not a time of the week")


def is_open(week: Week, slot: Slot) -> bool:
    """Tell whether a week holds the whole slot on one of its days."""
    return any(each.day in slot.days and each.opens <= slot.opens and each.closes >= slot.closes for each in week)


@dataclass(frozen=True)
class Hours:
    """What a text says of the week and of the year; `week` is empty and `terms` None where it does not say."""

    week: Week = ()
    terms: Terms | None = None


def read_hours(text: str) -> Hours:
    """Return what is understood of `text`: all of its week, or nothing of it. Never raises."""
    plain = " ".join(text.lower().translate(_DASHES).split())[: _LONGEST + 1]
    if not plain or len(plain) > _LONGEST:
        return Hours()
    rest, said = _take_terms(plain)
    tokens = _tokens(rest)
    # Of two parts of the year each may have hours of its own.
    week = None if tokens is None or len(said) > 1 else _week(tokens)
    return Hours(week, next(iter(said), None)) if week is not None else Hours()


def read_terms(text: str) -> Terms | None:
    """Return the part of the year that a text of nothing else names: "Term time only", "All year round"."""
    rest, said = _take_terms(" ".join(text.lower().translate(_DASHES).split())[:_LONGEST])
    return next(iter(said)) if len(said) == 1 and _tokens(rest) == [] else None


def read_clock(text: str) -> int | None:
    """Return minutes after midnight of 07:30, 7.30, 18:00:00, 6pm; None for anything else, and for a bare 6."""
    found = _TIME.fullmatch(text.strip().lower())
    if found is None or not (found["minute"] or found["half"]):
        return None
    return _minutes(found)


def make_week(spans: Iterable[Span]) -> Week:
    """Return spans in order, without doubles; those that adjoin are one, so that 8 to 1 and 1 to 6 is open at noon to 2."""
    week: list[Span] = []
    for each in sorted(set(spans)):
        if week and (week[-1].day, week[-1].closes) == (each.day, each.opens):
            each = Span(each.day, week.pop().opens, each.closes)
        week.append(each)
    return tuple(week)


_DASHES = str.maketrans(dict.fromkeys("–—‒−‐‑", "-") | {"\u00a0": " ", "’": "'"})
_SCHOOL_HOLIDAYS = r"(?:(?:the |all )?(?:school )?holidays?|half[ -]terms?)"
_TERM = r"(?:in |during )?(?:the )?(?:school )?terms?(?:[ -]?times?)?(?: only)?"
# What is said of the year, longest first; what neither adds nor takes away (bank holidays) is dropped.
_YEAR = (
    (r"\(?(?:closed|not|except|excluding|but not)(?: on| for| in)? (?:all )?(?:bank|public) holidays\)?", None),
    (rf"(?:closed|not open|not|except|excluding|but not)(?: in| during| for| on)? {_SCHOOL_HOLIDAYS}", Terms.TERM),
    (rf"{_TERM} (?:and|\+|&) (?:in |during )?{_SCHOOL_HOLIDAYS}", Terms.ALL_YEAR),
    (rf"(?:open )?(?:including|also in|and in) {_SCHOOL_HOLIDAYS}", Terms.ALL_YEAR),
    (r"(?:open )?all (?:the )?year(?:[ -]round)?|(?:open )?year[ -]round|52 weeks (?:a|per) year", Terms.ALL_YEAR),
    (rf"(?:in |during )?{_SCHOOL_HOLIDAYS}(?: only)?", Terms.HOLIDAYS),
    (_TERM, Terms.TERM),
)
_YEAR_SAID = [(re.compile(rf"\b{words}(?!\w)" if words[0] != "\\" else words), terms) for words, terms in _YEAR]


def _take_terms(plain: str) -> tuple[str, set[Terms]]:
    """Return the text without what it says of the year, and the parts of it that it names."""
    said: set[Terms] = set()
    for words, terms in _YEAR_SAID:
        plain, count = words.subn(" ; ", plain)
        if count and terms:
            said.add(terms)
    if "school days" in plain or "school day" in plain:
        said.add(Terms.TERM)
    return plain, said


_TIME = re.compile(
    r"(?P<hour>[01]?[0-9]|2[0-4])(?:[:.](?P<minute>[0-5][0-9])(?::[0-5][0-9])?)? ?(?:o'clock )?"
    r"(?P<half>[ap]\.?m\b\.?|in the (?:morning|afternoon|evening)|at night|noon\b)?z?(?![0-9:])"
)
_DAY = re.compile(
    r"(?P<day>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?|s)?\b\.?"
    r"|(?P<many>weekdays?|weekends?|school days?|week days?|every ?day|daily|(?:7|seven) days(?: a week)?)\b"
)
_TO = re.compile(r"-|to\b|until\b|till\b|through\b|til\b")
_NAMED = re.compile(r"(?P<named>noon|midday|midnight)\b")
_CLOSED = re.compile(r"closed\b(?: on\b)?")
_NOISE = re.compile(r"[,;:.()/&+|]|and\b|from\b|open(?:ing|s)?\b|hours\b|times\b|on\b|only\b|between\b")
_MANY = {"weekend": WEEKEND, "every": _EVERY, "daily": _EVERY, "7": _EVERY, "seven": _EVERY}


@dataclass(frozen=True)
class _Clock:
    """A time as written: minutes, and whether it was said which half of the day it is in."""

    minutes: int
    is_sure: bool


_Token = frozenset[int] | _Clock | str


def _tokens(plain: str) -> list[_Token] | None:
    """Return days, times, "to" and "closed" in order; None at the first word that is none of these."""
    tokens: list[_Token] = []
    at = 0
    while at < len(plain):
        if plain[at] == " ":
            at += 1
            continue
        found = _DAY.match(plain, at)
        if found:
            tokens.append(_days(found))
        elif found := _NAMED.match(plain, at):
            tokens.append(_Clock({"midnight": DAY}.get(found["named"], NOON), True))
        elif found := _TIME.match(plain, at):
            tokens.append(_Clock(_minutes(found), _is_sure(found)))
        elif found := _TO.match(plain, at):
            tokens.append("to")
        elif found := _CLOSED.match(plain, at):
            tokens.append("closed")
        elif not (found := _NOISE.match(plain, at)):
            return None
        at = found.end()
    return tokens


def _days(found: re.Match[str]) -> frozenset[int]:
    if found["day"]:
        return frozenset({next(day for day, name in enumerate(_DAY_NAMES) if name.startswith(found["day"][:3]))})
    return next((days for word, days in _MANY.items() if found["many"].startswith(word)), WEEKDAYS)


def _minutes(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), found["half"] or ""
    is_late = half.startswith("p") or half.endswith(("afternoon", "evening", "night", "noon"))
    if half and hour <= 12:
        hour = hour % 12 + (12 if is_late else 0)
    return min(DAY, hour * 60 + int(found["minute"] or 0))


def _is_sure(found: re.Match[str]) -> bool:
    return bool(found["half"]) or found["hour"].startswith("0") or int(found["hour"]) > 12


def _week(tokens: list[_Token]) -> Week | None:
    """Return the week that tokens mean: days before their times, or times before their days, all through.

    Days that are said to be closed are so whatever else is said of them: "Monday to Friday 8-6, closed Wednesday".
    """
    if not tokens:
        return ()
    spans: list[Span] = []
    closed: set[int] = set()
    rest = tokens
    leads = not isinstance(tokens[0], _Clock)
    while rest:
        days, times, rest = _group(rest, leads)
        if not days or times is None:
            return None
        closed |= days if not times else set()
        spans += [Span(day, *time) for day in days for time in times]
    week = make_week(each for each in spans if each.day not in closed)
    return week if _is_plausible(week) else None


def _is_plausible(week: Week) -> bool:
    """Spans of one day do not overlap: else two parts of the year, or two rooms, are being told of."""
    return all(one.day != two.day or one.closes <= two.opens for one, two in pairwise(week))


_Times = list[tuple[int, int]] | None


def _group(tokens: list[_Token], leads: bool) -> tuple[set[int], _Times, list[_Token]]:
    """Take one set of days with its times. No times at all is None; closed is an empty list."""
    if leads:
        days, tokens = _take_days(tokens)
        times, tokens = _take_times(tokens[1:] if tokens[:1] == ["to"] else tokens)
    else:
        times, tokens = _take_times(tokens)
        days, tokens = _take_days(tokens)
    return days, times, tokens


def _take_days(tokens: list[_Token]) -> tuple[set[int], list[_Token]]:
    days: set[int] = set()
    while tokens and isinstance(tokens[0], frozenset):
        first, tokens = tokens[0], tokens[1:]
        if len(tokens) > 1 and tokens[0] == "to" and isinstance(tokens[1], frozenset):
            first, tokens = _range(first, tokens[1]), tokens[2:]
        days |= first
    # "Closed Sunday": the word may stand before its days as well.
    if tokens[:1] == ["closed"] and not days:
        days, rest = _take_days(tokens[1:])
        return days, ["closed", *rest]
    return days, tokens


def _range(first: frozenset[int], last: frozenset[int]) -> frozenset[int]:
    if len(first) != 1 or len(last) != 1:
        return frozenset()
    start, end = min(first), min(last)
    return frozenset(day % 7 for day in range(start, (end if end >= start else end + 7) + 1))


def _take_times(tokens: list[_Token]) -> tuple[_Times, list[_Token]]:
    if tokens[:1] == ["closed"]:
        return [], tokens[1:]
    times: list[tuple[int, int]] = []
    while len(tokens) > 2 and isinstance(tokens[0], _Clock) and tokens[1] == "to" and isinstance(tokens[2], _Clock):
        time = _span(tokens[0], tokens[2])
        if time is None:
            return None, tokens
        times.append(time)
        tokens = tokens[3:]
    return times or None, tokens


def _span(opens: _Clock, closes: _Clock) -> tuple[int, int] | None:
    """Return the only sensible reading of two times, or None where there is none."""
    return next((pair for pair in _readings(opens, closes) if pair[0] < pair[1] <= DAY), None)


def _readings(opens: _Clock, closes: _Clock) -> Iterator[tuple[int, int]]:
    start, end = opens.minutes, closes.minutes
    if opens.is_sure and closes.is_sure:
        yield start, end
    elif opens.is_sure:
        yield from ((start, end), (start, end + NOON)) if end <= NOON else ((start, end),)
    elif closes.is_sure:
        # "3-6pm" is in the afternoon, "9-5pm" begins in the morning, "8-18:00" as well.
        yield from ((start + NOON, end), (start, end)) if _is_small(start, end) else ((start, end),)
    else:
        start += NOON if start < 6 * 60 else 0
        yield start, end
        yield start, end + NOON


def _is_small(start: int, end: int) -> bool:
    """Whether a bare opening time is rather in the same afternoon as its end: 1 to 5, or noon's own hour."""
    return start < 6 * 60 and end > NOON
