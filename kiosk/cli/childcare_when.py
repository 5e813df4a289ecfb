"""Days and times as they are typed: --day sat --from 7:30 --to 18:00."""

from __future__ import annotations

from collections.abc import Sequence

import click

from kiosk.childcare.hours import Slot, read_clock

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NOON_ISH = (12 * 60, 12 * 60)


class Clock(click.ParamType[int]):
    """A time of the day as 7:30, 18:00 or 6pm; given as minutes after midnight."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        minutes = value if isinstance(value, int) else read_clock(str(value))
        if minutes is None:
            self.fail(f"{value} is not a time such as 7:30 or 18:00.", param, ctx)
        return minutes


CLOCK = Clock()


def slots(days: Sequence[str], opens: int | None, closes: int | None) -> tuple[Slot, ...]:
    """Return the times that a place must be open at: on each of `days`, or on any day where none is given."""
    if not days and opens is None and closes is None:
        return ()
    start = opens if opens is not None else closes if closes is not None else _NOON_ISH[0]
    end = closes if closes is not None else start
    if end < start:
        raise click.UsageError("--to is before --from.")
    every = [frozenset({DAYS.index(day)}) for day in days] or [frozenset(range(7))]
    return tuple(Slot(each, start, end) for each in every)
