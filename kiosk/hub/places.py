"""The lines of an order of work, and the place of each as one number, which sorts far faster than a pair. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from kiosk.callbacks.model import SafeTime
from kiosk.hub.safety import Hours
from kiosk.hub.worklist import IN_TIME, SKEW, WAITS, Place, believed

RANK = 1e10  # seconds: more than any moment
CLOSED = -1.0  # less than any place's key
KEY, PLACE, SINCE = attrgetter("key"), attrgetter("key", "sequence"), attrgetter("since")


@dataclass(slots=True, eq=False)
class Shared(Hours):
    """Hours of any number of lines. `lines`, by their ids, are those of them that nothing but these hours and a wait that
    grows too long can move: no colleague holds them, and nothing is booked.
    """

    lines: dict[str, Line] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Line:
    """What the order needs of one request. Of two with the same `key` the one that came first stands first."""

    id: str
    sequence: int
    received_at: datetime
    centre: str
    asked_at: datetime
    hours: Shared
    key: float = CLOSED
    since: float = 0.0  # when the parent asked, as far as that could be believed when it was dated; in seconds

    def date(self, now: datetime) -> bool:
        """Believe what can be believed at `now` of when the parent asked. Return whether that is for good."""
        self.since = believed(self.asked_at, self.received_at, now).timestamp()
        return self.received_at <= now + SKEW

    @property
    def safe_times(self) -> tuple[SafeTime, ...]:
        """The weekly windows in which it may be rung."""
        return self.hours.safe_times


def key(place: Place) -> float:
    """Return a place as one number, exact to 10 microseconds."""
    rank, at = place
    return rank * RANK + at


def count_ready(waiting: list[Line]) -> dict[str, int]:
    """Return how many may be rung now, how many are overdue, and how many are open, of lines in their order."""

    def before(rank: int) -> int:
        return bisect_left(waiting, rank * RANK, key=KEY)

    overdue = before(IN_TIME)
    return {"safe": before(WAITS) + before(IN_TIME + WAITS) - overdue, "overdue": overdue, "open": len(waiting)}
