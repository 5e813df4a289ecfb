"""How a pack's translations stand, as warnings of `kiosk pack check`: missing, unchecked, broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.catalogue import Statistics, bring_up_to_date, count, load_catalogue
from kiosk.pack.check import Finding
from kiosk.pack.model import Pack
from kiosk.pack.sources import shown_name, words_file
from kiosk.pack.texts import Measure
from kiosk.pack.tree import Marks
from kiosk.pack.words import English, english_of, find_english
from kiosk.pack.words_rules import find_faults, find_too_long


def find_translation_warnings(
    folder: Path, pack: Pack, measure: Measure | None = None, marks: Marks | None = None
) -> list[Finding]:
    """Return what is to be said of each language of a pack without fault, as to the texts that its folder writes.

    `measure` is the screen's own; without it a translation is taken to be as wide as it has characters. `marks` are those
    of `read_marked`; without them the folder is read once more.
    """
    languages = [language for language in pack.languages if language != "en"]
    english = (english_of(folder, pack, marks) if marks else find_english(folder)) if languages else []
    found = [each for language in languages for each in _of_language(folder, pack, language, english, measure)]
    return sorted(set(found))


def _of_language(
    folder: Path, pack: Pack, language: str, english: Sequence[English], measure: Measure | None
) -> Iterator[Finding]:
    file = words_file(folder, language)
    name = shown_name(file)
    if not file.exists():
        yield Finding(name, 0, "There is no such file.", f"Make it: kiosk pack words {folder} --language {language}")
        return
    try:
        catalogue = load_catalogue(file)
    except PackFaulty as faulty:
        yield from _warnings(faulty.faults)
        return
    yield from _warnings(find_faults(name, catalogue))
    yield from _warnings(find_too_long(name, catalogue, english, pack.facts, measure))
    bring_up_to_date(catalogue, english)
    for says, remedy in _standing(folder, pack, language, count(catalogue)):
        yield Finding(name, 0, says, remedy)


def _warnings(faults: Iterable[Fault]) -> Iterator[Finding]:
    """A kiosk leaves a broken translation out and takes the rest: these are no faults of the pack."""
    return (Finding(fault.file, fault.line, fault.says, fault.remedy) for fault in faults)


def _standing(folder: Path, pack: Pack, language: str, found: Statistics) -> Iterator[tuple[str, str]]:
    if gone := found.missing + found.outdated:
        says = f"{gone:,} of {found.total:,} texts have no translation of today's English, and stay English."
        yield says, f"Write them: kiosk pack words {folder} --language {language}"
    if found.unchecked:
        shown = "shown, with a note" if pack.shows_unchecked else "not shown"
        says = f"{found.unchecked:,} of {found.total:,} translations were checked by no speaker. They are {shown}."
        yield says, 'Ask one to read them, and to take off "fuzzy".'
    if language not in pack.offered:
        show = "To show what no speaker has checked: unchecked_translations: show in pack.yaml."
        yield (
            "Less than half may be shown, so the screen does not offer this language.",
            "" if pack.shows_unchecked else show,
        )
