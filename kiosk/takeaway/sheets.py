"""What hangs on the wall and lies on the table: poster, leaflet, aide-memoire and training sheet, made ready to be set in type.

Every text is as a parent reads it, facts filled in, in `language`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.takeaway.model import Section


class Kind(StrEnum):
    """The value is what the command and the file are called."""

    POSTER = "poster"
    LEAFLET = "leaflet"
    AIDE_MEMOIRE = "aide-memoire"
    TRAINING_SHEET = "training-sheet"


class Size(StrEnum):
    """Of paper, upright; the leaflet lies on its side."""

    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True)
class Said:
    """An answer and where it leads: the letter of a question, or the number of an ending."""

    say: str
    to: str


@dataclass(frozen=True)
class Asked:
    """A question, known on paper by its `letter`."""

    letter: str
    ask: str
    answers: tuple[Said, ...]


@dataclass(frozen=True)
class Ending:
    """An outcome, known on paper by its `number`: its title, and who helps, by name."""

    number: str
    title: str
    who: tuple[str, ...]


@dataclass(frozen=True)
class Station:
    """A stage with all that is asked there and all that ends there. `icon` is a Lucide name."""

    title: str
    icon: str
    say: str
    asked: tuple[Asked, ...]
    endings: tuple[Ending, ...]


@dataclass(frozen=True)
class Road:
    """A whole flow, its stations in the order of the path."""

    title: str
    icon: str
    stations: tuple[Station, ...]


@dataclass(frozen=True)
class Contact:
    """Who helps, and the lines that say how to find them."""

    title: str
    icon: str
    does: str
    find: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """What all sheets say. `day` is the day on which its figures were true, in words; `unchecked` tells who reads a
    translation that no speaker has checked yet, else it is empty."""

    place: str
    title: str
    day: str
    language: str
    mirrored: bool
    unchecked: str = ""


@dataclass(frozen=True)
class Poster:
    """One flow as a road up the sheet. `here` marks its foot, `how` says how to read it, `invite` what the screen is for."""

    head: Head
    road: Road
    here: str
    how: str
    invite: str
    call: str


@dataclass(frozen=True)
class Leaflet:
    """All flows inside; outside a cover, how to go on from it, and who helps."""

    head: Head
    roads: tuple[Road, ...]
    hint: str
    who_title: str
    who: tuple[Contact, ...]
    call_title: str
    call: tuple[str, ...]


@dataclass(frozen=True)
class ListSheet:
    """A checklist: to tick off, or, `for_staff`, to go through with a parent. `notes` are headings of empty columns."""

    head: Head
    say: str
    sections: tuple[Section, ...]
    notes_title: str = ""
    notes: tuple[str, ...] = ()
    for_staff: bool = False


Sheet = Poster | Leaflet | ListSheet
