"""What a parent would notice of the notices: which came, which went, and what each now says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time

from kiosk.pack.change import Change, Changes, Weight, both, reworded, said
from kiosk.pack.facts import long_date
from kiosk.pack.model import Notice, NoticeKind, Pack
from kiosk.pack.notice_words import CODES, LATEST, WEEKDAYS

Packs = tuple[Pack, Pack]
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_PLACES = {1: "first ", 2: "second ", 3: "third ", 4: "fourth ", -1: "last "}
_KINDS = {
    NoticeKind.SESSION: "a session",
    NoticeKind.COURSE: "a course",
    NoticeKind.VACANCY: "a vacancy",
    NoticeKind.STORY: "a good news story",
}


def notice_changes(packs: Packs) -> Changes:
    """Yield what is different at each notice that is in both packs."""
    for before, after in both(packs[0].notices, packs[1].notices):
        screen = f"The notice {said(after.title, packs[1])}"
        yield from (Change(Weight.FIGURE, screen, says) for says in _truths(before, after, packs))
        for name, what in (("title", "Its title"), ("say", "Its text"), ("where", "The place")):
            words = reworded(what, getattr(before, name), getattr(after, name), packs)
            yield from (Change(Weight.WORDS, screen, says) for says in words)
        yield from (Change(Weight.WORDS, screen, says) for says in _beside(before, after))


def _truths(old: Notice, new: Notice, packs: Packs) -> Iterator[str]:
    """What somebody who comes at the old day, or to the old helper, would find wrong."""
    if old.kind is not new.kind:
        yield f"It was {_KINDS[old.kind]} and is now {_KINDS[new.kind]}."
    if (was := _when(old)) != (now := _when(new)):
        yield f"It was {was} and is now {now}."
    if (was := _times(old)) != (now := _times(new)):
        yield f"The time was {was or 'not said'} and is now {now or 'not said'}."
    yield from _days_in_and_out("It does not take place on", old.but, new.but)
    yield from _days_in_and_out("It also takes place on", old.also, new.also)
    if (old.shown_from, old.shown_until) != (new.shown_from, new.shown_until) and _shown(old) != _shown(new):
        yield f"It was shown {_shown(old)} and is now shown {_shown(new)}."
    if old.helper != new.helper:
        who = [
            pack.helpers[id].title if id in pack.helpers else "nobody"
            for pack, id in zip(packs, (old.helper, new.helper), strict=True)
        ]
        yield f"It named {who[0]} and now names {who[1]}."
    if old.creche != new.creche:
        says = {True: "there is a crèche", False: "there is no crèche", None: "nothing of a crèche"}
        yield f"It said {says[old.creche]} and now says {says[new.creche]}."
    if old.address != new.address:
        yield f"The web address was {old.address or 'empty'} and is now {new.address or 'empty'}."


def _beside(old: Notice, new: Notice) -> Iterator[str]:
    if old.picture != new.picture:
        yield f"The picture was {old.picture or 'none'} and is now {new.picture or 'none'}."
    if old.example != new.example:
        yield "It is now marked as an example." if new.example else "It is not marked as an example any more."


def _when(notice: Notice) -> str:
    """Return `every 2 weeks on Tuesday from 10 November 2026`, `until 11 December 2026` for what closes, or the one day."""
    if notice.kind is NoticeKind.VACANCY:
        return f"open until {_day(notice.last)}"
    if notice.rule:
        ends = f" until {_day(notice.last)}" if notice.last < LATEST else ""
        return f"{_rhythm(notice.rule)} from {_day(notice.first)}{ends}"
    return (
        f"from {_day(notice.first)} to {_day(notice.last)}"
        if notice.last > notice.first
        else f"on {_day(notice.first)}"
    )


def _rhythm(rule: str) -> str:
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    number, unit = int(parts.get("INTERVAL", "1")), _UNITS.get(parts.get("FREQ", ""), "")
    every = f"every {unit}" if number == 1 else f"every {number} {unit}s"
    days = [_weekday(code) for code in parts.get("BYDAY", "").split(",") if code]
    return f"{every} on {_listed(days)}" if days else every


def _weekday(code: str) -> str:
    place = code[:-2]
    which = _PLACES.get(int(place), f"{place}. ") if place else ""
    return f"{'the ' if which else ''}{which}{WEEKDAYS[CODES.index(code[-2:])].title()}"


def _times(notice: Notice) -> str:
    return " to ".join(_time(each) for each in (notice.starts, notice.ends) if each)


def _time(at: time) -> str:
    return f"{at:%H:%M}"


def _shown(notice: Notice) -> str:
    since = f"from {_day(notice.shown_from)} " if notice.shown_from > date.min else ""
    return (
        f"{since}until {_day(notice.shown_until)}" if notice.shown_until < date.max else f"{since}as long as it is on"
    )


def _days_in_and_out(what: str, old: Iterable[date], new: Iterable[date]) -> Iterator[str]:
    if more := sorted(set(new) - set(old)):
        yield f"{what} {_listed([_day(each) for each in more])}."
    if less := sorted(set(old) - set(new)):
        yield f"{what} {_listed([_day(each) for each in less])}: this is no longer said."


def _day(day: date) -> str:
    return long_date(day, "en")


def _listed(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
