"""Notices from a calendar's own file, .ics (RFC 5545): each event an entry, its line that of its BEGIN:VEVENT.

A line of an event's description such as `Helper: work-coach` or `Kind: course` is that detail, as a spreadsheet's column is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from kiosk.errors import Fault, PackFaulty
from kiosk.london import LONDON
from kiosk.pack.notice_columns import field_of
from kiosk.pack.notice_sheets import MOST_BYTES, MOST_ROWS, ROW, put_notice
from kiosk.pack.tree import Entries, Faults, Mark, quoted
from kiosk.pack.yaml_source import one_line

if TYPE_CHECKING:
    from icalendar import Component

RULE, ALSO = "rule", "also"
"""Details that only a calendar can say: RFC 5545's RRULE and RDATE."""

_DETAIL = re.compile(r"\s*([^:\n]{2,24}):\s+(\S.*)")
_HTML = re.compile(r"<(br|p|div|span|a|b|i|u|ul|li)\b", re.IGNORECASE)


class _Puzzling(Exception):
    """Why an event cannot be read, and what to do."""

    def __init__(self, says: str, remedy: str) -> None:
        self.says, self.remedy = says, remedy
        super().__init__(says)


def read_calendar(source: bytes, file: str, faults: Faults) -> Entries:
    """Return the notices of an .ics file, by id; cancelled events are left out. Raises PackFaulty where it is none."""
    events = _events(source, file)
    lines = _begins(source)
    items: dict[str, Entries] = {}
    moved = _moved(events)
    for number, event in enumerate(events):
        line = lines[number] if number < len(lines) else 0
        mark = Mark(file, line)
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        try:
            fields = dict(_fields(event, moved))
        except _Puzzling as why:
            called = quoted(str(event.get("SUMMARY", "")) or "an event without a title")
            faults.add(mark, f"The event {called} {why.says}", why.remedy)
            continue
        except (
            Exception
        ):  # icalendar raises on a broken property when it is looked at: its own error, ValueError, KeyError
            faults.add(mark, "An event cannot be read.", "Open it in your calendar, and save it again.")
            continue
        clean = {name: one_line(words, mark, faults) for name, words in fields.items()}
        put_notice(items, {**clean, ROW: "The event"}, "", line, file)
    return Entries(items, {key: each.mark for key, each in items.items()}, Mark(file))


def _begins(source: bytes) -> list[int]:
    """Return the number of each line that begins an event; lines end as RFC 5545 has it, CR and LF, or in either."""
    text = source.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return [number for number, line in enumerate(text.split("\n"), 1) if line.rstrip().upper() == "BEGIN:VEVENT"]


def _events(source: bytes, file: str) -> list[Component]:
    # Only now: it takes its time, and a kiosk's start seldom needs it.
    from icalendar import Calendar

    says, remedy = "This is not a readable calendar.", "Save it from the calendar again, as iCalendar (.ics)."
    if len(source) > MOST_BYTES:
        raise PackFaulty([Fault(file, 0, "This calendar is too large.", "Export one year, or one calendar.")])
    try:
        events = [event for each in Calendar.from_ical(source, multiple=True) for event in each.walk("VEVENT")]
    except Exception as why:  # icalendar raises whatever its parts do: ValueError, KeyError, IndexError, AttributeError
        raise PackFaulty([Fault(file, 0, says, remedy)]) from why
    if len(events) > MOST_ROWS:
        raise PackFaulty([Fault(file, 0, f"There are more than {MOST_ROWS:,} events.", "Export one year alone.")])
    return events


def _moved(events: list[Component]) -> dict[str, set[date]]:
    """Return by uid the days of a series on which it is not as its rule says: moved or cancelled one by one."""
    moved: dict[str, set[date]] = {}
    for event in events:
        # A broken one is left here: the event itself is blamed for it.
        with suppress(Exception):
            if day := _replaced(event):
                moved.setdefault(str(event.get("UID", "")), set()).add(day)
    return moved


def _replaced(event: Any) -> date | None:
    """Return the day of its series that an event stands in for."""
    at = event.get("RECURRENCE-ID")
    return _local(at.dt)[0] if at is not None else None


def _fields(event: Component, moved: dict[str, set[date]]) -> Iterator[tuple[str, str]]:
    details = dict(_details(str(event.get("DESCRIPTION", ""))))
    yield "kind", details.pop("kind", "") or _category(event) or "session"
    yield "title", str(event.get("SUMMARY", ""))
    yield "where", str(event.get("LOCATION", ""))
    yield "address", str(event.get("URL", ""))
    yield from _when(event)
    skipped = {_local(at)[0] for at in _dates(event, "EXDATE")}
    if _replaced(event) is None:
        skipped |= moved.get(str(event.get("UID", "")), set())
    yield "but", ", ".join(sorted(day.isoformat() for day in skipped))
    yield ALSO, ", ".join(sorted({_local(at)[0].isoformat() for at in _dates(event, "RDATE")}))
    yield from details.items()


def _when(event: Any) -> Iterator[tuple[str, str]]:
    begins = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(begins, date):
        raise _Puzzling("does not say when it begins.", "Give it a day in the calendar.")
    try:
        ends = event.end
    except Exception:  # whatever an event without a plain end raises; it then has none
        ends = None
    first, starts = _local(begins)
    yield "first", first.isoformat()
    yield "closes", first.isoformat()
    if "RRULE" in event:
        rule = event["RRULE"]
        if isinstance(rule, list):
            raise _Puzzling("has two rules for when it repeats.", "Make two events of it.")
        if isinstance(begins, datetime) and not _goes_by_london(begins):
            raise _Puzzling("repeats by a clock that is not London’s.", "Give it the time zone Europe/London.")
        yield RULE, _rule(rule)
    if starts is not None:
        yield "starts", f"{starts:%H:%M}"
        if isinstance(ends, datetime) and _local(ends)[0] == first and ends > begins:
            yield "ends", f"{_local(ends)[1]:%H:%M}"
    elif isinstance(ends, date) and "RRULE" not in event and ends > begins:
        yield "last", (ends - timedelta(days=1)).isoformat()  # DTEND is the day after (RFC 5545, 3.6.1)


def _rule(rule: Any) -> str:
    words = rule.to_ical()
    return words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)


def _dates(event: Component, name: str) -> Iterator[date]:
    found = event.get(name, [])
    for group in found if isinstance(found, list) else [found]:
        for each in getattr(group, "dts", []):
            at = getattr(each, "dt", None)
            if not isinstance(at, date):
                raise _Puzzling(f"has an {name} that is no day.", "Save it again in your calendar.")
            yield at


def _local(at: date) -> tuple[date, time | None]:
    """Return the day, and the time if it has one, as a clock on a wall in London shows it; floating times are such."""
    if not isinstance(at, datetime):
        return at, None
    try:
        local = at if at.tzinfo is None else at.astimezone(LONDON)
    except (OverflowError, ValueError) as why:
        raise _Puzzling("has a date that no clock shows.", "Check its year.") from why
    return local.date(), local.time().replace(second=0, microsecond=0)


def _goes_by_london(at: datetime) -> bool:
    """Return whether the clock of `at` is London's in winter and in summer; one without a zone is."""
    if at.tzinfo is None:
        return True
    if at.tzinfo is UTC:
        return False
    days = (datetime(2026, month, 15, 12, tzinfo=LONDON) for month in (1, 4, 7, 11))
    return all(day.astimezone(at.tzinfo).hour == day.hour for day in days)


def _category(event: Component) -> str:
    found = event.get("CATEGORIES")
    names = [
        str(name) for each in (found if isinstance(found, list) else [found]) for name in getattr(each, "cats", [])
    ]
    return names[0] if names else ""


def _details(description: str) -> Iterator[tuple[str, str]]:
    """Yield the details that stand on lines of their own, then the rest as `say`."""
    left = []
    for line in _plain(description).splitlines():
        found = _DETAIL.fullmatch(line)
        field = field_of(found[1]) if found else ""
        if found and field and field not in ("say", "title"):
            yield field, found[2]
        else:
            left.append(line)
    yield "say", " ".join(left)


class _Stripped(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("br", "p", "div", "li"):
            self.words.append("\n")


def _plain(words: str) -> str:
    """Return the words without the tags that some calendars put into them."""
    if not _HTML.search(words):
        return words
    stripped = _Stripped()
    stripped.feed(words)
    stripped.close()
    return "".join(stripped.words)
