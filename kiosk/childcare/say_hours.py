"""A week as a line to read: days that keep the same hours together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.childcare.hours import NOON, Week

ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def english_clock(minutes: int) -> str:
    """Return 8am, 6.30pm, noon, midnight."""
    hour, minute = divmod(minutes, 60)
    if minutes in (NOON, 2 * NOON):
        return "noon" if minutes == NOON else "midnight"
    return f"{(hour - 1) % 12 + 1}{f'.{minute:02}' if minute else ''}{'am' if minutes < NOON else 'pm'}"


def english_times(opens: int, closes: int) -> str:
    """Return "8am to 6.30pm"."""
    return f"{english_clock(opens)} to {english_clock(closes)}"


def say_week(
    week: Week,
    days: Sequence[str] = ENGLISH_DAYS,
    times: Callable[[int, int], str] = english_times,
    to: str = " to ",
) -> str:
    """Return "Monday to Friday 8am to 6pm, Saturday 9am to noon"; empty for a week that is not known."""
    hours = {day: tuple((each.opens, each.closes) for each in week if each.day == day) for day in range(7)}
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and hours[last + 1] == hours[day]:
            last += 1
        if hours[day]:
            named = days[day] if last == day else f"{days[day]}{to}{days[last]}"
            parts.append(f"{named} {', '.join(times(*each) for each in hours[day])}")
        day = last + 1
    return ", ".join(parts)
