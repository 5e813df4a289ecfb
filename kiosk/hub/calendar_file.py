"""A next contact as a file for a worker's calendar (RFC 5545). Others see a calendar: it says neither whom nor why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Alarm, Calendar, Event

LENGTH = timedelta(minutes=15)


def calendar_file(case: UUID, at: datetime, link: str, now: datetime) -> bytes:
    """Return an .ics file. Booked anew, the same case replaces its own entry in the calendar."""
    event = Event()
    event.add("uid", str(case))
    event.add("dtstamp", now.astimezone(UTC))
    # Calendars keep the entry with the highest sequence; seconds do not fall behind.
    event.add("sequence", int(now.timestamp()))
    event.add("dtstart", at.astimezone(UTC))
    event.add("duration", LENGTH)
    event.add("summary", "Call back")
    event.add("class", "PRIVATE")
    event.add("url", link)
    event.add_component(_reminder())
    calendar = Calendar()
    calendar.add("prodid", "-//Call back//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def _reminder() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Call back")
    alarm.add("trigger", timedelta(minutes=-5))
    return alarm
