"""The shipped packs, read once as a kiosk reads them, and every string in them as a parent sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from kiosk.pack.facts import fill
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.texts import ShownText, find_shown_texts

CONTENT = Path(__file__).parents[2] / "content"
NAMES = ("england", "oxfordshire", "westminster")
LOCAL = ("oxfordshire", "westminster")

WRITTEN = date(2026, 11, 21)
"""A day on which every fact holds."""

LONG_AFTER = date(2099, 1, 1)
"""A day on which none does, and the `ask` words stand in."""


@cache
def pack(name: str) -> Pack:
    return read_pack(CONTENT / name)


@cache
def texts(name: str) -> tuple[ShownText, ...]:
    return tuple(find_shown_texts(pack(name)))


def strings(name: str, today: date) -> Iterator[tuple[str, str]]:
    """Yield where each string stands and what a parent reads there on that day."""
    for text in texts(name):
        where = " ".join(str(part) for part in text.path)
        yield f"{name}/{where}", fill(text.words, pack(name).facts, today).replace("**", "")
