"""Which languages a pack's screen offers: those of which enough may be shown. Told from the files' bytes, at no cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

ENOUGH = 0.5
"""A language less than half of which may be shown is not offered: its screens would be English for the most part."""

_BLANK_LINE = re.compile(rb"\r?\n\s*\n")
_FUZZY = re.compile(rb"^#,.*\bfuzzy\b", re.MULTILINE)
_OUTDATED = re.compile(rb"^#\| msgid", re.MULTILINE)
_TEXT = re.compile(rb'^msgid (?!""\s*\nmsgstr)', re.MULTILINE)
_EMPTY = re.compile(rb'^msgstr ""\s*\Z', re.MULTILINE)


def find_offered(
    languages: Sequence[str], with_unchecked: bool, folders: Iterable[Mapping[str, bytes]]
) -> tuple[str, ...]:
    """Return English, and the languages of which at least half may be shown, in their order.

    `folders` hold the files of the pack and of its national one, by name: a language's are called words/pl.po.
    """
    files = {code: [folder.get(f"words/{code}.po", b"") for folder in folders] for code in languages if code != "en"}
    return ("en", *(code for code, found in files.items() if _share(found, with_unchecked) >= ENOUGH))


def _share(files: Iterable[bytes], with_unchecked: bool) -> float:
    entries = [entry for file in files for entry in _BLANK_LINE.split(file) if _TEXT.search(entry)]
    shown = sum(_is_shown(entry, with_unchecked) for entry in entries)
    return shown / len(entries) if entries else 0.0


def _is_shown(entry: bytes, with_unchecked: bool) -> bool:
    if _EMPTY.search(entry) or _OUTDATED.search(entry):
        return False
    return with_unchecked or not _FUZZY.search(entry)
