"""A slip: the words of one screen, made ready to leave the building with whoever stood before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What stands before each item: its number, a box to tick, or nothing."""

    NUMBER = "number"
    BOX = "box"
    NONE = "none"


class Paper(StrEnum):
    """What the printer holds: a sheet, or a roll 80 mm wide on which a slip is as long as its words."""

    A4 = "A4"
    A6 = "A6"
    ROLL = "80mm"


@dataclass(frozen=True)
class Item:
    """One thing to do, to bring, or to know, with lines below it: `more` explains, and stays on paper; `find` is where, when, a
    number or an address, which goes along on a phone as well."""

    say: str
    more: tuple[str, ...] = ()
    find: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    title: str
    items: tuple[Item, ...]
    mark: Mark = Mark.NONE


@dataclass(frozen=True)
class Slip:
    """Words as a parent reads them, in `language`: facts filled in, **bold** and the mark of English words still in them.

    `heading` names no service (R11): whoever finds the slip learns nothing from its first line. Nothing that was typed on
    the screen has a place here. Words about money stay off paper, for they name what a family gets: then `on_paper` is not
    set, and the slip is for one's own phone alone.
    """

    heading: str
    day: str
    title: str
    say: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    foot: str = ""
    language: str = "en"
    mirrored: bool = False
    on_paper: bool = True
