"""What a notice's details are called: the columns of a spreadsheet, and lines of a calendar's description."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "kind": ("Kind", "Type", "Kind of notice", "Category"),
    "title": ("Title", "Name", "Headline", "Event", "Job", "Subject"),
    "say": ("Words", "Text", "About", "Description", "Details", "Story"),
    "where": ("Where", "Place", "Location", "Venue", "Room"),
    "first": ("First date", "Date", "Start date", "Starts", "First day", "From date", "Starts on"),
    "every": ("Every", "Repeats", "How often", "Repeat"),
    "weekday": ("Weekday", "Day", "Days", "Weekdays", "Day of the week", "On"),
    "last": ("Until", "Last date", "End date", "Ends", "Last day", "Ends on"),
    "but": ("Not on", "Except", "Except on", "Not on these dates", "Closed on"),
    "starts": ("From", "Start time", "From time", "Time from", "Begins"),
    "ends": ("To", "End time", "To time", "Time to", "Finishes"),
    "time": ("Time", "Times", "At what time"),
    "closes": ("Closing date", "Closes", "Apply by", "Deadline", "Closes on"),
    "helper": ("Helper", "Who", "Who comes", "With"),
    "creche": ("Crèche", "Creche here", "Is there a crèche"),
    "address": ("Web address", "Website", "Link", "Web page", "URL", "Web"),
    "picture": ("Picture", "Photo", "Image"),
    "shown_from": ("Show from", "Shown from"),
    "shown_until": ("Show until", "Shown until", "Hide after"),
    "example": ("Example", "Is an example"),
    "id": ("Id", "Reference"),
}
"""The spellings of each detail, compared without case, accents, spaces and punctuation; faults use the first."""


def squash(words: str) -> str:
    """Return the words without case, accents, spaces and punctuation: `Crèche here?` is `crechehere`."""
    parted = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in parted if sign.isalnum())


_FIELDS = {squash(name): field for field, names in NAMES.items() for name in names}
KNOWN = tuple(name for names in NAMES.values() for name in names)


def field_of(name: str) -> str:
    """Return which detail a column's name stands for, or "" where it is none of ours."""
    return _FIELDS.get(squash(name), "")


def label_of(field: str) -> str:
    """Return what faults call a detail."""
    return NAMES[field][0] if field in NAMES else field
