"""Words for each part of the year, from the tree: all of them together are the whole year, no day is in two."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kiosk.pack.facts import is_in
from kiosk.pack.model import Season
from kiosk.pack.record import Record
from kiosk.pack.tree import quoted

_DAY = re.compile(r"(\d\d)-(\d\d)")
_YEAR = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
"""A leap year: 29 February is in a season as well."""

Day = tuple[int, int]


def build_seasons(record: Record) -> tuple[Season, ...]:
    """Return what stands under `seasons:`, each `from` and `until` a month and day like 09-01."""
    parts = record.records("seasons", f"A season of {record.called[:1].lower()}{record.called[1:]}")
    seasons = tuple(_season(part) for part in parts)
    for part, season in zip(parts, seasons, strict=True):
        if re.search(r"[{}]", season.say) or season.say.count("**") % 2:
            says = f"{quoted(season.say)} holds a curly bracket, or a ** without its pair."
            part.fault("say", says, "Seasonal words are plain; bold words stand between ** and **.")
    if seasons:
        _check_year(record, seasons)
    return seasons


def _season(record: Record) -> Season:
    kind = "a month and a day like 09-01"
    season = Season(
        record.parsed("from", _day, kind, (1, 1)), record.parsed("until", _day, kind, (12, 31)), record.text("say")
    )
    record.done()
    return season


def _day(words: str) -> Day:
    found = _DAY.fullmatch(words)
    if not found:
        raise ValueError
    day = date(2028, int(found[1]), int(found[2]))
    return day.month, day.day


def _check_year(record: Record, seasons: tuple[Season, ...]) -> None:
    """Note the first day that has no words, and the first that has two: nobody can tell which to show."""
    counts = {day: sum(is_in(season, day) for season in seasons) for day in _YEAR}
    for wrong, says, remedy in (
        ([day for day in _YEAR if counts[day] == 0], "is in no season", "Let one of them begin or end there."),
        ([day for day in _YEAR if counts[day] > 1], "is in two seasons", "Let the one end on the day before."),
    ):
        if wrong:
            record.fault("seasons", f"{record.called}: {wrong[0]:%m-%d} {says}.", remedy)
