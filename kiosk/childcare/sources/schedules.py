"""Opening hours as Open Referral gives them: schedules with days and times, in the spellings of versions 1 and 3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kiosk.childcare.hours import Span, Week, make_week, read_clock
from kiosk.childcare.sources.cells import read_day

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WEEKLY = {"", "weekly", "week"}
_RARE = ("bymonthday", "byweekno", "byyearday", "bysetpos")


def current(schedules: Iterable[Any], today: date) -> list[Mapping[str, Any]]:
    """Return the schedules that hold today; what is no schedule at all is left out."""
    return [each for each in schedules if isinstance(each, Mapping) and _holds(each, today)]


def read_week(schedules: Iterable[Mapping[str, Any]]) -> Week:
    """Return the week that schedules make together; nothing where one of them is not wholly understood."""
    spans: list[Span] = []
    for each in schedules:
        days, opens, closes = _days(each), read_clock(_said(each, "opens_at")), read_clock(_said(each, "closes_at"))
        if not days or opens is None or closes is None or opens >= closes:
            return ()
        spans += [Span(day, opens, closes) for day in days]
    return make_week(spans)


def in_words(schedules: Iterable[Mapping[str, Any]]) -> str:
    """Return what the schedules say in their own words, or as they came where they have none."""
    texts = [_said(each, "description") or _said(each, "notes") or _as_it_came(each) for each in schedules]
    return "; ".join(dict.fromkeys(filter(None, texts)))


def has_words(schedules: Iterable[Mapping[str, Any]]) -> bool:
    return any(_said(each, "description") or _said(each, "notes") for each in schedules)


def are_weekly(schedules: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether all may hold in every week; the words of one that does not, "Monday 8-6", would be taken for a weekly one."""
    return all(_is_weekly(each) and (_days(each) or not _named_days(each)) for each in schedules)


def _is_weekly(schedule: Mapping[str, Any]) -> bool:
    is_frequent = _said(schedule, "freq").lower() in {*_WEEKLY, "daily"} and _said(schedule, "interval") in ("", "1")
    return is_frequent and not any(_said(schedule, field) or schedule.get(field) for field in _RARE)


def _holds(schedule: Mapping[str, Any], today: date) -> bool:
    begins = read_day(_said(schedule, "valid_from"))
    ends = read_day(_said(schedule, "valid_to") or _said(schedule, "until"))
    return (begins is None or begins <= today) and (ends is None or today <= ends)


def _days(schedule: Mapping[str, Any]) -> set[int]:
    """Every week on these days; nothing for every second week, or for days of a month."""
    if not _is_weekly(schedule):
        return set()
    if _said(schedule, "freq").lower() == "daily":
        return set(range(7))
    names = _named_days(schedule).lower().replace(";", ",").split(",")
    days = {_DAYS.index(name.strip()[:2]) if name.strip()[:2] in _DAYS else -1 for name in names}
    return days if -1 not in days else set()


def _named_days(schedule: Mapping[str, Any]) -> str:
    return _said(schedule, "byday") or _said(schedule, "weekday")


def _said(schedule: Mapping[str, Any], field: str) -> str:
    value = schedule.get(field)
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _as_it_came(schedule: Mapping[str, Any]) -> str:
    times = "-".join(filter(None, (_said(schedule, "opens_at"), _said(schedule, "closes_at"))))
    return " ".join(filter(None, (_named_days(schedule), times)))
