"""A gettext .po file of one language: read, brought up to date with the English, written, counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import polib

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.sources import shown_name

if TYPE_CHECKING:
    from kiosk.pack.words import English

ALIKE = 0.7
"""From this share of the same letters on, one text of the programme is taken for another's new wording."""

_BROKEN = re.compile(r"\(line (\d+)\)(?:: (.*))?$")


@dataclass(frozen=True)
class Statistics:
    """How many texts of a language stand where. `unchecked` has been checked by no speaker; `outdated` translates an
    older English; `obsolete` is not in the pack any more."""

    translated: int = 0
    unchecked: int = 0
    outdated: int = 0
    missing: int = 0
    obsolete: int = 0

    @property
    def total(self) -> int:
        return self.translated + self.unchecked + self.outdated + self.missing


def new_catalogue(title: str, language: str, today: date) -> polib.POFile:
    """Return an empty catalogue, begun `today`; an empty `language` makes a template."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": f"Waymark {title}",
        "Report-Msgid-Bugs-To": "",
        "PO-Revision-Date": f"{today} 00:00+0000",
        "Last-Translator": "",
        "Language-Team": "",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return catalogue


def load_catalogue(file: Path) -> polib.POFile:
    """Return the catalogue of a file. Raises PackFaulty with the line where it is no .po file, or cannot be read."""
    try:
        content = file.read_text(encoding="utf-8-sig")
        # A blank first line tells polib that this is no file's name.
        return polib.pofile("\n" + content, wrapwidth=0)
    except UnicodeDecodeError as why:
        raise _faulty(file, 0, "The file is not written in UTF-8.", "Save it as UTF-8 in your editor.") from why
    except OSError as why:
        if why.strerror:
            raise _faulty(file, 0, f"The file cannot be read: {why.strerror}.", "Check its name.") from why
        found = _BROKEN.search(str(why))
        line = max(1, int(found[1]) - 1) if found else 0
        raise _faulty(file, line, "This line is not in the form of a .po file.", "Open it in a PO editor.") from why


def save_catalogue(catalogue: polib.POFile, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(catalogue), encoding="utf-8", newline="\n")


def line_of(entry: polib.POEntry) -> int:
    """Return the line where an entry begins in the file it was loaded from, 0 for one that is new."""
    return entry.linenum - 1 if entry.linenum else 0


def is_outdated(entry: polib.POEntry) -> bool:
    """Return whether the English has changed since this was translated."""
    return entry.fuzzy and bool(entry.previous_msgid)


def count(catalogue: Iterable[polib.POEntry]) -> Statistics:
    live = [entry for entry in catalogue if not entry.obsolete]
    written = [entry for entry in live if entry.msgstr]
    outdated = sum(is_outdated(entry) for entry in written)
    unchecked = sum(entry.fuzzy for entry in written) - outdated
    return Statistics(
        translated=len(written) - unchecked - outdated,
        unchecked=unchecked,
        outdated=outdated,
        missing=len(live) - len(written),
        obsolete=sum(entry.obsolete for entry in catalogue),
    )


def bring_up_to_date(catalogue: polib.POFile, english: Sequence[English]) -> None:
    """Give the catalogue exactly these texts, in their order, and lose no translation.

    Changed English keeps its translation, marked fuzzy, with the former English beside it. A text that only moved
    within its file takes its translation along. What is gone is kept as obsolete.
    """
    before = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    now = {(each.context, each.words) for each in english}
    gone = {key: entry for key, entry in before.items() if key not in now and entry.msgstr}
    by_words = {(_file_of(context), words): entry for (context, words), entry in gone.items()}
    moving = {(_file_of(each.context), each.words) for each in english if (each.context, each.words) not in before}
    by_context = {
        context: entry
        for (context, words), entry in gone.items()
        if context and not entry.obsolete and (_file_of(context), words) not in moving
    }
    reworded = {words: entry for (context, words), entry in gone.items() if not context and not entry.obsolete}
    used: set[int] = set()
    entries = []
    for each in english:
        entry = before.get((each.context, each.words))
        if entry is None:
            moved = by_words.get((_file_of(each.context), each.words))
            former = moved or (by_context.get(each.context) if each.context else _alike(each.words, reworded))
            entry = _new(each, former)
            used.add(id(former))
        entry.obsolete = False
        entry.comment = each.note
        entries.append(entry)
    left = [entry for entry in gone.values() if id(entry) not in used]
    for entry in left:
        entry.obsolete = True
    catalogue.clear()
    catalogue.extend([*entries, *left])


def _alike(words: str, reworded: dict[str, polib.POEntry]) -> polib.POEntry | None:
    """Return what these words of the programme were before, which have no place in a file to be known by."""
    found = get_close_matches(words, reworded, n=1, cutoff=ALIKE)
    return reworded.pop(found[0]) if found else None


def _new(each: English, former: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=each.context or None, msgid=each.words)
    if former is not None:
        entry.msgstr, entry.flags = former.msgstr, list(former.flags)
        entry.tcomment, entry.previous_msgid = former.tcomment, former.previous_msgid
        if former.msgid != each.words:
            entry.previous_msgid = former.previous_msgid if is_outdated(former) else former.msgid
            entry.flags = ["fuzzy", *(flag for flag in former.flags if flag != "fuzzy")]
    return entry


def _file_of(context: str) -> str:
    return context.partition(":")[0]


def _faulty(file: Path, line: int, says: str, remedy: str) -> PackFaulty:
    return PackFaulty([Fault(shown_name(file), line, says, remedy)])
