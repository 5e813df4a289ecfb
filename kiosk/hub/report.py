"""The report that the service owes: by centre and month, what was asked, tried and reached. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from kiosk.hub.case import AttemptKind, ResultKind
from kiosk.hub.disclosure import LEAST, Seen, merge_few, seen_count, seen_grand_total, seen_total, seen_values
from kiosk.hub.record import Story
from kiosk.london import LONDON

FIRST_MONTH = 4  # a reporting year begins in April, as a council's does
NOT_REACHED = frozenset({ResultKind.NO_CONTACT, ResultKind.NOT_TO_BE_CALLED})
Month = tuple[int, int]
Count = Callable[[Sequence[Story]], Sequence[int]]  # for each person that counts, how much
Measure = Callable[[Sequence[Story]], Sequence[float]]


@dataclass(frozen=True)
class Spread:
    """Mean and median of at least 5 values. Over several months they leave out what would tell a month with fewer."""

    mean: float
    median: float


@dataclass(frozen=True)
class Line:
    """One count: each month's, and the year's."""

    months: tuple[Seen, ...]
    year: Seen


@dataclass(frozen=True)
class CentreReport:
    """One centre's year. `contacts` counts talks up to the first result; `waited` is in seconds up to the first try."""

    centre: str
    counts: dict[str, Line]
    contacts: tuple[Spread | None, ...]
    waited: tuple[Spread | None, ...]


@dataclass(frozen=True)
class Report:
    """A year from April. The `year` columns of contacts and waited come last in their tuples."""

    year: int
    months: tuple[Month, ...]
    centres: tuple[CentreReport, ...]
    totals: dict[str, Seen]
    contacts: Spread | None
    waited: Spread | None


def year_of(at: datetime) -> int:
    """Return the year in whose April the reporting year of `at` began."""
    local = at.astimezone(LONDON)
    return local.year if local.month >= FIRST_MONTH else local.year - 1


def bounds(year: int) -> tuple[datetime, datetime]:
    """Return when a reporting year begins and ends in London."""
    first, last = (datetime(each, FIRST_MONTH, 1, tzinfo=LONDON) for each in (year, year + 1))
    return first, last


def make_report(stories: Iterable[Story], centres: Iterable[str], year: int, now: datetime) -> Report:
    """Return the report of `year` for these centres, up to the month of `now`. A story counts in the month it came.

    All months that have begun are there, also those without a request: a gap would tell a hidden nought.
    """
    months, told = _months(year, now), dict[str, list[Story]]({centre: [] for centre in sorted(set(centres))})
    for story in stories:
        if story.centre in told:
            told[story.centre].append(story)
    return Report(
        year,
        months,
        tuple(_centre(name, ours, months) for name, ours in told.items()),
        {name: _grand_total(count, told.values(), months) for name, count in COUNTS.items()},
        _overall(contacts_before_result, told.values(), months),
        _overall(waits, told.values(), months),
    )


def contacts_before_result(stories: Iterable[Story]) -> list[int]:
    """Return for each story with a result that is a way on, how often they had talked before it."""
    numbers = []
    for story in stories:
        reached = [at for at, kind in story.results if kind not in NOT_REACHED]
        if reached:
            talks = [at for at, kind in story.attempts if kind is AttemptKind.TALKED and at <= min(reached)]
            numbers.append(len(talks))
    return numbers


def waits(stories: Iterable[Story]) -> list[float]:
    """Return for each story that was tried, the seconds from its coming to the first try."""
    first = [(story.attempts[0][0] - story.received_at) for story in stories if story.attempts]
    return [max(waited, timedelta(0)).total_seconds() for waited in first]


def spread(values: Sequence[float]) -> Spread | None:
    """Return mean and median, or None of fewer than 5 values."""
    return Spread(fmean(values), median(values)) if len(values) >= LEAST else None


def _having(kind: ResultKind) -> Count:
    return lambda stories: [1 for story in stories if any(came is kind for _, came in story.results)]


COUNTS: dict[str, Count] = {
    "requests": lambda stories: [1] * len(stories),
    "calls": lambda stories: [len(story.attempts) for story in stories if story.attempts],
    **{kind.value: _having(kind) for kind in ResultKind},
}


def _months(year: int, now: datetime) -> tuple[Month, ...]:
    here = now.astimezone(LONDON)
    twelve = [(year + (month > 12), (month - 1) % 12 + 1) for month in range(FIRST_MONTH, FIRST_MONTH + 12)]
    return tuple(month for month in twelve if month <= (here.year, here.month))


def _in(stories: Iterable[Story], month: Month) -> list[Story]:
    came = ((story, story.received_at.astimezone(LONDON)) for story in stories)
    return [story for story, at in came if (at.year, at.month) == month]


def _centre(name: str, stories: list[Story], months: tuple[Month, ...]) -> CentreReport:
    parts = [_in(stories, month) for month in months]
    return CentreReport(
        name,
        {what: _line([count(part) for part in parts]) for what, count in COUNTS.items()},
        _spreads(contacts_before_result, parts),
        _spreads(waits, parts),
    )


def _spreads(measure: Measure, parts: Iterable[Sequence[Story]]) -> tuple[Spread | None, ...]:
    """Return what may be seen of each part, and then of all."""
    values = [measure(part) for part in parts]
    return (*map(spread, values), spread(seen_values(merge_few(values))))


def _line(parts: Sequence[Sequence[int]]) -> Line:
    people, numbers = list(map(len, parts)), list(map(sum, parts))
    return Line(tuple(map(seen_count, people, numbers)), seen_total(people, numbers))


def _grand_total(count: Count, told: Iterable[list[Story]], months: tuple[Month, ...]) -> Seen:
    """Add up the centres, each of which is seen by its months and its year."""
    rows = [[count(_in(stories, month)) for month in months] for stories in told]
    return seen_grand_total([list(map(len, row)) for row in rows], [list(map(sum, row)) for row in rows])


def _overall(measure: Measure, told: Iterable[list[Story]], months: tuple[Month, ...]) -> Spread | None:
    """Return what may be seen of all centres beside what is seen of each."""
    merged = (part for stories in told for part in merge_few(measure(_in(stories, month)) for month in months))
    return spread(seen_values(merge_few(merged)))
