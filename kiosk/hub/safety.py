"""When is it safe to ring? Weekly windows in Europe/London, asked at one moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol

from kiosk.callbacks.model import SafeTime
from kiosk.london import LONDON


class Reachable(Protocol):
    """Whoever may be rung at some times of the week."""

    @property
    def safe_times(self) -> tuple[SafeTime, ...]: ...


@dataclass(frozen=True)
class SafeNow:
    """It is safe to ring until then. London time."""

    until: datetime


@dataclass(frozen=True)
class NotNow:
    """It is not safe to ring; the next time it is. London time."""

    next_start: datetime
    next_end: datetime


@dataclass(slots=True, eq=False)
class Hours:
    """Safe times, merged, that any number of requests have in common: how they stand is worked out once for all of them.

    That holds from `asked` until `due`, in seconds, and then anew: `rings` says that somebody may ring until `due`;
    otherwise they may from `due` until `ends`.
    """

    safe_times: tuple[SafeTime, ...]
    rings: bool = False
    asked: float = 0.0
    due: float = 0.0
    ends: float = 0.0

    def turn_to(self, now: datetime, moment: float) -> bool:
        """Let it stand as it does at `now`, which is `moment` in seconds. Return whether that is news."""
        if self.asked <= moment < self.due:
            return False
        if self.due <= moment < self.ends:  # what was waited for has begun
            self.rings, self.due = True, self.ends
        else:
            (_, begins), (_, self.ends) = _next_span(self.safe_times, now, moment)
            self.rings = begins <= moment
            self.due = self.ends if self.rings else begins
        self.asked = moment
        return True


def merge(safe_times: Iterable[SafeTime]) -> tuple[SafeTime, ...]:
    """Return the windows in the order of the week, those of a day that touch or overlap as one."""
    merged: list[SafeTime] = []
    for window in sorted(safe_times):
        last = merged[-1] if merged else None
        if last and last.day == window.day and window.start <= last.end:
            merged[-1] = SafeTime(last.day, last.start, max(last.end, window.end))
        else:
            merged.append(window)
    return tuple(merged)


def safe_now(request: Reachable, now: datetime) -> SafeNow | NotNow:
    """Say whether `request` may be rung at `now` (aware), and until when or when next."""
    return ring_at(merge(request.safe_times), now)


def ring_at(merged: tuple[SafeTime, ...], now: datetime) -> SafeNow | NotNow:
    """Say what `safe_now` says of safe times that are merged already."""
    moment = now.timestamp()
    (start, begins), (end, _) = _next_span(merged, now, moment)
    return SafeNow(end) if begins <= moment else NotNow(start, end)


# A London time, and the same in seconds: two London times on either side of a clock change compare by the wall clock alone.
_Instant = tuple[datetime, float]


def _next_span(windows: tuple[SafeTime, ...], now: datetime, moment: float) -> tuple[_Instant, _Instant]:
    """Return the first of the windows that ends after `now`, which is `moment` in seconds.

    It looks from the start of this London day for two weeks: in one of them the hour that summer time skips may be the
    only safe one.
    """
    for day, weekday in _two_weeks(_london_day(now)):
        for window in windows:
            if window.day == weekday:
                end = _instant(day, window.end)
                if moment < end[1] and (start := _instant(day, window.start))[1] < end[1]:
                    return start, end
    raise ValueError("There is no safe time in two weeks.")


@lru_cache(maxsize=8)
def _london_day(now: datetime) -> date:
    return now.astimezone(LONDON).date()


@lru_cache(maxsize=8)
def _two_weeks(today: date) -> tuple[tuple[date, int], ...]:
    days = (today + timedelta(days=ahead) for ahead in range(15))
    return tuple((day, day.weekday()) for day in days)


@lru_cache(maxsize=4096)  # thousands of requests share the quarters of an hour of a few days
def _instant(day: date, clock: time) -> _Instant:
    at = datetime.combine(day, clock, LONDON)
    return at, at.timestamp()
