"""A translator's file taken into a catalogue: only what fits the English of today, and nothing of a broken file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polib

from kiosk.errors import PackFaulty
from kiosk.pack.catalogue import load_catalogue
from kiosk.pack.sources import shown_name
from kiosk.pack.words_rules import find_faults


@dataclass(frozen=True)
class Taken:
    """`changed` were taken in, `same` stood there already, `strange` are not in this pack, or not with this English."""

    changed: int
    same: int
    strange: int


def load_import(file: Path) -> polib.POFile:
    """Return a translator's file. Raises PackFaulty with the line of everything in it that is broken."""
    theirs = load_catalogue(file)
    faults = list(find_faults(shown_name(file), theirs))
    if faults:
        raise PackFaulty(faults)
    return theirs


def take_in(ours: polib.POFile, theirs: polib.POFile) -> Taken:
    """Put their translations, checked or fuzzy as they are marked, in the place of ours."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in ours if not entry.obsolete}
    changed = same = strange = 0
    for entry in theirs:
        if not entry.msgstr or entry.obsolete:
            continue
        mine = known.get((entry.msgctxt or "", entry.msgid))
        if mine is None:
            strange += 1
        elif (mine.msgstr, mine.fuzzy) == (entry.msgstr, entry.fuzzy):
            same += 1
        else:
            mine.msgstr, mine.flags, mine.tcomment = entry.msgstr, list(entry.flags), entry.tcomment
            mine.previous_msgid = entry.previous_msgid if entry.fuzzy else None
            changed += 1
    return Taken(changed, same, strange)
