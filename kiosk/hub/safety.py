"""When is it safe to ring? Weekly windows in Europe/London, asked at one moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.callbacks.model import SafeTime

LONDON = ZoneInfo("Europe/London")


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
    """Safe times that any number of requests have in common: how they stand is worked out once for all of them.

    That holds from `asked` until `due`, in seconds, and then anew: `rings` says that somebody may ring until `due`;
    otherwise they may from `due` on.
    """

    safe_times: tuple[SafeTime, ...]
    ring: SafeNow | NotNow = field(init=False)
    rings: bool = False
    asked: float = 0.0
    due: float = 0.0

    def turn_to(self, now: datetime, moment: float) -> None:
        """Let it stand as it does at `now`, which is `moment` in seconds."""
        if self.asked <= moment < self.due:
            return
        self.ring = safe_now(self, now)
        self.rings = isinstance(self.ring, SafeNow)
        self.asked = moment
        self.due = (self.ring.until if isinstance(self.ring, SafeNow) else self.ring.next_start).timestamp()


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
    # Compared in UTC: two London times on either side of a clock change compare by the wall clock alone.
    start, end = next(span for span in _coming(merge(request.safe_times), now) if now < span[1].astimezone(UTC))
    return SafeNow(end) if start.astimezone(UTC) <= now else NotNow(start, end)


def _coming(windows: tuple[SafeTime, ...], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows as times from the start of this London day, for two weeks: in one of them the hour that summer
    time skips may be the only safe one.
    """
    today = now.astimezone(LONDON).date()
    for day in (today + timedelta(days=ahead) for ahead in range(15)):
        for window in (window for window in windows if window.day == day.weekday()):
            start, end = (datetime.combine(day, clock, LONDON) for clock in (window.start, window.end))
            if start.astimezone(UTC) < end.astimezone(UTC):
                yield start, end
