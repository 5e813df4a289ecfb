"""A slip as a short text for a QR code: the title, what to do, whom to ring."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.pack.translate import IN_ENGLISH
from kiosk.takeaway.model import Item, Mark, Section, Slip

# What a QR code of version 18 at level M holds in bytes (ISO/IEC 18004, table 7). With 97 modules a side, its quiet zone
# included, a phone reads it from 60 cm off a 15-inch panel.
LIMIT = 560
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# Zero-width spaces and the isolates round English words: a phone's notes need neither.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2066\u2067\u2068\u2069" + IN_ENGLISH))


def to_note(slip: Slip, limit: int = LIMIT) -> str:
    """Return the slip's lines, at most `limit` bytes of UTF-8.

    What it says before its sections goes first where there is no room for all. What then does not fit is left out by whole
    lines, and an ellipsis tells of it.
    """
    lines = [plain(line) for line in (slip.title, *slip.say, *_items(slip))]
    if slip.sections and len("\n".join(lines).encode()) > limit:
        lines = [plain(line) for line in (slip.title, *_items(slip))]
    return _cut(lines, limit)


def _cut(lines: list[str], limit: int) -> str:
    if len("\n".join(lines).encode()) <= limit:
        return "\n".join(lines)
    kept: list[str] = []
    # Room for the line that says there was more.
    room = limit - len("…".encode())
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "…"])


def plain(words: str) -> str:
    """Return the words without anything that only a screen or a printer understands."""
    return _BOLD.sub(r"\1", words).translate(_UNSEEN)


def _items(slip: Slip) -> Iterator[str]:
    for section in slip.sections:
        for number, item in enumerate(section.items, 1):
            yield from _item(section, number, item)


def _item(section: Section, number: int, item: Item) -> Iterator[str]:
    yield f"{number}. {item.say}" if section.mark is Mark.NUMBER else f"- {item.say}"
    yield from item.find
