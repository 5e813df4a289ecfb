"""Notices from the tree: rows of a spreadsheet and events of a calendar alike, each detail read, each fault by its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TypeVar

from kiosk.pack.model import Helper, Notice, NoticeKind
from kiosk.pack.notice_calendar import ALSO, RULE, read_calendar
from kiosk.pack.notice_columns import label_of, squash
from kiosk.pack.notice_rule import read_rule
from kiosk.pack.notice_sheets import ROW, read_csv, read_notice_workbook
from kiosk.pack.notice_words import (
    CODES,
    LATEST,
    WEEKDAYS,
    Unclear,
    make_rule,
    parse_day,
    parse_days,
    parse_flag,
    parse_time,
    parse_times,
)
from kiosk.pack.record import Record
from kiosk.pack.tree import Entries, Faults, did_you_mean, quoted

FOLDER = "notices"
READERS = {".csv": read_csv, ".xlsx": read_notice_workbook, ".ics": read_calendar}
OTHER_SHEETS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".tsv", ".txt", ".docx")
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
STORY_LASTS = timedelta(days=365)
"""How long a story is shown that does not say until when."""
_UNREAD = LATEST - STORY_LASTS
"""What stands for a day that could not be read, and has been blamed for it."""

_KINDS = {
    **dict.fromkeys(("session", "sessions", "dropin", "group", "event", "visit", "appointment"), NoticeKind.SESSION),
    **dict.fromkeys(("course", "courses", "class", "workshop", "training"), NoticeKind.COURSE),
    **dict.fromkeys(("vacancy", "vacancies", "job", "jobs"), NoticeKind.VACANCY),
    **dict.fromkeys(("story", "goodnews", "goodnewsstory", "news", "stories"), NoticeKind.STORY),
}
_CALLED = {
    NoticeKind.SESSION: "a session",
    NoticeKind.COURSE: "a course",
    NoticeKind.VACANCY: "a vacancy",
    NoticeKind.STORY: "good news",
}
T = TypeVar("T")


def is_notices(name: str) -> bool:
    """Return whether a file of a pack's folder, such as `notices.csv` or `notices/jobs.xlsx`, holds notices."""
    path = PurePosixPath(name)
    here = (str(path.parent) == "." and path.stem == FOLDER) or str(path.parent) == FOLDER
    return here and path.suffix in READERS


def looks_like_notices(name: str) -> bool:
    """Return whether a file is a list of notices that nobody reads: notices.xls, notice.csv, notices/jobs.XLSX."""
    path = PurePosixPath(name.casefold())
    here = (str(path.parent) == "." and _is_meant_as(path.stem)) or str(path.parent) == FOLDER
    return here and path.suffix in (*READERS, *OTHER_SHEETS) and not is_notices(name)


def _is_meant_as(stem: str) -> bool:
    """One letter amiss is a slip; notices2 and notices-old are somebody's copies, and are left alone."""
    return stem.isalpha() and bool(get_close_matches(stem, [FOLDER], cutoff=0.9))


def read_notices(name: str, source: bytes, file: str, faults: Faults) -> Entries:
    """Return the entries of a file of notices; `file` is what faults call it. Raises PackFaulty where it is none."""
    return READERS[PurePosixPath(name).suffix](source, file, faults)


def build_notices(
    files: Mapping[str, Entries], helpers: Mapping[str, Helper] | None, faults: Faults
) -> dict[str, Notice]:
    """Return every notice of the files by its id. A faulty row leaves its faults, and the others stand.

    Where nobody can tell which `helpers` there are, None, no name of one is blamed.
    """
    notices: dict[str, Notice] = {}
    for name in filter(is_notices, files):
        for entry, node in files[name].items.items():
            if isinstance(node, Entries) and (notice := _Row(node, entry, name, faults).notice(helpers)):
                key = entry if entry not in notices else f"{name}/{entry}"
                notices[key] = notice
    return notices


class _Row:
    """Reads one notice. What is unclear is noted with the words of its cell, and reading goes on to find the rest."""

    def __init__(self, entries: Entries, entry: str, name: str, faults: Faults) -> None:
        self._record = Record(entries, "", Faults(), entries.mark)
        self._faults, self._mark = faults, entries.mark
        self._count = len(faults.found())
        self._id, self._file = entry, name
        title = self._text("title")
        self._called = f"{self._text(ROW)}, {quoted(title)}" if title else self._text(ROW)

    def notice(self, helpers: Mapping[str, Helper] | None) -> Notice | None:
        kind = self._read("kind", _kind, NoticeKind.SESSION)
        if not self._text("title"):
            self._fault("has no title.", f"Write one under {label_of('title')}.")
        if not self._text("kind"):
            self._fault("does not say what it is.", "Write session, course, vacancy or good news under Kind.")
        starts, ends = self._times()
        first, last, rule = self._days(kind, starts)
        notice = Notice(
            id=self._id,
            file=self._file,
            kind=kind,
            title=self._text("title"),
            first=first,
            last=last,
            say=self._text("say"),
            where=self._text("where"),
            starts=starts,
            ends=ends,
            rule=rule,
            but=self._read("but", parse_days, ()),
            also=self._read(ALSO, parse_days, ()),
            shown_from=self._read("shown_from", parse_day, first if kind is NoticeKind.STORY else date.min),
            shown_until=self._read("shown_until", parse_day, last if kind is NoticeKind.STORY else date.max),
            helper=self._read("helper", lambda words: _helper(words, helpers), ""),
            creche=self._read("creche", parse_flag, None),
            address=self._read("address", _address, ""),
            picture=self._read("picture", _picture, ""),
            example=self._read("example", parse_flag, False),
        )
        self._check_shown(notice)
        return notice if len(self._faults.found()) == self._count else None

    def _days(self, kind: NoticeKind, starts: time | None) -> tuple[date, date, str]:
        """Return the first and the last day, and the rule by which it comes again between them."""
        if kind is NoticeKind.VACANCY:
            closes = self._needed("closes", "a closing date", kind)
            return self._read("first", parse_day, closes), closes, ""
        first = self._needed("first", "a date" if kind is NoticeKind.STORY else "a first date", kind)
        if kind is NoticeKind.STORY:
            return first, self._read("last", parse_day, first + STORY_LASTS), ""
        if kind is NoticeKind.COURSE and not self._text(RULE):
            self._needed("last", "a last day", kind)
        rule, until = self._rule(first, starts)
        open_end = until if rule else first
        last = self._read("last", parse_day, open_end)
        if last < first:
            words, label = self._text("last"), label_of("last")
            self._fault(f"{quoted(label)} is {quoted(words)}, which is before it begins.", "Mend one of the two days.")
        if kind is NoticeKind.SESSION and not rule and last > first:
            return first, last, "FREQ=DAILY"
        return first, min(last, until) if rule else last, rule

    def _rule(self, first: date, starts: time | None) -> tuple[str, date]:
        every, weekday, written = self._text("every"), self._text("weekday"), self._text(RULE)
        try:
            if not written and squash(every) not in ("", "once", "no", "never"):
                written = make_rule(every, weekday, first)
                # Of what is on every second week, the first date says which of the two.
                if written.startswith("FREQ=WEEKLY;INTERVAL"):
                    self._check_weekday(weekday, written, first, "Write the first day that it is on.")
            elif not written and weekday and self._text("last"):
                written = make_rule("week", weekday, first)
            elif not written and weekday:
                rule = make_rule("week", weekday, first)
                self._check_weekday(weekday, rule, first, "Mend one, or write week under Every.")
            return read_rule(written, first, starts) if written else ("", LATEST)
        except Unclear as why:
            cells = " ".join(part for part in (every, weekday) if part) or written
            self._fault(f'"Every" and "Weekday" are {quoted(cells)}, which is not {why.is_not}.', why.remedy)
            return "", LATEST

    def _check_weekday(self, weekday: str, rule: str, first: date, remedy: str) -> None:
        """Blame a first date that is on none of the rule's days of the week."""
        if weekday and first != _UNREAD and CODES[first.weekday()] not in rule.partition("BYDAY=")[2]:
            name = WEEKDAYS[first.weekday()].title()
            self._fault(f'"Weekday" is {quoted(weekday)}, and {first:%d/%m/%Y} is a {name}.', remedy)

    def _times(self) -> tuple[time | None, time | None]:
        unsaid: tuple[time | None, time | None] = (None, None)
        whole = self._read("time", parse_times, unsaid)
        starts = self._read("starts", parse_time, whole[0])
        ends = self._read("ends", parse_time, whole[1])
        if ends and not starts:
            self._fault("has a time when it ends, and none when it begins.", "Write one under From.")
        elif starts and ends and ends <= starts:
            self._fault(f"ends at {ends:%H:%M}, which is not after {starts:%H:%M}.", "Write 13:00 for 1 pm.")
        return starts, ends

    def _check_shown(self, notice: Notice) -> None:
        if notice.shown_from > notice.shown_until:
            self._fault("is shown until a day before it is shown from.", "Mend Show from and Show until.")

    def _needed(self, field: str, what: str, kind: NoticeKind) -> date:
        if not self._text(field):
            self._fault(f"is {_CALLED[kind]} without {what}.", f"Write it under {label_of(field)}.")
            return _UNREAD
        return self._read(field, parse_day, _UNREAD)

    def _read(self, field: str, parse: Callable[[str], T], default: T) -> T:
        words = self._text(field)
        if not words:
            return default
        try:
            return parse(words)
        except Unclear as why:
            self._fault(f"{quoted(label_of(field))} is {quoted(words)}, which is not {why.is_not}.", why.remedy)
            return default

    def _text(self, field: str) -> str:
        return self._record.text(field, "")

    def _fault(self, says: str, remedy: str) -> None:
        self._faults.add(self._mark, f"{self._called}: {says}" if says[:1] == '"' else f"{self._called} {says}", remedy)


def _kind(words: str) -> NoticeKind:
    found = _KINDS.get(squash(words))
    if found is None:
        raise Unclear(
            "a kind of notice",
            did_you_mean(
                words.casefold(),
                ("session", "course", "vacancy", "good news"),
                "Write session, course, vacancy or good news.",
            ),
        )
    return found


def _helper(words: str, helpers: Mapping[str, Helper] | None) -> str:
    if helpers is None:
        return ""
    names = {squash(name): helper.id for helper in helpers.values() for name in (helper.title, helper.id)}
    if found := names.get(squash(words)):
        return found
    titles = [helper.title for helper in helpers.values()]
    raise Unclear("somebody in helpers.yaml", did_you_mean(words, titles, f"There are: {', '.join(titles)}."))


def _address(words: str) -> str:
    """Return a web address as a parent writes it down, without https://."""
    bare = words.strip().removeprefix("https://").removeprefix("http://").rstrip("/")
    head, _, rest = bare.partition("/")
    labels = head.split(".")
    plain = all(label and label.isascii() and label.replace("-", "").isalnum() for label in labels)
    if len(labels) < 2 or not plain or not rest.isascii() or not rest.isprintable() or " " in rest or len(bare) > 200:
        raise Unclear("a web address", "Write it like www.example.org/courses.")
    return bare


def _picture(words: str) -> str:
    path = PurePosixPath(words)
    if path.is_absolute() or ".." in path.parts or "\\" in words or path.suffix.lower() not in PICTURES:
        raise Unclear("a picture of this folder", "Write its name, such as notices/garden.jpg.")
    return path.as_posix()


def find_pictures(notices: Iterable[Notice]) -> Iterator[tuple[str, str, str]]:
    """Yield file and id of each notice with a picture, and the picture's name."""
    return ((each.file, each.id, each.picture) for each in notices if each.picture)
