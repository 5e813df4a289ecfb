"""How many translations a parent would find changed between two folders of content, by language."""

from __future__ import annotations

from pathlib import Path

from kiosk.pack.change import Change, Changes, Weight
from kiosk.pack.model import Pack
from kiosk.pack.sources import national_folder, words_file
from kiosk.pack.texts import context_of, find_translatable
from kiosk.pack.translate import load_translation

Words = dict[str, str]


def translation_changes(folders: tuple[Path, Path], packs: tuple[Pack, Pack]) -> Changes:
    """Yield for each language that both packs offer how many of the texts in both read otherwise, and how many came or went.

    What may not be shown counts as no translation, so that a mark that was taken off is a change.
    """
    for language in packs[1].offered:
        if language == "en" or language not in packs[0].offered:
            continue
        old, new = (_shown(language, *each) for each in zip(folders, packs, strict=True))
        screen = f"The words in {_name(language)}"
        places = old.keys() & new.keys()
        other = sum(bool(old[each] and new[each]) and old[each] != new[each] for each in places)
        come, gone = (sum(bool(b[each]) and not a[each] for each in places) for a, b in ((old, new), (new, old)))
        if other:
            yield Change(Weight.WORDS, screen, f"{_texts(other)} otherwise.")
        if come:
            yield Change(Weight.NEW, screen, f"{_texts(come)} in {_name(language)} instead of English.")
        if gone:
            yield Change(Weight.GONE, screen, f"{_texts(gone)} in English again.")


def _shown(language: str, folder: Path, pack: Pack) -> Words:
    """Return what is shown in the language at each place of the pack; nothing where it stays English."""
    folders = [national_folder(folder, pack.extends), folder] if pack.extends else [folder]
    files = [words_file(each, language) for each in folders]
    found = load_translation(language, files, pack.shows_unchecked).words
    places = ((context_of(text.path), text.words) for text in find_translatable(pack))
    return {context: found.get((context, words), "") for context, words in places}


def _texts(number: int) -> str:
    return f"{number:,} {'text reads' if number == 1 else 'texts read'}"


def _name(language: str) -> str:
    # Only now: most commands name no language.
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language).get_display_name("en") or language
    except (UnknownLocaleError, ValueError):
        return language
